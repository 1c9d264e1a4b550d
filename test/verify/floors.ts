import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';
import { groupPlans, verifyGroup } from '../../src/verify/plan-group.js';
import { PLANS } from '../../src/verify/plans/index.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

/** Enough that coverage is what a long run reaches; `npm run verify:all` is the long run. */
const MESSAGES = 4_000;
/** Of a run whose coverage is known: another one may leave a rare bit out. */
const SEED = 1;

/** Holds the kernels of some folders of hdl/ against the floors beside their RTL. */
export async function describeFloors(folders: readonly string[]): Promise<void> {
  const groups = groupPlans(PLANS).filter(({ floor }) =>
    folders.includes(basename(dirname(floor))),
  );
  describeUnless(await missingVerilatorPath(), 'coverage', () => {
    test('every folder has its floor', () => {
      expect(groups.map(({ floor }) => basename(dirname(floor))).sort()).toEqual(
        [...folders].sort(),
      );
    });

    test.each(groups.map((group) => [basename(dirname(group.floor)), group] as const))(
      'of %s keeps its floor, and what stays uncovered has its reason',
      { timeout: 400_000 },
      async (_, group) => {
        const { findings, reports } = await verifyGroup(group, { messages: MESSAGES, seed: SEED });
        expect(reports.flatMap(({ counterexample }) => counterexample?.failure.text ?? [])).toEqual(
          [],
        );
        expect(findings).toEqual([]);
      },
    );
  });
}

/** Two test files share these, so that they run side by side; together they are all there is. */
export const FLOOR_FOLDERS = [
  ['sha256', 'sha1', 'siphash'],
  ['crc', 'literal_match', 'record_filter', 'classify'],
] as const;
