import { batchLength, type PackedBatch, pack, totalSize, unpack } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { PackedRunOptions, Path, PathRun, RunOptions } from '../paths/path.js';

/** A batch that can run on any path, more than once. */
export interface Work<I, O, R> {
  readonly messages: number;
  /** Encoded size of the messages. */
  readonly bytes: number;
  readonly options: RunOptions | undefined;
  on(path: Path<I, O>): Promise<PathRun<R>>;
  /** The golden results, in memory of their own: those to be compared with stay where they are. */
  golden(javascript: Path<I, O>): Promise<PathRun<R>>;
  /** Golden results as what the caller gets. */
  deliver(golden: R): R;
  /** Encoded results, for a comparison. */
  encoded(results: R): PackedBatch;
  /** The messages, decoded where they were packed. */
  values(): readonly I[];
}

/** A batch as an array of values. */
export class ArrayWork<I, O> implements Work<I, O, O[]> {
  readonly messages: number;
  readonly bytes: number;
  readonly options: RunOptions | undefined;
  readonly #kernel: Kernel<I, O>;
  readonly #values: readonly I[];

  /** @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` naming the first value that the codec does not encode. */
  constructor(kernel: Kernel<I, O>, values: readonly I[], options: RunOptions | undefined) {
    this.messages = values.length;
    this.bytes = totalSize(kernel.input, values);
    this.options = options;
    this.#kernel = kernel;
    this.#values = values;
  }

  on(path: Path<I, O>): Promise<PathRun<O[]>> {
    return path.run(this.#values, this.options);
  }

  golden(javascript: Path<I, O>): Promise<PathRun<O[]>> {
    return this.on(javascript);
  }

  deliver(golden: O[]): O[] {
    return golden;
  }

  encoded(results: O[]): PackedBatch {
    return pack(this.#kernel.output, results);
  }

  values(): readonly I[] {
    return this.#values;
  }
}

/** A batch that its caller packed. */
export class PackedWork<I, O> implements Work<I, O, PackedBatch> {
  readonly messages: number;
  readonly bytes: number;
  readonly options: PackedRunOptions | undefined;
  readonly #kernel: Kernel<I, O>;
  readonly #batch: PackedBatch;

  constructor(kernel: Kernel<I, O>, batch: PackedBatch, options: PackedRunOptions | undefined) {
    this.#kernel = kernel;
    this.messages = batchLength(batch);
    this.bytes = (batch.offsets[this.messages] as number) - (batch.offsets[0] as number);
    this.options = options;
    this.#batch = batch;
  }

  on(path: Path<I, O>): Promise<PathRun<PackedBatch>> {
    return path.runPacked(this.#batch, this.options);
  }

  golden(javascript: Path<I, O>): Promise<PathRun<PackedBatch>> {
    const { into: _, ...rest } = this.options ?? {};
    return javascript.runPacked(this.#batch, rest);
  }

  deliver(golden: PackedBatch): PackedBatch {
    const into = this.options?.into;
    if (into === undefined) return golden;
    into.set(golden.data);
    const data = new Uint8Array(into.buffer, into.byteOffset, golden.data.length);
    return { data, offsets: golden.offsets };
  }

  encoded(results: PackedBatch): PackedBatch {
    return results;
  }

  values(): readonly I[] {
    return unpack(this.#kernel.input, this.#batch);
  }
}

/** The first message whose encoded results differ, with both; `null` where all are the same. */
export function firstDifference(
  expected: PackedBatch,
  actual: PackedBatch,
): { readonly messageIndex: number; readonly expected: string; readonly actual: string } | null {
  const n = Math.max(batchLength(expected), batchLength(actual));
  const result = ({ data, offsets }: PackedBatch, i: number): Buffer => {
    const [start = 0, end = start] = [offsets[i], offsets[i + 1]];
    return Buffer.from(data.buffer, data.byteOffset + start, end - start);
  };
  for (let i = 0; i < n; i++) {
    const [want, got] = [result(expected, i), result(actual, i)];
    if (want.equals(got)) continue;
    return { messageIndex: i, expected: want.toString('hex'), actual: got.toString('hex') };
  }
  return null;
}
