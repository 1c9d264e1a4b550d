import { dirname, resolve } from 'node:path';
import type { Floor, UncoveredReason } from './floor.js';
import { speaksOfArm, speaksOfToggle } from './floor-place.js';
import { groupBy } from './groups.js';
import type { UncoveredToggle } from './summary.js';

/** Finds the reasons that a floor gives. */
export interface Reasons {
  /** For an arm that was not run on a line. */
  ofArm(file: string, line: number, arm: string): readonly UncoveredReason[];
  /** For a bit that did not change. */
  ofToggle(file: string, toggle: UncoveredToggle): readonly UncoveredReason[];
}

/** Reasons of a floor by the files of a summary; of no floor, none. */
export function reasonsOf(floor: Floor | undefined): Reasons {
  const byFile = groupBy(floor?.uncovered ?? [], ({ file }) =>
    resolve(dirname(floor?.path ?? ''), file),
  );
  const reasons = (file: string): readonly UncoveredReason[] => byFile.get(resolve(file)) ?? [];
  return {
    ofArm: (file, line, arm) => reasons(file).filter((entry) => speaksOfArm(entry, line, arm)),
    ofToggle: (file, toggle) => reasons(file).filter((entry) => speaksOfToggle(entry, toggle)),
  };
}
