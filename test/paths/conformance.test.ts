import { describe, expect, test } from 'vitest';
import {
  bytes,
  type Kernel,
  type Offloaded,
  type OffloadOptions,
  offload,
  type PackedBatch,
  type PathName,
  pack,
  record,
  uint8,
  unpack,
} from '../../src/index.js';
import { rejected, thrown } from '../support/errors.js';
import {
  byteCount,
  byteEcho,
  byteSum,
  byteXor,
  type Pair,
  pairAdd,
  type Total,
} from '../support/fixture-kernels.js';
import { describeUnless, type Missing, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';

const missingVerilator = await missingVerilatorPath();
const PATHS: readonly (readonly [string, Missing, OffloadOptions & { path: PathName }])[] = [
  ['javascript', null, { path: 'javascript' }],
  ['verilator', missingVerilator, { path: 'verilator' }],
  [
    'verilator in a process of its own',
    missingVerilator,
    { path: 'verilator', isolation: 'process' },
  ],
  ['verilator in three instances', missingVerilator, { path: 'verilator', instances: 3 }],
];

/** Kernels that take any byte message. */
const BYTE_KERNELS: readonly (readonly [string, Kernel<Uint8Array, unknown>])[] = [
  ['an integer result (byteSum)', byteSum()],
  ['a result of any length (byteEcho)', byteEcho({ upper: true })],
  ['AXI4-Lite settings (byteXor)', byteXor(0x5a)],
  ['other port names (byteCount)', byteCount()],
];

const LONG_BYTES = 1 << 20;
const byteSumOf = byteSum().golden;

function pairs(random: Random, count: number): Pair[] {
  const edges = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff];
  return Array.from({ length: count }, (_, i) =>
    i < 25
      ? { a: edges[i % 5] as number, b: edges[Math.floor(i / 5)] as number }
      : { a: random.next(), b: random.next() },
  );
}

for (const [name, missing, options] of PATHS) {
  const { path } = options;
  const open = <I, O>(kernel: Kernel<I, O>): Promise<Offloaded<I, O>> => offload(kernel, options);

  describeUnless(missing, `path ${name}`, () => {
    describe.each(BYTE_KERNELS)('%s', (_, kernel) => {
      async function expectGolden(messages: Uint8Array[], seed?: number): Promise<void> {
        await using run = await open(kernel);
        compare({
          expected: messages.map(kernel.golden),
          actual: await run.batch(messages),
          messages,
          ...(seed === undefined ? {} : { seed }),
        });
      }

      test('a single call gives the golden result', async () => {
        await using run = await open(kernel);
        const message = new TextEncoder().encode('a message of 24 bytes...');
        expect(await run(message)).toEqual(kernel.golden(message));
      });

      test('a batch of none gives none', () => expectGolden([]));

      test('batches of 1 and 2 keep their order', async () => {
        await expectGolden([Uint8Array.of(1)]);
        await expectGolden([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
      });

      test('a batch of 65,536 keeps its order', async () => {
        const seed = testSeed();
        await expectGolden(new Random(seed).messages(65_536, 24), seed);
      });

      test('empty messages are messages', async () => {
        const none = new Uint8Array(0);
        await expectGolden([none]);
        await expectGolden([none, none, Uint8Array.of(7), none]);
      });

      test('every length around a beat is right', () =>
        expectGolden(Array.from({ length: 70 }, (_, n) => new Random(n).bytes(n))));

      test('a message of 1 MB is right', async () => {
        const seed = testSeed();
        await expectGolden([new Random(seed).bytes(LONG_BYTES), Uint8Array.of(1)], seed);
      });

      test('messages that are views at odd offsets are read where they lie', async () => {
        const store = new Random(3).bytes(100);
        await expectGolden([1, 3, 7].map((at) => store.subarray(at, at + 20)));
      });

      test('a packed batch gives the packed results', async () => {
        await using run = await open(kernel);
        const messages = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(250, 3, 9)];
        const results = await run.packed(pack(bytes(), messages));
        compare({
          expected: messages.map(kernel.golden),
          actual: unpack(kernel.output, results),
        });
      });

      test('a packed batch may be a view, and may start behind the beginning of its data', async () => {
        await using run = await open(kernel);
        const store = new Random(4).bytes(64);
        const data = store.subarray(3, 60);
        const offsets = new Int32Array(new ArrayBuffer(40), 4, 4);
        offsets.set([5, 5, 18, 40]);
        const results = await run.packed({ data, offsets });
        compare({
          expected: [
            [5, 5],
            [5, 18],
            [18, 40],
          ].map(([from, to]) => kernel.golden(data.subarray(from, to))),
          actual: unpack(kernel.output, results),
        });
      });

      test('a packed batch of none gives none', async () => {
        await using run = await open(kernel);
        const { data, offsets } = await run.packed({
          data: new Uint8Array(0),
          offsets: new Int32Array(1),
        });
        expect([data.length, ...offsets]).toEqual([0, 0]);
      });
    });

    describe('a record to a record (pairAdd)', () => {
      test('single, batch and packed give the golden results', async () => {
        const seed = testSeed();
        const messages = pairs(new Random(seed), 1_000);
        const kernel = pairAdd();
        await using run = await open<Pair, Total>(kernel);
        const expected = messages.map(kernel.golden);
        expect(await run({ a: 0xffffffff, b: 2 })).toEqual({ low: 1, carry: 1 });
        compare({ expected, actual: await run.batch(messages), messages, seed });
        const results = await run.packed(pack(kernel.input, messages));
        compare({ expected, actual: unpack(kernel.output, results), messages, seed });
      });

      test('a message of another shape is refused by field', async () => {
        await using run = await open<Pair, Total>(pairAdd());
        const error = await rejected('ERR_RTLIFT_INVALID_ARG', run({ a: 1, b: -1 }));
        expect(error.message).toContain('field b');
        await rejected('ERR_RTLIFT_INVALID_ARG', run(null as never));
        expect(await run({ a: 1, b: 1 })).toEqual({ low: 2, carry: 0 });
      });

      test('a packed message of another size than the input codec is refused', async () => {
        await using run = await open<Pair, Total>(pairAdd());
        const bad = { data: new Uint8Array(16), offsets: Int32Array.of(0, 7, 16) };
        const error = await rejected('ERR_RTLIFT_INVALID_ARG', run.packed(bad));
        expect(error.details.messageIndex).toBe(0);
      });
    });

    describe('stream', () => {
      async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
        const list: T[] = [];
        for await (const result of results) list.push(result);
        return list;
      }
      const messages = new Random(5).messages(3_000, 40);
      const expected = messages.map(byteSum().golden);

      test('of an array gives the results in order', async () => {
        await using run = await open(byteSum());
        compare({ expected, actual: await collect(run.stream(messages)) });
        expect(run.stats().calls.value).toBeLessThan(100);
      });

      test('of an async iterable gives the results in order, whatever the batch size', async () => {
        await using run = await open(byteSum());
        async function* source() {
          for (const [i, message] of messages.entries()) {
            if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
            yield message;
          }
        }
        for (const options of [{}, { batchMessages: 7 }, { batchMessages: 100, inFlight: 1 }]) {
          compare({ expected, actual: await collect(run.stream(source(), options)) });
        }
      });

      test('of nothing gives nothing', async () => {
        await using run = await open(byteSum());
        expect(await collect(run.stream([]))).toEqual([]);
      });

      test('does not wait for a batch to fill when the source has no more for now', async () => {
        await using run = await open(byteSum());
        let release = (): void => undefined;
        async function* source() {
          yield Uint8Array.of(1, 2);
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          yield Uint8Array.of(3);
        }
        const results = run.stream(source());
        expect(await results.next()).toEqual({ done: false, value: 3 });
        release();
        expect(await results.next()).toEqual({ done: false, value: 3 });
        expect((await results.next()).done).toBe(true);
      });

      test('reads no further than the batches in flight allow', async () => {
        await using run = await open(byteSum());
        let read = 0;
        function* source() {
          for (;;) {
            read++;
            yield Uint8Array.of(1);
          }
        }
        const results = run.stream(source(), { batchMessages: 10, inFlight: 2 });
        await results.next();
        expect(read).toBeLessThanOrEqual(30);
        await results.return(undefined);
      });

      test('closes the source when the reader stops early', async () => {
        await using run = await open(byteSum());
        let isClosed = false;
        async function* source() {
          try {
            for (;;) yield Uint8Array.of(2);
          } finally {
            isClosed = true;
          }
        }
        for await (const result of run.stream(source())) {
          expect(result).toBe(2);
          break;
        }
        expect(isClosed).toBe(true);
        expect(await run(Uint8Array.of(1))).toBe(1);
      });

      test('ends when the reader stops early while the source is still waiting', async () => {
        await using run = await open(byteSum());
        async function* source() {
          yield Uint8Array.of(2);
          await new Promise(() => undefined);
        }
        for await (const result of run.stream(source())) {
          expect(result).toBe(2);
          break;
        }
      }, 5_000);

      test('rejects with what the source throws, and the handle goes on', async () => {
        await using run = await open(byteSum());
        const reason = new Error('source');
        function* source() {
          yield Uint8Array.of(1);
          throw reason;
        }
        const results: number[] = [];
        const read = async (): Promise<void> => {
          for await (const result of run.stream(source())) results.push(result);
        };
        await expect(read()).rejects.toBe(reason);
        expect(results, 'results of what the source gave before').toEqual([1]);
        expect(await run(Uint8Array.of(1))).toBe(1);
      });

      test('rejects with the reason of an abort', async () => {
        await using run = await open(byteSum());
        const controller = new AbortController();
        const reason = new Error('enough');
        let results = 0;
        const read = async (): Promise<void> => {
          function* source() {
            for (;;) yield Uint8Array.of(1);
          }
          for await (const _ of run.stream(source(), { signal: controller.signal })) {
            if (++results === 2_000) controller.abort(reason);
          }
        };
        await expect(read()).rejects.toBe(reason);
        expect(await run(Uint8Array.of(1))).toBe(1);
      });

      test('rejects with the reason of an abort while the source is waiting', async () => {
        await using run = await open(byteSum());
        const reason = new Error('enough');
        const controller = new AbortController();
        async function* source() {
          yield Uint8Array.of(1);
          await new Promise(() => undefined);
        }
        const results = run.stream(source(), { signal: controller.signal });
        expect((await results.next()).value).toBe(1);
        setTimeout(() => controller.abort(reason), 5);
        await expect(results.next()).rejects.toBe(reason);
      }, 5_000);

      test('refuses options that would never make a batch', async () => {
        await using run = await open(byteSum());
        for (const options of [
          { batchMessages: 0 },
          { inFlight: 0 },
          { batchMessages: Number.NaN },
          { inFlight: 1.5 },
        ]) {
          await rejected('ERR_RTLIFT_INVALID_ARG', collect(run.stream([], options)));
        }
      });
    });

    describe('random bubbles and stalls', () => {
      test.each(BYTE_KERNELS)('leave the results as they are: %s', async (_, kernel) => {
        const seed = testSeed();
        const random = new Random(seed);
        const messages = random.messages(1_000, 60);
        const expected = messages.map(kernel.golden);
        await using run = await open(kernel);
        for (const [bubbleProbability, stallProbability] of [
          [0.5, 0.5],
          [0.95, 0],
          [0, 0.95],
          [0.999_999, 0.1],
        ] as const) {
          const some = bubbleProbability > 0.99 ? 3 : messages.length;
          const stimulus = { seed: BigInt(random.next()), bubbleProbability, stallProbability };
          compare({
            expected: expected.slice(0, some),
            actual: await run.batch(messages.slice(0, some), { stimulus }),
            messages,
            seed,
          });
        }
      });

      test('repeat from their seed, cycle by cycle', async () => {
        const messages = new Random(9).messages(200, 60);
        const cyclesOf = async (seed: bigint) => {
          await using run = await open(byteSum());
          const stimulus = { seed, bubbleProbability: 0.3, stallProbability: 0.3 };
          await run.batch(messages, { stimulus });
          return run.stats().cycles;
        };
        const [first, again, other] = [await cyclesOf(5n), await cyclesOf(5n), await cyclesOf(6n)];
        expect(again).toEqual(first);
        if (path === 'javascript') return;
        expect(other).not.toEqual(first);
        expect(first?.inBubbles.value).toBeGreaterThan(0);
        expect(first?.outStalls.value).toBeGreaterThan(0);
      });
    });

    describe('several calls', () => {
      test('at once settle in the order in which they were given', async () => {
        await using run = await open(byteSum());
        const random = new Random(6);
        const settled: number[] = [];
        const calls = [40_000, 1, 500, 0, 30].map(async (count, i) => {
          const messages = random.messages(count, 50);
          const actual = await run.batch(messages);
          settled.push(i);
          compare({ expected: messages.map(run.kernel.golden), actual, messages });
        });
        await Promise.all(calls);
        expect(settled).toEqual([0, 1, 2, 3, 4]);
      });
    });

    describe('an abort', () => {
      const messages = new Random(7).messages(200_000, 60);
      const reason = new Error('changed my mind');
      // Slow enough on every path to be running still when the abort comes: by its golden model here, by stalls there.
      const slowly = { stimulus: { seed: 1n, stallProbability: 0.98 } };
      const slowSum = {
        ...byteSum(),
        golden: (message: Uint8Array): number => {
          let total = 0;
          for (let i = 0; i < 40; i++) total = byteSumOf(message);
          return total;
        },
      };
      const expectAlive = async (run: Offloaded<Uint8Array, number>): Promise<void> => {
        expect(await run(Uint8Array.of(1, 2))).toBe(3);
      };

      test('before the call rejects with its reason and runs nothing', async () => {
        await using run = await open(byteSum());
        const signal = AbortSignal.abort(reason);
        await expect(run(Uint8Array.of(1), { signal })).rejects.toBe(reason);
        await expect(run.batch(messages, { signal })).rejects.toBe(reason);
        await expect(run.packed(pack(bytes(), messages), { signal })).rejects.toBe(reason);
        expect(run.stats().messages.value).toBe(0);
        await expectAlive(run);
      });

      test('while the batch runs rejects with its reason', async () => {
        await using run = await open(slowSum);
        const controller = new AbortController();
        const { signal } = controller;
        const batch = run.batch(messages, { signal, ...slowly }).then(() => 'a result');
        setTimeout(() => controller.abort(reason), 5);
        await expect(batch).rejects.toBe(reason);
        await expectAlive(run);
      });

      test('of a packed batch while it runs rejects with its reason', async () => {
        await using run = await open(slowSum);
        const controller = new AbortController();
        const batch = run
          .packed(pack(bytes(), messages), { signal: controller.signal, ...slowly })
          .then(() => 'a result');
        setTimeout(() => controller.abort(reason), 5);
        await expect(batch).rejects.toBe(reason);
        await expectAlive(run);
      });

      test('of a batch that waits leaves the one before it alone', async () => {
        await using run = await open(byteSum());
        const controller = new AbortController();
        const some = messages.slice(0, 5_000);
        const first = run.batch(some);
        const second = run.batch(some, { signal: controller.signal });
        const third = run.batch(some.slice(0, 10));
        controller.abort(reason);
        await expect(second).rejects.toBe(reason);
        compare({ expected: some.map(run.kernel.golden), actual: await first });
        compare({ expected: some.slice(0, 10).map(run.kernel.golden), actual: await third });
      });

      test('of a batch that runs leaves the one behind it alone', async () => {
        await using run = await open(slowSum);
        const controller = new AbortController();
        const { signal } = controller;
        const first = run.packed(pack(bytes(), messages), { signal, ...slowly });
        const second = run.batch(messages.slice(0, 10));
        setTimeout(() => controller.abort(reason), 5);
        await expect(first).rejects.toBe(reason);
        compare({ expected: messages.slice(0, 10).map(run.kernel.golden), actual: await second });
      });

      test('after the batch has settled does nothing', async () => {
        await using run = await open(byteSum());
        const controller = new AbortController();
        expect(await run(Uint8Array.of(4), { signal: controller.signal })).toBe(4);
        controller.abort(reason);
        await expectAlive(run);
      });
    });

    describe('limits', () => {
      const limits = { minMessageBytes: 2, maxMessageBytes: 4 };
      const good = Uint8Array.of(1, 2);

      test('refuse a message beyond them, with the limit and the length in the message', async () => {
        await using run = await open(byteSum({ limits }));
        const long = await rejected('ERR_RTLIFT_MESSAGE_TOO_LARGE', run(new Uint8Array(5)));
        expect(long.message).toMatch(/at most 4 bytes, got 5/);
        const short = await rejected('ERR_RTLIFT_INVALID_ARG', run(new Uint8Array(1)));
        expect(short.message).toMatch(/at least 2 bytes, got 1/);
        const third = await rejected(
          'ERR_RTLIFT_MESSAGE_TOO_LARGE',
          run.batch([good, good, new Uint8Array(9)]),
        );
        expect(third.details.messageIndex).toBe(2);
        const packed = await rejected(
          'ERR_RTLIFT_MESSAGE_TOO_LARGE',
          run.packed(pack(bytes(), [good, new Uint8Array(7)])),
        );
        expect(packed.details).toMatchObject({ limit: 4, got: 7, messageIndex: 1 });
        expect(await run.batch([good, new Uint8Array(4)])).toEqual([3, 0]);
      });
    });

    describe('misuse', () => {
      test('a value of another type is refused, by its place in a batch', async () => {
        await using run = await open(byteSum());
        for (const value of [null, undefined, 'text', 7, [1], new ArrayBuffer(2)]) {
          await rejected('ERR_RTLIFT_INVALID_ARG', run(value as never));
        }
        const error = await rejected(
          'ERR_RTLIFT_INVALID_ARG',
          run.batch([Uint8Array.of(1), 'x' as never]),
        );
        expect(error.message).toContain('message 1');
        expect(await run(Uint8Array.of(1))).toBe(1);
      });

      test('the place is that in the whole batch, however it is run', async () => {
        await using run = await open(byteSum());
        const messages = new Array<Uint8Array>(40_000).fill(Uint8Array.of(1));
        messages[39_000] = 'x' as never;
        const error = await rejected('ERR_RTLIFT_INVALID_ARG', run.batch(messages));
        expect(error.message).toContain('message 39000');
        expect(error.details.messageIndex).toBe(39_000);
      });

      test('what is no array and no packed batch is refused', async () => {
        await using run = await open(byteSum());
        for (const value of [null, undefined, 'abc', new Set(), Uint8Array.of(1)]) {
          await rejected('ERR_RTLIFT_INVALID_ARG', run.batch(value as never));
          await rejected('ERR_RTLIFT_INVALID_ARG', run.packed(value as unknown as PackedBatch));
        }
        const falling = { data: new Uint8Array(4), offsets: Int32Array.of(0, 3, 2) };
        await rejected('ERR_RTLIFT_INVALID_ARG', run.packed(falling));
      });
    });

    describe('close', () => {
      test('lets what was accepted settle, and refuses what comes after', async () => {
        const run = await open(byteSum());
        const messages = new Random(8).messages(65_536, 20);
        const calls = [run.batch(messages), run.batch(messages.slice(0, 5))];
        const closing = run.close();
        await rejected('ERR_RTLIFT_CLOSED', run(Uint8Array.of(1)));
        await rejected('ERR_RTLIFT_CLOSED', run.batch([]));
        await rejected('ERR_RTLIFT_CLOSED', run.packed(pack(bytes(), [])));
        thrown('ERR_RTLIFT_CLOSED', () => run.sync(Uint8Array.of(1)));
        const [first, second] = await Promise.all(calls);
        compare({ expected: messages.map(run.kernel.golden), actual: first ?? [] });
        expect(second?.length).toBe(5);
        await closing;
        await run.close();
      });

      test('of a handle that was never called is immediate', async () => {
        const run = await open(byteSum());
        await run.close();
        await run.close();
        await rejected('ERR_RTLIFT_CLOSED', run(Uint8Array.of(1)));
      });

      test('happens at the end of an await using block', async () => {
        let kept: Offloaded<Uint8Array, number>;
        {
          await using run = await open(byteSum());
          kept = run;
          expect(await run(Uint8Array.of(5))).toBe(5);
        }
        await rejected('ERR_RTLIFT_CLOSED', kept(Uint8Array.of(1)));
      });
    });

    describe('stats', () => {
      test('count calls, messages and bytes, each figure with unit and provenance', async () => {
        await using run = await open(byteSum());
        await run(new Uint8Array(3));
        await run.batch([new Uint8Array(4), new Uint8Array(0)]);
        await run.packed(pack(bytes(), [new Uint8Array(10)]));
        await expect(run('x' as never)).rejects.toThrow();
        const { calls, failed, messages, bytesIn, bytesOut, waited, ...rest } = run.stats();
        expect(rest).toMatchObject({
          kernel: 'byte-sum',
          path,
          reason: expect.stringMatching(/./),
        });
        expect({ calls, failed, messages, bytesIn, bytesOut }).toEqual({
          calls: { value: 4, unit: 'count', provenance: 'measured' },
          failed: { value: 1, unit: 'count', provenance: 'measured' },
          messages: { value: 5, unit: 'count', provenance: 'measured' },
          bytesIn: { value: 17, unit: 'B', provenance: 'measured' },
          bytesOut: { value: 16, unit: 'B', provenance: 'measured' },
        });
        expect(waited).toMatchObject({ unit: 'ns', provenance: 'measured' });
        expect(waited.value).toBeGreaterThan(0);
      });

      test('have cycles where the path has a clock, and none elsewhere', async () => {
        await using run = await open(byteSum());
        expect(run.stats().cycles).toBeNull();
        await run.batch([new Uint8Array(16), new Uint8Array(8)]);
        const { cycles, simulator } = run.stats();
        if (path === 'javascript') {
          expect([cycles, simulator]).toEqual([null, null]);
          return;
        }
        expect(simulator).toMatchObject({ unit: 'ns', provenance: 'measured' });
        expect(cycles?.inBeats).toEqual({ value: 3, unit: 'beats', provenance: 'simulated' });
        expect(cycles?.outBeats).toEqual({ value: 2, unit: 'beats', provenance: 'simulated' });
        expect(cycles?.latencyCycles).toEqual({
          value: 2,
          unit: 'cycles',
          provenance: 'simulated',
        });
        for (const figure of Object.values(cycles ?? {})) {
          expect(figure).toMatchObject({ unit: expect.any(String), provenance: 'simulated' });
        }
      });

      test('name the path and why it was taken', async () => {
        await using run = await open(byteSum());
        expect(run.path).toBe(path);
        expect(run.reason).toBe('named by the caller');
      });
    });

    test('a record with a tail of any length goes through', async () => {
      const kernel = {
        ...byteEcho(),
        input: record({ id: uint8(), body: bytes() }),
        output: record({ id: uint8(), body: bytes() }),
        golden: (message: { id: number; body: Uint8Array }) => message,
      };
      await using run = await open(kernel);
      const messages = [0, 1, 9].map((n) => ({ id: n, body: new Random(n).bytes(n) }));
      expect(await run.batch(messages)).toEqual(messages);
    });
  });
}

test('sync() runs on the javascript path at once, and counts', async () => {
  await using run = await offload(byteSum({ limits: { maxMessageBytes: 8 } }), {
    path: 'javascript',
  });
  expect(run.sync(Uint8Array.of(1, 2))).toBe(3);
  thrown('ERR_RTLIFT_INVALID_ARG', () => run.sync('x' as never));
  thrown('ERR_RTLIFT_MESSAGE_TOO_LARGE', () => run.sync(new Uint8Array(9)));
  expect(run.stats()).toMatchObject({
    messages: { value: 1 },
    bytesIn: { value: 2 },
    bytesOut: { value: 4 },
  });
});

describeUnless(missingVerilator, 'on the verilator path', () => {
  test('a chance that is none is refused, and the handle goes on', async () => {
    await using run = await offload(byteSum(), { path: 'verilator' });
    for (const chance of [1, -0.1, Number.NaN, 2]) {
      for (const stimulus of [
        { seed: 1n, bubbleProbability: chance },
        { seed: 1n, stallProbability: chance },
      ]) {
        await rejected('ERR_RTLIFT_INVALID_ARG', run(Uint8Array.of(1), { stimulus }));
      }
    }
    expect(await run(Uint8Array.of(1))).toBe(1);
  });

  test('sync() is refused by name', async () => {
    await using run = await offload(byteSum(), { path: 'verilator' });
    const error = thrown('ERR_RTLIFT_PATH_UNAVAILABLE', () => run.sync(Uint8Array.of(1)));
    expect(error.message).toContain('javascript');
  });
});

test('a path that does not exist is refused', async () => {
  await rejected('ERR_RTLIFT_INVALID_ARG', offload(byteSum(), { path: 'gpu' as never }));
});
