import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test, vi } from 'vitest';
import { HangWatch } from '../../src/paths/hang-watch.js';
import type { NativeModel } from '../../src/paths/native-addon.js';
import { rejected } from '../support/errors.js';

afterEach(() => {
  vi.useRealTimers();
});

/** A model whose cycles are told to it. */
const modelAt = (state: { cycles: number; closed: number }): NativeModel => ({
  heartbeat: () => state.cycles,
  close: async () => {
    state.closed++;
  },
  configure: () => {
    throw new Error('not asked for');
  },
  run: () => {
    throw new Error('not asked for');
  },
});

const never = (): Promise<never> => new Promise(() => undefined);

test('a model whose cycles stand still is closed, and all that waits for it rejects', async () => {
  vi.useFakeTimers();
  const state = { cycles: 7, closed: 0 };
  const watch = new HangWatch('k', modelAt(state), 1_000);
  const errors = [1, 2].map(() => rejected('ERR_RTLIFT_KERNEL_NO_PROGRESS', watch.guard(never())));
  // The first look is what the later ones are compared with.
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.closed).toBe(0);
  await vi.advanceTimersByTimeAsync(100);
  expect(state.closed).toBe(1);
  await vi.advanceTimersByTimeAsync(100);
  const [error] = await Promise.all(errors);
  expect(error?.details).toMatchObject({ cycle: 7, hangMs: 1_000 });
  await rejected('ERR_RTLIFT_KERNEL_NO_PROGRESS', watch.guard(never()));
  await vi.advanceTimersByTimeAsync(10_000);
  expect([state.closed, vi.getTimerCount()]).toEqual([1, 0]);
});

test('a model that goes on is left alone, however long it takes, and is not looked at when nothing waits', async () => {
  vi.useFakeTimers();
  const state = { cycles: 0, closed: 0 };
  const watch = new HangWatch('k', modelAt(state), 1_000);
  let finish: (value: string) => void = () => undefined;
  const job = watch.guard(
    new Promise<string>((resolve) => {
      finish = resolve;
    }),
  );
  for (let i = 0; i < 100; i++) {
    await vi.advanceTimersByTimeAsync(900);
    state.cycles++;
  }
  finish('done');
  expect(await job).toBe('done');
  await vi.advanceTimersByTimeAsync(10_000);
  expect([state.closed, vi.getTimerCount()]).toEqual([0, 0]);
});

test('batches that come one after the other are no single one that stands still', async () => {
  vi.useFakeTimers();
  // A model that runs nothing: its cycles stand, and each job is short.
  const state = { cycles: 5, closed: 0 };
  const watch = new HangWatch('k', modelAt(state), 1_000);
  for (let i = 0; i < 30; i++) {
    const job = watch.guard(new Promise((resolve) => setTimeout(resolve, 130)));
    await vi.advanceTimersByTimeAsync(130);
    await job;
  }
  expect(state.closed).toBe(0);
});

test('nothing is remembered of a batch that has settled', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const watch = new HangWatch('k', modelAt({ cycles: 0, closed: 0 }));
  const round = async (): Promise<number> => {
    for (let i = 0; i < 50_000; i++) await watch.guard(Promise.resolve(i));
    collect();
    return process.memoryUsage().heapUsed;
  };
  await round();
  const before = await round();
  const grown = (await round()) - before;
  // It was some 400 bytes each: 20 MB.
  expect(grown).toBeLessThan(4e6);
});
