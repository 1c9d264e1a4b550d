import type { Device } from '../../devices/device.js';
import { modelPoints } from '../../devices/validation/model-points.js';
import type { SuiteReport, Wave } from '../../report/suite-report.js';
import type { Operation } from '../open-operation.js';
import { breakEvensOf, heldAgainst } from './break-even.js';
import { comparePoint } from './comparisons.js';
import type { Host } from './host.js';
import { pricesOf } from './machine.js';
import { LENGTH_BYTES, type Point, type PointResult } from './point.js';
import { type Ground, isSimulated, projectPoint, type SimulatedPoint } from './project-point.js';
import { synthesisOf } from './synthesis.js';

/** What a run found, before devices are projected. */
export interface Findings {
  readonly rtlift: string;
  readonly takenAt: Date;
  readonly machine: SuiteReport['machine'];
  readonly settings: SuiteReport['settings'];
  readonly operations: readonly Operation[];
  readonly points: readonly PointResult[];
  readonly waves: readonly Wave[];
  readonly compared: SuiteReport['compared'];
  readonly skipped: SuiteReport['skipped'];
  readonly complete: number;
}

export interface AssembleOptions {
  readonly devices: readonly Device[];
  readonly host: Host;
  readonly hasDevice?: (point: Point, device: string) => boolean;
}

/** Makes the report: projections, comparisons and break-evens from what was measured and simulated. */
export function assembleReport(
  findings: Findings,
  { devices, host, hasDevice = () => true }: AssembleOptions,
): SuiteReport {
  const { profile } = host;
  const { operations, points } = findings;
  const grounds = new Map<string, Ground>(
    operations.map(({ name, kernel }) => [name, { profile, synthesis: synthesisOf(kernel) }]),
  );
  const groundOf = (name: string): Ground => grounds.get(name) ?? { profile, synthesis: [] };
  const simulated = points.filter(isSimulated);
  const projections = simulated.flatMap((point) =>
    devices
      .filter(({ id }) => hasDevice(point, id))
      .flatMap((device) => projectPoint(point, device, groundOf(point.operation))),
  );
  const comparisons = simulated.flatMap((point) =>
    comparePoint(
      point.measurements,
      projections.filter((each) => isAt(each, point)),
      profile,
    ),
  );
  const scaled = bySize(simulated).flatMap((group) =>
    devices
      .filter(({ id }) => group.some((point) => hasDevice(point, id)))
      .flatMap((device) => breakEvensOf(group, device, groundOf(group[0]?.operation ?? ''))),
  );
  const breakEvens = heldAgainst(scaled, comparisons);
  return tidy({
    schema: 'rtlift-suite-1',
    takenAt: findings.takenAt.toISOString(),
    rtlift: findings.rtlift,
    machine: findings.machine,
    prices: pricesOf(host, devices),
    settings: findings.settings,
    operations: operations.map(({ name, kernel }) => ({
      name,
      rtl: { top: kernel.rtl.top, parameters: parametersOf(kernel.rtl.parameters) },
      resultBytes: kernel.output.fixedBytes ?? meanResult(simulated, name),
    })),
    measurements: points.flatMap(({ measurements }) => measurements),
    projections,
    comparisons,
    breakEvens,
    synthesis: [...grounds.values()].flatMap(({ synthesis }) => synthesis),
    models: modelPoints().map(({ isBoardKnown: _, family: __, ...point }) => point),
    waves: [...findings.waves],
    compared: findings.compared,
    skipped: [...findings.skipped, ...leftOut(points)],
    complete: findings.complete,
  });
}

function isAt(a: Point, b: Point): boolean {
  return a.operation === b.operation && a.size.name === b.size.name && a.batch === b.batch;
}

function bySize(points: readonly SimulatedPoint[]): SimulatedPoint[][] {
  const groups = new Map<string, SimulatedPoint[]>();
  for (const point of points) {
    const key = `${point.operation}/${point.size.name}`;
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  return [...groups.values()];
}

/** Mean size of the results of an operation whose results have no fixed one, over what was simulated. */
function meanResult(points: readonly SimulatedPoint[], name: string): number {
  const own = points.filter(({ operation }) => operation === name);
  const sum = (of: (point: SimulatedPoint) => number): number =>
    own.reduce((total, point) => total + of(point), 0);
  const messages = sum(({ batch }) => batch);
  return messages === 0
    ? 0
    : sum(({ batch, workload }) => workload.bytesOut - LENGTH_BYTES * batch) / messages;
}

/** JSON has no integers of 64 bits and more. */
function parametersOf(
  parameters: Operation['kernel']['rtl']['parameters'],
): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? `${value}` : value,
    ]),
  );
}

/** How many points each runner is missing from, by rule. */
function leftOut(points: readonly PointResult[]): SuiteReport['skipped'] {
  const counts = new Map<string, { operation: string; runner: string; rule: string; n: number }>();
  for (const { operation, leftOut: rules } of points) {
    for (const { runner, reason: rule } of rules) {
      const key = JSON.stringify([operation, runner, rule]);
      const entry = counts.get(key) ?? { operation, runner, rule, n: 0 };
      entry.n++;
      counts.set(key, entry);
    }
  }
  return [...counts.values()].map(({ operation, runner, rule, n }) => {
    const all = points.filter((point) => point.operation === operation).length;
    return { operation, runner, reason: `${n} of ${all} points: ${rule}` };
  });
}

const DIGITS = 6;

/** Digits of a figure beyond the sixth say nothing and make a file twice as long. */
function tidy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(tidy) as T;
  if (typeof value !== 'object' || value === null) return value;
  const isFigure = 'provenance' in value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      isFigure && typeof each === 'number' ? Number(each.toPrecision(DIGITS)) : tidy(each),
    ]),
  ) as T;
}
