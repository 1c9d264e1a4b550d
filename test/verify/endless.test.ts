import { expect, test } from 'vitest';
import { offload } from '../../src/index.js';
import { verify } from '../../src/verify/verify.js';
import { rejected } from '../support/errors.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { endless } from './kernels.js';

const GOOD = Uint8Array.from({ length: 100 }, (_, i) => i);
const GOES_ON = Uint8Array.of(0xee, 1, 2, 3);

describeUnless(await missingVerilatorPath(), 'a result that never ends', () => {
  test.each([
    { monitors: false, isolation: 'thread' },
    { monitors: true, isolation: 'thread' },
    { monitors: false, isolation: 'process' },
  ] as const)(
    'is given up behind the declared limit, monitors $monitors, in a $isolation',
    async (options) => {
      await using run = await offload(endless({ maxResultBytes: 100 }), {
        path: 'verilator',
        ...options,
      });
      // One of just that length is a result.
      expect(await run.batch([GOOD])).toEqual([GOOD]);
      const error = await rejected('ERR_RTLIFT_KERNEL_PROTOCOL', run.batch([GOOD, GOES_ON]));
      expect(error.details).toMatchObject({ rule: 'packet-without-end', messageIndex: 1 });
      expect(error.message).toMatch(/m_axis_tlast within 100 bytes.*limits\.maxResultBytes/);
      const long = new Uint8Array(101);
      await rejected('ERR_RTLIFT_KERNEL_PROTOCOL', run.batch([long]));
    },
  );

  test('is found by verify', async () => {
    const { counterexample } = await verify(endless(), {
      seed: 1,
      messages: 200,
      inputs: (random) => random.pick([GOOD, GOES_ON]),
    });
    expect(counterexample?.failure.rule).toBe('packet-without-end');
  });
});
