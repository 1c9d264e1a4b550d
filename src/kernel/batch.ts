import { RtliftError } from '../errors.js';
import type { Codec } from './codec.js';
import { ofMessages } from './message-errors.js';

/**
 * n messages in one buffer, laid out as Arrow's variable-size binary: message i is bytes `offsets[i]` to
 * `offsets[i + 1]` of `data`.
 * @see Apache Arrow columnar format, "Variable-size Binary Layout"
 */
export interface PackedBatch {
  /**
   * Payload, borrowed while the batch runs: its buffer must be neither changed, transferred, resized nor detached until
   * the run has settled. Nothing in Node can tell the addon that it was.
   */
  readonly data: Uint8Array;
  /** `[n + 1]`, monotone, within `data`; copied when the batch is handed over. */
  readonly offsets: Int32Array;
}

/** The most bytes that one batch can hold: offsets are signed 32-bit integers. */
export const MAX_BATCH_BYTES = 2 ** 31 - 1;

/** How many messages a packed batch holds. */
export function batchLength(batch: PackedBatch): number {
  return batch.offsets.length - 1;
}

/**
 * Checks a batch that a caller packed.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when a type is wrong, or the offsets are not monotone or lie
 *   outside the data.
 */
export function checkPacked(batch: PackedBatch): void {
  checkLayout(batch);
  checkOffsets(batch.offsets, 0, batch.offsets.length);
}

/** The part of {@link checkPacked} that does not go over the offsets: types, and that the last one lies within the data. */
export function checkLayout(batch: PackedBatch): void {
  const { data, offsets } = batch ?? ({} as PackedBatch);
  if (!(data instanceof Uint8Array) || !(offsets instanceof Int32Array) || offsets.length === 0) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      'a packed batch is { data: Uint8Array, offsets: Int32Array of n + 1 }',
      { arg: 'batch' },
    );
  }
  const last = offsets[offsets.length - 1] as number;
  if (last <= data.length) return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `offsets must lie within data of ${data.length} bytes, got ${last}`,
    { arg: 'offsets', limit: data.length, got: last },
  );
}

/** The part of {@link checkPacked} that goes over the offsets, `start` up to `end`. */
export function checkOffsets(offsets: Int32Array, start: number, end: number): void {
  let previous = start === 0 ? 0 : (offsets[start - 1] as number);
  for (let i = start; i < end; i++) {
    const offset = offsets[i] as number;
    if (offset < previous) {
      throw new RtliftError(
        'ERR_RTLIFT_INVALID_ARG',
        `offsets must not fall: offsets[${i}] is ${offset} after ${previous}`,
        { arg: 'offsets', index: i, got: offset, previous },
      );
    }
    previous = offset;
  }
}

/** Copies values, or those from `start` up to `end`, into one packed batch, encoded by `codec`. */
export function pack<T>(
  codec: Codec<T>,
  values: readonly T[],
  start = 0,
  end = values.length,
  allocate: (sizeBytes: number) => Uint8Array = uninitialised,
): PackedBatch {
  const n = end - start;
  const offsets = new Int32Array(n + 1);
  const data = allocate(layOut(codec, values, start, end, offsets, 0));
  encode(codec, values, start, end, data, offsets, 0);
  return { data, offsets };
}

/** Writes the offsets behind `at` for values `start` up to `end`. @returns the last, which is the size of all so far. */
export function layOut<T>(
  codec: Codec<T>,
  values: readonly T[],
  start: number,
  end: number,
  offsets: Int32Array,
  at: number,
): number {
  let total = offsets[at] as number;
  for (let i = start; i < end; i++) {
    const value = values[i];
    total += isRight(codec, value) ? value.length : sizeAt(codec, values, i);
    if (total > MAX_BATCH_BYTES) throw tooLarge(i);
    offsets[at + 1 + i - start] = total;
  }
  return total;
}

/** Writes values that {@link layOut} placed. */
export function encode<T>(
  codec: Codec<T>,
  values: readonly T[],
  start: number,
  end: number,
  data: Uint8Array,
  offsets: Int32Array,
  at: number,
): void {
  const { isIdentity } = codec;
  ofMessages(() => {
    for (let i = start; i < end; i++) {
      const value = values[i] as T;
      const offset = offsets[at + i - start] as number;
      if (isIdentity) data.set(value as Uint8Array, offset);
      else codec.encodeInto(value, data, offset);
    }
  });
}

/**
 * Encoded size of all values, or those from `start` up to `end`, bytes.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` naming the first value that the codec does not encode.
 */
export function totalSize<T>(
  codec: Codec<T>,
  values: readonly T[],
  start = 0,
  end = values.length,
): number {
  let total = 0;
  for (let i = start; i < end; i++) {
    const value = values[i];
    total += isRight(codec, value) ? value.length : sizeAt(codec, values, i);
  }
  return total;
}

/** Bytes that are right need no call; anything else is the codec's to name. */
function isRight<T>({ fixedBytes, isIdentity }: Codec<T>, value: unknown): value is Uint8Array {
  return (
    isIdentity &&
    value instanceof Uint8Array &&
    (fixedBytes === null || value.length === fixedBytes)
  );
}

/** Encoded size of a value; what the codec does not encode is named by its place. */
export function sizeAt<T>(codec: Codec<T>, values: readonly T[], i: number): number {
  try {
    return ofMessages(() => codec.sizeOf(values[i] as T));
  } catch (cause) {
    if (!(cause instanceof RtliftError)) throw cause;
    throw new RtliftError(
      cause.code,
      `message ${i}: ${cause.message}`,
      { ...cause.details, messageIndex: i },
      { cause },
    );
  }
}

/**
 * A plain Uint8Array whose every byte is about to be written, so that a zero fill would be wasted. Not a Buffer:
 * its subarray() takes three times as long (bench/overhead.ts).
 */
export function uninitialised(sizeBytes: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(sizeBytes).buffer);
}

function tooLarge(i: number): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_BATCH_TOO_LARGE',
    `a batch holds at most ${MAX_BATCH_BYTES} bytes, reached at message ${i}; split it`,
    { limit: MAX_BATCH_BYTES, messageIndex: i },
  );
}

/** Decodes every message of a packed batch. */
export function unpack<T>(codec: Codec<T>, batch: PackedBatch): T[] {
  const values: T[] = new Array(batchLength(batch));
  unpackInto(codec, batch, values, 0);
  return values;
}

/** Decodes the messages of a packed batch, or those from `first` up to `last`, into `values`, from `at` on. */
export function unpackInto<T>(
  codec: Codec<T>,
  { data, offsets }: PackedBatch,
  values: T[],
  at: number,
  first = 0,
  last = offsets.length - 1,
): void {
  const { fixedBytes, isIdentity } = codec;
  // Asked once: both are getters, and dearer than the view itself.
  const { buffer, byteOffset } = data;
  ofMessages(() => {
    for (let i = first; i < last; i++) {
      const start = offsets[i] as number;
      const end = offsets[i + 1] as number;
      const isView = isIdentity && (fixedBytes === null || end - start === fixedBytes);
      values[at + i - first] = isView
        ? (new Uint8Array(buffer, byteOffset + start, end - start) as T)
        : codec.decode(data, start, end);
    }
  });
}
