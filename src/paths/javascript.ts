import {
  batchLength,
  encode,
  layOut,
  MAX_BATCH_BYTES,
  type PackedBatch,
  totalSize,
  uninitialised,
  unpackInto,
} from '../kernel/batch.js';
import { packInSlices, sizesOf } from '../kernel/batch-slices.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { ofMessages } from '../kernel/message-errors.js';
import { inSlices, type SliceOptions } from '../kernel/slices.js';
import { CallOrder } from './order.js';
import type { PackedRunOptions, Path, PathRun, RunOptions } from './path.js';

/** What golden models take between two looks at the clock: some microseconds a kilobyte at least. */
const MOST_BYTES = 16 * 1024;
/** The same where the size of a message is not looked at. */
const MOST_COUNT = 16;

/** Runs a kernel's golden model on this thread, in slices that leave the event loop free in between. */
export class JavascriptPath<I, O> implements Path<I, O> {
  readonly name = 'javascript';
  readonly #kernel: Kernel<I, O>;
  readonly #order = new CallOrder();

  constructor(kernel: Kernel<I, O>) {
    this.#kernel = kernel;
  }

  run(messages: readonly I[], options: RunOptions = {}): Promise<PathRun<O[]>> {
    return this.#order.run(() => this.#compute(messages, options));
  }

  runPacked(batch: PackedBatch, options: PackedRunOptions = {}): Promise<PathRun<PackedBatch>> {
    return this.#order.run(() => this.#computePacked(batch, options));
  }

  close(): Promise<void> {
    return this.#order.idle();
  }

  async #compute(messages: readonly I[], { signal }: RunOptions): Promise<PathRun<O[]>> {
    // A signal that is aborted in the same turn is heeded.
    await undefined;
    signal?.throwIfAborted();
    const { golden, input } = this.#kernel;
    const results: O[] = new Array(messages.length);
    let bytesIn = 0;
    const more = inSlices(
      messages.length,
      (start, end) => {
        bytesIn += totalSize(input, messages, start, end);
        ofMessages(() => {
          for (let i = start; i < end; i++) results[i] = golden(messages[i] as I);
        });
      },
      this.#slices(input.isIdentity ? (i) => sizeOfBytes(messages[i]) : undefined, signal),
    );
    if (more) await more;
    return answer(results, bytesIn);
  }

  /** Message by message, so that neither all values nor all results lie there at once. */
  async #computePacked(
    batch: PackedBatch,
    { signal, into }: PackedRunOptions,
  ): Promise<PathRun<PackedBatch>> {
    await undefined;
    signal?.throwIfAborted();
    const { golden, input, output } = this.#kernel;
    const { data, offsets } = batch;
    const n = batchLength(batch);
    const [messages, results]: [I[], O[]] = [[], new Array(n)];
    const compute = (start: number, end: number): void => {
      unpackInto(input, batch, messages, 0, start, end);
      ofMessages(() => {
        for (let i = start; i < end; i++) results[i] = golden(messages[i - start] as I);
      });
    };
    const slices = this.#slices(sizesOf(offsets), signal);
    const bytesIn = (offsets[n] as number) - (offsets[0] as number);
    const place = (sizeBytes: number): Uint8Array =>
      into ? new Uint8Array(into.buffer, into.byteOffset, sizeBytes) : uninitialised(sizeBytes);
    const sizeBytes = output.fixedBytes === null ? Number.POSITIVE_INFINITY : n * output.fixedBytes;
    // Results that would go where messages still lie, or whose place is not known yet, wait for all the others.
    if (sizeBytes > MAX_BATCH_BYTES || into?.buffer === data.buffer) {
      await inSlices(n, compute, slices);
      return answer(await packInSlices(output, results, place), bytesIn);
    }
    const packed = { data: place(sizeBytes), offsets: new Int32Array(n + 1) };
    const more = inSlices(
      n,
      (start, end) => {
        compute(start, end);
        layOut(output, results, start, end, packed.offsets, start);
        encode(output, results, start, end, packed.data, packed.offsets, start);
        results.fill(undefined as O, start, end);
      },
      slices,
    );
    if (more) await more;
    return answer(packed, bytesIn);
  }

  #slices(
    sizeOf: ((i: number) => number) | undefined,
    signal: AbortSignal | undefined,
  ): SliceOptions {
    return sizeOf === undefined
      ? { firstCount: 1, mostCount: MOST_COUNT, signal }
      : { firstCount: 1, sizeOf, mostBytes: MOST_BYTES, signal };
  }
}

function sizeOfBytes(value: unknown): number {
  // What is no value of the codec is named when its size is taken.
  return (value as Uint8Array | null | undefined)?.length ?? 0;
}

function answer<R>(results: R, bytesIn: number): PathRun<R> {
  return { results, bytesIn, counters: null, activity: null, modelNs: 0 };
}
