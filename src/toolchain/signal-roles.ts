import { type ProcessReading, readProcess } from './process-reading.js';
import { readProcesses } from './xml-processes.js';

/** What a signal of a flattened design is in hardware. */
export interface SignalRole {
  readonly kind: 'register' | 'memory' | 'net' | 'constant' | 'clock';
  /** Of a register or memory: the signal whose edge it waits for. */
  readonly clock: string | null;
  /** The same for signals that are one and the same: joined by hierarchy, or copied as they are. */
  readonly wire: string;
}

/** The role of each signal, by its name in the flattened design. */
export type SignalRoles = ReadonlyMap<string, SignalRole>;

/** Signals that are one and the same. */
class Wires {
  readonly #parents = new Map<string, string>();

  of(name: string): string {
    let at = name;
    for (let next = this.#parents.get(at); next !== undefined; next = this.#parents.get(at)) {
      at = next;
    }
    return at;
  }

  join(a: string, b: string): void {
    const [from, to] = [this.of(a), this.of(b)];
    if (from !== to) this.#parents.set(from, to);
  }
}

/**
 * Reads from `verilator --xml-only --flatten` which signals are registers, which memories, and which neither.
 *
 * A register is what a clocked process assigns, unless it is a value on the way: assigned by `=` before each use, and
 * used there only. A memory is an array of registers of which a signal chooses the element at each assignment: where some
 * assignment is of a fixed element, or of all of them in a loop, no RAM could do it.
 * @param top - name of the top module, below which aliases are.
 */
export function readSignalRoles(flatXml: string, top: string): SignalRoles {
  const { signals, processes } = readProcesses(flatXml);
  const wires = new Wires();
  const readings: ProcessReading[] = [];
  for (const process of processes) {
    const [from, to] = process.children;
    const isCopy = process.tag !== 'always' && from?.tag === 'varref' && to?.tag === 'varref';
    // The second name of an alias is below the top module, whether or not it says so.
    const isBelow = process.tag !== 'assignalias' || to?.name.startsWith(`${top}.`) === true;
    if (isCopy) wires.join(from.name, isBelow ? to.name : `${top}.${to.name}`);
    if (process.tag !== 'assignalias') readings.push(readProcess(process));
  }
  const ports = new Set(signals.flatMap(({ name, isPort }) => (isPort ? [wires.of(name)] : [])));
  const inputs = signals.flatMap(({ name, isInput }) => (isInput ? [wires.of(name)] : []));

  const clocks = new Map<string, string>();
  const memories = new Set<string>();
  for (const reading of readings) {
    const clock = clockOf(reading);
    if (clock === null) continue;
    for (const name of registersOf(reading, readings, wires, ports)) {
      clocks.set(wires.of(name), clock);
    }
  }
  const isFixed = new Set<string>();
  for (const reading of readings) {
    for (const [array, writes] of reading.elements) {
      const isChosen = writes.every((names) => names.some((name) => !reading.counters.has(name)));
      (isChosen ? memories : isFixed).add(wires.of(array));
    }
  }
  for (const array of isFixed) memories.delete(array);
  const live = liveWires([...inputs, ...clocks.keys()], readings, wires);
  const isClock = new Set([...clocks.values()].map((name) => wires.of(name)));

  const roleOf = (wire: string): SignalRole => {
    const clock = clocks.get(wire) ?? null;
    if (isClock.has(wire)) return { kind: 'clock', clock: null, wire };
    if (clock !== null) return { kind: memories.has(wire) ? 'memory' : 'register', clock, wire };
    return { kind: live.has(wire) ? 'net' : 'constant', clock: null, wire };
  };
  return new Map(signals.map(({ name }) => [name, roleOf(wires.of(name))]));
}

/** The edge that is not an asynchronous reset: those are read in the process as well. */
function clockOf({ edges, reads }: ProcessReading): string | null {
  return edges.find((name) => !reads.has(name)) ?? edges[0] ?? null;
}

function registersOf(
  reading: ProcessReading,
  readings: readonly ProcessReading[],
  wires: Wires,
  ports: ReadonlySet<string>,
): string[] {
  const { delayed, assigned, exposed, counters } = reading;
  const kept = [...assigned].filter((name) => {
    if (counters.has(name) || name.startsWith('__V')) return false;
    const isReadElsewhere = (): boolean =>
      readings.some((other) => other !== reading && other.reads.has(name));
    return exposed.has(name) || ports.has(wires.of(name)) || isReadElsewhere();
  });
  return [...delayed, ...kept];
}

/** What can change at all: all that depends on these. */
function liveWires(
  from: readonly string[],
  readings: readonly ProcessReading[],
  wires: Wires,
): Set<string> {
  const live = new Set(from);
  for (let size = -1; size !== live.size; ) {
    size = live.size;
    for (const { reads, assigned } of readings) {
      if (![...reads].some((name) => live.has(wires.of(name)))) continue;
      for (const name of assigned) live.add(wires.of(name));
    }
  }
  return live;
}
