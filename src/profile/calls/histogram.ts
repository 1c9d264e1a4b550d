/** Eight buckets to each power of two: a bucket is at most 12.5 % wide, and values below 16 have one each. */
const SUB_BITS = 3;
const SUB = 1 << SUB_BITS;
/** Values below 2^48: 281 TB, or three days in ns. */
const MAX_EXPONENT = 48;
const BUCKETS = (MAX_EXPONENT - SUB_BITS + 1) * SUB;

/** One bucket that holds something. */
export interface Bucket {
  /** Lowest and highest integer that falls into it. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Sum of the values in it, so that its mean is exact. */
  readonly sum: number;
}

/** Counts values of 0 and more by size, log-linear, in memory that does not grow. */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  readonly #sums = new Float64Array(BUCKETS);

  add(value: number): void {
    const at = bucketOf(value);
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#sums[at] = (this.#sums[at] as number) + value;
  }

  // Added up where somebody asks: adding takes part in every call that is counted.
  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  get sum(): number {
    return this.#sums.reduce((sum, each) => sum + each, 0);
  }

  /** NaN of nothing. */
  get mean(): number {
    return this.sum / this.count;
  }

  buckets(): Bucket[] {
    const found: Bucket[] = [];
    this.#counts.forEach((count, i) => {
      if (count > 0) found.push({ ...boundsOf(i), count, sum: this.#sums[i] as number });
    });
    return found;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#sums.fill(0);
  }
}

function bucketOf(value: number): number {
  if (value < SUB) return value > 0 ? value | 0 : 0;
  let exponent: number;
  let top: number;
  if (value < 0x8000_0000) {
    exponent = 31 - Math.clz32(value);
    top = (value | 0) >>> (exponent - SUB_BITS);
  } else {
    exponent = Math.min(MAX_EXPONENT - 1, 63 - Math.clz32(value / 2 ** 32));
    top = Math.min(2 * SUB - 1, Math.floor(value / 2 ** (exponent - SUB_BITS)));
  }
  return (exponent - SUB_BITS) * SUB + top;
}

function boundsOf(index: number): { low: number; high: number } {
  if (index < 2 * SUB) return { low: index, high: index };
  const shift = Math.floor(index / SUB) - 1;
  const top = (index % SUB) + SUB;
  return { low: top * 2 ** shift, high: (top + 1) * 2 ** shift - 1 };
}

/** The value that a share of all does not exceed, by the mean of its bucket: within 12.5 %. NaN of nothing. */
export function quantileOf(buckets: readonly Bucket[], share: number): number {
  const wanted = share * buckets.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { count, sum } of buckets) {
    seen += count;
    if (seen >= wanted) return sum / count;
  }
  return Number.NaN;
}
