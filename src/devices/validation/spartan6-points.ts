import { SPARTAN6_POWER } from '../coefficients.js';
import type { Cells } from '../power.js';
import { exactly, type Range } from '../range.js';
import type { Published } from './point.js';
import { CONVERTERS, HASH_ACTIVITY, type PowerCase } from './power-case.js';

const WIKI =
  'assumed: table of FPGA miners of the Bitcoin wiki, "Mining hardware comparison", from a copy in a repository that was not noted';
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
    // The same part and the same table as the one that was fitted.
    isBoardKnown: role === 'judge',
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

/** Boards of Spartan-6 LX150 that hash. */
export const SPARTAN6_CASES: readonly PowerCase[] = [...miners, ...ZTEX];
