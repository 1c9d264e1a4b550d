import { RtliftError } from '../errors.js';
import { type CellDelays, type DelayTable, isCarryWire, type Pin } from './delays.js';
import type { Bit, MappedCell, MappedModule } from './mapped-netlist.js';
import type { CriticalPath } from './row.js';

/** Where the signal of a net comes from. */
interface Driver {
  readonly cell: MappedCell;
  readonly delays: CellDelays;
  readonly pin: Pin;
}

/** The latest arrival at a net, and the pin before it. */
interface Arrival {
  readonly ns: number;
  readonly from: Step | null;
}

/** A cell on a path: the net that enters it and the pins that it takes. */
interface Step {
  readonly net: number;
  readonly input: Pin;
  readonly driver: Driver;
}

const UNNAMED = 'a net without a name';

/** Where a path ends. */
interface PathEnd {
  readonly ns: number;
  readonly net: number;
  readonly to: Pin;
  readonly name: string;
}

/** A way through a cell, and its delay. */
interface Arc {
  readonly step: Step;
  readonly ns: number;
}

/** The longest register-to-register path of a mapped module. */
export interface PathTime {
  readonly ns: number;
  readonly netNs: number;
  readonly critical: CriticalPath;
}

/**
 * Levelised static timing of a mapped netlist: arrival of a net is the latest of its driver's inputs plus net and cell
 * delay; a path ends where a register or memory takes it. Ports count as registers. One clock, no clock skew.
 * @returns `null` where no path ends in a register or port.
 * @throws {@link RtliftError} `ERR_RTLIFT_SYNTHESIS_FAILED` when logic feeds itself without a register.
 */
export function longestPath(module: MappedModule, table: DelayTable): PathTime | null {
  const { drivers, starts } = findDrivers(module, table);
  const arrivals = new Map<number, Arrival>();
  const names = nameNets(module);

  const hop = (net: number, to: Pin): number => {
    const driver = drivers.get(net);
    const isFree = driver && (driver.delays.isAbsorbed || isCarryWire(driver.pin, to));
    return isFree ? 0 : table.netNs;
  };

  /** Arrival at a net, by a walk with its own stack: chains of thousands of cells would overflow the call stack. */
  const resolve = (root: number): void => {
    const stack = [root];
    // Those that wait for nets before them: exactly the ones that lead to the top of the stack.
    const open = new Set<number>();
    while (stack.length > 0) {
      const net = stack.at(-1) as number;
      const before = arrivals.has(net) ? [] : unresolved(net);
      const looped = before.find((other) => open.has(other));
      if (looped !== undefined) throw loopError(names.get(looped));
      if (before.length > 0) {
        open.add(net);
        stack.push(...before);
        continue;
      }
      if (!arrivals.has(net)) arrivals.set(net, latest(net));
      open.delete(net);
      stack.pop();
    }
  };

  const arcsTo = (net: number): readonly Arc[] => {
    const driver = drivers.get(net);
    if (!driver?.delays.arc) return [];
    const arcs: Arc[] = [];
    for (const [input, before] of inputsOf(driver.cell)) {
      const ns = driver.delays.arc(input, driver.pin, driver.cell);
      if (ns !== null) arcs.push({ step: { net: before, input, driver }, ns });
    }
    return arcs;
  };
  const unresolved = (net: number): number[] =>
    arcsTo(net)
      .map(({ step }) => step.net)
      .filter((before) => !arrivals.has(before));
  const latest = (net: number): Arrival => {
    let best: Arrival = { ns: starts.get(net) ?? 0, from: null };
    for (const { step, ns } of arcsTo(net)) {
      const at = (arrivals.get(step.net)?.ns ?? 0) + hop(step.net, step.input) + ns;
      if (at > best.ns) best = { ns: at, from: step };
    }
    return best;
  };

  const found: { worst: PathEnd | null } = { worst: null };
  const consider = (net: Bit, to: Pin, setup: number, name: () => string): void => {
    if (typeof net !== 'number') return;
    resolve(net);
    const arrival = arrivals.get(net);
    if (!arrival || (!drivers.has(net) && !starts.has(net))) return;
    const ns = arrival.ns + hop(net, to) + setup;
    if (!found.worst || ns > found.worst.ns) found.worst = { ns, net, to, name: name() };
  };
  for (const cell of Object.values(module.cells)) {
    const delays = table.of(cell.type);
    if (!delays?.setup) continue;
    for (const [pin, net] of inputsOf(cell)) {
      const setup = delays.setup(pin, cell);
      if (setup !== null) consider(net, pin, setup, () => nameOfRegister(cell, names));
    }
  }
  for (const [name, { direction, bits }] of Object.entries(module.ports)) {
    if (direction !== 'output') continue;
    bits.forEach((net, bit) => {
      consider(net, { name, bit }, table.portSetupNs, () => name);
    });
  }
  return found.worst && describe(found.worst, arrivals, names, hop);
}

/** Nets that logic drives, and nets that a register, memory or port starts. */
function findDrivers(
  module: MappedModule,
  table: DelayTable,
): { drivers: Map<number, Driver>; starts: Map<number, number> } {
  const drivers = new Map<number, Driver>();
  const starts = new Map<number, number>();
  for (const { direction, bits } of Object.values(module.ports)) {
    if (direction === 'output') continue;
    for (const net of bits) if (typeof net === 'number') starts.set(net, table.portClockToOutNs);
  }
  for (const cell of Object.values(module.cells)) {
    const delays = table.of(cell.type);
    if (!delays) continue;
    for (const [name, bits] of Object.entries(cell.connections)) {
      if (cell.port_directions?.[name] !== 'output') continue;
      bits.forEach((net, bit) => {
        if (typeof net !== 'number') return;
        const pin = { name, bit };
        if (delays.arc) drivers.set(net, { cell, delays, pin });
        const start = delays.clockToOut?.(pin, cell) ?? null;
        if (start !== null) starts.set(net, start);
      });
    }
  }
  return { drivers, starts };
}

function* inputsOf({ connections, port_directions }: MappedCell): Generator<[Pin, number]> {
  for (const [name, bits] of Object.entries(connections)) {
    if (port_directions?.[name] !== 'input') continue;
    for (const [bit, net] of bits.entries())
      if (typeof net === 'number') yield [{ name, bit }, net];
  }
}

/** Suffixes that Yosys adds where it names a net after the cells beside it. */
const DERIVED = /_(LUT\d|SB_[A-Z]|TRELLIS_|CCU2C|CARRY\d|FD[RSCP]E|PFUMX|L6MUX|DP16KD).*$/;

/** Without what the source does not say: Yosys' suffixes, and the names of unnamed generate blocks. */
const plain = (name: string): string => name.replace(DERIVED, '').replaceAll(/\bgenblk\d+\./g, '');

/** Names of nets, the source's own where there is one. */
function nameNets(module: MappedModule): Map<number, string> {
  const rankOf = (name: string, isHidden: boolean): number =>
    isHidden ? 2 : DERIVED.test(name) ? 1 : 0;
  const best = new Map<number, { readonly rank: number; readonly name: string }>();
  for (const [name, { hide_name: hidden, bits }] of Object.entries(module.netnames)) {
    const rank = rankOf(name, hidden !== 0);
    bits.forEach((net, i) => {
      if (typeof net !== 'number' || rank >= (best.get(net)?.rank ?? 3)) return;
      const index = bits.length > 1 && rank === 0 ? `[${i}]` : '';
      best.set(net, { rank, name: rank === 2 ? UNNAMED : `${plain(name)}${index}` });
    });
  }
  return new Map([...best].map(([net, { name }]) => [net, name]));
}

function nameOfRegister(
  { connections, port_directions }: MappedCell,
  names: Map<number, string>,
): string {
  for (const [pin, bits] of Object.entries(connections)) {
    if (port_directions?.[pin] !== 'output') continue;
    const net = bits.find((bit) => typeof bit === 'number');
    if (typeof net === 'number') return names.get(net) ?? 'a register without a name';
  }
  return 'a memory';
}

function describe(
  worst: PathEnd,
  arrivals: ReadonlyMap<number, Arrival>,
  names: ReadonlyMap<number, string>,
  hop: (net: number, to: Pin) => number,
): PathTime {
  let luts = 0;
  let dsps = 0;
  let carryBits = 0;
  let chains = 0;
  let netNs = hop(worst.net, worst.to);
  let net = worst.net;
  for (;;) {
    const from = arrivals.get(net)?.from;
    if (!from) break;
    const { driver, input } = from;
    const hopNs = hop(from.net, input);
    netNs += hopNs;
    if (driver.delays.kind === 'carry') {
      carryBits += driver.delays.carryBits?.(input, driver.pin) ?? 1;
      if (hopNs > 0) chains++;
    } else if (driver.delays.kind === 'dsp') {
      dsps++;
    } else if (!driver.delays.isAbsorbed) {
      luts++;
    }
    net = from.net;
  }
  const carry = carryBits > 0 ? ` + ${carryBits} carry bits` : '';
  const dsp = dsps > 0 ? ` + ${dsps} DSP` : '';
  return {
    ns: worst.ns,
    netNs,
    critical: {
      from: names.get(net) ?? UNNAMED,
      to: worst.name,
      levels: luts + dsps + chains,
      text: `${luts} LUT${dsp}${carry}, ${worst.ns.toFixed(2)} ns of which ${netNs.toFixed(2)} ns net`,
    },
  };
}

function loopError(net: string | undefined): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_SYNTHESIS_FAILED',
    `logic feeds itself without a register, through ${net ?? UNNAMED}`,
    { net },
  );
}
