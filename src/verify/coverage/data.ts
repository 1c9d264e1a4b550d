/**
 * What a point counts: `line` a block of statements or the arm of a branch, `toggle` one bit of a signal.
 */
export type PointKind = 'line' | 'toggle';

/** One coverage point of Verilator, of one or of several runs and instances. */
export interface CoveragePoint {
  readonly kind: PointKind;
  /** As it was given to Verilator. */
  readonly file: string;
  /** Where the block begins or the signal is declared, from 1. */
  readonly line: number;
  /** Tells points of one line apart, from 1. */
  readonly column: number;
  /** `block`, `if`, `else`, `elsif`, `case` ... of a line point; signal and bit of a toggle, `mem[2][7]`. */
  readonly name: string;
  /** `0->1` or `1->0` where Verilator counts the directions of a toggle apart (5.006 does not), else empty. */
  readonly edge: string;
  /** Lines of the block, ascending; empty for a toggle and for an arm without statements. */
  readonly lines: readonly number[];
  /** Times the block was run, or the bit changed. */
  readonly count: number;
}

/** Points of one or several runs, in the order in which they were read. */
export interface CoverageData {
  readonly points: readonly CoveragePoint[];
}
