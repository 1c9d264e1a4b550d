/** Repeatable random values: mulberry32, a 32-bit generator of period 2^32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to 2^32 - 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return (z ^ (z >>> 14)) >>> 0;
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  bytes(size: number): Uint8Array {
    return Uint8Array.from({ length: size }, () => this.next() & 0xff);
  }

  /** Messages of 0 to `longest` bytes, with the lengths around a beat of 4, 8 and 64 bytes drawn more often. */
  messages(count: number, longest: number): Uint8Array[] {
    const edges = [0, 1, 3, 4, 5, 7, 8, 9, 63, 64, 65].filter((size) => size <= longest);
    return Array.from({ length: count }, () => {
      const atEdge = this.below(2) === 0;
      return this.bytes(
        atEdge ? (edges[this.below(edges.length)] as number) : this.below(longest + 1),
      );
    });
  }
}
