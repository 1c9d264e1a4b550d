import fc from 'fast-check';
import { afterEach, beforeEach, test, vi } from 'vitest';
import { testSeed } from '../support/seed.js';
import { closes, limits, QueuePlay, steps } from './queue-model.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('whatever happens, each accepted call settles once, with its own result, in order per caller', async () => {
  await fc.assert(
    fc.asyncProperty(limits, steps, closes, async (shape, list, closeAt) => {
      vi.clearAllTimers();
      await new QueuePlay(shape).play(list, closeAt);
    }),
    { seed: testSeed(), numRuns: 1_000 },
  );
});
