/** What the timings of one runner come to, in the unit of the timings. */
export interface Summary {
  readonly samples: number;
  readonly p50: number;
  readonly p99: number;
  /** Median absolute deviation from the median. */
  readonly mad: number;
}

/**
 * The value that a share of the sorted values does not exceed, with linear interpolation between neighbours.
 * @param sorted - rising, at least one.
 * @see Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996, definition 7
 */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

const rising = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** Median of values in any order; NaN of none. */
export function middle(values: readonly number[]): number {
  return quantile(rising(values), 0.5);
}

/** Summarises at least one timing. */
export function summarise(values: readonly number[]): Summary {
  const sorted = rising(values);
  const p50 = quantile(sorted, 0.5);
  return {
    samples: sorted.length,
    p50,
    p99: quantile(sorted, 0.99),
    mad: middle(sorted.map((value) => Math.abs(value - p50))),
  };
}
