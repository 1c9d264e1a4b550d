import type { Figure } from '../figure.js';

/** Devices that synthesis knows. */
export const SYNTHESIS_DEVICES = ['ice40-hx8k', 'ice40-up5k', 'ecp5-85k', 'xcvu47p'] as const;
export type SynthesisDevice = (typeof SYNTHESIS_DEVICES)[number];

/** Cells of a mapped netlist, in units of the device. */
export interface Cells {
  /**
   * LUTs used as logic: 4 inputs on iCE40 and ECP5, up to 6 on UltraScale+, inverters included. 0 where `reason` says
   * that LUTs were not mapped, because the rest is too large already.
   */
  readonly lut: number;
  readonly ff: number;
  /** Bits of carry chains. */
  readonly carry: number;
  /** Blocks of RAM: 4 Kbit on iCE40, 18 Kbit on ECP5, 36 Kbit on UltraScale+, where half a block counts 0.5. */
  readonly bram: number;
  /** Multiplier blocks: SB_MAC16, MULT18X18D, DSP48E2. */
  readonly dsp: number;
  /** LUTs used as RAM, with those that its ports take; iCE40 has none. */
  readonly lutRam: number;
  /** LUTs used as shift registers; UltraScale+ only. */
  readonly srl: number;
}

export type CellKind = keyof Cells;

/** How much of a resource of the device is taken. */
export interface Use {
  readonly used: number;
  readonly available: number;
}

/** The path that bounds the clock. */
export interface CriticalPath {
  readonly from: string;
  readonly to: string;
  /** Logic cells on the path; a carry chain is one. */
  readonly levels: number;
  /** The same in words: `3 LUT + 32 carry bits, 4.1 ns of which 2.2 ns net`. */
  readonly text: string;
}

/** One design on one device. */
export interface SynthesisRow {
  /** Built-in kernel as its function is named, else the top module. */
  readonly kernel: string;
  /** RTL parameters after elaboration. */
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly device: SynthesisDevice;
  readonly tool: { readonly yosys: string; readonly nextpnr?: string };
  /** SHA-256 over sources, parameters, device and flow; see `sourceHash`. */
  readonly sourceHash: string;
  readonly fits: boolean;
  /** Why it does not fit. */
  readonly reason?: string;
  readonly cells: Cells;
  /** By resource: `LC`, `LUT`, `FF`, `BRAM`, `DSP`. */
  readonly utilisation: Readonly<Record<string, Use>>;
  /**
   * Highest clock, MHz; `null` where it does not fit. `synthesised` is the median after place and route, low and high
   * its spread over `seeds`; `modelled` is an estimate from the mapped netlist.
   */
  readonly fmax: Figure | null;
  /** Seeds of the place and route runs. */
  readonly seeds?: readonly number[];
  /** `null` where there is no path between registers, or where it does not fit. */
  readonly critical: CriticalPath | null;
}
