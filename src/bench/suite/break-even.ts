import { breakEven } from '../../devices/break-even.js';
import type { Device } from '../../devices/device.js';
import { toFigure } from '../../devices/range.js';
import type { BreakEven, Comparison } from '../../report/suite-report.js';
import { bestSoftware, timeRange, wasDisturbed } from './comparisons.js';
import { onDevice } from './on-device.js';
import { type Ground, projectionInput, type SimulatedPoint } from './project-point.js';

/**
 * Cycles of a batch that do not grow with it, from the smallest and the largest batch that were simulated: what is left
 * when the slope between them is taken off the smaller one.
 *
 * Of one batch alone it is the latency, less what one more message takes.
 * @param points - of one operation and size, at least one.
 */
export function fixedCyclesOf(points: readonly SimulatedPoint[]): number {
  const sorted = [...points].sort((a, b) => a.batch - b.batch);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return 0;
  const [few, many] = [least.workload, most.workload];
  const fixed =
    least.batch === most.batch
      ? many.latencyCycles - many.cycles / most.batch
      : few.cycles - (least.batch * (many.cycles - few.cycles)) / (most.batch - least.batch);
  return Math.max(0, Math.min(fixed, few.cycles));
}

/**
 * The smallest batch at which each link of a device takes no longer a message than the best software, from the largest
 * batch that was simulated.
 * @param points - of one operation and size.
 */
export function breakEvensOf(
  points: readonly SimulatedPoint[],
  device: Device,
  ground: Ground,
): BreakEven[] {
  const largest = points.reduce((a, b) => (b.batch > a.batch ? b : a));
  const rival = bestSoftware(largest.measurements);
  if (rival === null) return [];
  const there = onDevice(device, ground.synthesis);
  return device.links.map((link) => {
    const { operation, size } = largest;
    const place = {
      operation,
      size,
      device: device.id,
      link: link.id,
      fits: there.fits,
      rival: rival.runner,
    };
    if (there.fits === false)
      return { ...place, batch: null, latencyBatch: null, why: there.reason ?? '' };
    const input = {
      ...projectionInput(largest, device, link, there, ground),
      fixedCycles: fixedCyclesOf(points),
      rivalNs: toFigure(timeRange(rival), 'ns', 'measured'),
    };
    const { batch, range, why } = breakEven(input);
    const { batch: latencyBatch } = breakEven({ ...input, measure: 'latency' });
    const bound = (value: number | null): string => (value === null ? 'never' : `${value}`);
    return {
      ...place,
      batch,
      latencyBatch,
      why: `${there.reason === null ? '' : `${there.reason}; `}${why}; with every part at its best ${bound(range.low)}, at its worst ${bound(range.high)}${wasDisturbed(rival) ? '; other work disturbed the software' : ''}`,
    };
  });
}

/**
 * Holds break-evens against the batches that were simulated: they are scaled from the largest one, in which what a call costs
 * the host has vanished. One that a simulated batch contradicts moves to the first batch from which none does.
 */
export function heldAgainst(
  breakEvens: readonly BreakEven[],
  comparisons: readonly Comparison[],
): BreakEven[] {
  return breakEvens.map((entry) => {
    const { batch } = entry;
    if (batch === null) return entry;
    const same = comparisons.filter(
      ({ operation, size, device, link }) =>
        operation === entry.operation &&
        size.name === entry.size.name &&
        device === entry.device &&
        link === entry.link,
    );
    const slower = same.filter((at) => at.performanceRatio.value < 1).map((at) => at.batch);
    const last = Math.max(0, ...slower);
    if (last < batch) return entry;
    const later = same.map((at) => at.batch).filter((value) => value > last);
    const next = later.length > 0 ? Math.min(...later) : null;
    const what = `scaled from the largest batch ${batch}, but a batch of ${last} was simulated and is slower`;
    // One batch alone takes no less than its turn in a stream.
    const { latencyBatch: alone } = entry;
    const latencyBatch = alone === null || next === null ? null : Math.max(alone, next);
    return { ...entry, batch: next, latencyBatch, why: `${what}; ${entry.why}` };
  });
}
