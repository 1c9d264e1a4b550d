import type { CpuProfile } from '../../devices/cpu-profiles.js';
import {
  exactly,
  over,
  type Range,
  rangeOf,
  ratioOf,
  scale,
  sum,
  toFigure,
} from '../../devices/range.js';
import type { Figure } from '../../figure.js';
import type { Comparison, Measurement, Projection } from '../../report/suite-report.js';
import { isDisturbed, quietTime, type ThreadTimes } from './quiet-time.js';

/**
 * The fastest software at a point: a rival, or the golden model, which is plain JavaScript; `null` where neither was
 * measured.
 */
export function bestSoftware(measurements: readonly Measurement[]): Measurement | null {
  const software = measurements.filter(
    ({ kind, runner }) => kind === 'rival' || runner === 'javascript',
  );
  return software.reduce<Measurement | null>(
    (best, each) => (best === null || timeRange(each).value < timeRange(best).value ? each : best),
    null,
  );
}

/** Host time of a message of software, which is one thread that waits for nothing: {@link quietTime}. */
export function timeRange(measurement: Measurement): Range {
  return quietTime(threadTimes(measurement));
}

/** Whether other work on the machine stood in the way of the software: {@link isDisturbed}. */
export function wasDisturbed(measurement: Measurement): boolean {
  return isDisturbed(threadTimes(measurement));
}

function threadTimes({ host }: Measurement): ThreadTimes {
  const p50 = host.nsPerMessageP50.value;
  return {
    best: host.nsPerMessageBestRound?.value ?? p50,
    p50,
    mad: host.nsPerMessageMad.value,
    cpu: host.cpuNsPerMessage.value,
  };
}

/** Holds every projection of a point against the best software on the same messages. */
export function comparePoint(
  measurements: readonly Measurement[],
  projections: readonly Projection[],
  { coreWatts }: CpuProfile,
): Comparison[] {
  const rival = bestSoftware(measurements);
  if (rival === null) return [];
  const disturbed = wasDisturbed(rival);
  return projections.flatMap(({ fits, figures, ...at }): Comparison[] => {
    if (figures === null || fits === false) return [];
    const { operation, size, batch, device, link } = at;
    const deviceNs = rangeOf(perMessage(figures.time.total, batch));
    return [
      {
        operation,
        size,
        batch,
        device,
        link,
        fits,
        rival: rival.runner,
        ...(disturbed ? { isDisturbed: true } : {}),
        performanceRatio: toFigure(over(timeRange(rival), deviceNs), '1'),
        powerRatio: powerRatioOf(figures, rival, coreWatts),
        energyRatio: energyRatioOf(figures, rival, coreWatts),
      },
    ];
  });
}

type Figures = NonNullable<Projection['figures']>;

/** Watts of the device over those of the core that the software keeps busy. */
function powerRatioOf(figures: Figures, { host }: Measurement, coreWatts: Figure): Figure {
  const { joulesPerMessage, nsPerMessageP50 } = host;
  if (joulesPerMessage.provenance === 'measured') {
    const watts = scale(rangeOf(joulesPerMessage), 1e9 / nsPerMessageP50.value);
    return ratioOf(figures.watts, toFigure(watts, 'W', 'measured'));
  }
  return toFigure(overCore(figures.watts, figures.hostWatts, coreWatts), '1');
}

/** Messages a joule of the device over those of the software. */
function energyRatioOf(figures: Figures, { host }: Measurement, coreWatts: Figure): Figure {
  if (host.joulesPerMessage.provenance === 'measured') {
    return ratioOf(figures.messagesPerJoule, host.messagesPerJoule);
  }
  // J over the watts of a core are seconds of a core.
  const { joulesPerMessage, hostJoulesPerMessage } = figures;
  const device = overCore(joulesPerMessage, hostJoulesPerMessage, coreWatts);
  return toFigure(over(exactly(host.cpuNsPerMessage.value / 1e9), device), '1');
}

/**
 * What a device takes over the watts of a core. The part of the host's core is that many of the same watts, whatever they are: the
 * rest alone is divided by their range.
 */
function overCore(all: Figure, host: Figure | undefined, coreWatts: Figure): Range {
  const core = rangeOf(coreWatts);
  if (host === undefined) return over(rangeOf(all), core);
  const [whole, own] = [rangeOf(all), rangeOf(host)];
  const at = (bound: keyof Range): number => Math.max(0, whole[bound] - own[bound]);
  const rest = { low: at('low'), value: at('value'), high: at('high') };
  const cores = {
    low: own.low / core.low,
    value: own.value / core.value,
    high: own.high / core.high,
  };
  return sum(over(rest, core), cores);
}

function perMessage(
  { value, low = value, high = value, unit, provenance }: Figure,
  batch: number,
): Figure {
  return { value: value / batch, low: low / batch, high: high / batch, unit, provenance };
}
