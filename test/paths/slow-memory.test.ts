import { expect, test } from 'vitest';
import { offload } from '../../src/index.js';
import { byteEcho, byteSum } from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';

const ROUNDS = 1_000;
// Pools of the allocator and of V8 fill up first.
const WARM_UP_ROUNDS = 200;
const MOST_GROWTH_BYTES = 8 * 2 ** 20;

const MIB = 2 ** 20;

describeUnless(await missingVerilatorPath(), 'resident memory', () => {
  test(`does not grow over ${ROUNDS} rounds of open, run and close`, async () => {
    const messages = new Random(1).messages(200, 100);
    const round = async (): Promise<void> => {
      await using sum = await offload(byteSum(), { path: 'verilator' });
      await using echo = await offload(byteEcho(), { path: 'verilator' });
      await Promise.all([sum.batch(messages), echo.batch(messages)]);
    };
    const rss: number[] = [];
    for (let i = 0; i < WARM_UP_ROUNDS; i++) await round();
    for (let i = 0; i <= ROUNDS; i++) {
      await round();
      if (i % 100 === 0) rss.push(process.memoryUsage.rss());
    }
    console.log(`resident MiB every 100 rounds: ${rss.map((n) => (n / MIB).toFixed(1)).join(' ')}`);
    // The garbage collector moves single readings, so the lowest of each half counts.
    const half = Math.floor(rss.length / 2);
    const early = Math.min(...rss.slice(0, half));
    const late = Math.min(...rss.slice(half));
    console.log(
      `lowest of the first half ${(early / MIB).toFixed(1)}, of the second ${(late / MIB).toFixed(1)}`,
    );
    expect(late - early).toBeLessThan(MOST_GROWTH_BYTES);
  });
});
