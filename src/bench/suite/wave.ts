import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Wave } from '../../report/suite-report.js';
import { readVcd, type SampledSignal } from '../../report/vcd.js';
import { buildKernel, findBuiltKernel, type KernelBuild } from '../../toolchain/build-kernel.js';
import type { Fit } from '../../toolchain/fit.js';
import { TRACE_FLAGS } from '../../toolchain/flags.js';
import { FULL_RATE, type Scenario } from '../../verify/scenario.js';
import { Session } from '../../verify/session.js';
import type { SuiteOperation } from './suite-operation.js';

/** Cycles that a waveform shows. */
const CYCLES = 32;
/** Cycles before the first beat. */
const BEFORE = 2;
const MESSAGES = 6;
/** Messages of at least so many bytes: of more than a beat, so that tlast is seen to fall. */
const LEAST_BYTES = 16;
const NO_PROGRESS_CYCLES = 1_000_000;

export interface WaveOptions {
  readonly seed: number;
  /** Whether a library with waveforms may be built for it, which takes a compiler half a minute. */
  readonly mayBuild: boolean;
}

/**
 * Records the streams of a kernel in the cycles around its first beat, at full rate.
 * @returns `null` where there is no library with waveforms and none may be built, or no toolchain.
 */
export async function waveOf(
  { operation, classes }: SuiteOperation,
  { seed, mayBuild }: WaveOptions,
): Promise<Wave | null> {
  const { kernel, name } = operation;
  const build = await libraryOf(kernel, mayBuild);
  const size = classes.find(({ bytes }) => bytes >= LEAST_BYTES) ?? classes.at(-1);
  if (build === null || size === undefined) return null;
  const session = new Session([kernel], build);
  const scenario: Scenario<unknown> = {
    modelSeed: seed,
    batches: [{ variant: 0, messages: size.batch(MESSAGES, seed), drive: FULL_RATE }],
  };
  const options = { monitors: false, noProgressCycles: NO_PROGRESS_CYCLES };
  // A kernel with registers is configured first, for as long as that takes: one run tells when the batch is.
  const { lastResultCycle, cycles, failure } = await session.run(scenario, options);
  if (failure !== null || lastResultCycle === null) return null;
  const from = Math.max(0, lastResultCycle - cycles - CYCLES);
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-wave-'));
  try {
    const path = join(folder, 'wave.vcd');
    await session.run(scenario, {
      ...options,
      trace: { path, from, to: lastResultCycle + CYCLES },
    });
    return waveFrom(name, build.fit, await readFile(path, 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function libraryOf(
  kernel: SuiteOperation['operation']['kernel'],
  mayBuild: boolean,
): Promise<KernelBuild | null> {
  try {
    if (mayBuild) return await buildKernel(kernel, { flags: TRACE_FLAGS });
    return await findBuiltKernel(kernel, TRACE_FLAGS);
  } catch {
    // The suite has said already why the kernel cannot be built.
    return null;
  }
}

/** Ports of the streams in the order of a datasheet. */
function streamPorts({ inputs, output, resets }: Fit): string[] {
  const signals = [...inputs, output].flatMap((stream) => [
    stream.valid.name,
    stream.ready?.name,
    ...stream.fields.map(({ name }) => name),
    stream.keep?.name,
    stream.last?.name,
  ]);
  const names = [...resets.map(({ name }) => name), ...signals];
  return [...new Set(names.filter((name) => name !== undefined))];
}

function waveFrom(operation: string, fit: Fit, vcd: string): Wave | null {
  const clock = fit.clocks[0]?.name;
  if (clock === undefined) return null;
  const signals = readVcd(vcd, clock, streamPorts(fit));
  const first = firstBeat(signals, fit);
  const start = Math.max(0, first - BEFORE);
  const shown = signals.map(({ name, bits, values }) => ({
    name,
    bits,
    values: values.slice(start, start + CYCLES),
  }));
  const cycles = shown[0]?.values.length ?? 0;
  return cycles === 0 ? null : { operation, cycles, signals: shown };
}

/** The cycle in which the first input is first valid out of reset; 0 where it has no valid. */
function firstBeat(signals: readonly SampledSignal[], { inputs, resets }: Fit): number {
  const valuesOf = (name: string | undefined) =>
    signals.find((signal) => signal.name === name)?.values;
  const valid = valuesOf(inputs[0]?.valid.name);
  if (valid === undefined) return 0;
  const [reset] = resets;
  const levels = valuesOf(reset?.name);
  const active = reset?.isActiveLow === true ? '0' : '1';
  return Math.max(
    0,
    valid.findIndex((value, cycle) => value === '1' && levels?.[cycle] !== active),
  );
}
