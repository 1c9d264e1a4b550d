import { dirname, relative, resolve, sep } from 'node:path';
import { foldBits } from './bit-range.js';
import type { Floor, UncoveredReason } from './floor.js';
import { type Reasons, reasonsOf } from './floor-reasons.js';
import { groupBy } from './groups.js';
import type { CoverageSummary, FileSummary, Share } from './summary.js';

/** Why a kernel does not keep its floor, or why the floor is out of date. */
export type FloorFinding =
  /** Less is covered than the floor asks for, or nothing was counted at all. */
  | {
      readonly kind: 'below';
      readonly what: 'line' | 'toggle';
      readonly got: Share;
      readonly floor: number;
      readonly message: string;
    }
  /** Uncovered, and no reason is listed. `file`, `line` and `what` are as the floor would list them. */
  | {
      readonly kind: 'unexplained';
      readonly file: string;
      readonly line: number;
      readonly what: string;
      readonly message: string;
    }
  /** Listed, but nothing uncovered is there. */
  | { readonly kind: 'stale'; readonly entry: UncoveredReason; readonly message: string };

/**
 * Holds a summary against the floor of its kernel.
 *
 * A listed reason does not raise the share: it says why the floor may be below 1.
 * @returns what falls below the floor, what is uncovered without a reason, and which reasons no longer apply, in this
 *   order; empty when the floor is kept.
 */
export function checkFloor(summary: CoverageSummary, floor: Floor): FloorFinding[] {
  const used = new Set<UncoveredReason>();
  const reasons = reasonsOf(floor);
  const isExplained: Explained = (entries) => {
    for (const entry of entries) used.add(entry);
    return entries.length > 0;
  };
  const unexplained = summary.files.flatMap((file) =>
    unexplainedOf(file, dirname(floor.path), reasons, isExplained),
  );
  const files = new Set(summary.files.map(({ file }) => resolve(file)));
  return [
    ...below('line', summary.line, floor),
    ...below('toggle', summary.toggle, floor),
    ...unexplained,
    ...floor.uncovered
      .filter((entry) => !used.has(entry))
      .map((entry) => stale(entry, files.has(resolve(dirname(floor.path), entry.file)))),
  ];
}

function below(what: 'line' | 'toggle', got: Share, floor: Floor): FloorFinding[] {
  const asked = floor[what];
  if (got.total === 0) {
    const message = `no ${what} was counted: was the model built with --coverage-${what}?`;
    return [{ kind: 'below', what, got, floor: asked, message }];
  }
  if (got.share >= asked) return [];
  const message = `${what} coverage is ${got.covered} of ${got.total} (${got.share.toFixed(4)}), the floor is ${asked}`;
  return [{ kind: 'below', what, got, floor: asked, message }];
}

/** Whether there is a reason; remembers those that were needed. */
type Explained = (entries: readonly UncoveredReason[]) => boolean;

function unexplainedOf(
  { file, uncoveredLines, uncoveredToggles }: FileSummary,
  folder: string,
  reasons: Reasons,
  isExplained: Explained,
): FloorFinding[] {
  const shown = relative(folder, resolve(file)).replaceAll(sep, '/');
  const finding = (line: number, what: string): FloorFinding => {
    const message = `${shown}:${line}: ${what} is not covered, and no reason is listed`;
    return { kind: 'unexplained', file: shown, line, what, message };
  };

  const lines = uncoveredLines.flatMap(({ line, arms, isReached }) => {
    const left = arms.filter((arm) => !isExplained(reasons.ofArm(file, line, arm)));
    const isWhole = !isReached && left.length === arms.length;
    return isWhole ? [finding(line, 'line')] : left.map((arm) => finding(line, arm));
  });

  const bits = groupBy(
    uncoveredToggles.filter((toggle) => !isExplained(reasons.ofToggle(file, toggle))),
    ({ line }) => line,
  );
  const toggles = [...bits].flatMap(([line, unexplained]) =>
    foldBits(unexplained.map(({ name }) => name)).map((name) => finding(line, `toggle ${name}`)),
  );
  return [...lines, ...toggles];
}

function stale(entry: UncoveredReason, isFileKnown: boolean): FloorFinding {
  const { file, line, what } = entry;
  const why = isFileKnown ? 'it is covered, or not there' : 'no point lies in this file';
  const at = line === null ? file : `${file}:${line}`;
  return {
    kind: 'stale',
    entry,
    message: `${at}: the reason for ${what} no longer applies: ${why}`,
  };
}
