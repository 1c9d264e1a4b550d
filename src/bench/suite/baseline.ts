import type { Measurement, SuiteReport } from '../../report/suite-report.js';
import { middle } from './statistics.js';

/** Slower than this share of before is a regression, unless the timings themselves spread more. */
const LEAST_SHARE = 0.1;
/** Combined median absolute deviations that a difference must exceed. */
const DEVIATIONS = 3;
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
 * Host time is worse when its median is more than 10 % and more than three combined deviations above the older one, after
 * both were set to the same pace of the machine; cycles when there are more of them at all.
 */
export function checkBaseline(before: SuiteReport, after: SuiteReport): BaselineCheck {
  const old = new Map(before.measurements.map((each) => [keyOf(each), each]));
  const pairs = after.measurements.flatMap((now) => {
    const then = old.get(keyOf(now));
    return then === undefined ? [] : [{ then, now }];
  });
  const hasHostTimes = before.machine.cpu === after.machine.cpu;
  const pace = paceOf(pairs);
  const regressions = pairs.flatMap(({ then, now }) => [
    ...(hasHostTimes ? slower(then, now, pace) : []),
    ...moreCycles(then, now),
  ]);
  return { regressions, compared: pairs.length, pace, hasHostTimes };
}

interface Pair {
  readonly then: Measurement;
  readonly now: Measurement;
}

const hostNs = ({ host }: Measurement): number => host.nsPerMessageP50.value;

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
  const [oldMad, mad] = [then, now].map(({ host }) => host.nsPerMessageMad.value) as [
    number,
    number,
  ];
  const spread = (DEVIATIONS * Math.hypot(oldMad, mad / pace)) / old;
  const [ratio, limit] = [ns / pace / old, 1 + Math.max(LEAST_SHARE, spread)];
  if (ratio <= limit) return [];
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
 * Those regressions that measuring again finds again. A disturbance of seconds is gone by then; more cycles are not.
 * @param again - a check of a report of the same points.
 */
export function confirmed(
  regressions: readonly Regression[],
  again: BaselineCheck,
): readonly Regression[] {
  const same = (a: Regression, b: Regression): boolean =>
    a.operation === b.operation &&
    a.size === b.size &&
    a.batch === b.batch &&
    a.runner === b.runner &&
    a.what === b.what;
  return regressions.flatMap((each) => {
    const found = again.regressions.find((other) => same(each, other));
    if (found === undefined) return [];
    // The better of the two is nearer to what the code can do.
    return [found.ratio < each.ratio ? found : each];
  });
}
