import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPlan } from '../../src/cli/load-plan.js';
import { PLANS } from '../../src/verify/plans/index.js';
import { rejected } from '../support/errors.js';
import { temporaryFolder } from '../support/folders.js';

const KERNEL = "{ name: 'any', golden: () => 0, rtl: { top: 'any' } }";

function file(text: string): string {
  const path = join(temporaryFolder(), 'kernel.mjs');
  writeFileSync(path, text);
  return path;
}

describe('loadPlan', () => {
  test.each(Object.keys(PLANS))('%s has variants that differ in settings alone', async (name) => {
    const { kernel, variants = [] } = await loadPlan(name);
    for (const variant of variants) expect(variant.rtl).toEqual(kernel.rtl);
  });

  test.each([
    ['`kernel`', `export const kernel = ${KERNEL}; export const other = ${KERNEL};`],
    ['the default export', `export default ${KERNEL};`],
    ['the one export that is a kernel', `export const crc = ${KERNEL}; export const LIMIT = 5;`],
  ])('takes %s of a file', async (_what, text) => {
    const plan = await loadPlan(file(text));
    expect(plan.kernel.rtl.top).toBe('any');
    expect(plan).not.toHaveProperty('variants');
  });

  test('takes variants and inputs with it', async () => {
    const plan = await loadPlan(
      file(`export const kernel = ${KERNEL};
        export const variants = [${KERNEL}];
        export const inputs = (random) => random.below(3);`),
    );
    expect(plan.variants).toHaveLength(1);
    expect(plan.inputs).toBeTypeOf('function');
  });

  test.each([
    ['two kernels', `export const a = ${KERNEL}; export const b = ${KERNEL};`, /got a, b/],
    ['none', 'export {};', /got no exports/],
    ['variants of no kernel', `export const kernel = ${KERNEL}, variants = [5];`, /`variants`/],
    ['inputs that are no function', `export const kernel = ${KERNEL}, inputs = [];`, /`inputs`/],
    ['an error of its own', "throw new Error('broken here');", /cannot load .*broken here/],
  ])('refuses a file with %s', async (_what, text, expected) => {
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', loadPlan(file(text)));
    expect(error.message).toMatch(expected);
  });

  test('refuses names that objects have by themselves', async () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      await rejected('ERR_RTLIFT_INVALID_ARG', loadPlan(name));
  });
});
