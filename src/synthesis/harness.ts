import type { Bit, MappedCell, MappedModule } from './mapped-netlist.js';

/** A mapped iCE40 design behind shift registers, and what they add. */
export interface Harness {
  /** What nextpnr reads. */
  readonly json: string;
  /** Logic cells of the harness: one for each bit of the ports, the clocks aside. */
  readonly logicCells: number;
}

/** Pins by which cells of the iCE40 take a clock. */
const CLOCK_PINS = ['C', 'RCLK', 'WCLK', 'CLK'];

/** Nets that clock something, the most used first. */
function clocksOf(module: MappedModule): Bit[] {
  const uses = new Map<Bit, number>();
  for (const { connections } of Object.values(module.cells)) {
    for (const pin of CLOCK_PINS) {
      const bit = connections[pin]?.[0];
      if (typeof bit === 'number') uses.set(bit, (uses.get(bit) ?? 0) + 1);
    }
  }
  return [...uses].sort(([, a], [, b]) => b - a).map(([bit]) => bit);
}

/** How many ports of the design share a register of the harness. */
export interface Sharing {
  readonly inputs: number;
  /** 1 to 3: what a LUT of four inputs takes beside the chain. */
  readonly outputs: 1 | 2 | 3;
}

/** Every port bit has a register of its own. */
export const FULL: Sharing = { inputs: 1, outputs: 1 };
/** For designs that leave no room for that; nets from shared registers are longer. */
export const COMPACT: Sharing = { inputs: 8, outputs: 3 };

/**
 * Puts a mapped iCE40 module behind two shift registers, so that it is placed with three pins however wide it is, and
 * so that every path from and to its ports begins or ends at a register.
 *
 * Each input bit comes from a register of a chain; each output bit is XORed into another chain. Done on the mapped
 * netlist, whose cells stay as they are: nothing is optimised away.
 */
export function harness(module: MappedModule, sharing: Sharing = FULL): Harness {
  const clocks = clocksOf(module);
  const ports = Object.values(module.ports);
  const inputs = ports
    .filter(({ direction }) => direction === 'input')
    .flatMap(({ bits }) => bits)
    .filter((bit) => !clocks.includes(bit));
  const outputs = ports
    .filter(({ direction }) => direction !== 'input')
    .flatMap(({ bits }) => bits)
    .filter((bit) => typeof bit === 'number');
  let next = highestBit(module) + 1;
  const inputBits = new Set(
    ports.flatMap(({ direction, bits }) => (direction === 'input' ? bits : [])),
  );
  const clockPorts = clocks.filter((bit) => inputBits.has(bit));
  const clock = clockPorts[0] ?? next++;

  // Inputs that share a register become one net.
  const registers = Math.ceil(inputs.length / sharing.inputs);
  const merged = new Map<Bit, Bit>();
  inputs.forEach((bit, i) => {
    if (i >= registers) merged.set(bit, inputs[i % registers] as Bit);
  });
  const cells: Record<string, MappedCell> =
    merged.size === 0 ? { ...module.cells } : rewire(module.cells, merged);
  const flipFlop = (name: string, D: Bit, Q: Bit): void => {
    cells[name] = cell('SB_DFF', {}, { C: [clock], D: [D], Q: [Q] }, 'Q');
  };

  const serialIn = next++;
  let last: Bit = serialIn;
  inputs.slice(0, registers).forEach((bit, i) => {
    flipFlop(`rtlift_in_${i}`, last, bit);
    last = bit;
  });
  const chained = Math.ceil(outputs.length / sharing.outputs);
  for (let i = 0; i < chained; i++) {
    const taken = outputs
      .slice(i * sharing.outputs, (i + 1) * sharing.outputs)
      .map((bit) => merged.get(bit) ?? bit);
    const [a = '0', b = '0', c = '0'] = taken;
    const [mixed, q] = [next++, next++];
    const pins = { I0: [a], I1: [last], I2: [b], I3: [c], O: [mixed] };
    cells[`rtlift_mix_${i}`] = cell('SB_LUT4', { LUT_INIT: XOR4 }, pins, 'O');
    flipFlop(`rtlift_out_${i}`, mixed, q);
    last = q;
  }

  const top = {
    attributes: { top: '00000000000000000000000000000001' },
    ports: {
      ...Object.fromEntries(
        [clock, ...clockPorts.slice(1)].map((bit, i) => [
          `rtlift_clk_${i}`,
          { direction: 'input', bits: [bit] },
        ]),
      ),
      rtlift_d: { direction: 'input', bits: [serialIn] },
      rtlift_q: { direction: 'output', bits: [last] },
    },
    cells: Object.fromEntries(Object.entries(cells).map(([name, it]) => [name, complete(it)])),
    netnames: Object.fromEntries(
      Object.entries(module.netnames).map(([name, net]) => [name, { ...net, attributes: {} }]),
    ),
  };
  const json = JSON.stringify({ creator: 'rtlift', modules: { rtlift_harness: top } });
  return { json, logicCells: registers + chained };
}

/** Truth table of the XOR of four inputs, entry 15 first. */
const XOR4 = '0110100110010110';

function rewire(
  cells: Readonly<Record<string, MappedCell>>,
  merged: ReadonlyMap<Bit, Bit>,
): Record<string, MappedCell> {
  const pinsOf = ({ connections }: MappedCell): Record<string, Bit[]> =>
    Object.fromEntries(
      Object.entries(connections).map(([pin, bits]) => [
        pin,
        bits.map((bit) => merged.get(bit) ?? bit),
      ]),
    );
  return Object.fromEntries(
    Object.entries(cells).map(([name, it]) => [name, { ...it, connections: pinsOf(it) }]),
  );
}

function cell(
  type: string,
  parameters: Record<string, string>,
  connections: Record<string, Bit[]>,
  output: string,
): MappedCell {
  const port_directions = Object.fromEntries(
    Object.keys(connections).map((pin) => [pin, pin === output ? 'output' : 'input'] as const),
  );
  return { type, parameters, port_directions, connections };
}

/** nextpnr wants fields that the reader of this library does without. */
const complete = (it: MappedCell): object => ({
  hide_name: 0,
  attributes: {},
  parameters: {},
  ...it,
});

function highestBit(module: MappedModule): number {
  let highest = 1;
  const see = (bits: readonly Bit[]): void => {
    for (const bit of bits) if (typeof bit === 'number' && bit > highest) highest = bit;
  };
  for (const { bits } of Object.values(module.ports)) see(bits);
  for (const { connections } of Object.values(module.cells)) {
    for (const bits of Object.values(connections)) see(bits);
  }
  return highest;
}
