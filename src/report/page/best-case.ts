import type { Comparison } from '../suite-report.js';

/** The comparison whose worse ratio, of speed and of energy, is the best; `null` of none. */
export function bestCase(comparisons: readonly Comparison[]): Comparison | null {
  const score = ({ performanceRatio, energyRatio }: Comparison): number =>
    Math.min(performanceRatio.value, energyRatio.value);
  return comparisons.reduce<Comparison | null>(
    (best, entry) => (best === null || score(entry) > score(best) ? entry : best),
    null,
  );
}
