import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Kernel } from '../kernel/define-kernel.js';
import { type BuildProgress, buildKernel } from '../toolchain/build-kernel.js';
import { TRACE_FLAGS } from '../toolchain/flags.js';
import { readBundle } from './bundle.js';
import { type Failure, Session, type Variants } from './session.js';

export interface ReplayOptions<I, O> {
  readonly variants?: readonly Kernel<I, O>[];
  /** Cycles of the waveform before the failure; default 64. */
  readonly cyclesBefore?: number;
  /** And after; default 16. */
  readonly cyclesAfter?: number;
  readonly onBuild?: (progress: BuildProgress) => void;
}

/** What became of a bundle. */
export interface ReplayReport {
  /** `null`: it passes now. */
  readonly failure: Failure | null;
  /** What failed when the bundle was written. */
  readonly recorded: Failure;
  /** The waveform of cycles `from` up to `to`, or `null` where nothing failed. */
  readonly waveform: { readonly path: string; readonly from: number; readonly to: number } | null;
  readonly changedSources: readonly string[];
}

/**
 * Runs a counterexample again, and writes `wave.vcd` of the cycles around the failure into its folder.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when the folder is no bundle.
 */
export async function replay<I, O>(
  kernel: Kernel<I, O>,
  folder: string,
  { variants = [], cyclesBefore = 64, cyclesAfter = 16, onBuild }: ReplayOptions<I, O> = {},
): Promise<ReplayReport> {
  const all: Variants<I, O> = [kernel, ...variants];
  const { index, scenario, changedSources } = await readBundle(folder, all);
  const build = await buildKernel(kernel, {
    flags: TRACE_FLAGS,
    ...(onBuild ? { onProgress: onBuild } : {}),
  });
  const session = new Session(all, build);
  const { monitors, noProgressCycles } = index;
  const { failure } = await session.run(scenario, { monitors, noProgressCycles });
  const base = { failure, recorded: index.failure, changedSources };
  if (failure === null) return { ...base, waveform: null };
  const cycle = failure.cycle ?? 0;
  const window = { from: Math.max(0, cycle - cyclesBefore), to: cycle + cyclesAfter };
  const path = join(resolve(folder), 'wave.vcd');
  // Whatever a bundle of somebody else's has there, a link perhaps, is not written through.
  await rm(path, { force: true });
  await session.run(scenario, { monitors, noProgressCycles, trace: { path, ...window } });
  return { ...base, waveform: { path, ...window } };
}
