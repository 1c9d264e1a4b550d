import { type Figure, figure } from '../../figure.js';

/** What a queue holds, and what it has done so far. Plain counts. */
export interface CallQueueStats {
  /** Waiting for their batch. */
  readonly queuedMessages: number;
  /** Encoded size of those. */
  readonly queuedBytes: number;
  /** Waiting for room in the queue. */
  readonly heldBack: number;
  /** Batches under way, or done and waiting for an earlier one. */
  readonly inFlight: number;
  /** Calls accepted, those that wait included. */
  readonly accepted: number;
  /** Calls whose message could not be encoded. */
  readonly unencodable: number;
  /** Calls that settled with an error: of their batch, by a deadline or by an abort. */
  readonly failed: number;
  /** Calls refused because the queue was full. */
  readonly rejected: number;
  /** Calls whose deadline passed. */
  readonly expired: number;
  /** Calls ended by their signal after they were accepted. */
  readonly aborted: number;
  /** Batches run, those that were run again included. */
  readonly batches: number;
  /** Parts of batches run again because a message made the run fail. */
  readonly reruns: number;
  /** Entry i counts first runs of 2^(i-1) + 1 to 2^i messages: 1, 2, 3 to 4, 5 to 8 and so on. */
  readonly batchSizes: readonly number[];
  /** Sum of what the calls have waited, from the turn of the event loop in which they were made, ms. */
  readonly waitedMs: number;
}

/** Counts as it happens. */
export class QueueCounters {
  accepted = 0;
  unencodable = 0;
  failed = 0;
  rejected = 0;
  expired = 0;
  aborted = 0;
  batches = 0;
  reruns = 0;
  readonly batchSizes: number[] = [];
  /** Sum of the times of settling less the sum of the times of the calls, of those that have settled or not. */
  #waitedMs = 0;
  #unsettled = 0;

  accept(atMs: number): void {
    this.accepted++;
    this.#unsettled++;
    this.#waitedMs -= atMs;
  }

  settle(atMs: number): void {
    this.#unsettled--;
    this.#waitedMs += atMs;
  }

  batch(messages: number): void {
    this.batches++;
    const at = 32 - Math.clz32(messages - 1);
    while (this.batchSizes.length <= at) this.batchSizes.push(0);
    this.batchSizes[at] = (this.batchSizes[at] as number) + 1;
  }

  get unsettled(): number {
    return this.#unsettled;
  }

  waitedMs(nowMs: number): number {
    return this.#waitedMs + this.#unsettled * nowMs;
  }
}

/** What the queue of the single calls holds and has done. Every entry of {@link CallQueueStats} that counts, as a figure. */
export interface QueueFigures {
  /** Waiting for their batch. */
  readonly queuedMessages: Figure;
  readonly queuedBytes: Figure;
  /** Waiting for room in the queue. */
  readonly heldBack: Figure;
  /** Batches of single calls under way. */
  readonly inFlight: Figure;
  readonly batches: Figure;
  /** Parts of batches run again because a message made the run fail. */
  readonly reruns: Figure;
  /** Calls refused because the queue was full. */
  readonly rejected: Figure;
  /** Calls whose deadline passed. */
  readonly expired: Figure;
  /** Calls ended by their signal. */
  readonly aborted: Figure;
  /** Entry i counts batches of 2^(i-1) + 1 to 2^i messages: 1, 2, 3 to 4, 5 to 8 and so on. */
  readonly batchSizes: readonly Figure[];
}

/** The counts of a queue as figures. */
export function queueFigures(stats: CallQueueStats): QueueFigures {
  const count = (value: number): Figure => figure(value, 'count', 'measured');
  return {
    queuedMessages: count(stats.queuedMessages),
    queuedBytes: figure(stats.queuedBytes, 'B', 'measured'),
    heldBack: count(stats.heldBack),
    inFlight: count(stats.inFlight),
    batches: count(stats.batches),
    reruns: count(stats.reruns),
    rejected: count(stats.rejected),
    expired: count(stats.expired),
    aborted: count(stats.aborted),
    batchSizes: stats.batchSizes.map(count),
  };
}
