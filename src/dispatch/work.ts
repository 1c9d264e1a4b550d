import {
  batchLength,
  checkOffsets,
  type PackedBatch,
  pack,
  sizeAt,
  totalSize,
  unpackInto,
} from '../kernel/batch.js';
import { copyInSlices, sizesOf } from '../kernel/batch-slices.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { type Difference, firstDifference } from '../kernel/difference.js';
import { inSlices } from '../kernel/slices.js';
import type { PackedRunOptions, Path, PathRun, RunOptions } from '../paths/path.js';
import { checkLimits, checkPackedSizes, checkValues } from './limits.js';

/** A batch that can run on any path, more than once. Nothing of it holds the event loop for long, however large it is. */
export interface Work<I, O, R> {
  readonly messages: number;
  /** Encoded size of the messages. */
  readonly bytes: number;
  readonly options: RunOptions | undefined;
  on(path: Path<I, O>): Promise<PathRun<R>>;
  /** The golden results, in memory of their own: those to be compared with stay where they are. */
  golden(javascript: Path<I, O>): Promise<PathRun<R>>;
  /** Golden results as what the caller gets. */
  deliver(golden: R): R | Promise<R>;
  /** The first result that is not the golden one. */
  difference(golden: R, results: R): Promise<Difference | null>;
  /** Messages `start` up to `end`, decoded where they were packed. */
  values(start: number, end: number): readonly I[];
}

/** Measured faster than slices are made. */
const FEW = 64;

/** A batch as an array of values. */
export class ArrayWork<I, O> implements Work<I, O, O[]> {
  readonly messages: number;
  readonly bytes: number;
  readonly options: RunOptions | undefined;
  readonly #kernel: Kernel<I, O>;
  readonly #values: readonly I[];

  /** @param bytes - encoded size of the values, which are right; {@link measured} finds it out. */
  constructor(
    kernel: Kernel<I, O>,
    values: readonly I[],
    options: RunOptions | undefined,
    bytes = totalSize(kernel.input, values),
  ) {
    this.messages = values.length;
    this.bytes = bytes;
    this.options = options;
    this.#kernel = kernel;
    this.#values = values;
  }

  /**
   * Checks and measures the values: at once where there are few, else in slices.
   * @throws (or rejects) {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` naming the first value that the codec does not encode;
   *   `ERR_RTLIFT_MESSAGE_TOO_LARGE`.
   */
  static measured<I, O>(
    kernel: Kernel<I, O>,
    values: readonly I[],
    options: RunOptions | undefined,
    isLimited: boolean,
  ): ArrayWork<I, O> | Promise<ArrayWork<I, O>> {
    const { input } = kernel;
    if (!isLimited && values.length <= FEW) return new ArrayWork(kernel, values, options);
    let bytes = 0;
    const more = inSlices(values.length, (start, end) => {
      if (!isLimited) {
        bytes += totalSize(input, values, start, end);
        return;
      }
      for (let i = start; i < end; i++) {
        const size = sizeAt(input, values, i);
        checkLimits(kernel, size, i);
        bytes += size;
      }
    });
    const make = (): ArrayWork<I, O> => new ArrayWork(kernel, values, options, bytes);
    return more === undefined ? make() : more.then(make);
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

  async difference(golden: O[], results: O[]): Promise<Difference | null> {
    const { output } = this.#kernel;
    let found: Difference | null = null;
    const encoded = (of: O[], start: number, end: number): PackedBatch =>
      pack(output, of, Math.min(start, of.length), Math.min(end, of.length));
    await inSlices(Math.max(golden.length, results.length), (start, end) => {
      found = shifted(
        firstDifference(encoded(golden, start, end), encoded(results, start, end)),
        start,
      );
      return found === null;
    });
    return found;
  }

  values(start: number, end: number): readonly I[] {
    return this.#values.slice(start, end);
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

  /**
   * Checks the messages: at once where there are few, else in slices. Offsets are copied at once.
   * @throws (or rejects) {@link RtliftError} `ERR_RTLIFT_INVALID_ARG`, `ERR_RTLIFT_MESSAGE_TOO_LARGE`.
   */
  static checked<I, O>(
    kernel: Kernel<I, O>,
    { data, offsets: borrowed }: PackedBatch,
    options: PackedRunOptions | undefined,
    isLimited: boolean,
  ): PackedWork<I, O> | Promise<PackedWork<I, O>> {
    const offsets = borrowed.slice();
    const batch = { data, offsets };
    const { input } = kernel;
    const isSized = isLimited || input.fixedBytes !== null;
    const checkMessages = (): Promise<void> | undefined => {
      if (!isSized && input.isIdentity) return undefined;
      const check = (start: number, end: number): void => {
        if (isSized) checkPackedSizes(kernel, batch, start, end);
        if (!input.isIdentity) checkValues(kernel, batch, start, end);
      };
      return inSlices(batchLength(batch), check, { sizeOf: sizesOf(offsets) });
    };
    const first = inSlices(offsets.length, (start, end) => checkOffsets(offsets, start, end));
    const more = first === undefined ? checkMessages() : first.then(checkMessages);
    const make = (): PackedWork<I, O> => new PackedWork(kernel, batch, options);
    return more === undefined ? make() : more.then(make);
  }

  on(path: Path<I, O>): Promise<PathRun<PackedBatch>> {
    return path.runPacked(this.#batch, this.options);
  }

  golden(javascript: Path<I, O>): Promise<PathRun<PackedBatch>> {
    const { into: _, ...rest } = this.options ?? {};
    return javascript.runPacked(this.#batch, rest);
  }

  async deliver(golden: PackedBatch): Promise<PackedBatch> {
    const into = this.options?.into;
    if (into === undefined) return golden;
    await copyInSlices(into, golden.data);
    const data = new Uint8Array(into.buffer, into.byteOffset, golden.data.length);
    return { data, offsets: golden.offsets };
  }

  async difference(golden: PackedBatch, results: PackedBatch): Promise<Difference | null> {
    let found: Difference | null = null;
    const part = ({ data, offsets }: PackedBatch, start: number, end: number): PackedBatch => ({
      data,
      offsets: offsets.subarray(start, end + 1),
    });
    const n = Math.max(batchLength(golden), batchLength(results));
    await inSlices(
      n,
      (start, end) => {
        found = shifted(
          firstDifference(part(golden, start, end), part(results, start, end)),
          start,
        );
        return found === null;
      },
      { sizeOf: sizesOf(golden.offsets) },
    );
    return found;
  }

  values(start: number, end: number): readonly I[] {
    const values: I[] = [];
    unpackInto(this.#kernel.input, this.#batch, values, 0, start, end);
    return values;
  }
}

function shifted(found: Difference | null, start: number): Difference | null {
  return found && { ...found, messageIndex: found.messageIndex + start };
}
