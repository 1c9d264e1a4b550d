import type { Measurement, SuiteReport } from '../../report/suite-report.js';
import { middle } from './statistics.js';

/** Slower than this share of before is a regression, unless the timings themselves spread more. */
const LEAST_SHARE = 0.1;
/** Combined deviations that a difference must exceed, of the median: those of one timing by the root of how many there are. */
const DEVIATIONS = 3;
/** Fewer timings have no spread to speak of. */
const LEAST_TIMINGS = 3;
/** Cycles are counted, not timed: what is above this share is no rounding. */
const CYCLE_SHARE = 0.001;
/** Rivals that it takes to tell how much slower the machine itself has become. */
const LEAST_RIVALS = 3;

/** One measurement that got worse than noise explains. */
export interface Regression {
  readonly operation: string;
  readonly size: string;
  readonly batch: number;
  readonly runner: string;
  /** Host time of a message, ns, or kernel cycles of a message. */
  readonly what: 'host time' | 'cycles';
  readonly before: number;
  readonly after: number;
  /** after / before, the pace of the machine taken out of host time. */
  readonly ratio: number;
  /** What the ratio may be. */
  readonly limit: number;
}

export interface BaselineCheck {
  readonly regressions: readonly Regression[];
  /** What is worse by more than 10 %, within its spread or not: worth measuring again. Regressions are among them. */
  readonly suspects: readonly Regression[];
  /** Measurements that both reports have. */
  readonly compared: number;
  /** How many times slower the machine ran the rivals, at least 1: software that did not change. */
  readonly pace: number;
  /** Whether host times were compared: those of another processor say nothing. */
  readonly hasHostTimes: boolean;
}

const keyOf = ({ operation, size, batch, runner }: Measurement): string =>
  JSON.stringify([operation, size.name, batch, runner]);

/**
 * Holds a report against an older one.
 *
 * Host time is that of the fastest round, since other work makes a round slower and never faster. It is worse when it is more
 * than 10 % and more than three combined deviations above the older one, after both were set to the same pace of the machine;
 * cycles when there are more of them at all.
 */
export function checkBaseline(before: SuiteReport, after: SuiteReport): BaselineCheck {
  const old = new Map(before.measurements.map((each) => [keyOf(each), each]));
  const pairs = after.measurements.flatMap((now) => {
    const then = old.get(keyOf(now));
    return then === undefined ? [] : [{ then, now }];
  });
  const hasHostTimes = before.machine.cpu === after.machine.cpu;
  const pace = paceOf(pairs);
  const suspects = pairs.flatMap(({ then, now }) => [
    ...(hasHostTimes ? slower(then, now, pace) : []),
    ...moreCycles(then, now),
  ]);
  const regressions = suspects.filter(({ ratio, limit }) => ratio > limit);
  return { regressions, suspects, compared: pairs.length, pace, hasHostTimes };
}

interface Pair {
  readonly then: Measurement;
  readonly now: Measurement;
}

const hostNs = ({ host }: Measurement): number =>
  (host.nsPerMessageBestRound ?? host.nsPerMessageP50).value;

/** How far the median of a measurement may be off, ns. */
const deviation = ({ host }: Measurement): number =>
  host.nsPerMessageMad.value / Math.sqrt(host.samples);

function paceOf(pairs: readonly Pair[]): number {
  const ratios = pairs
    .filter(({ now }) => now.kind === 'rival')
    .map(({ then, now }) => hostNs(now) / hostNs(then));
  // A machine that became faster excuses nothing, and accuses nobody.
  return ratios.length < LEAST_RIVALS ? 1 : Math.max(1, middle(ratios));
}

function placeOf({ operation, size, batch, runner }: Measurement) {
  return { operation, size: size.name, batch, runner };
}

function slower(then: Measurement, now: Measurement, pace: number): Regression[] {
  const [old, ns] = [hostNs(then), hostNs(now)];
  if (Math.min(then.host.samples, now.host.samples) < LEAST_TIMINGS) return [];
  const spread = (DEVIATIONS * Math.hypot(deviation(then), deviation(now) / pace)) / old;
  const [ratio, limit] = [ns / pace / old, 1 + Math.max(LEAST_SHARE, spread)];
  if (ratio <= 1 + LEAST_SHARE) return [];
  return [{ ...placeOf(now), what: 'host time', before: old, after: ns, ratio, limit }];
}

function moreCycles(then: Measurement, now: Measurement): Regression[] {
  if (then.kernel === null || now.kernel === null) return [];
  const [old, cycles] = [then.kernel.cyclesPerMessage.value, now.kernel.cyclesPerMessage.value];
  const [ratio, limit] = [cycles / old, 1 + CYCLE_SHARE];
  if (ratio <= limit) return [];
  return [{ ...placeOf(now), what: 'cycles', before: old, after: cycles, ratio, limit }];
}

/**
 * Those suspects that are regressions when they are measured again. A disturbance of seconds is gone by then; more cycles are
 * not.
 * @param again - a check of a report of the same points.
 */
export function confirmed(
  suspects: readonly Regression[],
  again: BaselineCheck,
): readonly Regression[] {
  const same = (a: Regression, b: Regression): boolean =>
    a.operation === b.operation &&
    a.size === b.size &&
    a.batch === b.batch &&
    a.runner === b.runner &&
    a.what === b.what;
  return suspects.flatMap((each) => {
    const found = again.regressions.find((other) => same(each, other));
    if (found === undefined) return [];
    return [found];
  });
}
