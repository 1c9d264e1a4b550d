import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { expect, test } from 'vitest';
import {
  type BatchingOptions,
  type Offloaded,
  type OffloadOptions,
  offload,
  type PathName,
} from '../../src/index.js';
import { rejected } from '../support/errors.js';
import { byteSum } from '../support/fixture-kernels.js';
import { describeUnless, type Missing, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';

const PATHS: readonly (readonly [PathName, Missing])[] = [
  ['javascript', null],
  ['verilator', await missingVerilatorPath()],
];
const golden = byteSum().golden;
const reason = new Error('changed my mind');

for (const [path, missing] of PATHS) {
  const open = (batching?: OffloadOptions['batching']): Promise<Offloaded<Uint8Array, number>> =>
    offload(byteSum(), { path, ...(batching === undefined ? {} : { batching }) });
  /** First runs of 1, 2, 3 to 4, 5 to 8, ... messages. */
  const batchSizes = (run: Offloaded<Uint8Array, number>): number[] =>
    run.stats().queue.batchSizes.map((figure) => figure.value);

  describeUnless(missing, `single calls on path ${path}`, () => {
    test('made together are one batch, with the golden results', async () => {
      const seed = testSeed();
      const messages = new Random(seed).messages(1_000, 60);
      await using run = await open();
      const actual = await Promise.all(messages.map((message) => run(message)));
      compare({ expected: messages.map(golden), actual, messages, seed });
      expect(batchSizes(run)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
      const { calls, messages: counted, failed, bytesIn, bytesOut } = run.stats();
      expect([calls, counted, failed].map((figure) => figure.value)).toEqual([1_000, 1_000, 0]);
      expect(bytesIn.value).toBe(messages.reduce((total, message) => total + message.length, 0));
      expect(bytesOut.value).toBe(4_000);
    });

    test('keep their limits of messages and bytes', async () => {
      await using run = await open({ messages: 10, bytes: 100 });
      const messages = Array.from({ length: 100 }, (_, i) =>
        new Uint8Array(i < 50 ? 1 : 50).fill(1),
      );
      const actual = await Promise.all(messages.map((message) => run(message)));
      expect(actual).toEqual(messages.map(golden));
      expect(batchSizes(run).reduce((total, n) => total + n)).toBe(5 + 25);
    });

    test('are run alone when batching is off, and keep their order', async () => {
      await using run = await open(false);
      const messages = new Random(3).messages(50, 20);
      const order: number[] = [];
      const calls = messages.map(async (message, i) => {
        expect(await run(message, { deadlineMs: 60_000 })).toBe(golden(message));
        order.push(i);
      });
      await Promise.all(calls);
      expect(order).toEqual([...messages.keys()]);
      expect(batchSizes(run)).toEqual([50]);
    });

    test('that are refused leave the others alone', async () => {
      await using run = await open();
      const controller = new AbortController();
      const calls = [
        run(Uint8Array.of(1)),
        run('x' as never),
        run(Uint8Array.of(2), { signal: controller.signal }),
        run(Uint8Array.of(3), { deadlineMs: 60_000, caller: 'another' }),
      ];
      controller.abort(reason);
      await rejected('ERR_RTLIFT_INVALID_ARG', calls[1] as Promise<number>);
      await expect(calls[2]).rejects.toBe(reason);
      expect([await calls[0], await calls[3]]).toEqual([1, 3]);
      const { calls: made, failed, queue } = run.stats();
      expect([made, failed, queue.aborted].map((figure) => figure.value)).toEqual([4, 2, 1]);
      expect(batchSizes(run)).toEqual([0, 1]);
    });

    test('have a deadline, and are refused by a full queue, each with its code', async () => {
      await using run = await open({ delayMs: 200, maxQueuedMessages: 1, whenFull: 'reject' });
      const call = run(Uint8Array.of(1), { deadlineMs: 5 });
      const full = await rejected('ERR_RTLIFT_QUEUE_FULL', run(Uint8Array.of(2)));
      expect(full.details).toMatchObject({ kernel: 'byte-sum', limit: 1, got: 2 });
      const late = await rejected('ERR_RTLIFT_DEADLINE', call);
      expect(late.details).toMatchObject({ kernel: 'byte-sum', deadlineMs: 5, hasStarted: false });
      const { queue } = run.stats();
      expect([queue.rejected.value, queue.expired.value, queue.batches.value]).toEqual([1, 1, 0]);
    });

    test('settle before the operation closes', async () => {
      const run = await open({ delayMs: 60_000, messages: 2, inFlight: 1 });
      const calls = Array.from({ length: 9 }, (_, i) => run(Uint8Array.of(i)));
      await run.close();
      expect(await Promise.all(calls)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      await rejected('ERR_RTLIFT_CLOSED', run(Uint8Array.of(1)));
    });

    test('with stimulus run alone, and have no deadline', async () => {
      await using run = await open();
      const stimulus = { seed: 1n, stallProbability: 0.5 };
      expect(await run(Uint8Array.of(7), { stimulus })).toBe(7);
      expect(batchSizes(run)).toEqual([]);
      await rejected('ERR_RTLIFT_INVALID_ARG', run(Uint8Array.of(7), { stimulus, deadlineMs: 1 }));
    });

    test('go through Web and Node streams in order', async () => {
      const messages = new Random(11).messages(3_000, 40);
      const expected = messages.map(golden);
      await using run = await open();
      const web: number[] = [];
      for await (const sum of ReadableStream.from(messages).pipeThrough(run.transform()))
        web.push(sum);
      compare({ expected, actual: web, messages });
      const node: number[] = [];
      await pipeline(
        Readable.from(messages),
        run.nodeTransform({ batchMessages: 100 }),
        async (sums: AsyncIterable<number>) => {
          for await (const sum of sums) node.push(sum);
        },
      );
      compare({ expected, actual: node, messages });
    });

    test('a bad message ends its stream with its error, and the operation goes on', async () => {
      await using run = await open();
      const source = [Uint8Array.of(1), 'x' as never, Uint8Array.of(2)];
      const stream = ReadableStream.from(source).pipeThrough(run.transform());
      await rejected('ERR_RTLIFT_INVALID_ARG', stream.getReader().read());
      expect(await run(Uint8Array.of(1))).toBe(1);
    });
  });
}

test('batching options out of range are refused by name, before anything is opened', async () => {
  const wrong: readonly [string, unknown][] = [
    ['batching.messages', { messages: 0 }],
    ['batching.maxQueuedBytes', { maxQueuedBytes: Number.NaN }],
    ['batching.inFlight', { inFlight: 1.5 }],
    ['delayMs', { delayMs: -1 }],
    ['whenFull', { whenFull: 'drop' }],
    ['batching', true],
    ['batching', null],
  ];
  for (const [name, batching] of wrong) {
    const error = await rejected(
      'ERR_RTLIFT_INVALID_ARG',
      offload(byteSum(), { path: 'javascript', batching: batching as BatchingOptions }),
    );
    expect(error.message).toContain(name);
  }
});

test('a golden model that throws fails the call that it threw for, with what it threw', async () => {
  const thrown = new TypeError('not this one');
  let runs = 0;
  const kernel = {
    ...byteSum(),
    golden: (message: Uint8Array): number => {
      runs++;
      if (message[0] === 7) throw thrown;
      return golden(message);
    },
  };
  await using run = await offload(kernel, { path: 'javascript' });
  const calls = [1, 7, 2, 7].map((n) => run(Uint8Array.of(n)));
  await expect(calls[1]).rejects.toBe(thrown);
  await expect(calls[3]).rejects.toBe(thrown);
  expect([await calls[0], await calls[2]]).toEqual([1, 2]);
  expect(runs, 'once up to the first, then each alone').toBe(2 + 4);
  expect(run.stats().queue.reruns.value).toBe(4);
});
