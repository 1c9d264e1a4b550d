import type { Figure } from '../figure.js';

/** What one path or rival took for one operation. Host time and kernel cycles stay apart. */
export interface BenchRow {
  readonly operation: string;
  readonly name: string;
  /** `path`: a path of rtlift; `rival`: other software on the same messages. */
  readonly kind: 'path' | 'rival';
  readonly note: string;
  readonly host: HostFigures;
  /** `null` where nothing has a clock. */
  readonly kernel: KernelFigures | null;
}

/** What a caller waits on this machine; of a simulated kernel, the simulator's speed and nothing else. */
export interface HostFigures {
  readonly messagesPerSecond: Figure;
  readonly throughput: Figure;
  readonly nsPerMessage: Figure;
  /** Median absolute deviation of the rounds. */
  readonly nsPerMessageSpread: Figure;
}

/** What the RTL takes, counted. */
export interface KernelFigures {
  readonly cycles: Figure;
  readonly bytesPerCycle: Figure;
  readonly cyclesPerMessage: Figure;
  readonly inStalls: Figure;
  readonly inBubbles: Figure;
  readonly outStalls: Figure;
}

/** A path or rival that could not run, and why. */
export interface SkippedRow {
  readonly operation: string;
  readonly name: string;
  readonly reason: string;
}

/** What one run of the main job found on this machine; devices are in the report of the suite that is made of it. */
export interface BenchReport {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
    readonly platform: string;
    /** Load average of one minute at start: above the number of cores, host times are of a busy machine. */
    readonly load: number;
  };
  readonly corpus: { readonly name: string; readonly messages: number; readonly sizeBytes: number };
  readonly rounds: number;
  /** Words of the filter: docs/pattern-list.md says how they are chosen. */
  readonly patterns: readonly string[];
  readonly rows: readonly BenchRow[];
  readonly skipped: readonly SkippedRow[];
  /** Comparisons made, results of every path and rival against the golden model; a mismatch fails the run. */
  readonly compared: readonly {
    readonly operation: string;
    readonly name: string;
    readonly messages: number;
  }[];
}
