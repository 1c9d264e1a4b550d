import { expect, test } from 'vitest';
import {
  bytes,
  type ClockRatio,
  defineKernel,
  type Kernel,
  offload,
  record,
  uint8,
  uint16,
} from '../../src/index.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { testSeed } from '../support/seed.js';
import { checkShape, shape } from './shape.js';

const missing = await missingVerilatorPath();

/** @param clock - which of its two clocks is the kernel's, on which cycles are counted. */
function crossing(ratio: ClockRatio, clock: 'wr_clk' | 'rd_clk' = 'wr_clk') {
  return defineKernel({
    name: 'clock-crossing',
    rtl: {
      top: 'clock_crossing',
      sources: [shape('clock_crossing.v')],
      ports: {
        clock,
        clocks: { [clock === 'wr_clk' ? 'rd_clk' : 'wr_clk']: ratio },
        reset: ['wr_rst_n', 'rd_rst_n'],
        input: { prefix: 'wr', clock: 'wr_clk' },
        output: { prefix: 'rd', clock: 'rd_clk' },
      },
    },
    input: bytes(),
    output: bytes(),
    golden: (message) => message.map((byte) => ~byte),
  });
}

async function cyclesOf<I, O>(kernel: Kernel<I, O>, messages: readonly I[]): Promise<number> {
  await using handle = await offload(kernel, { path: 'verilator' });
  await handle.batch(messages);
  return handle.stats().cycles?.cycles.value ?? Number.NaN;
}

describeUnless(missing, 'input and output on clocks of their own', () => {
  test.each([
    ['twice as fast', 2],
    ['half as fast', 0.5],
    ['three to two', [3, 2]],
    ['of the same frequency', 1],
    ['sixteen times as slow, resets included', [1, 16]],
  ] as const)('the output is %s', async (_, ratio) => {
    const seed = testSeed();
    await checkShape(crossing(ratio), new Random(seed).messages(40, 24), seed);
  });

  test('cycles are those of the clock that is named first', async () => {
    const messages = [new Uint8Array(4000).fill(1)];
    const [onWrite, onRead] = [crossing(2), crossing(0.5, 'rd_clk')];
    await checkShape(onRead, new Random(1).messages(40, 24), 1);
    const [slow, fast] = [await cyclesOf(onWrite, messages), await cyclesOf(onRead, messages)];
    // 2,000 beats at one a cycle of the slower clock.
    expect(slow).toBeGreaterThan(2000);
    expect(slow).toBeLessThan(2040);
    expect(fast).toBeGreaterThan(4000);
    expect(fast).toBeLessThan(4080);
  });
});

describeUnless(missing, 'a core with a faster clock inside', () => {
  test('gives its results on the slower one', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const kernel = defineKernel({
      name: 'serial-mul',
      rtl: {
        top: 'serial_mul',
        sources: [shape('serial_mul.v')],
        ports: {
          clocks: { clk_fast: 4 },
          input: { data: ['a', 'b'], valid: 'in_valid', ready: 'in_ready' },
          output: { data: 'p', valid: 'p_valid', ready: 'p_ready' },
        },
      },
      input: record({ a: uint8(), b: uint8() }),
      output: uint16(),
      golden: ({ a, b }) => a * b,
    });
    const messages = Array.from({ length: 50 }, () => ({
      a: random.below(256),
      b: random.below(256),
    }));
    await checkShape(kernel, messages, seed);
  });
});
