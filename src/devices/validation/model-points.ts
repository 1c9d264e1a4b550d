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

/** Error over the points that judge; those that a coefficient was taken from do not count. */
export function modelError(points: readonly ModelPoint[]): ModelError {
  const factors = points
    .filter(({ isJudge }) => isJudge)
    .map(({ factor }) => factor)
    .sort((a, b) => a - b);
  const middle = factors.length / 2;
  const upper = factors[Math.floor(middle)] ?? Number.NaN;
  const lower = factors[Math.ceil(middle) - 1] ?? Number.NaN;
  return {
    points: factors.length,
    medianFactor: (lower + upper) / 2,
    worstFactor: factors.at(-1) ?? Number.NaN,
  };
}
