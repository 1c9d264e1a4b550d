import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Device } from '../../devices/device.js';
import { figure } from '../../figure.js';
import type { SuiteReport } from '../../report/suite-report.js';
import type { Host } from './host.js';

/** Ticks of all processors since boot. */
interface Ticks {
  readonly all: number;
  /** Taken by other guests of the same host. */
  readonly stolen: number;
}

/** How busy the machine is at one moment. */
export interface LoadLook {
  /** Load average of one minute. */
  readonly load: number;
  /** `null` where the system does not say. */
  readonly ticks: Ticks | null;
}

const STEAL = 7;

/** @see proc(5), /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal, then guest times, which user holds */
export function parseTicks(stat: string): Ticks | null {
  const line = stat.split('\n').find((each) => each.startsWith('cpu '));
  const numbers =
    line
      ?.trim()
      .split(/\s+/)
      .slice(1, STEAL + 2)
      .map(Number) ?? [];
  if (numbers.length <= STEAL || numbers.some(Number.isNaN)) return null;
  return { all: numbers.reduce((sum, ticks) => sum + ticks, 0), stolen: numbers[STEAL] ?? 0 };
}

export function lookAtLoad(): LoadLook {
  const load = loadavg()[0] ?? 0;
  try {
    return { load, ticks: parseTicks(readFileSync('/proc/stat', 'utf8')) };
  } catch {
    return { load, ticks: null };
  }
}

/** A machine is busy for a run of one thread and a simulator above this load a core. */
const BUSY_SHARE = 0.75;
const STOLEN_SHARE = 0.02;

/** Describes the machine of a run, with an honest word on how busy it was. */
export function machineOf(before: LoadLook, after: LoadLook, host: Host): SuiteReport['machine'] {
  const cores = availableParallelism();
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    loadBefore: before.load,
    loadAfter: after.load,
    note: `${loadNote(before, after, cores)} ${energyNote(host)}`,
    core: coreOf(host),
  };
}

function coreOf({ profile, energy }: Host): SuiteReport['machine']['core'] {
  const { name, coreWatts: watts, source } = profile;
  const restWatts = energy && figure(energy.restWatts, 'W', 'measured');
  return { name, watts, source, energy: energy ? 'rapl' : 'watts', restWatts };
}

/** What the joules of software rest on. */
export function energyNote({ profile, energy }: Host): string {
  const { name, coreWatts, source } = profile;
  const { value, low = value, high = value, unit, provenance } = coreWatts;
  const range = low === high ? '' : `${low.toFixed(1)} to ${high.toFixed(1)}, `;
  const declared = `CPU time at ${value.toFixed(1)} ${unit} a core (${range}${provenance}; ${name}: ${source})`;
  if (energy === null) return `Joules of software: ${declared}.`;
  return `Joules of software: read from the processor (RAPL), from what is above the ${energy.restWatts.toFixed(1)} W it takes at rest to all that it took; where it saw too little, ${declared}.`;
}

/** What an hour costs: of a core that runs software, and of the devices that have a price. */
export function pricesOf(
  { corePrice }: Host,
  devices: readonly Pick<Device, 'id' | 'price'>[],
): SuiteReport['prices'] {
  const all = [{ id: 'cpu', price: corePrice }, ...devices];
  return all.flatMap(({ id, price }) => (price === null ? [] : { of: id, ...price }));
}

export function loadNote(before: LoadLook, after: LoadLook, cores: number): string {
  const [start, end] = [before.load, after.load];
  const stolen =
    before.ticks && after.ticks
      ? (after.ticks.stolen - before.ticks.stolen) / Math.max(1, after.ticks.all - before.ticks.all)
      : null;
  const parts = [
    `load average ${start.toFixed(2)} before and ${end.toFixed(2)} after, on ${cores} core${cores === 1 ? '' : 's'}`,
  ];
  if (stolen !== null)
    parts.push(`${(stolen * 100).toFixed(1)} % of the time stolen by other guests`);
  // The load at the start is none of ours; a run of its own loads about two cores by its end.
  const isBusy = start > cores * BUSY_SHARE || end > cores + 1;
  const isStolen = stolen !== null && stolen > STOLEN_SHARE;
  const verdict =
    isBusy || isStolen
      ? 'the machine was busy with other work, so host times are too long and spread, and ratios favour devices; cycles and projected kernel times are not touched by it'
      : 'the machine was quiet at the start';
  return `${parts.join(', ')}: ${verdict}.`;
}
