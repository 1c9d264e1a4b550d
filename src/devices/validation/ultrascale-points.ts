import { figure } from '../../figure.js';
import { ULTRASCALE_PLUS_POWER } from '../coefficients.js';
import { exactly, type Range, scale } from '../range.js';
import {
  ASSUMED_ACTIVITY,
  CONVERTERS,
  HASH_ACTIVITY,
  NO_GLITCHES,
  type PowerCase,
} from './power-case.js';

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
    family: 'Winograd convolution',
    source:
      'assumed: "FPGA power results of registered-pipeline stream08 variants", Vivado 2023.2, a document whose repository was not noted',
    // Its activity comes from a simulation without delays, which has no glitches.
    coefficients: {
      ...ULTRASCALE_PLUS_POWER,
      glitches: NO_GLITCHES,
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
    source:
      "assumed: README of Cyansemi's RegEx demo on an Alveo U50, Vivado 2019.2, a document whose repository was not noted",
    coefficients: {
      ...ULTRASCALE_PLUS_POWER,
      glitches: NO_GLITCHES,
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
      'assumed: validation notes of an SCU35 miner, 2026-09-10, a document whose repository was not noted; cells of its build of two engines',
    coefficients: ULTRASCALE_PLUS_POWER,
    cells: { lut: 11_281, ff: 13_379, bram: 17.5, dsp: 3 },
    mhz: 200,
    // 1.139 MH/s of 3 lanes are 527 cycles a hash, of which 128 are rounds.
    activity: scale(HASH_ACTIVITY, 128 / 527),
    // No figure of its leakage was found.
    restWatts: { low: 0.02, value: 0.05, high: 0.1 },
  },
];

/**
 * [version, W of the board at load less idle, MHz, LUT, FF, BRAM, URAM and DSP of one of twelve engines]: the clock runs
 * at idle too, so that only the work is left.
 */
const SPIN_ENGINES = [
  ['v6.2', 21.5, 275, 130_473, 126_456, 258, 2, 282],
  ['v6.4', 38.3, 250, 149_512, 131_555, 258, 66, 282],
] as const;

const spinEngines = SPIN_ENGINES.map(
  ([version, value, mhz, lut, ff, bram, uram, dsp]): PowerCase => ({
    what: `12 spin-flip engines ${version}, Alveo V80 (7 nm, by the 16 nm coefficients), ${mhz} MHz, load less idle`,
    value,
    unit: 'W',
    role: 'judge',
    source:
      'assumed: "physical V80 results" of an Onsager-SCA engine, 2026-10-07, board power by hwmon, a document whose repository was not noted',
    coefficients: { ...ULTRASCALE_PLUS_POWER, ffPj: figure(0, 'pJ', 'modelled') },
    cells: { lut, ff, bram, dsp },
    mhz,
    activity: ASSUMED_ACTIVITY,
    otherPj: scale(URAM_PJ, uram),
    devices: 12,
    efficiency: CONVERTERS,
  }),
);

/** UltraScale+, and the V80 of the family after it. */
export const ULTRASCALE_CASES: readonly PowerCase[] = [
  ...ULTRASCALE,
  ...ntts,
  ...winograd,
  ...spinEngines,
];
