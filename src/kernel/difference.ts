import { batchLength, type PackedBatch } from './batch.js';

/** The first result that is not the expected one. */
export interface Difference {
  readonly messageIndex: number;
  /** First byte that differs; past the end of the shorter where one is the start of the other. */
  readonly byteIndex: number;
  /** Hexadecimal, whole; empty where there is no such result. */
  readonly expected: string;
  readonly actual: string;
}

/** Compares encoded results bit for bit; `null` where all are the same. */
export function firstDifference(expected: PackedBatch, actual: PackedBatch): Difference | null {
  const n = Math.max(batchLength(expected), batchLength(actual));
  for (let i = 0; i < n; i++) {
    const [want, got] = [resultAt(expected, i), resultAt(actual, i)];
    if (want.equals(got)) continue;
    const shorter = Math.min(want.length, got.length);
    let byteIndex = 0;
    while (byteIndex < shorter && want[byteIndex] === got[byteIndex]) byteIndex++;
    return {
      messageIndex: i,
      byteIndex,
      expected: want.toString('hex'),
      actual: got.toString('hex'),
    };
  }
  return null;
}

function resultAt({ data, offsets }: PackedBatch, i: number): Buffer {
  const [start = 0, end = start] = [offsets[i], offsets[i + 1]];
  return Buffer.from(data.buffer, data.byteOffset + start, end - start);
}
