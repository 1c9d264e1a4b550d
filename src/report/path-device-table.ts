import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Figure } from '../figure.js';
import { formatFigure, formatNumber, scaled } from './format.js';
import type { Measurement, Projection, SuiteReport } from './suite-report.js';

/** One operation on one batch: what the table is about. */
export interface TablePlace {
  readonly operation: string;
  readonly size: string;
  readonly batch: number;
}

const isAt =
  ({ operation, size, batch }: TablePlace) =>
  (each: Measurement | Projection): boolean =>
    each.operation === operation && each.size.name === size && each.batch === batch;

/**
 * A table by path and device of one operation: messages a second, what bounds them, joules and USD. Host paths are measured
 * here, devices modelled; a simulator's speed is marked as such and never stands for a device.
 */
export function pathDeviceTable(
  { measurements, projections }: Pick<SuiteReport, 'measurements' | 'projections'>,
  place: TablePlace,
): string {
  const host = measurements.filter(isAt(place));
  const devices = projections.filter(isAt(place));
  const [first] = host;
  const bytes = first ? `, ${formatNumber(first.size.bytes)} B each` : '';
  const table = new Table({
    head: ['path or device', 'messages/s', 'bound', 'µJ/message', 'messages/J', 'USD/10^9'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const each of host) table.push(hostRow(each));
  for (const each of devices) table.push(deviceRow(each));
  const heading = `${place.operation}: ${place.batch.toLocaleString('en-US')} messages a batch (${place.size}${bytes}), by path and device`;
  return [styleText('bold', heading), table.toString(), ...notes(host, devices)].join('\n');
}

/** Where the figures come from, and which device the kernel does not fit on, or is not known to. */
function notes(host: readonly Measurement[], devices: readonly Projection[]): string[] {
  const clocks = new Map<string, string>();
  const missing = new Map<string, string>();
  const unknown = new Map<string, string>();
  for (const { device, fits, figures, reason } of devices) {
    if (fits === null) unknown.set(device, reason.split('; ')[0] ?? reason);
    if (figures === null) missing.set(device, reason);
    else clocks.set(device, figures.clock.provenance === 'assumed' ? 'assumed' : 'by synthesis');
  }
  const withClock = (how: string): string[] =>
    [...clocks].filter(([, each]) => each === how).map(([device]) => device);
  const clockText = ['by synthesis', 'assumed']
    .map((how) => ({ how, names: withClock(how) }))
    .filter(({ names }) => names.length > 0)
    .map(({ how, names }) => `clock ${how} for ${names.join(', ')}`);
  return [
    ...(host.length > 0 ? [`Host: measured here; energy is ${energyOf(host)}.`] : []),
    ...(clocks.size > 0 ? [`Devices: modelled, (low..high); ${clockText.join('; ')}.`] : []),
    ...[...missing].map(([device, reason]) => `Not on ${device}: ${reason}.`),
    ...[...unknown].map(([device, reason]) => `Not known to fit on ${device}: ${reason}.`),
  ];
}

function energyOf(host: readonly Measurement[]): string {
  const isMeasured = host.every((each) => each.host.joulesPerMessage.provenance === 'measured');
  return isMeasured
    ? 'read from the processor, (above its rest..all that it took)'
    : 'CPU time by the watts of a core, which are assumed';
}

const microjoules = (joules: Figure): string => formatFigure(scaled(joules, 1e6, 'µJ'));
const money = (usd: Figure | null): string => (usd === null ? '-' : formatFigure(usd));

function hostRow({ runner, kernel, host }: Measurement): string[] {
  return [
    kernel === null ? runner : `${runner} (the simulator itself)`,
    formatFigure(host.messagesPerSecond),
    kernel === null ? 'host' : 'simulator',
    microjoules(host.joulesPerMessage),
    formatFigure(host.messagesPerJoule),
    money(host.usdPerBillion),
  ];
}

function deviceRow({ device, link, fits, figures }: Projection): string[] {
  const name = `${device} via ${link}${fits === null ? ' (fit not known)' : ''}`;
  if (figures === null) return [name, '-', 'does not fit', '-', '-', '-'];
  const { messagesPerSecond, bound, joulesPerMessage, messagesPerJoule, usdPerBillion } = figures;
  return [
    name,
    formatFigure(messagesPerSecond),
    bound,
    microjoules(joulesPerMessage),
    formatFigure(messagesPerJoule),
    money(usdPerBillion),
  ];
}
