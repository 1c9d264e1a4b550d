import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Kernel } from '../kernel/define-kernel.js';
import { type BuildProgress, buildKernel } from '../toolchain/build-kernel.js';
import { type BuildFlags, TRACE_FLAGS, VERIFY_FLAGS } from '../toolchain/flags.js';
import { readBundle } from './bundle.js';
import { type Failure, Session, type SessionOptions, type Variants } from './session.js';

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
  /**
   * What fails in the build that verification uses where the one with waveforms passes: RTL whose outcome depends on
   * the order in which a simulator evaluates it, or on a start value that has no name. `null` where both agree.
   */
  readonly failsUntraced: Failure | null;
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
  const open = async (flags: BuildFlags): Promise<Session<I, O>> =>
    new Session(
      all,
      await buildKernel(kernel, { flags, ...(onBuild ? { onProgress: onBuild } : {}) }),
    );
  const session = await open(TRACE_FLAGS);
  const { monitors, noProgressCycles } = index;
  const options: SessionOptions = { monitors, noProgressCycles };
  const { failure } = await session.run(scenario, options);
  const base = { failure, recorded: index.failure, changedSources };
  if (failure === null) {
    const untraced = await open(VERIFY_FLAGS);
    const { failure: failsUntraced } = await untraced.run(scenario, options);
    return { ...base, failsUntraced, waveform: null };
  }
  const cycle = failure.cycle ?? 0;
  const window = { from: Math.max(0, cycle - cyclesBefore), to: cycle + cyclesAfter };
  const path = join(resolve(folder), 'wave.vcd');
  // Whatever a bundle of somebody else's has there, a link perhaps, is not written through.
  await rm(path, { force: true });
  await session.run(scenario, { ...options, trace: { path, ...window } });
  return { ...base, failsUntraced: null, waveform: { path, ...window } };
}
