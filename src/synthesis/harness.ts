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

/**
 * Puts a mapped iCE40 module behind two shift registers, so that it is placed with three pins however wide it is, and
 * so that every path from and to its ports begins or ends at a register.
 *
 * Each input bit comes from a register of a chain; each output bit is XORed into another chain, so nothing is optimised
 * away. Done on the mapped netlist, whose cells stay as they are.
 */
export function harness(module: MappedModule): Harness {
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
  const cells: Record<string, MappedCell> = { ...module.cells };
  const flipFlop = (name: string, D: Bit, Q: Bit): void => {
    cells[name] = cell('SB_DFF', {}, { C: [clock], D: [D], Q: [Q] }, 'Q');
  };

  const serialIn = next++;
  let last: Bit = serialIn;
  inputs.forEach((bit, i) => {
    flipFlop(`rtlift_in_${i}`, last, bit);
    last = bit;
  });
  outputs.forEach((bit, i) => {
    const [mixed, q] = [next++, next++];
    // I0 ^ I1
    const parameters = { LUT_INIT: '0110011001100110' };
    const pins = { I0: [bit], I1: [last], I2: ['0'], I3: ['0'], O: [mixed] };
    cells[`rtlift_mix_${i}`] = cell('SB_LUT4', parameters, pins, 'O');
    flipFlop(`rtlift_out_${i}`, mixed, q);
    last = q;
  });

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
  return { json, logicCells: inputs.length + outputs.length };
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
