import type { CpuProfile } from '../../devices/cpu-profiles.js';
import { over, type Range, rangeOf, ratioOf, scale, toFigure } from '../../devices/range.js';
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
        powerRatio: ratioOf(figures.watts, wattsOf(rival, coreWatts)),
        energyRatio: ratioOf(figures.messagesPerJoule, rival.host.messagesPerJoule),
      },
    ];
  });
}

/** What software takes while it runs: joules over time where they were measured, else the declared watts of a core. */
function wattsOf({ host }: Measurement, coreWatts: Figure): Figure {
  const { joulesPerMessage, nsPerMessageP50 } = host;
  if (joulesPerMessage.provenance !== 'measured') return coreWatts;
  const watts = scale(rangeOf(joulesPerMessage), 1e9 / nsPerMessageP50.value);
  return toFigure(watts, 'W', 'measured');
}

function perMessage(
  { value, low = value, high = value, unit, provenance }: Figure,
  batch: number,
): Figure {
  return { value: value / batch, low: low / batch, high: high / batch, unit, provenance };
}
