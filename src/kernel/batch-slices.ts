import { encode, layOut, type PackedBatch, uninitialised } from './batch.js';
import type { Codec } from './codec.js';
import { inSlices, type SliceOptions } from './slices.js';

/** Copied between two looks at the clock at least, bytes. */
const BLOCK_BYTES = 64 * 1024;

/** `pack()` that lets the event loop turn in between. A value that is not bytes is encoded in one go. */
export async function packInSlices<T>(
  codec: Codec<T>,
  values: readonly T[],
  allocate: (sizeBytes: number) => Uint8Array = uninitialised,
): Promise<PackedBatch> {
  const n = values.length;
  const offsets = new Int32Array(n + 1);
  await inSlices(n, (start, end) => layOut(codec, values, start, end, offsets, start));
  const data = allocate(offsets[n] as number);
  await inSlices(n, (start, end) => encode(codec, values, start, end, data, offsets, start), {
    sizeOf: sizesOf(offsets),
  });
  return { data, offsets };
}

/** `target.set(source, at)` that lets the event loop turn in between. */
export function copyInSlices(
  target: Uint8Array,
  source: Uint8Array,
  at = 0,
  { signal }: Pick<SliceOptions, 'signal'> = {},
): Promise<void> | undefined {
  const { length } = source;
  return inSlices(
    Math.ceil(length / BLOCK_BYTES),
    (start, end) => {
      const part = source.subarray(start * BLOCK_BYTES, Math.min(end * BLOCK_BYTES, length));
      target.set(part, at + start * BLOCK_BYTES);
    },
    { sizeOf: () => BLOCK_BYTES, signal },
  );
}

/** Encoded size of message i. */
export function sizesOf(offsets: Int32Array): (i: number) => number {
  return (i) => (offsets[i + 1] as number) - (offsets[i] as number);
}
