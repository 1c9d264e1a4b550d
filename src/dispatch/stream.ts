import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkCount } from './check-count.js';

/** How a stream of messages is cut into batches. */
export interface StreamOptions {
  /** Most messages of a batch, 1 or more, default 1,024. */
  readonly batchMessages?: number;
  /** Batches under way at once, 1 or more, default 2: one runs, one waits. */
  readonly inFlight?: number;
  readonly signal?: AbortSignal;
}

/**
 * Collects what a source has ready into batches, runs them, and yields the results one by one, in order.
 *
 * A batch goes out when it is full, or when the source has nothing more at the moment. The source is read no further
 * than the batches in flight allow, and results that are there do not wait for it. Where the source throws, the
 * results of what it gave before come first.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when an option is not 1 or more; what the source or a batch
 *   throws; `signal.reason`.
 */
export async function* streamBatches<I, O>(
  source: AsyncIterable<I> | Iterable<I>,
  runBatch: (messages: I[], signal: AbortSignal | undefined) => Promise<O[]>,
  { batchMessages = 1024, inFlight = 2, signal }: StreamOptions = {},
): AsyncGenerator<O, void, undefined> {
  checkCount('batchMessages', batchMessages);
  checkCount('inFlight', inFlight);
  signal?.throwIfAborted();
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const running: Promise<O[]>[] = [];
  let pending: Promise<IteratorResult<I>> | null = null;
  let collecting: Promise<I[]> | null = null;
  let isDone = false;
  let failure: { readonly reason: unknown } | null = null;

  const collect = async (): Promise<I[]> => {
    const batch: I[] = [];
    try {
      while (!isDone && batch.length < batchMessages) {
        pending ??= Promise.resolve(iterator.next());
        // An empty batch waits for its first message; a started one only for what is there already.
        const step: IteratorResult<I> | undefined =
          batch.length === 0 ? await pending : await Promise.race([pending, nextTurn(undefined)]);
        if (step === undefined) break;
        pending = null;
        if (step.done) isDone = true;
        else batch.push(step.value);
      }
    } catch (reason) {
      pending = null;
      failure = { reason };
      isDone = true;
    }
    return batch;
  };

  /** Rejects what waits now. Not a promise that every wait races with: it would hold each batch as long as the stream lives. */
  let abandon: ((reason: unknown) => void) | null = null;
  const stop = (): void => abandon?.(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });

  /** The next batch, or `null` where the first result is there before it. */
  const nextBatch = async (): Promise<I[] | null> => {
    collecting ??= collect();
    const collected = collecting;
    const [first] = running;
    const batch = await new Promise<I[] | null>((resolve, reject) => {
      abandon = reject;
      // It never rejects: what the source throws is kept in `failure`.
      collected.then(resolve, reject);
      const onResult = (): void => resolve(null);
      first?.then(onResult, onResult);
    });
    abandon = null;
    if (batch !== null) collecting = null;
    return batch;
  };

  try {
    while (!isDone || collecting !== null || running.length > 0) {
      while ((!isDone || collecting !== null) && running.length < inFlight) {
        signal?.throwIfAborted();
        const batch = await nextBatch();
        if (batch === null || batch.length === 0) break;
        const run = runBatch(batch, signal);
        // Awaited below, in order; an earlier batch may fail first.
        run.catch(() => undefined);
        running.push(run);
      }
      const next = running.shift();
      if (next) yield* await next;
    }
    if (failure !== null) throw (failure as { readonly reason: unknown }).reason;
  } finally {
    signal?.removeEventListener('abort', stop);
    const mustClose = !isDone;
    isDone = true;
    await Promise.allSettled(running);
    if (mustClose) {
      const closed = Promise.resolve(iterator.return?.());
      // A source that is still waiting for something of its own closes when it has it.
      await (pending === null ? closed : Promise.race([closed, nextTurn()]));
    }
  }
}
