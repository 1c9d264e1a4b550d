import { clockPoints } from './clock-points.js';
import { cpuPoints } from './cpu-points.js';
import { linkPoints } from './link-points.js';
import type { ModelPoint } from './point.js';
import { powerPoints } from './power-points.js';

/** Every published measurement that the models are held against, with what they predict; none is left out. */
export function modelPoints(): ModelPoint[] {
  return [...powerPoints(), ...linkPoints(), ...cpuPoints(), ...clockPoints()];
}

/** How far the models are off. */
export interface ModelError {
  readonly points: number;
  readonly medianFactor: number;
  readonly worstFactor: number;
}

/** Median: of an even number the mean of the two in the middle. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/**
 * Error over the points that judge; those that a coefficient was taken from do not count. Variants of one design count as one,
 * by their median.
 */
export function modelError(points: readonly ModelPoint[]): ModelError {
  const judges = points.filter(({ isJudge }) => isJudge);
  const families = new Set(judges.flatMap(({ family }) => family ?? []));
  const factors = [
    ...judges.filter(({ family }) => family === null).map(({ factor }) => factor),
    ...[...families].map((name) =>
      medianOf(judges.filter(({ family }) => family === name).map(({ factor }) => factor)),
    ),
  ];
  return {
    points: factors.length,
    medianFactor: medianOf(factors),
    worstFactor: factors.length === 0 ? Number.NaN : Math.max(...factors),
  };
}

/** Whether a point was measured, by a meter and not by a tool, on a board of which no coefficient was taken. */
export function isIndependent({ isJudge, isBoardKnown, published }: ModelPoint): boolean {
  return isJudge && !isBoardKnown && published.provenance === 'measured';
}
