import { RtliftError } from '../errors.js';
import type { ActivityPlan } from '../toolchain/activity-plan.js';

/** How often the bits of a model are looked at. */
export interface ActivityOptions {
  /** One pair of cycles that follow each other is compared in so many cycles of a clock, 1 or more. Default 64. */
  readonly everyCycles?: number;
}

/** Changes of a model's bits, counted in simulation over one or more batches. */
export interface ActivityCounts {
  readonly plan: ActivityPlan;
  /** Cycles that were looked at, of each group's clock; in the order of the plan's groups. */
  readonly samples: readonly number[];
  /** Bits that changed in them. */
  readonly toggles: readonly number[];
}

export const DEFAULT_EVERY_CYCLES = 64;

/**
 * Cycles to a sample that an option asks for, 0 for none.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for anything but a boolean or an object with a whole number.
 */
export function activityEvery(option: boolean | ActivityOptions = false): number {
  if (typeof option === 'boolean') return option ? DEFAULT_EVERY_CYCLES : 0;
  const every = option === null ? Number.NaN : (option.everyCycles ?? DEFAULT_EVERY_CYCLES);
  if (Number.isInteger(every) && every >= 1 && every <= 0x7fffffff) return every;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `activity is true, false or { everyCycles } of 1 to 2^31-1, got ${option === null ? 'null' : `everyCycles ${every}`}`,
    { arg: 'activity' },
  );
}

/** The counts of a run as the addon reports them: samples and toggles, a pair each group. */
export function readActivity(
  plan: ActivityPlan | null,
  pairs: readonly number[] | undefined,
): ActivityCounts | null {
  if (plan === null || pairs === undefined) return null;
  return {
    plan,
    samples: plan.groups.map((_, i) => pairs[2 * i] ?? 0),
    toggles: plan.groups.map((_, i) => pairs[2 * i + 1] ?? 0),
  };
}

/** Adds the counts of a further batch of the same library. */
export function addActivity(
  a: ActivityCounts | null,
  b: ActivityCounts | null,
): ActivityCounts | null {
  if (a === null || b === null) return a ?? b;
  const sum = (one: readonly number[], other: readonly number[]): number[] =>
    one.map((value, i) => value + (other[i] ?? 0));
  return {
    plan: a.plan,
    samples: sum(a.samples, b.samples),
    toggles: sum(a.toggles, b.toggles),
  };
}
