import { getEventListeners, once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream, WritableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type StreamOptions, streamBatches } from '../../src/dispatch/stream.js';
import { nodeTransform } from '../../src/dispatch/streams/node-transform.js';
import { webTransform } from '../../src/dispatch/streams/web-transform.js';
import { rejected, thrown } from '../support/errors.js';

/** Doubles numbers in batches, counts them, and fails at `failAt`. */
function makeRun({ failAt = -1, takesMs = 0 } = {}) {
  const state = { batches: [] as number[], underWay: 0, most: 0, aborted: 0 };
  const error = new Error('a batch failed');
  const run = async (messages: number[], signal: AbortSignal | undefined): Promise<number[]> => {
    state.batches.push(messages.length);
    state.most = Math.max(state.most, ++state.underWay);
    try {
      await sleep(takesMs, undefined, signal ? { signal } : {});
      if (messages.includes(failAt)) throw error;
      return messages.map((n) => 2 * n);
    } catch (reason) {
      if (signal?.aborted) state.aborted++;
      throw reason;
    } finally {
      state.underWay--;
    }
  };
  return { run, state, error };
}

/** Numbers from 0 on, and how many have been read of them. */
function counting(end = Number.POSITIVE_INFINITY) {
  const state = { read: 0, isClosed: false };
  function* numbers(): Generator<number> {
    try {
      while (state.read < end) yield state.read++;
    } finally {
      state.isClosed = true;
    }
  }
  return { state, numbers };
}

const doubled = (count: number): number[] => Array.from({ length: count }, (_, i) => 2 * i);
const reason = new Error('enough');

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const result of results) list.push(result);
  return list;
}

const AHEAD: readonly StreamOptions[] = [
  { batchMessages: 10, inFlight: 2 },
  { batchMessages: 1, inFlight: 1 },
];
/** Batches under way and the one that is collected. */
const aheadOf = ({ batchMessages = 0, inFlight = 0 }: StreamOptions): number =>
  batchMessages * (inFlight + 1);

describe('Web Streams', () => {
  test('give the results in order, in batches', async () => {
    const { run, state } = makeRun();
    const results = ReadableStream.from(counting(5_000).numbers()).pipeThrough(webTransform(run));
    expect(await collect(results)).toEqual(doubled(5_000));
    expect(state.batches.length).toBeLessThan(20);
  });

  test('of nothing end', async () => {
    const { run, state } = makeRun();
    expect(
      await collect(ReadableStream.from([] as number[]).pipeThrough(webTransform(run))),
    ).toEqual([]);
    expect(state.batches).toEqual([]);
  });

  test('run nothing before somebody reads', async () => {
    const { run, state } = makeRun();
    const { state: source, numbers } = counting();
    const results = ReadableStream.from(numbers()).pipeThrough(webTransform(run));
    await sleep(10);
    expect(state.batches).toEqual([]);
    expect(source.read).toBeLessThanOrEqual(3);
    await results.cancel();
  });

  test.each(AHEAD)('read no further ahead than %o allows', async (options) => {
    const { run, state } = makeRun();
    const { state: source, numbers } = counting();
    const results = ReadableStream.from(numbers()).pipeThrough(webTransform(run, options));
    const reader = results.getReader();
    for (let i = 0; i < 50; i++) {
      expect((await reader.read()).value).toBe(2 * i);
      if (i % 10 === 0) await sleep(2);
      // Two more lie in the queues of the streams around the pair.
      expect(source.read - i).toBeLessThanOrEqual(aheadOf(options) + 3);
    }
    expect(state.most).toBeLessThanOrEqual(options.inFlight ?? 0);
    await reader.cancel();
    expect(source.isClosed).toBe(true);
  });

  test('end both sides with the error of a batch', async () => {
    const { run, error } = makeRun({ failAt: 25 });
    const { state: source, numbers } = counting();
    const results = ReadableStream.from(numbers()).pipeThrough(
      webTransform(run, { batchMessages: 10 }),
    );
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      for await (const result of results) seen.push(result);
    };
    await expect(read()).rejects.toBe(error);
    expect(seen).toEqual(doubled(20));
    await sleep(1);
    expect(source.isClosed).toBe(true);
  });

  test('a cancel ends the source and the batches under way', async () => {
    const { run, state } = makeRun({ takesMs: 60_000 });
    const { state: source, numbers } = counting();
    const results = ReadableStream.from(numbers()).pipeThrough(webTransform(run));
    const reader = results.getReader();
    const next = reader.read();
    await sleep(5);
    expect(state.underWay).toBeGreaterThan(0);
    await reader.cancel(reason);
    expect(await next).toEqual({ done: true, value: undefined });
    expect(state.underWay).toBe(0);
    expect(state.aborted).toBeGreaterThan(0);
    expect(source.isClosed).toBe(true);
  });

  test('an error of the source reaches the reader', async () => {
    const { run, state } = makeRun({ takesMs: 60_000 });
    const source = new ReadableStream<number>({
      async pull(controller) {
        controller.enqueue(1);
        await sleep(2);
        controller.error(reason);
      },
    });
    await expect(collect(source.pipeThrough(webTransform(run)))).rejects.toBe(reason);
    await sleep(1);
    expect(state.underWay).toBe(0);
  });

  test('an error of the destination closes the source', async () => {
    const { run } = makeRun();
    const { state: source, numbers } = counting();
    const destination = new WritableStream<number>({
      write(n) {
        if (n === 10) throw reason;
      },
    });
    const piped = ReadableStream.from(numbers()).pipeThrough(webTransform(run)).pipeTo(destination);
    await expect(piped).rejects.toBe(reason);
    await sleep(1);
    expect(source.isClosed).toBe(true);
  });

  test('an abort of the signal ends both sides with its reason', async () => {
    const { run, state } = makeRun({ takesMs: 60_000 });
    const controller = new AbortController();
    const { readable, writable } = webTransform(run, { signal: controller.signal });
    const [writer, reader] = [writable.getWriter(), readable.getReader()];
    const read = reader.read();
    const written = writer.write(1);
    await sleep(2);
    controller.abort(reason);
    await expect(read).rejects.toBe(reason);
    await expect(writer.closed).rejects.toBe(reason);
    await expect(reader.closed).rejects.toBe(reason);
    await Promise.allSettled([written]);
    await sleep(1);
    expect(state.underWay).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('a signal that was aborted before ends them at once, one that is not used keeps no listener', async () => {
    const { run } = makeRun();
    const early = webTransform(run, { signal: AbortSignal.abort(reason) });
    await expect(early.readable.getReader().read()).rejects.toBe(reason);
    await expect(early.writable.getWriter().write(1)).rejects.toBe(reason);
    const { signal } = new AbortController();
    const results = ReadableStream.from([1, 2]).pipeThrough(webTransform(run, { signal }));
    expect(await collect(results)).toEqual([2, 4]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('carry results that are null', async () => {
    const nothing = async (messages: number[]): Promise<null[]> => messages.map(() => null);
    const results = ReadableStream.from([1, 2]).pipeThrough(webTransform(nothing));
    expect(await collect(results)).toEqual([null, null]);
  });
});

describe('Node streams', () => {
  test('give the results in order, in batches', async () => {
    const { run, state } = makeRun();
    const results: number[] = [];
    const sink = new Writable({
      objectMode: true,
      write(n: number, _, callback) {
        results.push(n);
        callback();
      },
    });
    await pipeline(Readable.from(counting(5_000).numbers()), nodeTransform(run), sink);
    expect(results).toEqual(doubled(5_000));
    expect(state.batches.length).toBeLessThan(20);
  });

  test.each(AHEAD)('read no further ahead than %o allows', async (options) => {
    const { run, state } = makeRun();
    const { state: source, numbers } = counting();
    const stream = Readable.from(numbers()).pipe(nodeTransform(run, options));
    const results = stream[Symbol.asyncIterator]();
    for (let i = 0; i < 50; i++) {
      expect((await results.next()).value).toBe(2 * i);
      if (i % 10 === 0) await sleep(2);
      // Each of three object-mode buffers keeps 16: the source's, and both of the stream.
      expect(source.read - i).toBeLessThanOrEqual(aheadOf(options) + 3 * 16 + 2);
    }
    expect(state.most).toBeLessThanOrEqual(options.inFlight ?? 0);
    stream.destroy();
  });

  test('end with the error of a batch, through a pipeline to its source', async () => {
    const { run, error } = makeRun({ failAt: 25 });
    const { state: source, numbers } = counting();
    const seen: number[] = [];
    const piped = pipeline(
      Readable.from(numbers()),
      nodeTransform(run, { batchMessages: 10 }),
      async (results: AsyncIterable<number>) => {
        for await (const result of results) seen.push(result);
      },
    );
    await expect(piped).rejects.toBe(error);
    expect(seen).toEqual(doubled(seen.length));
    expect(source.isClosed).toBe(true);
  });

  test('destroy() ends writes and the batches under way, and then closes', async () => {
    const { run, state } = makeRun({ takesMs: 60_000 });
    const stream = nodeTransform(run, { batchMessages: 1, inFlight: 1 });
    stream.resume();
    for (let n = 0; n < 5; n++) stream.write(n);
    await sleep(5);
    expect(state.underWay).toBe(1);
    stream.destroy();
    await once(stream, 'close');
    expect(state).toMatchObject({ underWay: 0, aborted: 1 });
  });

  test('an abort of the signal destroys it with the reason', async () => {
    const { run, state } = makeRun({ takesMs: 60_000 });
    const controller = new AbortController();
    const stream = nodeTransform(run, { signal: controller.signal });
    stream.resume();
    stream.write(1);
    await sleep(5);
    const closed = new Promise((resolve) => stream.once('close', resolve));
    const failed = new Promise((resolve) => stream.once('error', resolve));
    controller.abort(reason);
    expect(await failed).toBe(reason);
    await closed;
    expect(state.underWay).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('an error of the source reaches the reader of a pipeline', async () => {
    const { run } = makeRun();
    async function* source() {
      yield 1;
      await sleep(2);
      throw reason;
    }
    const piped = pipeline(source, nodeTransform(run), async (results: AsyncIterable<number>) => {
      await collect(results);
    });
    await expect(piped).rejects.toBe(reason);
  });

  test('refuse a result that is null, which would end them', async () => {
    const nothing = async (messages: number[]): Promise<null[]> => messages.map(() => null);
    const stream = nodeTransform(nothing);
    stream.end(1);
    await rejected('ERR_RTLIFT_INVALID_ARG', collect(stream));
  });
});

test('options that would never make a batch are refused at the call', () => {
  const { run } = makeRun();
  for (const options of [{ batchMessages: 0 }, { inFlight: 1.5 }]) {
    thrown('ERR_RTLIFT_INVALID_ARG', () => webTransform(run, options));
    thrown('ERR_RTLIFT_INVALID_ARG', () => nodeTransform(run, options));
  }
});

test('holds no batch that has gone through, with and without a signal', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  for (const options of [{}, { signal: new AbortController().signal }]) {
    const seen: WeakRef<Uint8Array>[] = [];
    const source = function* (): Generator<Uint8Array> {
      for (let i = 0; i < 2_000; i++) {
        const message = new Uint8Array(8).fill(i);
        seen.push(new WeakRef(message));
        yield message;
      }
    };
    const run = async (messages: Uint8Array[]): Promise<number[]> => messages.map((m) => m.length);
    let results = 0;
    for await (const _ of streamBatches(source(), run, { batchMessages: 50, ...options })) {
      if (++results !== 1_800) continue;
      // What a turn has looked at through a WeakRef lives until it ends.
      for (let i = 0; i < 3; i++) {
        await sleep(1);
        collectGarbage();
      }
      const alive = seen.filter((message) => message.deref() !== undefined).length;
      expect(alive).toBeLessThan(300);
    }
    expect(results).toBe(2_000);
  }
});
