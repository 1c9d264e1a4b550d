import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { alwaysVerilator } from '../../bench/support/always-verilator.js';
import { offload, replay } from '../../src/index.js';
import { byteSum } from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

const folder = mkdtempSync(join(tmpdir(), 'rtlift-mismatches-'));
afterAll(() => rmSync(folder, { recursive: true }));

describeUnless(await missingVerilatorPath(), 'a wrong result in production', () => {
  test('is kept as a bundle that replays to the same difference, and no more of them than may be', async () => {
    const kernel = byteSum();
    await (await offload(kernel, { path: 'verilator' })).close();
    // A golden model that differs from the RTL on one message.
    const odd = {
      ...kernel,
      golden: (message: Uint8Array): number => (message[0] === 9 ? 1 : kernel.golden(message)),
    };
    const run = await offload(odd, {
      choice: { table: alwaysVerilator(odd), isFrozen: true },
      checkShare: 1,
      rest: { firstRestMs: 0, longestRestMs: 0 },
      bundles: { folder, most: 2 },
    });
    for (let i = 0; i < 4; i++) {
      const messages = [Uint8Array.of(4), Uint8Array.of(9, 9), Uint8Array.of(5)];
      expect(await run.batch(messages)).toEqual([4, 1, 5]);
    }
    expect(run.stats().checks.mismatches.value).toBe(4);
    await run.close();
    const bundles = readdirSync(folder);
    expect(bundles).toHaveLength(2);
    const report = await replay(odd, join(folder, bundles[0] as string));
    expect(report.failure).toMatchObject({
      messageIndex: 1,
      expected: '01000000',
      actual: '12000000',
    });
    // The RTL is right after all: with the true golden model it passes.
    expect((await replay(kernel, join(folder, bundles[0] as string))).failure).toBeNull();
  });
});
