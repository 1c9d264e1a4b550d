import { estimate, type Figure, figure } from '../figure.js';
import type { PathName } from '../paths/path.js';
import { className } from './choice/size-class.js';

/** Four buckets to each power of two, from 1 to 2^40. */
const BUCKETS = 160;
/** Classes of batches that have histograms of their own; further ones of a path and reason share one. */
const MOST_SERIES = 64;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Exponent and the first two bits of the mantissa: no logarithm on the way of every batch. */
function bucketOf(value: number): number {
  float[0] = value;
  const bucket = ((words[HIGH] as number) >>> 18) - (1023 << 2);
  return Math.min(BUCKETS - 1, Math.max(0, bucket));
}

const lowerBound = (bucket: number): number => 2 ** (bucket >> 2) * (1 + (bucket & 3) / 4);

/** What lay in a range: `from` is part of it, `below` is not. */
export interface HistogramBucket {
  readonly from: number;
  readonly below: number;
  readonly count: number;
}

/** How a quantity was distributed. Percentiles are of a bucket, whose bounds are their low and high. */
export interface HistogramFigures {
  readonly count: Figure;
  readonly sum: Figure;
  readonly least: Figure;
  readonly most: Figure;
  readonly p50: Figure;
  readonly p90: Figure;
  readonly p99: Figure;
  /** Those that are not empty, in the unit of the sum; each is at most a quarter wider than its lower bound. */
  readonly buckets: readonly HistogramBucket[];
}

class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;

  record(value: number): void {
    const bucket = bucketOf(value);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#count++;
    this.#sum += value;
    if (value < this.#least) this.#least = value;
    if (value > this.#most) this.#most = value;
  }

  figures(unit: string): HistogramFigures {
    const buckets = [...this.#counts].flatMap((count, i): HistogramBucket[] =>
      count === 0 ? [] : [{ from: lowerBound(i), below: lowerBound(i + 1), count }],
    );
    const of = (value: number): Figure => figure(Math.round(value), unit, 'measured');
    return {
      count: figure(this.#count, 'count', 'measured'),
      sum: of(this.#sum),
      least: of(this.#least),
      most: of(this.#most),
      p50: this.#percentile(0.5, unit, buckets),
      p90: this.#percentile(0.9, unit, buckets),
      p99: this.#percentile(0.99, unit, buckets),
      buckets,
    };
  }

  #percentile(share: number, unit: string, buckets: readonly HistogramBucket[]): Figure {
    let left = Math.ceil(share * this.#count);
    const found = buckets.find(({ count }) => {
      left -= count;
      return left <= 0;
    });
    const within = (value: number): number =>
      Math.round(Math.min(this.#most, Math.max(this.#least, value)));
    const { from, below } = found ?? { from: 0, below: 0 };
    return estimate(within((from + below) / 2), within(from), within(below), unit, 'measured');
  }
}

interface Series {
  readonly path: PathName;
  readonly reason: string;
  /** Of the size class, or -1 for those that share it. */
  readonly key: number;
  readonly duration: Histogram;
  readonly size: Histogram;
}

/** Batches of one size class that ran on one path for one reason. */
export interface BatchHistograms {
  readonly path: PathName;
  readonly reason: string;
  /** As `64..127 B x 32..63`; `others` for those beyond the first 64 classes. */
  readonly sizeClass: string;
  /** Host time of a batch from its start to its results, checks and a fallback included. */
  readonly duration: HistogramFigures;
  /** Messages of a batch. */
  readonly size: HistogramFigures;
}

/** Histograms of the batches of a handle, in memory that does not grow: at most some 80 KB. */
export class BatchHistogramRecorder {
  readonly #series: Series[] = [];
  /** Batches of a class come one after the other. */
  #last: Series | null = null;

  record(path: PathName, reason: string, key: number, messages: number, hostNs: number): void {
    const last = this.#last;
    const series =
      last !== null && last.key === key && last.path === path && last.reason === reason
        ? last
        : this.#find(path, reason, key);
    this.#last = series;
    series.duration.record(hostNs);
    series.size.record(messages);
  }

  figures(): BatchHistograms[] {
    return this.#series.map(({ path, reason, key, duration, size }) => ({
      path,
      reason,
      sizeClass: key < 0 ? 'others' : className(key),
      duration: duration.figures('ns'),
      size: size.figures('messages'),
    }));
  }

  #find(path: PathName, reason: string, key: number): Series {
    let others: Series | null = null;
    for (const series of this.#series) {
      if (series.path !== path || series.reason !== reason) continue;
      if (series.key === key) return series;
      if (series.key < 0) others = series;
    }
    const isFull = this.#series.length >= MOST_SERIES;
    if (isFull && others !== null) return others;
    const duration = new Histogram();
    const made = { path, reason, key: isFull ? -1 : key, duration, size: new Histogram() };
    this.#series.push(made);
    return made;
  }
}
