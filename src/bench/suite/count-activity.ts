import { offload } from '../../dispatch/offload.js';
import { RtliftError } from '../../errors.js';
import type { AnyPlan } from '../../verify/plan.js';

/** A pair of cycles in so many is compared: often enough for a batch of some hundred cycles. */
const EVERY_CYCLES = 8;

/** Toggles a bit and cycle. */
export interface CountedActivity {
  readonly register: number;
  /** Of the nets that the simulator keeps; `null` where it keeps none. */
  readonly net: number | null;
}

/**
 * Counts how often the registers and nets of a kernel toggle on some messages, on a model of its own, so that no timing pays for it.
 * @returns `null` where the toolchain does not let them be counted, or no cycle was looked at.
 */
export async function countActivity(
  kernel: AnyPlan['kernel'],
  messages: readonly unknown[],
): Promise<CountedActivity | null> {
  try {
    await using handle = await offload<unknown, unknown>(kernel, {
      path: 'verilator',
      activity: { everyCycles: EVERY_CYCLES },
    });
    await handle.batch(messages);
    const { activity } = handle.stats();
    if (activity === null || activity.sampledCycles.value === 0) return null;
    const { registers, nets } = activity;
    return {
      register: registers.perBitPerCycle.value,
      net: nets.bits.value > 0 ? nets.perBitPerCycle.value : null,
    };
  } catch (error) {
    const code = error instanceof RtliftError ? error.code : null;
    if (code === 'ERR_RTLIFT_TOOL_MISSING' || code === 'ERR_RTLIFT_PATH_UNAVAILABLE') return null;
    throw error;
  }
}
