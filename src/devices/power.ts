import type { Figure } from '../figure.js';
import { checkFigure, checkNumber, type Range, scale, sum, times } from './range.js';

/** Cells of a kernel, as synthesis counts them. */
export interface Cells {
  readonly lut: number;
  readonly ff: number;
  /** Carry bits: a CARRY4 is 4, a CARRY8 is 8. Their wires are dedicated, so they draw nothing in this model; the sums of ECP5 count as LUTs. */
  readonly carry: number;
  /** Block memories: of 4 kbit on iCE40, of 18 kbit on ECP5, of 36 kbit on UltraScale+. */
  readonly bram: number;
  readonly dsp: number;
  /** LUTs that serve as shift registers. */
  readonly srl: number;
}

/** Toggles a bit and cycle, averaged over the cycles of the batch. */
export interface Activity {
  /** Of the registers, 0..1. */
  readonly register: number;
  /**
   * Of those nets between them that were counted, without glitches: a sample, so that all between it and `register` is
   * taken as possible. Left out: 0.6 to 1.25 times `register`.
   */
  readonly net?: number;
}

/** Energies of one family of devices, each with its spread. */
export interface PowerCoefficients {
  /** A transition of a routed net with its LUT, pJ. */
  readonly netPj: Figure;
  /** The clock of one flip-flop, pJ a cycle. */
  readonly ffPj: Figure;
  /** A shift register in a LUT, pJ a cycle. */
  readonly srlPj: Figure;
  /** An access of a block memory, pJ. */
  readonly bramPj: Figure;
  /** An operation of a DSP block, pJ. */
  readonly dspPj: Figure;
  /** Root of the clock tree, pJ a cycle, whatever hangs on it. */
  readonly rootPj: Figure;
  /** Transitions of a net for each that a zero-delay simulation counts. */
  readonly glitches: Figure;
  readonly source: string;
}

/** Power of a device: what it draws at rest, and the energies of what works in it. */
export interface DevicePower {
  /** Leakage of the part, W. */
  readonly static: Figure;
  /** Shell, memories and the rest of the card at rest, W, above the leakage. */
  readonly shell: Figure;
  readonly coefficients: PowerCoefficients;
}

/** Energies of a cycle, pJ: of the clock, which always runs, and of the work, at the given activity. */
export interface CycleEnergy {
  readonly clockPj: Range;
  readonly workPj: Range;
}

const read = (
  coefficients: PowerCoefficients,
  key: keyof Omit<PowerCoefficients, 'source'>,
): Range => checkFigure(`power.${key}`, coefficients[key]);

/**
 * Energy of one cycle of a kernel.
 *
 * clock = FF x ffPj + rootPj; work = (LUT x net activity x glitches + FF x register activity) x netPj + SRL x srlPj
 * + BRAM x duty x bramPj + DSP x duty x dspPj. Flip-flops do not glitch.
 * @param register - toggles a register bit and cycle.
 * @param net - the same of nets, without glitches; where nobody counted it, that of the registers.
 * @param duty - share of cycles in which memories and DSP blocks are used.
 * @see Weste and Harris, CMOS VLSI Design, section 5.2, for P = alpha C V^2 f, of which E = C V^2 is fitted here
 */
export function cycleEnergy(
  coefficients: PowerCoefficients,
  cells: { readonly [name in keyof Cells]: Range },
  { register, net, duty }: { readonly register: Range; readonly net: Range; readonly duty: Range },
): CycleEnergy {
  const glitches = read(coefficients, 'glitches');
  const transitions = sum(times(cells.lut, net, glitches), times(cells.ff, register));
  return {
    clockPj: sum(times(cells.ff, read(coefficients, 'ffPj')), read(coefficients, 'rootPj')),
    workPj: sum(
      times(transitions, read(coefficients, 'netPj')),
      times(cells.srl, read(coefficients, 'srlPj')),
      times(cells.bram, duty, read(coefficients, 'bramPj')),
      times(cells.dsp, duty, read(coefficients, 'dspPj')),
    ),
  };
}

/** Watts of an energy a cycle at a clock: pJ x MHz = uW. */
export function wattsAt(pj: Range, mhz: Range): Range {
  return scale(times(pj, mhz), 1e-6);
}

/**
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a count that is negative or no number.
 */
export function checkCells(cells: Cells): Cells {
  for (const [name, count] of Object.entries(cells)) checkNumber(`area.${name}`, count);
  return cells;
}
