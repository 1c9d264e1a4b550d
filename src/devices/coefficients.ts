import { estimate, type Figure } from '../figure.js';
import type { PowerCoefficients } from './power.js';

const pj = (value: number, spread: number, provenance: Figure['provenance'] = 'modelled'): Figure =>
  estimate(value, value / spread, value * spread, 'pJ', provenance);

/**
 * Transitions of a net for each that a zero-delay simulation counts: 1.46 with inertial delays in an 8x8 multiplier,
 * 1.1 in decoders, 2.1 where every glitch passes.
 * @see docs/models.md
 */
const GLITCHES = estimate(1.46, 1.1, 2.1, '1', 'modelled');

/**
 * iCE40, 40 nm low power at 1.2 V. Fitted to five rows of tinyvision's iCE40UP5K: blank, 32 and 228 counter cells at
 * 12 MHz, the 8x8 multiplier and the counter beside it. SRL and block memory are guesses and have a wider spread.
 * @see tinyvision-ai-inc/ice40_power, README.md, commit 1af931e9; docs/models.md for the arithmetic
 */
export const ICE40_POWER: PowerCoefficients = {
  netPj: pj(0.237, 2),
  ffPj: estimate(0.007, 0, 0.0144, 'pJ', 'modelled'),
  srlPj: pj(0.15, 4, 'assumed'),
  bramPj: pj(10, 4, 'assumed'),
  dspPj: pj(20, 2),
  rootPj: pj(53, 2),
  glitches: GLITCHES,
  source: 'fit to tinyvision-ai-inc/ice40_power, commit 1af931e9; SRL and block memory assumed',
};

/**
 * Spartan-6, 45 nm at 1.2 V, and what ECP5 is derived from. netPj from one board: the X6500 miner, two LX150 at
 * 200 MH/s each, 17.2 W of the board, of which 85 % are taken to reach the cores.
 * @see docs/models.md for the arithmetic
 */
export const SPARTAN6_POWER: PowerCoefficients = {
  netPj: pj(0.525, 2),
  ffPj: pj(0.03, 2, 'assumed'),
  srlPj: pj(0.15, 4, 'assumed'),
  bramPj: pj(10, 4, 'assumed'),
  dspPj: pj(20, 2, 'assumed'),
  rootPj: pj(200, 4, 'assumed'),
  glitches: GLITCHES,
  source: 'fit to the X6500 bitcoin miner (2 x XC6SLX150); clock, memories and DSP assumed',
};

/** (1.1 V / 1.2 V)^2: energies of the same capacitance at ECP5's core voltage. */
const ECP5_SCALE = (1.1 / 1.2) ** 2;

const scaledPj = ({ value, low = value, high = value, unit }: Figure): Figure =>
  estimate(value * ECP5_SCALE, low * ECP5_SCALE, high * ECP5_SCALE, unit, 'assumed');

/** ECP5, 40 nm at 1.1 V: the Spartan-6 energies scaled by the square of the voltage; no measurement was found. */
export const ECP5_POWER: PowerCoefficients = {
  netPj: scaledPj(SPARTAN6_POWER.netPj),
  ffPj: scaledPj(SPARTAN6_POWER.ffPj),
  srlPj: scaledPj(SPARTAN6_POWER.srlPj),
  bramPj: scaledPj(SPARTAN6_POWER.bramPj),
  dspPj: scaledPj(SPARTAN6_POWER.dspPj),
  rootPj: scaledPj(SPARTAN6_POWER.rootPj),
  glitches: GLITCHES,
  source: 'Spartan-6 scaled by (1.1 V / 1.2 V)^2; no measurement of ECP5 was found',
};

/**
 * UltraScale+, 16 nm at 0.85 V. From Vivado's post-route report of a regex design on the Alveo U50 at 180 MHz, an
 * estimate and no measurement: clocks 2.464 W, logic, registers and signals 4.533 W at 12.5 %, block memory 1.532 W,
 * shift registers 0.072 W, for 475,034 LUT, 665,852 FF, 412.5 BRAM, 4,421 SRL. DSP chosen by judgement, the published
 * NTT and MSM designs known.
 * @see docs/models.md for the arithmetic
 */
export const ULTRASCALE_PLUS_POWER: PowerCoefficients = {
  netPj: pj(0.177, 2),
  ffPj: pj(0.0206, 2),
  srlPj: pj(0.09, 2),
  bramPj: pj(20.6, 2),
  dspPj: pj(9, 2, 'assumed'),
  // Part of the shell, or of Vivado's clock watts that ffPj is fitted to.
  rootPj: estimate(0, 0, 0, 'pJ', 'assumed'),
  glitches: GLITCHES,
  source: "Vivado's post-route report of Cyansemi's regex design on the Alveo U50; DSP assumed",
};
