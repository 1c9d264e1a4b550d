import type { PackedBatch } from '../kernel/batch.js';
import type { ActivityCounts } from './activity.js';

/** Where a batch can run. */
export type PathName = 'javascript' | 'verilator';

/**
 * Counted in simulation over one or more batches. A beat is a cycle with `tvalid && tready`.
 *
 * Cycles say what the RTL takes; what a device takes follows from its clock, and host time says neither.
 */
export interface KernelCounters {
  readonly cycles: number;
  readonly inBeats: number;
  /** Source valid, kernel not ready. */
  readonly inStalls: number;
  /** Kernel ready, source without a beat while messages remain. */
  readonly inBubbles: number;
  readonly outBeats: number;
  /** Kernel valid, sink not ready. */
  readonly outStalls: number;
  /** Sink ready, kernel without a beat. */
  readonly outBubbles: number;
  /** First beat accepted to first result beat, of the last batch. */
  readonly latencyCycles: number;
}

/** Random bubbles on the source and stalls on the sink, for verification. */
export interface StimulusOptions {
  /** Repeats the run. */
  readonly seed: bigint;
  /** Chance that the source withholds a beat in a cycle, 0 to 1 exclusive. */
  readonly bubbleProbability?: number;
  /** Chance that the sink lowers tready in a cycle, 0 to 1 exclusive. */
  readonly stallProbability?: number;
  /** Send a message only when the one before has its result, and up to 24 cycles later. */
  readonly isolate?: boolean;
  /** Cycles into the batch at which the kernel is reset; what has no result by then is sent again. */
  readonly resetAtCycle?: number;
}

export interface RunOptions {
  /** Ends the run; the promise rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Only paths that simulate RTL look at it. */
  readonly stimulus?: StimulusOptions;
}

export interface PackedRunOptions extends RunOptions {
  /**
   * Where results of a fixed size go, at least as long as all of them; lent until the run has
   * settled: its buffer must not be transferred, resized or detached until then. Without it they
   * get a buffer of their own.
   */
  readonly into?: Uint8Array;
}

/** The results of a batch and what it took. */
export interface PathRun<R> {
  readonly results: R;
  /** Encoded size of the messages. */
  readonly bytesIn: number;
  /** `null` on a path without a clock of its own. */
  readonly counters: KernelCounters | null;
  /** `null` where changes of bits are not counted. */
  readonly activity: ActivityCounts | null;
  /** Host time inside the simulator, ns, of the host time that the caller waits; 0 on other paths. */
  readonly modelNs: number;
}

/**
 * One way to run a kernel. Paths are interchangeable: one conformance suite runs over all of them.
 *
 * Batches settle in the order in which they were given. Every accepted call settles.
 */
export interface Path<I, O> {
  readonly name: PathName;
  /** Runs messages that the caller does not change until then. Results in order. */
  run(messages: readonly I[], options?: RunOptions): Promise<PathRun<O[]>>;
  /** The same over packed bytes, borrowed, without a copy of the payload. */
  runPacked(batch: PackedBatch, options?: PackedRunOptions): Promise<PathRun<PackedBatch>>;
  /** Why it runs nothing any more, for good, or `null`; a path without it always runs. */
  readonly whyNever?: string | null;
  /** Threads of this process that hung models keep for good. */
  readonly lostThreads?: number;
  /** Lets what is in flight settle, then frees what the path holds. Idempotent. */
  close(): Promise<void>;
}

/** Adds the counts of a further batch. */
export function addCounters(
  a: KernelCounters | null,
  b: KernelCounters | null,
): KernelCounters | null {
  if (a === null || b === null) return a ?? b;
  return {
    cycles: a.cycles + b.cycles,
    inBeats: a.inBeats + b.inBeats,
    inStalls: a.inStalls + b.inStalls,
    inBubbles: a.inBubbles + b.inBubbles,
    outBeats: a.outBeats + b.outBeats,
    outStalls: a.outStalls + b.outStalls,
    outBubbles: a.outBubbles + b.outBubbles,
    latencyCycles: b.latencyCycles,
  };
}
