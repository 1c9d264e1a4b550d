import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { offload } from '../../src/index.js';
import { DISPLAY_CHANNEL } from '../../src/paths/verilator-model.js';
import { rejected } from '../support/errors.js';
import { FAULT, firstByte } from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

describeUnless(await missingVerilatorPath(), 'a batch of several pieces', () => {
  test('ends with the piece that fails: the one behind it is not run', async () => {
    const run = await offload(firstByte('fault_error'), { path: 'verilator' });
    const printed: unknown[] = [];
    const note = (event: unknown): void => void printed.push(event);
    subscribe(DISPLAY_CHANNEL, note);
    // The second piece would stop a model as well, and say so.
    const batch = Array.from({ length: 6_000 }, (_, i) =>
      Uint8Array.of(i === 5 || i === 3_000 ? FAULT : 1),
    );
    await rejected('ERR_RTLIFT_KERNEL_ASSERTION', run.batch(batch));
    expect(await run.batch([Uint8Array.of(2)])).toEqual([2]);
    await run.close();
    unsubscribe(DISPLAY_CHANNEL, note);
    expect(printed).toHaveLength(1);
  });
});
