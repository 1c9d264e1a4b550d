import type { Comparison } from '../suite-report.js';
import { oddness } from './views.js';

/** The comparison whose worse ratio, of speed and of energy, is the best; `null` of none. */
export function bestCase(comparisons: readonly Comparison[]): Comparison | null {
  const score = ({ performanceRatio, energyRatio }: Comparison): number =>
    Math.min(performanceRatio.value, energyRatio.value);
  return comparisons.reduce<Comparison | null>(
    (best, entry) => (best === null || score(entry) > score(best) ? entry : best),
    null,
  );
}

/**
 * Comparisons of an operation on the messages that a reader wants first: those of a corpus, else those nearest to 1 KiB. The
 * best of all sizes would be an odd one: messages of 1 byte, in the largest batch.
 */
export function usualComparisons(
  operation: string,
  comparisons: readonly Comparison[],
): readonly Comparison[] {
  const own = comparisons.filter((at) => at.operation === operation && at.size.bytes > 0);
  const [usual] = [...own].sort((a, b) => oddness(a.size) - oddness(b.size));
  return own.filter(({ size }) => size.name === usual?.size.name);
}
