import type { CpuProfile } from '../../devices/cpu-profiles.js';
import { over, type Range, rangeOf, ratioOf, scale, toFigure } from '../../devices/range.js';
import type { Figure } from '../../figure.js';
import type { Comparison, Measurement, Projection } from '../../report/suite-report.js';

/**
 * The fastest software at a point: a rival, or the golden model, which is plain JavaScript; `null` where neither was
 * measured.
 */
export function bestSoftware(measurements: readonly Measurement[]): Measurement | null {
  const software = measurements.filter(
    ({ kind, runner }) => kind === 'rival' || runner === 'javascript',
  );
  return software.reduce<Measurement | null>(
    (best, each) =>
      best === null || each.host.nsPerMessageP50.value < best.host.nsPerMessageP50.value
        ? each
        : best,
    null,
  );
}

/**
 * Host time of a message: the median of the fastest round, up to that of all and their spread. A busy machine slows software down
 * and no modelled device, so the slower rounds would speak for the device.
 */
export function timeRange({ host }: Measurement): Range {
  const [p50, mad] = [host.nsPerMessageP50.value, host.nsPerMessageMad.value];
  const best = Math.min(host.nsPerMessageBestRound?.value ?? p50, p50);
  // Half as fast is the least that a range takes off, however wide its spread.
  return { low: Math.max(best - mad, best / 2), value: best, high: p50 + mad };
}

/** Holds every projection of a point against the best software on the same messages. */
export function comparePoint(
  measurements: readonly Measurement[],
  projections: readonly Projection[],
  { coreWatts }: CpuProfile,
): Comparison[] {
  const rival = bestSoftware(measurements);
  if (rival === null) return [];
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
