import { RtliftError } from '../errors.js';
import type { BuildOptions, KernelBuild } from '../toolchain/build-kernel.js';
import { type ActivityOptions, activityEvery } from './activity.js';

/** Longest time without a beat that no kernel here comes near; a hung one costs a fraction of a second. */
export const DEFAULT_NO_PROGRESS_CYCLES = 1_000_000;

/** The event loop of a child has little to do, and answers in milliseconds even on a machine that is busy. */
export const DEFAULT_CHILD_TIMEOUT_MS = 10_000;

/** A process takes about half as long to start, and a machine that is busy keeps a thread waiting for as long. */
const LEAST_TIMEOUT_MS = 100;

export interface VerilatorPathOptions extends BuildOptions {
  /** Watchdog: cycles without a beat on any stream; 0 switches it off. Default 1,000,000. */
  readonly noProgressCycles?: number;
  /** Seed of the values that registers without a reset start from. Default 1. */
  readonly seed?: bigint;
  /**
   * Whether the protocol of every stream is checked in every cycle: valid that falls or a payload that changes before
   * ready, tkeep, output during reset, results beyond the last message. Default false; what it costs is in
   * docs/verification.md.
   */
  readonly monitors?: boolean;
  /**
   * `process`: models run in a child process, so that one which crashes or never comes back costs that process alone; what it
   * costs is in docs/choice.md. Default `thread`: on a thread of this process.
   */
  readonly isolation?: 'thread' | 'process';
  /**
   * Longest time that the child process of `isolation: 'process'` may give no sign of life while it starts or has batches, ms, 100 or
   * more, default 10,000; 0: any. A child that is silent for longer is ended, as one that crashed. A model that computes for
   * long is not silence.
   */
  readonly childTimeoutMs?: number;
  /**
   * Longest host time of one clock cycle, ms, 100 or more, default 10,000. A model that takes longer is in a loop that never ends,
   * which no count of cycles notices, and is given up with `ERR_RTLIFT_KERNEL_NO_PROGRESS`.
   */
  readonly cycleTimeoutMs?: number;
  /**
   * Models that share the batches, 1 or more, each on a thread (or in a process) of its own, or `cores`: as many as the processor has.
   * Default 1.
   */
  readonly instances?: number | 'cores';
  /**
   * Whether the bits of the model that change are counted in a sample of the cycles, for the power of the workload.
   * Default false; method, cost and what it misses are in docs/activity.md.
   */
  readonly activity?: boolean | ActivityOptions;
}

/** Of a design that was not flattened nothing says what a register is. */
export function checkActivity(
  kernel: string,
  build: KernelBuild,
  { activity }: VerilatorPathOptions,
): void {
  if (activityEvery(activity) === 0 || build.activity !== null) return;
  throw new RtliftError(
    'ERR_RTLIFT_TOOL_MISSING',
    `kernel ${kernel}: activity needs to know the registers, and Verilator wrote no flattened design as XML, which versions from 5.026 on never do; use an older one, or leave activity out`,
    { kernel, tool: 'verilator' },
  );
}

/** @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for an option out of its range. */
export function checkOptions({
  seed,
  noProgressCycles,
  activity,
  isolation,
  childTimeoutMs,
  cycleTimeoutMs,
}: VerilatorPathOptions): void {
  activityEvery(activity);
  if (isolation !== undefined && isolation !== 'thread' && isolation !== 'process') {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `isolation is thread or process, got ${String(isolation)}`,
      { arg: 'isolation', got: isolation },
    );
  }
  if (seed !== undefined && (typeof seed !== 'bigint' || BigInt.asUintN(64, seed) !== seed)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `seed is a bigint 0..2^64-1, got ${String(seed)}`,
      { arg: 'seed' },
    );
  }
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
  if (noProgressCycles !== undefined && !isCount(noProgressCycles)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `noProgressCycles is an integer of 0 or more, got ${String(noProgressCycles)}`,
      { arg: 'noProgressCycles' },
    );
  }
  if (childTimeoutMs !== 0) checkTimeout('childTimeoutMs', childTimeoutMs, '0, or ');
  checkTimeout('cycleTimeoutMs', cycleTimeoutMs, '');
}

function checkTimeout(arg: string, value: number | undefined, orElse: string): void {
  if (value === undefined) return;
  if (typeof value === 'number' && value >= LEAST_TIMEOUT_MS && value < 2 ** 31) return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `${arg} is ${orElse}${LEAST_TIMEOUT_MS} or more and below 2^31, got ${String(value)}`,
    { arg, got: value },
  );
}
