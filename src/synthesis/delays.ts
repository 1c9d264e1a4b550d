import type { MappedCell } from './mapped-netlist.js';
import type { Family } from './targets.js';

/** A pin of a cell: name and bit. */
export interface Pin {
  readonly name: string;
  readonly bit: number;
}

/** How a type of cell behaves in time; delays in ns, `null` where there is no such path. */
export interface CellDelays {
  /** What its logic counts as on a path. */
  readonly kind: 'lut' | 'carry' | 'memory' | 'dsp';
  /** Bits of the chain between two pins of a carry cell; default 1. */
  readonly carryBits?: (from: Pin, to: Pin) => number;
  /** It moves into what it feeds, and costs no net of its own. */
  readonly isAbsorbed?: boolean;
  readonly arc?: (from: Pin, to: Pin, cell: MappedCell) => number | null;
  readonly clockToOut?: (pin: Pin, cell: MappedCell) => number | null;
  readonly setup?: (pin: Pin, cell: MappedCell) => number | null;
}

/** The delays of a family: stated numbers, a net delay for every hop, nothing that depends on placement or fan-out. */
export interface DelayTable {
  /** A net from the output of one cell to the input of another; carry to carry is 0. */
  readonly netNs: number;
  /** What a port of the module is: a register of whatever surrounds it. */
  readonly portClockToOutNs: number;
  readonly portSetupNs: number;
  /** Fmax of the estimate times these is the range that is given. */
  readonly lowFactor: number;
  readonly highFactor: number;
  readonly of: (type: string) => CellDelays | null;
}

const isCarryPin = (name: string): boolean => /^(CO|COUT|CIN|CI)$/.test(name);
/** Whether a net between these pins is the wire of a carry chain. */
export const isCarryWire = (from: Pin, to: Pin): boolean =>
  isCarryPin(from.name) && isCarryPin(to.name);

const CLOCK = /^(C|CLK[AB]?|[RW]?CLK|WCK|CLK(ARD|BWR)CLK|CLKBWRCLK|CLK[0-3])$/;

function register(clockToOut: number, setup: number): CellDelays {
  return {
    kind: 'memory',
    clockToOut: () => clockToOut,
    setup: ({ name }) => (CLOCK.test(name) ? null : setup),
  };
}

/** A memory that is written by a clock and read without one. */
function asyncRam(address: RegExp, read: number, clockToOut: number, setup: number): CellDelays {
  return {
    ...register(clockToOut, setup),
    kind: 'lut',
    arc: ({ name }) => (address.test(name) ? read : null),
  };
}

const lut = (delay: number): CellDelays => ({ kind: 'lut', arc: () => delay });

/**
 * HX8K, for comparison with place and route only: it has real Fmax. Sources: LUT, carry, register and setup delays are
 * those of Project IceStorm's timing database as nextpnr-ice40 0.4 reports them; the net is the mean of its routed nets.
 */
const ICE40: DelayTable = {
  netNs: 0.75,
  portClockToOutNs: 0.54,
  portSetupNs: 0.47,
  lowFactor: 0.8,
  highFactor: 1.22,
  of: (type) => {
    if (type === 'SB_LUT4') return lut(0.4);
    if (type === 'SB_CARRY') {
      return { kind: 'carry', arc: ({ name }) => (name === 'CI' ? 0.126 : 0.259) };
    }
    if (type.startsWith('SB_DFF')) return register(0.54, 0.47);
    if (type.startsWith('SB_RAM40')) return register(2.15, 0.27);
    if (type === 'SB_MAC16') return register(0.54, 0.47);
    return null;
  },
};

/**
 * ECP5, speed grade 6. Cell delays: YosysHQ/prjtrellis-db, ECP5/timing/speed_6/cells.json, the largest of each
 * (SLOGICB, SCCU2C, SDPRAME, DP16KD without output register). The net delay is assumed, and the range with it: no place
 * and route of this family was at hand to check it.
 */
const ECP5: DelayTable = {
  netNs: 0.6,
  portClockToOutNs: 0.525,
  portSetupNs: 0,
  lowFactor: 0.6,
  highFactor: 1.4,
  of: (type) => {
    if (type === 'LUT4') return lut(0.236);
    if (type === 'PFUMX' || type === 'L6MUX21') return lut(0.15);
    if (type === 'CCU2C')
      return {
        kind: 'carry',
        arc: ccu2c,
        carryBits: ({ name }, to) => (name === 'CIN' && to.name !== 'S0' ? 2 : 1),
      };
    if (type === 'TRELLIS_FF') {
      return {
        ...register(0.525, 0),
        setup: ({ name }) => (CLOCK.test(name) ? null : name === 'DI' ? 0 : 0.424),
      };
    }
    if (type === 'TRELLIS_DPR16X4') return asyncRam(/^RAD$/, 0.236, 0.929, 0.392);
    if (/^(DP16KD|PDPW16KD)$/.test(type)) return register(5.83, 0.251);
    // Without its registers; 18 x 18, inputs to product.
    if (type === 'MULT18X18D') return { kind: 'dsp', arc: () => 3.0 };
    return null;
  },
};

function ccu2c(from: Pin, to: Pin): number {
  const isSecond = to.name === 'S1';
  if (from.name === 'CIN') return to.name === 'COUT' ? 0.071 : isSecond ? 0.474 : 0.443;
  if (to.name === 'COUT') return 0.447;
  return isSecond && from.name.endsWith('0') ? 0.714 : 0.236;
}

/**
 * UltraScale+, speed grade -2. LUT and net together are the 0.300 ns a level of Xilinx' report_failfast (Xilinx TclStore,
 * commit 8a50b5c8) with the fan-out of a real design on top; carry after FloPoCo's VirtexUltrascalePlus.hpp (xcvu3p-2).
 * The range is that of the comparison in docs/synthesis.md.
 */
const XCUP: DelayTable = {
  netNs: 0.255,
  portClockToOutNs: 0.08,
  portSetupNs: 0.03,
  lowFactor: 0.78,
  highFactor: 1.46,
  of: (type) => {
    if (/^LUT\d$/.test(type)) return lut(0.1);
    // Inverters move into the LUT or the register that they feed.
    if (type === 'INV') return { ...lut(0), isAbsorbed: true };
    if (/^MUXF[789]$/.test(type)) return lut(0.1);
    if (/^CARRY[48]$/.test(type)) return { kind: 'carry', arc: carry, carryBits: xilinxBits };
    if (/^FD/.test(type)) return register(0.08, 0.03);
    if (/^SRL/.test(type)) return asyncRam(/^A\d?$/, 0.1, 0.35, 0.1);
    if (/^RAM(32|64|128|256|512)/.test(type))
      return asyncRam(/^(ADDR[A-H]|A\d?|DPRA\d?)$/, 0.1, 0.35, 0.1);
    if (/^RAMB/.test(type)) return register(0.83, 0.3);
    if (type === 'DSP48E2')
      return { kind: 'dsp', clockToOut: dspOut, setup: dspSetup, arc: dspThrough };
    return null;
  },
};

const chainBegin = (from: Pin): number =>
  from.name === 'CI' || from.name === 'CYINIT' ? -1 : from.bit;
const xilinxBits = (from: Pin, to: Pin): number => Math.max(1, to.bit - chainBegin(from));

function carry(from: Pin, to: Pin): number | null {
  const begins = chainBegin(from);
  const length = to.bit - begins;
  if (to.name === 'CO') return length < 0 ? null : (begins < 0 ? 0 : 0.15) + 0.006 * length;
  if (length < 0) return null;
  // S to the O beside it is one XOR; further up the signal enters the chain first.
  return begins >= 0 && length > 0 ? 0.25 + 0.006 * length : 0.1 + 0.006 * Math.max(length, 0);
}

const isSet = ({ parameters }: MappedCell, name: string): boolean =>
  /1/.test(parameters?.[name] ?? '');

/** What a DSP48E2 has between its registers; through all of it where it has none. */
function dspThrough(from: Pin, to: Pin, cell: MappedCell): number | null {
  if (!/^[ABCD]$/.test(from.name) || to.name !== 'P') return null;
  const isClocked = ['PREG', 'MREG', `${from.name}REG`].some((name) => isSet(cell, name));
  return isClocked ? null : 1.65;
}

function dspOut(_pin: Pin, cell: MappedCell): number | null {
  if (isSet(cell, 'PREG')) return 0.12;
  if (isSet(cell, 'MREG')) return 0.77;
  return isSet(cell, 'AREG') || isSet(cell, 'BREG') ? 1.65 : null;
}

function dspSetup({ name }: Pin, cell: MappedCell): number | null {
  if (!/^[ABCD]$/.test(name)) return null;
  if (isSet(cell, `${name}REG`)) return 0.17;
  if (isSet(cell, 'MREG')) return 0.88;
  return isSet(cell, 'PREG') ? 1.53 : null;
}

/** The delays of a family. */
export function delaysOf(family: Family): DelayTable {
  return { ice40: ICE40, ecp5: ECP5, xcup: XCUP }[family];
}
