import type { CoverageData } from './data.js';
import { type CoveredFile, type CoveredLine, coveredFiles } from './files.js';

/** Covered points of a kind. */
export interface Share {
  readonly covered: number;
  readonly total: number;
  /** 0 to 1; 1 where there is nothing to cover. */
  readonly share: number;
}

/** A line on which something was never run. */
export interface UncoveredLine {
  readonly line: number;
  /** What was not run, without repetition: `block`, `if`, `else`, `case` ... */
  readonly arms: readonly string[];
  /** Whether something else on the line was run. */
  readonly isReached: boolean;
}

/** A bit that never changed. */
export interface UncoveredToggle {
  /** Where the signal is declared. */
  readonly line: number;
  readonly name: string;
}

export interface FileSummary {
  readonly file: string;
  readonly line: Share;
  readonly toggle: Share;
  /** By line. */
  readonly uncoveredLines: readonly UncoveredLine[];
  /** By line, then by name with numbers in their order. */
  readonly uncoveredToggles: readonly UncoveredToggle[];
}

export interface CoverageSummary {
  readonly line: Share;
  readonly toggle: Share;
  /** By name. */
  readonly files: readonly FileSummary[];
}

/**
 * Counts covered lines and toggled bits, for each file and in total.
 *
 * A line is covered when every block and every arm of a branch on it was run: the `else` that is not written, of an
 * `if` that was always taken, leaves the line of the `if` uncovered. A bit is covered when it changed, in any instance;
 * in both directions where Verilator counts them apart.
 * @param data - merged or not.
 */
export function summarise(data: CoverageData): CoverageSummary {
  const files = coveredFiles(data).map(summariseFile);
  return {
    line: total(files.map(({ line }) => line)),
    toggle: total(files.map(({ toggle }) => toggle)),
    files,
  };
}

/** The same of one file. */
export function summariseFile({ file, lines }: CoveredFile): FileSummary {
  const uncoveredLines = lines.flatMap((line) => uncoveredLine(line) ?? []);
  const uncoveredToggles = lines.flatMap(({ line, bits }) =>
    bits.filter(({ count }) => count === 0).map(({ name }) => ({ line, name })),
  );
  const lineTotal = lines.filter(({ arms }) => arms.length > 0).length;
  const toggleTotal = lines.reduce((sum, { bits }) => sum + bits.length, 0);
  return {
    file,
    line: share(lineTotal - uncoveredLines.length, lineTotal),
    toggle: share(toggleTotal - uncoveredToggles.length, toggleTotal),
    uncoveredLines,
    uncoveredToggles,
  };
}

/** What was not run on a line; `null` when all was, or nothing can be. */
export function uncoveredLine({ line, arms }: CoveredLine): UncoveredLine | null {
  const missed = arms.filter(({ count }) => count === 0);
  if (missed.length === 0) return null;
  return {
    line,
    arms: [...new Set(missed.map(({ name }) => name))],
    isReached: missed.length < arms.length,
  };
}

function share(covered: number, total: number): Share {
  return { covered, total, share: total === 0 ? 1 : covered / total };
}

function total(shares: readonly Share[]): Share {
  return share(
    shares.reduce((sum, { covered }) => sum + covered, 0),
    shares.reduce((sum, { total }) => sum + total, 0),
  );
}
