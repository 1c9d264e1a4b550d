import { describe, expect, test } from 'vitest';
import { type Offloaded, offload, pack, unpack } from '../../src/index.js';
import { rejected } from '../support/errors.js';
import { byteEcho, byteSum, FAULT, firstByte } from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { testSeed } from '../support/seed.js';

const POOL = { path: 'verilator', instances: 3 } as const;

const sumOf = (message: Uint8Array): number => byteSum().golden(message);

describeUnless(await missingVerilatorPath(), 'a pool of instances', () => {
  test('splits batches of every size, and gives the results in order', async () => {
    const random = new Random(testSeed());
    await using run = await offload(byteSum(), POOL);
    const batches = [0, 1, 2, 63, 64, 65, 128, 1000, 5000].map((n) => random.messages(n, 200));
    const results = await Promise.all(batches.map((batch) => run.batch(batch)));
    expect(results).toEqual(batches.map((batch) => batch.map(sumOf)));
    const messages = batches.reduce((total, batch) => total + batch.length, 0);
    expect(run.stats().messages.value).toBe(messages);
    // A result a message is a beat: none ran twice.
    expect(run.stats().cycles?.outBeats.value).toBe(messages);
  });

  test('joins packed results of a fixed size in the buffer that the caller lent, and of any length', async () => {
    const random = new Random(testSeed());
    const messages = random.messages(999, 300);
    await using sums = await offload(byteSum(), POOL);
    const into = new Uint8Array(4 * 999 + 4);
    const packed = await sums.packed(pack(sums.kernel.input, messages), { into });
    expect(packed.data.buffer).toBe(into.buffer);
    expect(unpack(sums.kernel.output, packed)).toEqual(messages.map(sumOf));
    await using echo = await offload(byteEcho(), POOL);
    const echoed = await echo.packed(pack(echo.kernel.input, messages));
    expect(unpack(echo.kernel.output, echoed)).toEqual(messages);
  });

  test('names the message of a part that fails by its place in the batch, and goes on', async () => {
    await using run = await offload(firstByte('fault_stop'), POOL);
    const messages = Array.from({ length: 400 }, (_, i) => Uint8Array.of(i & 0x7f));
    const bad = messages.with(390, Uint8Array.of(FAULT));
    await rejected('ERR_RTLIFT_KERNEL_STOP', run.batch(bad));
    expect(await run.batch(messages)).toEqual(messages.map(([first]) => first));
    const wrong = [...messages];
    wrong[395] = 'x' as never;
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', run.batch(wrong));
    expect(error.details.messageIndex).toBe(395);
  });

  test('works in processes as well', async () => {
    await using run = await offload(byteSum(), { ...POOL, isolation: 'process' });
    const messages = new Random(testSeed()).messages(500, 100);
    expect(await run.batch(messages)).toEqual(messages.map(sumOf));
  });
});

describe('a number of instances', () => {
  test.each([0, -1, 1.5, Number.NaN, 'all', 5000])('of %s is refused', async (instances) => {
    const opened: Promise<Offloaded<Uint8Array, number>> = offload(byteSum(), {
      instances: instances as number,
    });
    await rejected('ERR_RTLIFT_INVALID_ARG', opened);
  });
});
