import { estimate, type Figure } from '../figure.js';
import type { PowerCoefficients } from './power.js';

const pj = (value: number, spread: number, provenance: Figure['provenance'] = 'modelled'): Figure =>
  estimate(value, value / spread, value * spread, 'pJ', provenance);

/**
 * Transitions of a net for each that a zero-delay simulation counts: 1.46 with inertial delays in an 8x8 multiplier,
 * 1.1 in decoders, 2.1 where every glitch passes.
 * @see docs/models.md, section Power
 */
const GLITCHES = estimate(1.46, 1.1, 2.1, '1', 'modelled');

/**
 * 40-45 nm at 1.2 V: iCE40, Spartan-6. From the counters and the multiplier of tinyvision's iCE40UP5K board; SRL and
 * block memory are guesses, and so has twice the spread.
 * @see tinyvision-ai-inc/ice40_power, README.md, commit ecc5e590
 */
export const NM40: PowerCoefficients = {
  netPj: pj(0.33, 2),
  ffPj: pj(0.0144, 2),
  srlPj: pj(0.15, 4, 'assumed'),
  bramPj: pj(10, 4, 'assumed'),
  dspPj: pj(20, 2),
  rootPj: pj(52, 2),
  glitches: GLITCHES,
  source: 'fit to tinyvision-ai-inc/ice40_power, commit ecc5e590; SRL and block memory assumed',
};

/**
 * 16 nm at 0.85 V: UltraScale+. From Vivado's post-route report of a design on the Alveo U50, an estimate and no
 * measurement; DSP chosen by judgement between published designs.
 * @see docs/models.md, section Power
 */
export const NM16: PowerCoefficients = {
  netPj: pj(0.19, 2),
  ffPj: pj(0.0206, 2),
  srlPj: pj(0.09, 2),
  bramPj: pj(20.6, 2),
  dspPj: pj(9, 2, 'assumed'),
  rootPj: estimate(0, 0, 0, 'pJ', 'assumed'),
  glitches: GLITCHES,
  source: "Vivado's post-route report of a regex design on the Alveo U50; DSP assumed",
};
