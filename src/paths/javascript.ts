import { setImmediate as nextTurn } from 'node:timers/promises';
import { type PackedBatch, pack, totalSize, uninitialised, unpack } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { PackedRunOptions, Path, PathRun, RunOptions } from './path.js';

/** Longest time that a batch keeps the event loop: a frame that a service's other requests do not notice. */
const SLICE_MS = 8;
/** performance.now() costs as much as hashing a short message, so it is asked once in so many messages. */
const MESSAGES_A_LOOK = 16;

/** Of what golden models threw: the place of the message in its batch. */
const places = new WeakMap<object, number>();

/** The place in its batch of the message for which a golden model threw this, or `null` where it is not known. */
export function goldenCulprit(error: unknown): number | null {
  return typeof error === 'object' && error !== null ? (places.get(error) ?? null) : null;
}

/** Runs a kernel's golden model on this thread, in slices that leave the event loop free in between. */
export class JavascriptPath<I, O> implements Path<I, O> {
  readonly name = 'javascript';
  readonly #kernel: Kernel<I, O>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(kernel: Kernel<I, O>) {
    this.#kernel = kernel;
  }

  run(messages: readonly I[], options: RunOptions = {}): Promise<PathRun<O[]>> {
    return this.#inOrder(() => this.#compute(messages, options));
  }

  async runPacked(
    batch: PackedBatch,
    options: PackedRunOptions = {},
  ): Promise<PathRun<PackedBatch>> {
    const { input, output } = this.#kernel;
    const { results, bytesIn } = await this.run(unpack(input, batch), options);
    const { into } = options;
    const packed = pack(output, results, 0, results.length, (sizeBytes) =>
      into ? new Uint8Array(into.buffer, into.byteOffset, sizeBytes) : uninitialised(sizeBytes),
    );
    return { results: packed, bytesIn, counters: null, activity: null, modelNs: 0 };
  }

  async close(): Promise<void> {
    await this.#last;
  }

  /** A batch that spans turns must not be overtaken by a later one. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #compute(messages: readonly I[], { signal }: RunOptions): Promise<PathRun<O[]>> {
    signal?.throwIfAborted();
    const { golden, input } = this.#kernel;
    const bytesIn = totalSize(input, messages);
    const results: O[] = new Array(messages.length);
    let sliceEnd = performance.now() + SLICE_MS;
    for (let i = 0; i < messages.length; i++) {
      try {
        results[i] = golden(messages[i] as I);
      } catch (error) {
        // The caller gets what was thrown, unchanged.
        if (typeof error === 'object' && error !== null) places.set(error, i);
        throw error;
      }
      if (i % MESSAGES_A_LOOK === MESSAGES_A_LOOK - 1 && performance.now() > sliceEnd) {
        await nextTurn();
        signal?.throwIfAborted();
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
    return { results, bytesIn, counters: null, activity: null, modelNs: 0 };
  }
}
