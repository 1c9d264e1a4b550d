import { deviceById } from '../catalogue.js';
import { ICE40_POWER } from '../coefficients.js';
import { exactly, type Range, rangeOf, scale } from '../range.js';
import { type ModelPoint, modelPoint, type Published } from './point.js';
import { NO_GLITCHES, type PowerCase } from './power-case.js';

const TINYVISION =
  'tinyvision-ai-inc/ice40_power, README.md, commit 1af931e9, table of core currents';
/** Core rail of its table, V. */
const CORE_VOLTS = 1.219;
const UP5K_REST: Range = rangeOf(deviceById('ice40-up5k').power.static);
/** Counters of n bits toggle 2 bits a cycle in all, whatever n: of 28 bits, 1 in 14. */
const COUNTER_ACTIVITY = exactly(2 / 28);

/** [name, microamperes, logic cells, MHz, role]: one LUT and one flip-flop a cell, in which the LUT has no net of its own. */
const COUNTERS: readonly (readonly [string, number, number, number, Published['role']])[] = [
  ['blank design', 85.6, 0, 0, 'fitted'],
  ['32 cells, external 12 MHz', 613.5, 32, 12, 'fitted'],
  ['60 cells, external 12 MHz', 616.65, 60, 12, 'interpolated'],
  ['116 cells, external 12 MHz', 624.2, 116, 12, 'interpolated'],
  ['228 cells, external 12 MHz', 641.3, 228, 12, 'fitted'],
  ['28 cells, oscillator 6 MHz', 388.4, 28, 6, 'judge'],
  ['28 cells, oscillator 12 MHz', 645, 28, 12, 'fitted'],
  ['28 cells, oscillator 24 MHz', 1162, 28, 24, 'judge'],
  ['28 cells, oscillator 48 MHz', 2184, 28, 48, 'judge'],
  ['28 cells, oscillator 10 kHz', 96.3, 28, 0.01, 'judge'],
  ['28 cells, clock halted', 92.1, 28, 0, 'judge'],
  ['28 cells, PLL 16 MHz', 1419, 28, 16, 'judge'],
  ['28 cells, PLL 32 MHz', 2029, 28, 32, 'judge'],
  ['28 cells, PLL 48 MHz', 2573, 28, 48, 'judge'],
];

const ice40 = COUNTERS.map(
  ([name, microamperes, cells, mhz, role]): PowerCase => ({
    what: `iCE40UP5K counter, ${name}`,
    value: microamperes * 1e-3 * CORE_VOLTS,
    unit: 'mW',
    role,
    isBoardKnown: true,
    source: TINYVISION,
    // With the clock halted or no design, the root of the clock tree does not toggle: 0 MHz.
    coefficients: ICE40_POWER,
    cells: { ff: cells },
    mhz,
    activity: COUNTER_ACTIVITY,
    restWatts: UP5K_REST,
  }),
);

const MULTIPLIER: readonly PowerCase[] = [
  {
    what: 'iCE40UP5K 8x8 multiplier in 180 cells, 12 MHz',
    value: 996e-3 * CORE_VOLTS,
    unit: 'mW',
    role: 'fitted',
    isBoardKnown: true,
    source: TINYVISION,
    coefficients: { ...ICE40_POWER, glitches: NO_GLITCHES },
    // 150.2 transitions a cycle with delays, simulated: docs/models.md.
    cells: { ff: 40, lut: 180 },
    mhz: 12,
    activity: exactly(150.2 / 220),
    restWatts: UP5K_REST,
  },
  {
    what: 'iCE40UP5K 8x8 multiplier in a DSP block, 12 MHz',
    value: 882e-3 * CORE_VOLTS,
    unit: 'mW',
    role: 'fitted',
    isBoardKnown: true,
    source: TINYVISION,
    coefficients: ICE40_POWER,
    cells: { ff: 72, dsp: 1 },
    mhz: 12,
    activity: COUNTER_ACTIVITY,
    duty: exactly(1),
    restWatts: UP5K_REST,
  },
];

/** Core power of tinyvision's iCE40UP5K board. */
export const ICE40_CASES: readonly PowerCase[] = [...ice40, ...MULTIPLIER];

/**
 * A design of nobody knows how many cells, on another specimen of the board and by another meter: what it takes at one clock, carried over to another, as
 * rest + (total - rest) x f2 / f1. It judges the rest and that all else follows the clock, not the energies of cells.
 */
export function ice40ScaledPoint(): ModelPoint {
  const [at12, at20] = [10.58, 16.99];
  const rest = scale(UP5K_REST, 1000);
  const scaled = (restMw: number): number => restMw + ((at12 - restMw) * 20) / 12;
  return modelPoint(
    'power',
    {
      what: 'MLAccel on an iCE40UP5K of others at 20 MHz, from what it takes at 12 MHz',
      value: at20,
      unit: 'mW',
      role: 'judge',
      // Its rest is that of the fitted board, and the watts are scaled from a published one.
      isBoardKnown: true,
      source:
        'SymbioticEDA/MARLANN, power-test/README.md, 31 December 2018, uncalibrated meter, core rail',
    },
    { low: scaled(rest.high), value: scaled(rest.value), high: scaled(rest.low) },
  );
}
