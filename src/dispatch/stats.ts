import { type Figure, figure } from '../figure.js';
import { type ActivityCounts, addActivity } from '../paths/activity.js';
import { addCounters, type KernelCounters, type PathName, type PathRun } from '../paths/path.js';
import { type ActivityStats, activityStats } from './activity-stats.js';
import type { BatchHistograms } from './histograms.js';
import { type CallQueueStats, type QueueFigures, queueFigures } from './queue/queue-stats.js';

/** What an offloaded operation has done so far. Every figure carries its unit and where it comes from. */
export interface OffloadStats {
  readonly kernel: string;
  /** Where the last batch ran, after a fallback too; the path of the next one where there was none. */
  readonly path: PathName;
  /** Why that path. */
  readonly reason: string;
  /** Calls and messages by path and by why they ran there; sync calls are not among them. */
  readonly ran: readonly RanFigures[];
  /** Batches that a path failed and the golden model answered, by path and code of the error. */
  readonly fallbacks: readonly FallbackFigures[];
  readonly checks: {
    /** Batches that were computed on the golden model as well. */
    readonly batches: Figure;
    readonly messages: Figure;
    /** Of these, batches with another result. */
    readonly mismatches: Figure;
  };
  /** Threads of this process that run a loop of the RTL that never ends, each on a core of its own until the process exits. */
  readonly lostThreads: Figure;
  /** Calls made, but for those after close() and those that the full queue refused: single, batch, packed and sync. */
  readonly calls: Figure;
  /** Calls that settled with an error. */
  readonly failed: Figure;
  readonly messages: Figure;
  /** Encoded size of the messages of calls that succeeded. */
  readonly bytesIn: Figure;
  readonly bytesOut: Figure;
  /** Sum of what each call waited; overlapping calls count each. Not kept for sync calls. */
  readonly waited: Figure;
  /** Host time inside the simulator: its speed, not the accelerator's. */
  readonly simulator: Figure | null;
  /** Kernel cycles and handshakes; `null` on a path without a clock. */
  readonly cycles: KernelStats | null;
  /** Bits that changed; `null` where they are not counted, which is the default. */
  readonly activity: ActivityStats | null;
  /** Of the single calls. */
  readonly queue: QueueFigures;
  /** Host times and sizes of the batches that succeeded, by path, reason and size class; sync calls are not among them. */
  readonly histograms: readonly BatchHistograms[];
}

export interface RanFigures {
  readonly path: PathName;
  /** `named`, or of `auto`: `fastest`, `kept`, `trial`, `only`, or `fallback`. */
  readonly reason: string;
  readonly batches: Figure;
  readonly messages: Figure;
}

export interface FallbackFigures {
  readonly path: PathName;
  readonly code: string;
  readonly batches: Figure;
}

/** Counted in simulation; see {@link KernelCounters}. */
export type KernelStats = { readonly [K in keyof KernelCounters]: Figure };

/** What a snapshot has beside what was counted here. */
interface Surroundings {
  readonly kernel: string;
  readonly path: PathName;
  readonly reason: string;
  /** Of the single calls, whose batches are settled here and which are counted there. */
  readonly queue: CallQueueStats;
  readonly histograms: readonly BatchHistograms[];
  readonly lostThreads: number;
}

/** Counts calls as they settle. */
export class StatsRecorder {
  #calls = 0;
  #failed = 0;
  #messages = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #waitedNs = 0;
  #modelNs = 0;
  #counters: KernelCounters | null = null;
  #activity: ActivityCounts | null = null;
  readonly #ran: { path: PathName; reason: string; batches: number; messages: number }[] = [];
  readonly #fallbacks = new Map<string, number>();
  #checkedBatches = 0;
  #checkedMessages = 0;
  #mismatches = 0;

  ranOn(path: PathName, reason: string, messages: number): void {
    // A handful of kinds: a look along them costs less than a key made of two strings.
    for (const entry of this.#ran) {
      if (entry.path !== path || entry.reason !== reason) continue;
      entry.batches++;
      entry.messages += messages;
      return;
    }
    this.#ran.push({ path, reason, batches: 1, messages });
  }

  fellBack(path: PathName, code: string): void {
    const key = `${path} ${code}`;
    this.#fallbacks.set(key, (this.#fallbacks.get(key) ?? 0) + 1);
  }

  checked(messages: number): void {
    this.#checkedBatches++;
    this.#checkedMessages += messages;
  }

  mismatched(): void {
    this.#mismatches++;
  }

  accept(messages: number): void {
    this.#calls++;
    this.#messages += messages;
  }

  settle(run: Omit<PathRun<unknown>, 'results'>, bytesOut: number, waitedNs: number): void {
    this.#bytesIn += run.bytesIn;
    this.#bytesOut += bytesOut;
    this.#waitedNs += waitedNs;
    this.#modelNs += run.modelNs;
    this.#counters = addCounters(this.#counters, run.counters);
    this.#activity = addActivity(this.#activity, run.activity);
  }

  /** A call that ran on this thread: counted, not timed. */
  settleSync(bytesIn: number, bytesOut: number): void {
    this.#bytesIn += bytesIn;
    this.#bytesOut += bytesOut;
  }

  /** Encoded size of a result, over all batches so far; 0 before there was one. */
  get meanResultBytes(): number {
    const messages = this.#ran.reduce((sum, entry) => sum + entry.messages, 0);
    return messages === 0 ? 0 : this.#bytesOut / messages;
  }

  fail(): void {
    this.#failed++;
  }

  snapshot({ kernel, path, reason, queue, histograms, lostThreads }: Surroundings): OffloadStats {
    const single = queue.accepted + queue.unencodable;
    const count = (value: number): Figure => figure(value, 'count', 'measured');
    const counters = this.#counters;
    return {
      kernel,
      path,
      reason,
      ran: this.#ran.map(({ path: name, reason: why, batches, messages }) => ({
        path: name,
        reason: why,
        batches: count(batches),
        messages: count(messages),
      })),
      fallbacks: [...this.#fallbacks].map(([key, batches]) => {
        const [path, code] = key.split(' ') as [PathName, string];
        return { path, code, batches: count(batches) };
      }),
      checks: {
        batches: count(this.#checkedBatches),
        messages: count(this.#checkedMessages),
        mismatches: count(this.#mismatches),
      },
      lostThreads: count(lostThreads),
      calls: count(this.#calls + single),
      failed: count(this.#failed + queue.failed + queue.unencodable),
      messages: count(this.#messages + single),
      bytesIn: figure(this.#bytesIn, 'B', 'measured'),
      bytesOut: figure(this.#bytesOut, 'B', 'measured'),
      waited: figure(Math.round(this.#waitedNs + queue.waitedMs * 1e6), 'ns', 'measured'),
      simulator: counters === null ? null : figure(this.#modelNs, 'ns', 'measured'),
      cycles: counters === null ? null : kernelStats(counters),
      activity: this.#activity === null ? null : activityStats(this.#activity),
      queue: queueFigures(queue),
      histograms,
    };
  }
}

function kernelStats(counters: KernelCounters): KernelStats {
  const cycles = (value: number): Figure => figure(value, 'cycles', 'simulated');
  const beats = (value: number): Figure => figure(value, 'beats', 'simulated');
  return {
    cycles: cycles(counters.cycles),
    inBeats: beats(counters.inBeats),
    inStalls: cycles(counters.inStalls),
    inBubbles: cycles(counters.inBubbles),
    outBeats: beats(counters.outBeats),
    outStalls: cycles(counters.outStalls),
    outBubbles: cycles(counters.outBubbles),
    latencyCycles: cycles(counters.latencyCycles),
  };
}
