import { figure } from '../../figure.js';
import { type Cells, cycleEnergy, type PowerCoefficients, wattsAt } from '../power.js';
import { exactly, type Range, scale, sum, ZERO } from '../range.js';
import type { Published } from './point.js';

/** A design whose power was published, as far as the model needs it. */
export interface PowerCase extends Published {
  readonly coefficients: PowerCoefficients;
  readonly cells: Partial<Cells>;
  readonly mhz: number;
  readonly activity: Range;
  /** Share of cycles in which memories and DSP blocks work; default 1/4 to 1, as the projection assumes. */
  readonly duty?: Range;
  /** pJ a cycle of what the model has no cells for, such as UltraRAM. */
  readonly otherPj?: Range;
  /** W of each device beside the design: leakage, and a shell where one is measured too. */
  readonly restWatts?: Range;
  readonly devices?: number;
  /** Share of the measured watts that reaches the cores: losses of the board's converters. */
  readonly efficiency?: Range;
}

/** Register toggles a bit and cycle of a SHA-256 pipeline on random blocks, counted: docs/models.md. */
export const HASH_ACTIVITY = exactly(0.4936);
/** What the projection assumes where nobody counted. */
export const ASSUMED_ACTIVITY: Range = { low: 0.125, value: 0.25, high: 0.5 };
const ASSUMED_DUTY: Range = { low: 0.25, value: 0.5, high: 1 };
/** Converters from 12 V or 5 V to the core. */
export const CONVERTERS: Range = { low: 0.75, value: 0.85, high: 0.95 };

/** Where transitions were counted with delays, or published watts rest on a count without. */
export const NO_GLITCHES = figure(1, '1', 'modelled');

/** Watts that the power model says of a design, as they were measured: of all devices, converters included. */
export function predictWatts({
  coefficients,
  cells,
  mhz,
  activity,
  duty = ASSUMED_DUTY,
  otherPj = ZERO,
  restWatts = ZERO,
  devices = 1,
  efficiency = exactly(1),
}: PowerCase): Range {
  const { lut = 0, ff = 0, carry = 0, bram = 0, dsp = 0, srl = 0 } = cells;
  const ranges = {
    lut: exactly(lut),
    ff: exactly(ff),
    carry: exactly(carry),
    bram: exactly(bram),
    dsp: exactly(dsp),
    srl: exactly(srl),
  };
  const { clockPj, workPj } = cycleEnergy(coefficients, ranges, {
    register: activity,
    net: activity,
    duty,
  });
  const watts = sum(wattsAt(sum(clockPj, workPj, otherPj), exactly(mhz)), restWatts);
  const all = scale(watts, devices);
  return {
    low: all.low / efficiency.high,
    value: all.value / efficiency.value,
    high: all.high / efficiency.low,
  };
}
