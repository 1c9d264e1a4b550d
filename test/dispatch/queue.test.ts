import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CallQueue, type CallQueueOptions } from '../../src/dispatch/queue/call-queue.js';
import { RtliftError } from '../../src/errors.js';
import { ofMessages } from '../../src/kernel/message-errors.js';
import { rejected, thrown } from '../support/errors.js';

type Shape = Partial<CallQueueOptions<number, number>>;

/** A queue of numbers that are their own size in bytes; a run doubles them when it is told to, or at once. */
function makeQueue({ isHeld = false, ...shape }: Shape & { isHeld?: boolean } = {}) {
  const runs: (readonly number[])[] = [];
  const finish: ((error?: unknown) => void)[] = [];
  const queue = new CallQueue<number, number>({
    kernelName: 'double',
    sizeOf: (n) => n,
    run: async (messages) => {
      runs.push(messages);
      if (isHeld) {
        await new Promise<void>((resolve, reject) => {
          finish.push((error) => (error === undefined ? resolve() : reject(error)));
        });
      }
      return messages.map((n) => 2 * n);
    },
    ...shape,
  });
  return { queue, runs, finish };
}

const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('coalescing', () => {
  test('calls of one turn, those of its promises included, are one batch', async () => {
    const { queue, runs } = makeQueue();
    const later = Promise.resolve().then(() => queue.call(3));
    const results = [queue.call(1), queue.call(2), later];
    expect(await Promise.all(results)).toEqual([2, 4, 6]);
    expect(runs).toEqual([[1, 2, 3]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a full batch goes out at once, by messages or by bytes', async () => {
    const { queue, runs } = makeQueue({
      limits: { batchMessages: 3, batchBytes: 100 },
      inFlight: 9,
    });
    const calls = [1, 2, 3, 60, 50, 4].map((n) => queue.call(n));
    expect(runs).toEqual([[1, 2, 3], [60]]);
    await Promise.all(calls);
    expect(runs).toEqual([[1, 2, 3], [60], [50, 4]]);
    expect(queue.stats()).toMatchObject({ batches: 3, batchSizes: [1, 1, 1] });
  });

  test('a message larger than a batch is a batch of its own', async () => {
    const { queue, runs } = makeQueue({ limits: { batchBytes: 100 } });
    expect(await Promise.all([1, 500, 2].map((n) => queue.call(n)))).toEqual([2, 1000, 4]);
    expect(runs).toEqual([[1], [500], [2]]);
  });

  test('a delay gathers calls of several turns, and is counted from the first', async () => {
    const { queue, runs } = makeQueue({ limits: { delayMs: 10 } });
    const first = queue.call(1);
    await nextTurn();
    vi.advanceTimersByTime(9);
    const second = queue.call(2);
    await nextTurn();
    expect(runs).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(runs).toEqual([[1, 2]]);
    await Promise.all([first, second]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('what comes while all batches are under way goes out together', async () => {
    const { queue, runs, finish } = makeQueue({ isHeld: true, inFlight: 1 });
    const calls = [queue.call(1)];
    for (const n of [2, 3, 4]) {
      await nextTurn();
      calls.push(queue.call(n));
    }
    expect(runs).toEqual([[1]]);
    finish[0]?.();
    await calls[0];
    await nextTurn();
    expect(runs).toEqual([[1], [2, 3, 4]]);
    finish[1]?.();
    await Promise.all(calls);
  });
});

describe('order and fairness', () => {
  test('batches settle in the order in which they went out, whichever is done first', async () => {
    const { queue, finish } = makeQueue({ isHeld: true, limits: { batchMessages: 1 } });
    const order: number[] = [];
    const calls = [5, 6].map((n) => queue.call(n).then((result) => order.push(result)));
    finish[1]?.();
    await nextTurn();
    expect(order).toEqual([]);
    finish[0]?.();
    await Promise.all(calls);
    expect(order).toEqual([10, 12]);
  });

  test.each(['wait', 'reject'] as const)(
    'a caller with 100,000 calls does not hold up another (%s)',
    async (whenFull) => {
      const { queue, runs } = makeQueue({
        sizeOf: () => 55,
        inFlight: 1,
        queue: { whenFull, maxMessages: whenFull === 'wait' ? 10_000 : 200_000 },
      });
      const many = range(0, 100_000).map((n) => queue.call(n, { caller: 'many' }));
      const few = range(500_000, 100).map((n) => queue.call(n, { caller: 'few' }));
      await Promise.all(few);
      // The first batch went out before `few` called; with room to wait for, one more passes until it is let in.
      const batchesUntilThen = runs.findIndex((run) => run.includes(500_099));
      expect(batchesUntilThen).toBeLessThanOrEqual(3);
      const results = await Promise.all(many);
      expect(results).toEqual(range(0, 100_000).map((n) => 2 * n));
    },
    30_000,
  );

  test('two callers get the same share in bytes, whatever the size of their messages', async () => {
    const { queue, runs, finish } = makeQueue({
      isHeld: true,
      inFlight: 1,
      limits: { batchMessages: 100_000, batchBytes: 1 << 20 },
    });
    void queue.call(0);
    await nextTurn();
    const calls = range(0, 2_000).map(() => queue.call(1_000, { caller: 'short' }));
    calls.push(...range(0, 40).map(() => queue.call(50_000, { caller: 'long' })));
    finish[0]?.();
    await nextTurn();
    const bytes = { short: 0, long: 0 };
    for (const n of runs[1] ?? []) bytes[n === 1_000 ? 'short' : 'long'] += n;
    expect(bytes.long / bytes.short).toBeGreaterThan(0.85);
    expect(bytes.long / bytes.short).toBeLessThan(1.15);
    const closing = queue.close();
    for (let i = 1; i < 10; i++) {
      finish[i]?.();
      await nextTurn();
    }
    await Promise.all([...calls, closing]);
  });

  test('callers are told apart by identity: strings, symbols, objects', async () => {
    const { queue, runs } = makeQueue({ sizeOf: () => 2_000 });
    const callers = ['a', Symbol('a'), { a: 1 }, undefined];
    const calls = callers.flatMap((caller, i) =>
      range(10 * i, 3).map((n) => queue.call(n, caller === undefined ? {} : { caller })),
    );
    await Promise.all(calls);
    // A turn of 4,096 bytes is worth one message of 2,000 and another, less what a message costs beside its bytes.
    expect(runs).toEqual([[0, 10, 20, 30, 1, 2, 11, 12, 21, 22, 31, 32]]);
  });
});

describe('a full queue', () => {
  const full = { isHeld: true, inFlight: 1, limits: { batchMessages: 1 } } as const;

  test('rejects with the limit and what the call would have made it', async () => {
    const { queue, finish } = makeQueue({
      ...full,
      queue: { maxMessages: 2, maxBytes: 100, whenFull: 'reject' },
    });
    const calls = [1, 90].map((n) => queue.call(n));
    const bytes = await rejected('ERR_RTLIFT_QUEUE_FULL', queue.call(11));
    expect(bytes.details).toEqual({ kernel: 'double', limit: 100, got: 101, unit: 'bytes' });
    calls.push(queue.call(10));
    const messages = await rejected('ERR_RTLIFT_QUEUE_FULL', queue.call(0));
    expect(messages.details).toEqual({ kernel: 'double', limit: 2, got: 3, unit: 'messages' });
    expect(queue.stats()).toMatchObject({ rejected: 2, queuedMessages: 2, queuedBytes: 100 });
    for (let i = 0; i < 3; i++) {
      finish[i]?.();
      await calls[i];
      await nextTurn();
    }
    expect(await Promise.all(calls)).toEqual([2, 180, 20]);
  });

  test('or lets calls wait for room, where their deadline and signal still hold', async () => {
    const { queue, runs, finish } = makeQueue({
      ...full,
      queue: { maxMessages: 1, whenFull: 'wait' },
    });
    const controller = new AbortController();
    const calls = [queue.call(1), queue.call(2), queue.call(3)];
    const aborted = queue.call(4, { signal: controller.signal });
    const expired = queue.call(5, { deadlineMs: 10 });
    calls.push(queue.call(6));
    expect(queue.stats()).toMatchObject({ inFlight: 1, queuedMessages: 1, heldBack: 4 });
    controller.abort('no more');
    await expect(aborted).rejects.toBe('no more');
    vi.advanceTimersByTime(10);
    const error = await rejected('ERR_RTLIFT_DEADLINE', expired);
    expect(error.details).toEqual({ kernel: 'double', deadlineMs: 10, hasStarted: false });
    for (let i = 0; i < 4; i++) {
      finish[i]?.();
      await nextTurn();
      await nextTurn();
    }
    expect(await Promise.all(calls)).toEqual([2, 4, 6, 12]);
    expect(runs).toEqual([[1], [2], [3], [6]]);
  });

  test('an empty queue takes a message of any size', async () => {
    const { queue } = makeQueue({ queue: { maxBytes: 10, whenFull: 'reject' } });
    expect(await queue.call(1_000)).toBe(2_000);
  });
});

describe('deadlines and aborts', () => {
  test('a deadline that passes while the batch runs drops the result of that call only', async () => {
    const { queue, finish } = makeQueue({ isHeld: true });
    const calls = [queue.call(1), queue.call(2, { deadlineMs: 5 }), queue.call(3)];
    await nextTurn();
    vi.advanceTimersByTime(5);
    const error = await rejected('ERR_RTLIFT_DEADLINE', calls[1] as Promise<number>);
    expect(error.details.hasStarted).toBe(true);
    finish[0]?.();
    expect([await calls[0], await calls[2]]).toEqual([2, 6]);
    expect(queue.stats()).toMatchObject({ expired: 1, failed: 1 });
  });

  test('thousands of deadlines have one timer, and pass in their order', async () => {
    const { queue } = makeQueue({ isHeld: true, inFlight: 1 });
    const passed: number[] = [];
    const deadlines = range(0, 2_000).map((i) => 1 + ((i * 7919) % 2_000));
    const calls = deadlines.map((deadlineMs) =>
      queue.call(1, { deadlineMs }).catch(() => passed.push(deadlineMs)),
    );
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(2_000);
    await Promise.all(calls);
    expect(passed).toEqual(range(1, 2_000));
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a deadline is not early when an earlier one was met, and leaves no timer after close', async () => {
    const { queue } = makeQueue();
    expect(await queue.call(1, { deadlineMs: 50 })).toBe(2);
    vi.advanceTimersByTime(30);
    expect(await queue.call(2, { deadlineMs: 5_000 })).toBe(4);
    expect(vi.getTimerCount()).toBe(1);
    await queue.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an endless deadline sets no timer, one beyond what a timer takes passes when it is due', async () => {
    const { queue } = makeQueue({ isHeld: true });
    const endless = queue.call(1, { deadlineMs: Number.POSITIVE_INFINITY });
    expect(vi.getTimerCount()).toBe(0);
    const call = queue.call(1, { deadlineMs: 2 ** 31 + 1_000 });
    let isSettled = false;
    const settled = call.catch(() => {
      isSettled = true;
    });
    vi.advanceTimersByTime(2 ** 31);
    await nextTurn();
    expect(isSettled).toBe(false);
    vi.advanceTimersByTime(1_001);
    await settled;
    void endless;
  });

  test('an abort takes a queued call out, and leaves a batch that runs to the others', async () => {
    const { queue, runs, finish } = makeQueue({ isHeld: true, inFlight: 1 });
    const [early, late] = [new AbortController(), new AbortController()];
    const running = [queue.call(1), queue.call(2, { signal: late.signal })];
    await nextTurn();
    const queued = [queue.call(3, { signal: early.signal }), queue.call(4)];
    early.abort('queued');
    late.abort('running');
    await expect(queued[0]).rejects.toBe('queued');
    await expect(running[1]).rejects.toBe('running');
    finish[0]?.();
    expect(await running[0]).toBe(2);
    await nextTurn();
    finish[1]?.();
    expect(await queued[1]).toBe(8);
    expect(runs).toEqual([[1, 2], [4]]);
  });

  test('a signal given to many calls has one listener, and none when they have settled', async () => {
    const { queue } = makeQueue();
    const { signal } = new AbortController();
    const calls = range(0, 1_000).map((n) => queue.call(n, { signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await Promise.all(calls);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('a signal aborted before runs nothing', async () => {
    const { queue, runs } = makeQueue();
    await expect(queue.call(1, { signal: AbortSignal.abort('gone') })).rejects.toBe('gone');
    await nextTurn();
    expect([runs, queue.stats().accepted]).toEqual([[], 0]);
  });
});

describe('failures', () => {
  test('of a batch are those of each of its calls', async () => {
    const reason = new RtliftError('ERR_RTLIFT_KERNEL_STOP', 'stopped');
    const { queue } = makeQueue({ run: () => Promise.reject(reason) });
    const calls = await Promise.allSettled([1, 2].map((n) => queue.call(n)));
    expect(calls.map((call) => call.status === 'rejected' && call.reason)).toEqual([
      reason,
      reason,
    ]);
    expect(queue.stats().batches).toBe(1);
  });

  test('that are thrown at once, or give another number of results, reject all the same', async () => {
    const reason = new Error('thrown');
    const throwing = makeQueue({
      run: () => {
        throw reason;
      },
    });
    await expect(throwing.queue.call(1)).rejects.toBe(reason);
    for (const results of [[1], [1, 2, 3], undefined as never]) {
      const { queue } = makeQueue({ run: () => Promise.resolve(results) });
      const [one, other] = [queue.call(1), queue.call(2)];
      await rejected('ERR_RTLIFT_INTERNAL', one);
      await rejected('ERR_RTLIFT_INTERNAL', other);
    }
  });

  /** A run that refuses multiples of seven, by their place, with `code`. */
  const refusing = (code: 'ERR_RTLIFT_RESULT_MISMATCH' | 'ERR_RTLIFT_KERNEL_FATAL') => {
    const runs: (readonly number[])[] = [];
    const run = async (messages: readonly number[]): Promise<number[]> => {
      runs.push(messages);
      const messageIndex = messages.findIndex((n) => n % 7 === 0);
      if (messageIndex >= 0) throw new RtliftError(code, 'bad', { messageIndex });
      return messages.map((n) => 2 * n);
    };
    return { run, runs };
  };

  test('that are of messages are those calls’, and the others run again', async () => {
    const { run, runs } = refusing('ERR_RTLIFT_RESULT_MISMATCH');
    const { queue } = makeQueue({ run });
    const calls = await Promise.allSettled([5, 7, 8, 14, 9].map((n) => queue.call(n)));
    expect(calls.map((call) => (call.status === 'fulfilled' ? call.value : 'refused'))).toEqual([
      10,
      'refused',
      16,
      'refused',
      18,
    ]);
    expect(runs).toEqual([[5, 7, 8, 14, 9], [5], [7], [8], [14], [9]]);
    expect(queue.stats()).toMatchObject({
      batches: 6,
      reruns: 5,
      failed: 2,
      batchSizes: [0, 0, 0, 1],
    });
  });

  test('take few further runs, however many messages are bad', async () => {
    const reason = new TypeError('the same object each time');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(499)),
        fc.integer({ min: 1, max: 500 }),
        async (bad, n) => {
          const isBad = new Set(bad);
          let ran = 0;
          const { queue } = makeQueue({
            run: async (messages) => {
              ran += messages.length;
              ofMessages(() => {
                if (messages.some((message) => isBad.has(message))) throw reason;
              });
              return messages.map((message) => 2 * message);
            },
          });
          const calls = await Promise.allSettled(range(0, n).map((i) => queue.call(i)));
          for (const [i, call] of calls.entries()) {
            if (isBad.has(i)) expect(call).toEqual({ status: 'rejected', reason });
            else expect(call).toEqual({ status: 'fulfilled', value: 2 * i });
          }
          // A batch of 500, its sixteenths, theirs, and each message of those: log 16 of 500 is 2.2.
          expect(ran).toBeLessThanOrEqual(4 * n);
          const few = bad.filter((i) => i < n).length;
          expect(queue.stats().reruns).toBeLessThanOrEqual(few * 3 * 16);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('that neither a golden model nor a codec threw are those of every call, and of one run', async () => {
    const reason = new RangeError('Array buffer allocation failed');
    let runs = 0;
    const { queue } = makeQueue({
      run: async () => {
        runs++;
        throw reason;
      },
    });
    const calls = range(0, 500).map((n) => queue.call(n));
    for (const call of calls) await expect(call).rejects.toBe(reason);
    expect(runs).toBe(1);
  });

  test('cut a batch into no more than a thousand runs', async () => {
    let runs = 0;
    const { queue } = makeQueue({
      limits: { batchMessages: 2048 },
      run: async () => {
        runs++;
        return ofMessages(() => {
          throw new TypeError('all are bad');
        });
      },
    });
    const calls = range(0, 2048).map(() => queue.call(1));
    expect((await Promise.allSettled(calls)).every(({ status }) => status === 'rejected')).toBe(
      true,
    );
    expect(runs).toBeGreaterThan(1_000);
    // Parts that were cut before still run, once each.
    expect(runs).toBeLessThan(1_200);
  });

  test('found by a check of the path are those of every call: who runs again may not be checked', async () => {
    const details = { path: 'verilator', messageIndex: 1 };
    let runs = 0;
    const { queue } = makeQueue({
      run: async () => {
        runs++;
        throw new RtliftError('ERR_RTLIFT_RESULT_MISMATCH', 'differs', details);
      },
    });
    for (const call of [1, 2, 3].map((n) => queue.call(n))) {
      await rejected('ERR_RTLIFT_RESULT_MISMATCH', call);
    }
    expect(runs).toBe(1);
  });

  test('of the running kernel end the batch, though they say where it stood', async () => {
    const { run, runs } = refusing('ERR_RTLIFT_KERNEL_FATAL');
    const { queue } = makeQueue({ run });
    for (const call of [5, 7].map((n) => queue.call(n))) {
      await rejected('ERR_RTLIFT_KERNEL_FATAL', call);
    }
    expect(runs).toHaveLength(1);
  });

  test('to encode are found at the call, which is refused alone', async () => {
    const { queue, runs } = makeQueue({
      sizeOf: (n) => {
        if (n < 0) throw new RangeError('negative');
        return n;
      },
    });
    const calls = [queue.call(1), queue.call(-1), queue.call(2)];
    await expect(calls[1]).rejects.toThrow('negative');
    expect([await calls[0], await calls[2]]).toEqual([2, 4]);
    expect(runs).toEqual([[1, 2]]);
  });
});

describe('close', () => {
  test('settles what was accepted, without its delay, and refuses what comes after', async () => {
    const { queue, runs } = makeQueue({
      limits: { delayMs: 1_000, batchMessages: 2 },
      queue: { maxMessages: 1, whenFull: 'wait' },
      inFlight: 1,
    });
    const calls = range(1, 5).map((n) => queue.call(n));
    const closing = queue.close();
    await rejected('ERR_RTLIFT_CLOSED', queue.call(9));
    expect(await Promise.all(calls)).toEqual([2, 4, 6, 8, 10]);
    await closing;
    await queue.close();
    expect(runs.flat()).toEqual([1, 2, 3, 4, 5]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('waits for a batch that runs though none of its callers do', async () => {
    const { queue, finish } = makeQueue({ isHeld: true });
    const controller = new AbortController();
    const call = queue.call(1, { signal: controller.signal });
    await nextTurn();
    let isClosed = false;
    const closing = queue.close().then(() => {
      isClosed = true;
    });
    controller.abort('gone');
    await expect(call).rejects.toBe('gone');
    await nextTurn();
    expect(isClosed).toBe(false);
    finish[0]?.();
    await closing;
  });
});

test('options out of range are refused', async () => {
  for (const shape of [
    { limits: { batchMessages: 0 } },
    { limits: { batchBytes: 0.5 } },
    { limits: { delayMs: -1 } },
    { limits: { delayMs: Number.NaN } },
    { queue: { maxMessages: Number.NaN } },
    { queue: { maxBytes: -1 } },
    { queue: { whenFull: 'drop' as never } },
    { inFlight: 0 },
  ]) {
    thrown('ERR_RTLIFT_INVALID_ARG', () => makeQueue(shape));
  }
  const { queue } = makeQueue();
  for (const deadlineMs of [0, -1, Number.NaN, '5' as never]) {
    await rejected('ERR_RTLIFT_INVALID_ARG', queue.call(1, { deadlineMs }));
  }
});

test('what calls have waited is summed, also of those that still wait', async () => {
  const { queue, finish } = makeQueue({ isHeld: true });
  const calls = [queue.call(1), queue.call(2)];
  await nextTurn();
  vi.advanceTimersByTime(10);
  expect(queue.stats().waitedMs).toBeCloseTo(20);
  finish[0]?.();
  await Promise.all(calls);
  vi.advanceTimersByTime(10);
  expect(queue.stats().waitedMs).toBeCloseTo(20);
});
