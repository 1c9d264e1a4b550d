import type { Offloaded } from '../dispatch/offload.js';
import type { KernelCounters } from '../paths/path.js';

/** What a handle has counted so far; `null` on a path without a clock. */
export function countersOf({
  stats,
}: Pick<Offloaded<never, never>, 'stats'>): KernelCounters | null {
  const { cycles } = stats();
  if (cycles === null) return null;
  const entries = Object.entries(cycles).map(([key, { value }]) => [key, value]);
  return Object.fromEntries(entries) as KernelCounters;
}

/** What was counted between two looks; the latency is that of the last batch. */
export function countersBetween(
  before: KernelCounters | null,
  after: KernelCounters | null,
): KernelCounters | null {
  if (before === null || after === null) return after;
  const keys = Object.keys(after) as (keyof KernelCounters)[];
  const entries = keys.map((key) => [key, after[key] - before[key]]);
  return { ...(Object.fromEntries(entries) as KernelCounters), latencyCycles: after.latencyCycles };
}
