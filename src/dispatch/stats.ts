import { type Figure, figure } from '../figure.js';
import { addCounters, type KernelCounters, type PathName, type PathRun } from '../paths/path.js';

/** What an offloaded operation has done so far. Every figure carries its unit and where it comes from. */
export interface OffloadStats {
  readonly kernel: string;
  /** The path that runs batches now. */
  readonly path: PathName;
  /** Why that path. */
  readonly reason: string;
  /** Calls accepted: single, batch, packed and sync. */
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
}

/** Counted in simulation; see {@link KernelCounters}. */
export type KernelStats = { readonly [K in keyof KernelCounters]: Figure };

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
  }

  /** A call that ran on this thread: counted, not timed. */
  settleSync(bytesIn: number, bytesOut: number): void {
    this.#bytesIn += bytesIn;
    this.#bytesOut += bytesOut;
  }

  fail(): void {
    this.#failed++;
  }

  snapshot(kernel: string, path: PathName, reason: string): OffloadStats {
    const count = (value: number): Figure => figure(value, 'count', 'measured');
    const counters = this.#counters;
    return {
      kernel,
      path,
      reason,
      calls: count(this.#calls),
      failed: count(this.#failed),
      messages: count(this.#messages),
      bytesIn: figure(this.#bytesIn, 'B', 'measured'),
      bytesOut: figure(this.#bytesOut, 'B', 'measured'),
      waited: figure(Math.round(this.#waitedNs), 'ns', 'measured'),
      simulator: counters === null ? null : figure(this.#modelNs, 'ns', 'measured'),
      cycles: counters === null ? null : kernelStats(counters),
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
