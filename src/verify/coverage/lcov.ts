import type { CoverageData } from './data.js';
import { type CoveredLine, coveredFiles } from './files.js';
import { relativePath } from './relative-path.js';

export interface LcovOptions {
  /** Folder that the paths of files below it are relative to; without it, as they were given to Verilator. */
  readonly base?: string;
  /** Letters, digits and `_`; others become `_`, as lcov takes no others. */
  readonly testName?: string;
  /** Whether bits of signals are listed, as branches of the line that declares them. Default true. */
  readonly toggles?: boolean;
}

/** Numbers of the blocks that branches are listed under. */
const ARMS = 0;
const BITS = 1;

/**
 * Writes a tracefile for lcov, genhtml and what reads their format.
 *
 * lcov has no toggles and takes a line as covered when anything on it was run, so its rates are not those of
 * `summarise`: each arm of a branch is listed as a branch of its line (block 0), each bit as a branch of the line that
 * declares the signal (block 1), and the count of a line is that of what was run most often on it.
 * lcov 2 refuses a branch on a line without a count, and one that was taken on a line that was not; hence the counts on
 * lines of declarations.
 * @see geninfo(1), tracefile format
 */
export function toLcov(
  data: CoverageData,
  { base, testName = '', toggles = true }: LcovOptions = {},
): string {
  const rows = coveredFiles(data).flatMap(({ file, lines: all }) => {
    const lines = all
      .map((line) => (toggles ? line : { ...line, bits: [] }))
      .filter(({ arms, bits }) => arms.length + bits.length > 0);
    const branches = lines.flatMap(branchesOf);
    const counts = lines.map(({ line, arms, bits }) => ({ line, count: most([...arms, ...bits]) }));
    return [
      `TN:${testName.replace(/\W/g, '_')}`,
      `SF:${relativePath(file, base)}`,
      ...branches.map(
        ({ line, block, branch, taken }) => `BRDA:${line},${block},${branch},${taken}`,
      ),
      `BRF:${branches.length}`,
      `BRH:${branches.filter(({ taken }) => taken !== '-' && taken > 0).length}`,
      ...counts.map(({ line, count }) => `DA:${line},${count}`),
      `LF:${counts.length}`,
      `LH:${counts.filter(({ count }) => count > 0).length}`,
      'end_of_record',
    ];
  });
  return rows.map((row) => `${row}\n`).join('');
}

interface Branch {
  readonly line: number;
  readonly block: number;
  readonly branch: number;
  /** `-` on a line that was never reached. */
  readonly taken: number | '-';
}

function branchesOf({ line, arms, bits }: CoveredLine): Branch[] {
  const starting = arms.filter(({ startsHere }) => startsHere);
  const isReached = most([...arms, ...bits]) > 0;
  const list = (block: number, points: readonly { readonly count: number }[]): Branch[] =>
    points.map(({ count }, branch) => ({ line, block, branch, taken: isReached ? count : '-' }));
  // One block alone says no more than the count of its line.
  return [...list(ARMS, starting.length > 1 ? starting : []), ...list(BITS, bits)];
}

function most(points: readonly { readonly count: number }[]): number {
  return points.reduce((max, { count }) => Math.max(max, count), 0);
}
