import { type Figure, figure } from '../figure.js';
import type { ActivityCounts } from '../paths/activity.js';

/** Changes of a set of bits, counted in the sampled cycles only. */
export interface ActivityFigures {
  readonly bits: Figure;
  /** Bits that changed, in all sampled cycles. */
  readonly toggles: Figure;
  /** Share of the bits that change in a cycle, 0 to 1; 0 where there are no bits or no cycles. */
  readonly perBitPerCycle: Figure;
}

/** {@link ActivityFigures} with the number of cycles that were sampled for them. */
export interface SampledActivity extends ActivityFigures {
  readonly sampledCycles: Figure;
}

/** The registers of one clock, in its own cycles. */
export interface ClockActivity extends SampledActivity {
  readonly name: string;
}

/** Switching activity of a kernel in the workload that it ran. See docs/activity.md. */
export interface ActivityStats {
  /** Cycles of the kernel's clock in which changes were counted. */
  readonly sampledCycles: Figure;
  /** All registers, each in cycles of its own clock. */
  readonly registers: ActivityFigures;
  /** Logic between registers, as far as the model holds it; ports included. */
  readonly nets: ActivityFigures;
  /** Sampled in about one of eight of the cycles. */
  readonly memories: SampledActivity;
  /** A clock each; the kernel's is the first. */
  readonly clocks: readonly ClockActivity[];
  /** What is not in these figures, in words. */
  readonly misses: readonly string[];
}

interface Sum {
  readonly bits: number;
  readonly toggles: number;
  /** Expected changes in a cycle. */
  readonly perCycle: number;
}

function figures({ bits, toggles, perCycle }: Sum): ActivityFigures {
  return {
    bits: figure(bits, 'bits', 'simulated'),
    toggles: figure(toggles, 'toggles', 'simulated'),
    perBitPerCycle: figure(bits === 0 ? 0 : perCycle / bits, 'toggles/bit/cycle', 'simulated'),
  };
}

/** Turns counts into figures. */
export function activityStats({ plan, samples, toggles }: ActivityCounts): ActivityStats {
  const sums = plan.groups.map(({ kind, clock, bits }, i) => {
    const [cycles, changed] = [samples[i] ?? 0, toggles[i] ?? 0];
    const perCycle = cycles === 0 ? 0 : changed / cycles;
    return { kind, clock, bits, cycles, toggles: changed, perCycle };
  });
  const all = (kind: string): ActivityFigures =>
    figures(
      sums
        .filter((sum) => sum.kind === kind)
        .reduce(
          (a, b) => ({
            bits: a.bits + b.bits,
            toggles: a.toggles + b.toggles,
            perCycle: a.perCycle + b.perCycle,
          }),
          { bits: 0, toggles: 0, perCycle: 0 },
        ),
    );
  const memories = sums.find(({ kind }) => kind === 'memories');
  const cycles = (value: number): Figure => figure(value, 'cycles', 'simulated');
  return {
    sampledCycles: cycles(sums[0]?.cycles ?? 0),
    registers: all('registers'),
    nets: all('nets'),
    memories: { sampledCycles: cycles(memories?.cycles ?? 0), ...all('memories') },
    clocks: sums
      .filter(({ kind }) => kind === 'registers')
      .map((sum) => ({ name: sum.clock, sampledCycles: cycles(sum.cycles), ...figures(sum) })),
    misses: plan.misses,
  };
}
