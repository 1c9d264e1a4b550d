import type { Figure } from '../../figure.js';
import type { Measurement } from '../../report/suite-report.js';

/** Messages of one size, or of a corpus. */
export interface SizeClass {
  readonly name: string;
  /** Mean size of an encoded message. */
  readonly bytes: number;
}

/** One place of the matrix: an operation on messages of one size, so many a batch. */
export interface Point {
  readonly operation: string;
  readonly size: SizeClass;
  readonly batch: number;
}

/** Where a message ends has to be said to a device, and where a result ends to the host, unless all are of one size. */
export const LENGTH_BYTES = 4;

/** What a batch moves and what the simulation counted of it: all that a projection needs to know. */
export interface PointWorkload {
  /** Bytes of the whole batch to the kernel, and of its results; 4 bytes of length for each message of no fixed size. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly cycles: number;
  /** Of them, cycles in which the kernel waited for its source or its sink. */
  readonly stallCycles: number;
  /** First beat of a batch to its first result. */
  readonly latencyCycles: number;
  /** Host time to pack a batch and to unpack its results, ns. */
  readonly hostNsPerBatch: Figure;
  /** Toggles a register bit and cycle; `null` where nobody counted them. */
  readonly registerActivity: number | null;
  /** The same of the nets that the simulator keeps. */
  readonly netActivity: number | null;
}

/** What was found at a point. */
export interface PointResult extends Point {
  readonly measurements: readonly Measurement[];
  /** `null` where the kernel was not simulated. */
  readonly workload: PointWorkload | null;
  /** Runners that the point leaves out, and by which rule. */
  readonly leftOut: readonly { readonly runner: string; readonly reason: string }[];
}

/** Names a point: `sha256/64 B/256`. */
export function pointId({ operation, size, batch }: Point): string {
  return `${operation}/${size.name}/${batch}`;
}
