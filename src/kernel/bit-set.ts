import { RtliftError } from '../errors.js';

/**
 * An immutable set of the numbers 0 to `size` - 1 over a borrowed bitmap: member i is bit i % 8 of byte i / 8.
 */
export class BitSet implements Iterable<number> {
  /** How many numbers could be members. */
  readonly size: number;
  /** The bitmap, ceil(size / 8) bytes; borrowed. */
  readonly bytes: Uint8Array;

  /** @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when `bytes` is not ceil(size / 8) long. */
  constructor(size: number, bytes: Uint8Array = new Uint8Array(Math.ceil(size / 8))) {
    if (bytes.length !== Math.ceil(size / 8)) {
      throw new RtliftError(
        'ERR_RTLIFT_INVALID_ARG',
        `a BitSet of ${size} takes ${Math.ceil(size / 8)} bytes, got ${bytes.length}`,
        { size, got: bytes.length },
      );
    }
    this.size = size;
    this.bytes = bytes;
  }

  /** The set of `members`, each 0 to `size` - 1. */
  static from(size: number, members: Iterable<number>): BitSet {
    const bytes = new Uint8Array(Math.ceil(size / 8));
    for (const i of members) {
      if (!Number.isInteger(i) || i < 0 || i >= size) {
        throw new RtliftError(
          'ERR_RTLIFT_INVALID_ARG',
          `a member of a BitSet of ${size} is an integer 0..${size - 1}, got ${i}`,
          { size, got: i },
        );
      }
      bytes[i >> 3] = (bytes[i >> 3] as number) | (1 << (i & 7));
    }
    return new BitSet(size, bytes);
  }

  has(i: number): boolean {
    return (
      Number.isInteger(i) &&
      i >= 0 &&
      i < this.size &&
      (((this.bytes[i >> 3] ?? 0) >> (i & 7)) & 1) === 1
    );
  }

  /** How many numbers are members. */
  get count(): number {
    let count = 0;
    for (let byte of this.bytes) for (; byte !== 0; byte &= byte - 1) count++;
    return count;
  }

  get isEmpty(): boolean {
    return this.bytes.every((byte) => byte === 0);
  }

  *[Symbol.iterator](): Generator<number> {
    for (let i = 0; i < this.bytes.length; i++) {
      const byte = this.bytes[i] as number;
      for (let bit = 0; byte >> bit !== 0; bit++) if ((byte >> bit) & 1) yield i * 8 + bit;
    }
  }
}
