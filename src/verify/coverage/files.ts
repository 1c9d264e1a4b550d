import type { CoverageData } from './data.js';
import { getOrMake } from './groups.js';
import { mergeCoverage } from './merge.js';
import { byName } from './order.js';

/** A block or the arm of a branch that a line belongs to. */
export interface Arm {
  readonly name: string;
  /** Whether its point is placed on this line, rather than further up. */
  readonly startsHere: boolean;
  readonly count: number;
}

/** One bit of a signal. */
export interface ToggleBit {
  readonly name: string;
  /** Changes; where directions are counted apart, those of the rarer one. */
  readonly count: number;
}

/** What is known of one line of RTL; at least one list has an entry. */
export interface CoveredLine {
  readonly line: number;
  readonly arms: readonly Arm[];
  /** Bits of the signals declared on the line, by name. */
  readonly bits: readonly ToggleBit[];
}

export interface CoveredFile {
  readonly file: string;
  /** Ascending; lines without a point are left out. */
  readonly lines: readonly CoveredLine[];
}

interface MutableLine {
  readonly arms: (Arm & { readonly column: number })[];
  readonly bits: Map<string, number>;
}

/**
 * Sorts merged points by file and line.
 *
 * A block belongs to each of its lines; an arm without statements, such as the `else` that is not written, to the line
 * of its branch.
 */
export function coveredFiles(data: CoverageData): CoveredFile[] {
  const files = new Map<string, Map<number, MutableLine>>();
  const lineOf = (file: string, number: number): MutableLine => {
    const lines = getOrMake(files, file, () => new Map<number, MutableLine>());
    return getOrMake(lines, number, () => ({ arms: [], bits: new Map() }));
  };
  for (const { kind, file, line, column, name, lines, count } of mergeCoverage([data]).points) {
    if (kind === 'toggle') {
      const { bits } = lineOf(file, line);
      // The same bit again: the other direction.
      bits.set(name, Math.min(count, bits.get(name) ?? count));
      continue;
    }
    for (const at of lines.length === 0 ? [line] : lines) {
      lineOf(file, at).arms.push({ name, startsHere: at === line, count, column });
    }
  }
  return [...files]
    .map(([file, lines]) => ({
      file,
      lines: [...lines].sort(([a], [b]) => a - b).map(([line, points]) => frozen(line, points)),
    }))
    .sort((a, b) => byName(a.file, b.file));
}

function frozen(line: number, { arms, bits }: MutableLine): CoveredLine {
  return {
    line,
    arms: arms
      .sort((a, b) => a.column - b.column || byName(a.name, b.name))
      .map(({ name, startsHere, count }) => ({ name, startsHere, count })),
    bits: [...bits]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => byName(a.name, b.name)),
  };
}
