import { expect, test } from 'vitest';
import { analyse } from '../../src/profile/cpu/analyse.js';
import { record } from '../../src/profile/cpu/record.js';

test('gets the profile of a program that never comes back to its event loop', async () => {
  const program = `const { createHash } = require('node:crypto');
    function digestOf(m) { return createHash('sha256').update(m).digest(); }
    for (;;) digestOf('hello');`;
  const { threads, isEnded } = await record(['node', '-e', program], {
    intervalUs: 1000,
    durationMs: 1000,
  });
  expect(isEnded).toBe(true);
  const { report } = analyse(threads, { command: 'node -e' });
  expect(report.functions.map(({ name }) => name)).toContain('digestOf');
  expect(report.samples).toBeGreaterThan(200);
});
