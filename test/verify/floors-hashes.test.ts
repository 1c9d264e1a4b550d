import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';
import { groupPlans } from '../../src/verify/plan-group.js';
import { PLANS } from '../../src/verify/plans/index.js';
import { describeFloors, FLOOR_FOLDERS } from './floors.js';

test('every kernel with a floor is held against it', () => {
  const all = groupPlans(PLANS).map(({ floor }) => basename(dirname(floor)));
  expect([...FLOOR_FOLDERS.flat()].sort()).toEqual(all.sort());
});

await describeFloors(FLOOR_FOLDERS[0]);
