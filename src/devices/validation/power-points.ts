import { deviceById } from '../catalogue.js';
import { ICE40_POWER, SPARTAN6_POWER, ULTRASCALE_PLUS_POWER } from '../coefficients.js';
import { type Cells, cycleEnergy, type PowerCoefficients, wattsAt } from '../power.js';
import { exactly, type Range, rangeOf, scale, sum, ZERO } from '../range.js';
import { type ModelPoint, modelPoint, type Published } from './point.js';

/** A design whose power was published, as far as the model needs it. */
interface PowerCase extends Published {
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
const HASH_ACTIVITY = exactly(0.4936);
/** What the projection assumes where nobody counted. */
const ASSUMED_ACTIVITY: Range = { low: 0.125, value: 0.25, high: 0.5 };
const ASSUMED_DUTY: Range = { low: 0.25, value: 0.5, high: 1 };
/** Converters from 12 V or 5 V to the core. */
const CONVERTERS: Range = { low: 0.75, value: 0.85, high: 0.95 };

function predict({
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

const milliwatts = ({ low, value, high }: Range): Range => scale({ low, value, high }, 1000);

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
    coefficients: { ...ICE40_POWER, glitches: { value: 1, unit: '1', provenance: 'modelled' } },
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

const WIKI =
  'table of FPGA miners of the Bitcoin wiki, copied in a public repository; docs/models.md';
/** Two SHA-256 pipelines, as yosys maps one of them to a LUT6 family: docs/models.md. */
const MINER: Partial<Cells> = { lut: 57_200, ff: 42_112, carry: 15_872, srl: 6854 };
/** No figure of its leakage was found. */
const LX150_REST: Range = { low: 0.1, value: 0.3, high: 0.6 };

/** [name, W of the board, devices, MHz each, role]: one hash of two blocks a cycle, so as many MH/s as MHz. */
const MINERS: readonly (readonly [string, number, number, number, Published['role']])[] = [
  ['X6500', 17.2, 2, 200, 'fitted'],
  ['X5000', 6.8, 1, 100, 'judge'],
  ['Icarus', 19.2, 2, 190, 'judge'],
  ['Lancelot', 26, 2, 200, 'judge'],
  ['ModMiner Quad', 40, 4, 200, 'judge'],
];

const miners = MINERS.map(
  ([name, value, devices, mhz, role]): PowerCase => ({
    what: `SHA-256d miner ${name}, ${devices} x XC6SLX150, ${mhz} MHz`,
    value,
    unit: 'W',
    role,
    source: WIKI,
    coefficients: SPARTAN6_POWER,
    cells: MINER,
    mhz,
    activity: HASH_ACTIVITY,
    restWatts: LX150_REST,
    devices,
    efficiency: CONVERTERS,
  }),
);

/** Full load less idle at 12 V, so that leakage and the rest of the board drop out. */
const ZTEX: readonly PowerCase[] = [
  {
    what: 'bcrypt on ZTEX 1.15y, 4 x XC6SLX150, 150 MHz, load less idle',
    value: (2.2 - 0.4) * 12,
    unit: 'W',
    role: 'judge',
    source: 'openwall/john, src/ztex/fpga-bcrypt/README.md, commit 291aa5f1',
    coefficients: SPARTAN6_POWER,
    // 124 cores of 390 LUT and 4 memories; 16 % of FF where 55 % of LUT are used and a slice has twice as many FF.
    cells: { lut: 124 * 390, ff: Math.round((0.16 / 0.55) * 2 * 124 * 390), bram: 124 * 4 },
    mhz: 150,
    activity: HASH_ACTIVITY,
    duty: exactly(16 / 18),
    devices: 4,
    efficiency: CONVERTERS,
  },
  {
    what: 'sha256crypt on ZTEX 1.15y, 4 x XC6SLX150, 175 MHz, load less idle',
    value: (3.1 - 0.4) * 12,
    unit: 'W',
    role: 'judge',
    source: 'openwall/john, src/ztex/fpga-sha256crypt/README.md, commit 5b7212af',
    coefficients: SPARTAN6_POWER,
    // 23 units of 2,650 LUT; FF not published, taken in the ratio of an iterative SHA-256 core after yosys: docs/models.md.
    cells: { lut: 23 * 2650, ff: Math.round((1074 / 1860) * 23 * 2650) },
    mhz: 175,
    activity: HASH_ACTIVITY,
    devices: 4,
    efficiency: CONVERTERS,
  },
];

/** [name, LUT, FF, W of clocks, logic, signals and DSP]: one project, five variants. */
const WINOGRAD: readonly (readonly [string, number, number, number])[] = [
  ['rowconst4', 4256, 1264, 0.015 + 0.022 + 0.043 + 0.006],
  ['wstream4', 4326, 1288, 0.017 + 0.022 + 0.038 + 0.006],
  ['prefetch4-rowconst4', 4376, 1326, 0.017 + 0.029 + 0.05 + 0.007],
  ['prefetch4', 2078, 1291, 0.013 + 0.03 + 0.04 + 0.007],
  ['prefetch8-rowconst4', 4416, 1457, 0.018 + 0.028 + 0.047 + 0.006],
];

const winograd = WINOGRAD.map(
  ([name, lut, ff, value]): PowerCase => ({
    what: `Winograd convolution ${name}, XCZU7EV, 317 MHz, clocks + logic + signals + DSP (Vivado with simulated activity)`,
    value,
    unit: 'W',
    provenance: 'modelled',
    role: 'judge',
    source:
      'FPGA power results of registered-pipeline stream08 variants, Vivado 2023.2; docs/models.md',
    // Its activity comes from a simulation without delays, which has no glitches.
    coefficients: {
      ...ULTRASCALE_PLUS_POWER,
      glitches: { value: 1, unit: '1', provenance: 'modelled' },
    },
    cells: { lut, ff, dsp: 8 },
    mhz: 317,
    activity: ASSUMED_ACTIVITY,
  }),
);

const NTT = 'fyquah/hardcaml_zprize, zprize/ntt/docs/zprize_ntt_top.mld, commit 3a3a57d0';
/** UltraRAM, chosen with these designs known, pJ an access. */
const URAM_PJ: Range = { low: 17.5, value: 35, high: 70 };

/** [cores, W of the board, LUT, FF, DSP, URAM]; 8 cores are the base that is taken off. */
const NTT_BASE = [8, 16.97, 107_291, 141_006, 260, 48] as const;
const NTTS = [
  [16, 18.19, 126_422, 156_149, 512, 96],
  [32, 21.13, 166_488, 184_436, 1028, 192],
  [64, 27.7, 265_523, 246_385, 2052, 384],
] as const;

const ntts = NTTS.map(
  ([cores, boardWatts, lut, ff, dsp, uram]): PowerCase => ({
    what: `NTT of ${cores} cores less 8, Varium C1100 board, 200 MHz`,
    value: boardWatts - NTT_BASE[1],
    unit: 'W',
    role: 'fitted',
    source: NTT,
    coefficients: ULTRASCALE_PLUS_POWER,
    cells: { lut: lut - NTT_BASE[2], ff: ff - NTT_BASE[3], dsp: dsp - NTT_BASE[4] },
    mhz: 200,
    activity: ASSUMED_ACTIVITY,
    duty: { low: 0.5, value: 1, high: 1 },
    otherPj: scale(URAM_PJ, uram - NTT_BASE[5]),
  }),
);

const ULTRASCALE: readonly PowerCase[] = [
  {
    what: 'regex design, Alveo U50, 180 MHz, clocks + logic + signals + memories (Vivado)',
    value: 2.464 + 1.894 + 3.132 + 1.532,
    unit: 'W',
    provenance: 'modelled',
    role: 'fitted',
    source: "README of Cyansemi's regex demo, Vivado 2019.2; docs/models.md",
    coefficients: {
      ...ULTRASCALE_PLUS_POWER,
      glitches: { value: 1, unit: '1', provenance: 'modelled' },
    },
    cells: { lut: 475_034, ff: 665_852, carry: 142_144, bram: 412.5, srl: 4421 },
    mhz: 180,
    activity: exactly(0.125),
    duty: exactly(1),
  },
  {
    what: 'MSM of BLS12-377, AWS F1 (VU9P), 278 MHz, Vccint with shell',
    value: 51,
    unit: 'W',
    role: 'fitted',
    source: 'fyquah/hardcaml_zprize, zprize/msm_pippenger/README.md, commit 950323e7',
    coefficients: ULTRASCALE_PLUS_POWER,
    cells: { lut: 389_000, ff: 736_000, dsp: 2999, bram: 420 },
    mhz: 278,
    activity: ASSUMED_ACTIVITY,
    duty: { low: 0.5, value: 1, high: 1 },
    otherPj: scale(URAM_PJ, 463),
    // An idle F1, leakage included.
    restWatts: { low: 9, value: 9, high: 17 },
  },
  {
    what: 'SHA-256d miner of 3 lanes, XCSU35P, 200 MHz, Vccint',
    value: 0.2,
    unit: 'W',
    role: 'judge',
    source:
      'validation notes of an SCU35 miner, 2026-09-10; cells of its build of two engines; docs/models.md',
    coefficients: ULTRASCALE_PLUS_POWER,
    cells: { lut: 11_281, ff: 13_379, bram: 17.5, dsp: 3 },
    mhz: 200,
    // 1.139 MH/s of 3 lanes are 527 cycles a hash, of which 128 are rounds.
    activity: scale(HASH_ACTIVITY, 128 / 527),
    // No figure of its leakage was found.
    restWatts: { low: 0.02, value: 0.05, high: 0.1 },
  },
];

/** Every published power that was found with enough said of the design to predict it. */
export function powerPoints(): ModelPoint[] {
  const cases = [...ice40, ...MULTIPLIER, ...miners, ...ZTEX, ...ULTRASCALE, ...ntts, ...winograd];
  return cases.map((point) => {
    const watts = predict(point);
    return modelPoint('power', point, point.unit === 'mW' ? milliwatts(watts) : watts);
  });
}
