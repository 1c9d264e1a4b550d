import { delaysOf } from '../../synthesis/delays.js';
import type { Family } from '../../synthesis/targets.js';
import type { Range } from '../range.js';
import { type ModelPoint, modelPoint, type Published } from './point.js';

/** The clock of a path with the range that the estimate of its family is given. */
function clockOf(family: Family, pathNs: number): Range {
  const { lowFactor, highFactor } = delaysOf(family);
  const value = 1000 / pathNs;
  return { low: value * lowFactor, value, high: value * highFactor };
}

const LAKEROAD =
  'gussmith23/lakeroad-evaluation, commit 4efb3424, Vivado 2021.2 after route on xczu3eg-1; estimate of a prototype: docs/synthesis.md';

/** [design, ns after route, ns estimated with the delays of grade -1]: the range of the estimate was taken from them. */
const LAKEROAD_PATHS: readonly (readonly [string, number, number])[] = [
  ['no-matches', 2.67, 2.09],
  ['seq', 1.21, 1.26],
  ['sqrt', 1.85, 1.77],
  ['std-fp-sdiv', 3.59, 3.51],
  ['std-sdiv', 2.63, 3.84],
  ['while', 1.62, 1.89],
  ['if-static-different-latencies', 0.78, 1.26],
  ['if', 0.69, 1.26],
  ['invoke-memory', 0.98, 1.98],
  ['unsigned-dot-product', 0.87, 2.39],
];

const lakeroad = LAKEROAD_PATHS.map(([name, routedNs, estimatedNs]) =>
  modelPoint(
    'clock',
    {
      what: `${name}, xczu3eg-1, Vivado after route`,
      value: 1000 / routedNs,
      unit: 'MHz',
      provenance: 'modelled',
      role: 'fitted',
      source: LAKEROAD,
    },
    clockOf('xcup', estimatedNs),
  ),
);

/** A path as a report tells it: LUTs, carry chains with their bits, from a register to one; a net before each and at the end. */
interface Composition {
  readonly luts: number;
  readonly carryBits: readonly number[];
}

// Of the table of UltraScale+: into a chain, a bit, out of it.
const CARRY = { into: 0.15, bit: 0.006, out: 0.1 };

function pathNs(family: Family, lutNs: number, { luts, carryBits }: Composition): number {
  const { netNs, portClockToOutNs, portSetupNs } = delaysOf(family);
  const carry = carryBits.reduce((ns, bits) => ns + CARRY.into + CARRY.bit * bits + CARRY.out, 0);
  const nets = (luts + carryBits.length + 1) * netNs;
  return portClockToOutNs + luts * lutNs + carry + nets + portSetupNs;
}

const PUBLISHED: Pick<Published, 'unit' | 'provenance' | 'role'> = {
  unit: 'MHz',
  // The timing of a vendor's or of an open tool, no clock that was measured.
  provenance: 'modelled',
  role: 'judge',
};

const LITTLE_CPU = 'thejefflarson/little-cpu pull request 137, icetime';

/** Published clocks of designs that no delay was taken from. */
function judges(): ModelPoint[] {
  return [
    modelPoint(
      'clock',
      {
        ...PUBLISHED,
        what: 'AXI DMA of verilog-axi, VU9P, Vivado after route: 13 LUT and two CARRY8',
        value: 1000 / 4.187,
        source: 'alexforencich/verilog-axi issue 13, comment of 2024-01-05; its grade is not said',
      },
      clockOf('xcup', pathNs('xcup', 0.1, { luts: 13, carryBits: [16] })),
    ),
    modelPoint(
      'clock',
      {
        ...PUBLISHED,
        what: 'littlesoc, HX8K, 22 levels, by the delays of an HX8K',
        value: 31.08,
        source: LITTLE_CPU,
      },
      clockOf('ice40', pathNs('ice40', 0.4, { luts: 22, carryBits: [] })),
    ),
  ];
}

/** Clocks that others published, held against the estimate of synthesis by the same path. */
export function clockPoints(): ModelPoint[] {
  return [...judges(), ...lakeroad];
}
