import { batchLength, type PackedBatch } from '../kernel/batch.js';

/** The first result that is not the golden model's. */
export interface Difference {
  readonly messageIndex: number;
  /** First byte that differs; past the end of the shorter where one is the start of the other. */
  readonly byteIndex: number;
  /** Hexadecimal, whole. */
  readonly expected: string;
  readonly actual: string;
}

/** Compares results bit for bit. */
export function compareResults(expected: PackedBatch, actual: PackedBatch): Difference | null {
  const n = batchLength(expected);
  for (let i = 0; i < n; i++) {
    const want = at(expected, i);
    const got = at(actual, i);
    if (Buffer.compare(want, got) === 0) continue;
    const shorter = Math.min(want.length, got.length);
    let byteIndex = 0;
    while (byteIndex < shorter && want[byteIndex] === got[byteIndex]) byteIndex++;
    return { messageIndex: i, byteIndex, expected: toHex(want), actual: toHex(got) };
  }
  return null;
}

function at({ data, offsets }: PackedBatch, i: number): Uint8Array {
  return data.subarray(offsets[i], offsets[i + 1]);
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
