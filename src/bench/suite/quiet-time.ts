import type { Range } from '../../devices/range.js';

/** Timings of one thread that waits for nothing: median of the fastest round, of all, their deviation, and its CPU time; ns each. */
export interface ThreadTimes {
  readonly best: number;
  readonly p50: number;
  readonly mad: number;
  /** Mean over all rounds. */
  readonly cpu: number;
}

/** Wall time over CPU time above which other work stood in the way of even the fastest round. */
const DISTURBED = 1.2;

/** Half as fast is the least that the spread of the timings takes off. */
const LEAST_SHARE = 0.5;

/**
 * What a thread takes on a machine that does nothing else: the median of the fastest round, up to that of all and their spread.
 *
 * A batch longer than a slice of the scheduler is put aside in every round, the fastest as well, so the time may be as low as the
 * CPU time.
 */
export function quietTime({ best: least, p50, mad, cpu }: ThreadTimes): Range {
  const best = Math.min(least, p50);
  const low = Math.min(Math.max(best - mad, best * LEAST_SHARE), cpu);
  return { low, value: best, high: p50 + mad };
}

/** Whether even the fastest round took so much longer than its CPU time that nothing should be concluded from it. */
export function isDisturbed({ best, p50, cpu }: Omit<ThreadTimes, 'mad'>): boolean {
  return Math.min(best, p50) > DISTURBED * cpu;
}
