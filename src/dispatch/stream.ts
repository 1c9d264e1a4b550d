import { setImmediate as nextTurn } from 'node:timers/promises';

/** How {@link streamBatches} forms batches. */
export interface StreamOptions {
  /** Most messages of a batch, default 1,024. */
  readonly batchMessages?: number;
  /** Batches under way at once, default 2: one runs, one waits. */
  readonly inFlight?: number;
  readonly signal?: AbortSignal;
}

/**
 * Collects what a source has ready into batches, runs them, and yields the results one by one, in order.
 *
 * A batch goes out when it is full, or when the source has nothing more at the moment. The source is read no further
 * than the batches in flight allow.
 */
export async function* streamBatches<I, O>(
  source: AsyncIterable<I> | Iterable<I>,
  runBatch: (messages: I[], signal: AbortSignal | undefined) => Promise<O[]>,
  { batchMessages = 1024, inFlight = 2, signal }: StreamOptions = {},
): AsyncGenerator<O, void, undefined> {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const running: Promise<O[]>[] = [];
  let pending: Promise<IteratorResult<I>> | null = null;
  let isDone = false;

  const collect = async (): Promise<I[]> => {
    const batch: I[] = [];
    while (batch.length < batchMessages) {
      pending ??= Promise.resolve(iterator.next());
      // An empty batch waits for its first message; a started one only for what is there already.
      const step: IteratorResult<I> | undefined =
        batch.length === 0 ? await pending : await Promise.race([pending, nextTurn(undefined)]);
      if (step === undefined) break;
      pending = null;
      if (step.done) {
        isDone = true;
        break;
      }
      batch.push(step.value);
    }
    return batch;
  };

  try {
    while (!isDone || running.length > 0) {
      while (!isDone && running.length < inFlight) {
        signal?.throwIfAborted();
        const batch = await collect();
        if (batch.length === 0) break;
        const run = runBatch(batch, signal);
        // Awaited below, in order; an earlier batch may fail first.
        run.catch(() => undefined);
        running.push(run);
      }
      const next = running.shift();
      if (next) yield* await next;
    }
  } finally {
    await Promise.allSettled(running);
    if (!isDone) await iterator.return?.();
  }
}
