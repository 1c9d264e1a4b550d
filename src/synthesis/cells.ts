import { countTypes, type MappedModule } from './mapped-netlist.js';
import type { CellKind, Cells, Use } from './row.js';
import type { Family, Target } from './targets.js';

type Weight = Partial<Record<CellKind, number>>;

/** What a cell of each type counts as; the first pattern that its type matches holds. */
const WEIGHTS: Readonly<Record<Family, readonly (readonly [RegExp, Weight])[]>> = {
  ice40: [
    [/^SB_LUT4$/, { lut: 1 }],
    [/^SB_DFF/, { ff: 1 }],
    [/^SB_CARRY$/, { carry: 1 }],
    [/^SB_RAM40/, { bram: 1 }],
    [/^SB_MAC16$/, { dsp: 1 }],
  ],
  ecp5: [
    [/^LUT4$/, { lut: 1 }],
    [/^TRELLIS_FF$/, { ff: 1 }],
    [/^CCU2C$/, { carry: 2 }],
    // Three slices of two LUTs, the write port among them: Lattice FPGA-TN-02204, ECP5 Memory Usage Guide, table 3.
    [/^TRELLIS_DPR16X4$/, { lutRam: 6 }],
    [/^(DP16KD|PDPW16KD)$/, { bram: 1 }],
    [/^MULT18X18D$/, { dsp: 1 }],
  ],
  // RAM and shift registers in LUTs of a SLICEM: AMD UG574, table 7 (distributed RAM) and chapter 5.
  xcup: [
    [/^(LUT\d|INV)$/, { lut: 1 }],
    [/^FD[RSCP]E(_1)?$/, { ff: 1 }],
    [/^CARRY4$/, { carry: 4 }],
    [/^CARRY8$/, { carry: 8 }],
    [/^SRL/, { srl: 1 }],
    [/^RAM(32M16|64M8|256X1D|512X1S)/, { lutRam: 8 }],
    [/^RAM(32M|64M|128X1D|256X1S)/, { lutRam: 4 }],
    [/^RAM(32X1D|64X1D|128X1S)/, { lutRam: 2 }],
    [/^RAM(32X1S|64X1S)/, { lutRam: 1 }],
    [/^RAMB36/, { bram: 1 }],
    [/^RAMB18/, { bram: 0.5 }],
    [/^DSP48/, { dsp: 1 }],
  ],
};

/** Counts the cells of a mapped module; what is neither of these (buffers, wide multiplexers) is not counted. */
export function countCells(module: MappedModule, family: Family): Cells {
  const total = { lut: 0, ff: 0, carry: 0, bram: 0, dsp: 0, lutRam: 0, srl: 0 };
  for (const [type, count] of countTypes(module)) {
    const weight = WEIGHTS[family].find(([pattern]) => pattern.test(type))?.[1] ?? {};
    for (const [kind, each] of Object.entries(weight)) total[kind as CellKind] += each * count;
  }
  return total;
}

/**
 * What the cells take of the device, before placement. On iCE40 `LC` is a lower bound: a logic cell holds one LUT, one
 * flip-flop and one carry bit, and how many of them share one is known after packing.
 */
export function utilisationOf(
  cells: Cells,
  { family, capacity }: Pick<Target, 'family' | 'capacity'>,
): Record<string, Use> {
  const { lut, ff, carry, bram, dsp, lutRam, srl } = cells;
  const used: Readonly<Record<string, number>> = {
    LC: Math.max(lut, ff, carry),
    // A carry bit of the ECP5 takes a LUT; that of the UltraScale+ has its own place.
    LUT: lut + lutRam + srl + (family === 'ecp5' ? carry : 0),
    FF: ff,
    BRAM: bram,
    DSP: dsp,
  };
  return Object.fromEntries(
    Object.entries(capacity).map(([name, available]) => [
      name,
      { used: used[name] ?? 0, available },
    ]),
  );
}

/** Says which resources are exceeded, or `null`. */
export function whyTooLarge(
  utilisation: Readonly<Record<string, Use>>,
  { label }: Pick<Target, 'label'>,
): string | null {
  const exceeded = Object.entries(utilisation)
    .filter(([, { used, available }]) => used > available)
    .map(([name, { used, available }]) => `${name} ${used} of ${available}`);
  return exceeded.length > 0 ? `needs more than ${label} has: ${exceeded.join(', ')}` : null;
}
