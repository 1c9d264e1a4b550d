import { type StreamOptions, streamBatches } from '../stream.js';

interface Offer<I> {
  readonly message: I;
  readonly taken: () => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * {@link streamBatches} for a source that pushes: the middle of a stream that is written on one side and read on the
 * other.
 *
 * It keeps no message itself: a write ends when a batch has taken the message, and batches are made only as far as the
 * results are read. So what is ahead of the reader is at most `inFlight + 1` batches.
 */
export class MessagePump<I, O> {
  readonly #controller = new AbortController();
  readonly #results: AsyncGenerator<O, void, undefined>;
  #offer: Offer<I> | null = null;
  /** Waits for the next write. */
  #take: ((step: IteratorResult<I, undefined>) => void) | null = null;
  #isEnded = false;
  #stopped: { readonly reason: unknown; readonly done: Promise<void> } | null = null;

  /** @param options - its `signal` is the caller's to watch: it should {@link stop} the pump. */
  constructor(
    runBatch: (messages: I[], signal: AbortSignal | undefined) => Promise<O[]>,
    options: Omit<StreamOptions, 'signal'>,
  ) {
    const source: AsyncIterable<I> = {
      [Symbol.asyncIterator]: () => ({ next: () => this.#next() }),
    };
    this.#results = streamBatches(source, runBatch, {
      ...options,
      signal: this.#controller.signal,
    });
  }

  /** Resolves when a batch has taken the message; one write at a time. Rejects with the reason of a stop. */
  write(message: I): Promise<void> {
    if (this.#stopped) return Promise.reject(this.#stopped.reason);
    if (this.#take) {
      this.#take({ done: false, value: message });
      this.#take = null;
      return Promise.resolve();
    }
    return new Promise((taken, refuse) => {
      this.#offer = { message, taken, refuse };
    });
  }

  /** No write follows. */
  end(): void {
    this.#isEnded = true;
    this.#take?.({ done: true, value: undefined });
    this.#take = null;
  }

  /** The next result; one read at a time. Rejects with the error of a batch, or the reason of a stop. */
  async read(): Promise<IteratorResult<O, void>> {
    if (this.#stopped) throw this.#stopped.reason;
    const step = await this.#results.next();
    if (this.#stopped) throw (this.#stopped as { readonly reason: unknown }).reason;
    return step;
  }

  /** Ends writes, reads and batches under way with this reason, and resolves when nothing runs. Idempotent. */
  stop(reason: unknown): Promise<void> {
    this.#stopped ??= { reason, done: this.#stop(reason) };
    return this.#stopped.done;
  }

  async #stop(reason: unknown): Promise<void> {
    this.#controller.abort(reason);
    this.#offer?.refuse(reason);
    this.#offer = null;
    this.end();
    // Whoever reads gets the reason; here only the end of what runs is awaited.
    await this.#results.return().catch(() => undefined);
  }

  #next(): Promise<IteratorResult<I, undefined>> {
    const offer = this.#offer;
    if (offer) {
      this.#offer = null;
      offer.taken();
      return Promise.resolve({ done: false, value: offer.message });
    }
    if (this.#isEnded) return Promise.resolve({ done: true, value: undefined });
    return new Promise((take) => {
      this.#take = take;
    });
  }
}

/** Calls `end` once the signal is aborted. @returns what stops watching. */
export function watch(signal: AbortSignal | undefined, end: (reason: unknown) => void): () => void {
  if (signal === undefined) return () => undefined;
  const onAbort = (): void => end(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort);
  return () => signal.removeEventListener('abort', onAbort);
}
