import type { Bound } from './projection.js';
import { larger, type Range, scale, sum, ZERO } from './range.js';

/** Something that takes time for a batch. */
export interface Part {
  readonly bound: Bound;
  readonly time: Range;
}

/** Time between batches, what bounds it, and the parts that do. */
export interface SteadyState {
  readonly total: Range;
  readonly bound: Bound;
  readonly binding: readonly Part[];
}

/** Time between batches: parts that take turns add up, parts that run beside each other overlap. */
export function steadyState(turns: readonly (readonly Part[])[], overlaps: boolean): SteadyState {
  const sums = turns.map((parts) => sum(...parts.map(({ time }) => time)));
  const total = overlaps ? larger(...sums) : sum(...sums);
  const binding = overlaps
    ? (turns[sums.findIndex(({ value }) => value === total.value)] ?? [])
    : turns.flat();
  const longest = binding.reduce((a, b) => (b.time.value > a.time.value ? b : a));
  return { total, bound: longest.bound, binding };
}

/** What a kernel waits between batches, in all and for whom. */
export interface Waits {
  readonly all: Range;
  readonly host: Range;
  readonly linkIn: Range;
  readonly linkOut: Range;
}

/**
 * Splits what is left of the time between batches beside the kernel's own over the parts that bind it, each by its time.
 * Bounds are those of like with like: all at its best, or worst.
 */
export function waitsOf({ total, binding }: SteadyState, kernel: Range): Waits {
  const left = (['low', 'value', 'high'] as const).map((at) => Math.max(0, total[at] - kernel[at]));
  const [low, value, high] = left as [number, number, number];
  const all = { low: Math.min(low, value, high), value, high: Math.max(low, value, high) };
  const others = binding.filter(({ bound }) => bound !== 'kernel');
  const of = (name: Bound): number =>
    others.reduce((time, part) => time + (part.bound === name ? part.time.value : 0), 0);
  const whole = sum(ZERO, ...others.map(({ time }) => time)).value;
  const share = (name: Bound): Range => (whole > 0 ? scale(all, of(name) / whole) : ZERO);
  return { all, host: share('host'), linkIn: share('link in'), linkOut: share('link out') };
}
