// Does `auto` take the right path? A trace of batches of real mail with bursts, and another load from the middle on, run
// on each path alone and by `auto`. The oracle knows what each batch takes on either path.
//
// Other work on the machine must not decide, and must not flatter either:
// - Each batch runs on all three one after the other, so what else the machine does falls on all of them, and over six rounds in
//   every order: a path is the faster after another run of the same batch, and the slower after ten milliseconds of JavaScript.
// - What a batch takes on a path is the median of its runs over the rounds; the oracle pays the lesser of the two. It knows
//   these medians beforehand, which nothing that has to measure can.
// - `auto` has a handle of its own in each round, so that it learns in each, the trial batches of offload() aside. It pays, for each
//   batch, the median of the path that it took there: every wrong choice and every trial is in it, at full price. On top comes what it takes beside the path: of each batch the
//   median over the rounds of the difference to the run of the same path in the same round, which other work hits alike; where that
//   is below 0 it is noise, and counts as 0.
// - Runs are not left out because the system took the processor away meanwhile: those that it leaves alone are not a fair sample.
//   (Involuntary context switches came in half of the runs, and those without took longer.)
// The sums of the times as they were, with everything else in them, are printed beside that.
import './support/say-why.js';
import { parseArgs } from 'node:util';
import { loadMails } from '../src/bench/mails.js';
import { median } from '../src/bench/measure.js';
import { type Offloaded, offload } from '../src/dispatch/offload.js';
import { crc } from '../src/kernels/crc.js';
import type { PathName } from '../src/paths/path.js';
import { printClosingLine } from './support/closing-line.js';
import { dispatcherCost } from './support/dispatcher-cost.js';

const { values } = parseArgs({
  options: {
    batches: { type: 'string', default: '1200' },
    rounds: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
  },
});
const BATCHES = Number(values.batches);
const ROUNDS = Number(values.rounds);

let state = Number(values.seed);
const random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};

type Batch = readonly Uint8Array[];

/**
 * First the subjects and first lines of mails, one to eight a batch with a burst of a few hundred now and then; from the middle
 * on whole mails of up to 16 KiB in larger batches.
 */
function makeTrace(mails: readonly Uint8Array[]): Batch[] {
  const mail = (): Uint8Array => mails[Math.floor(random() * mails.length)] as Uint8Array;
  return Array.from({ length: BATCHES }, (_, i) => {
    const isBurst = random() < 0.08;
    const isFirstHalf = i < BATCHES / 2;
    const count = isBurst
      ? 128 + Math.floor(random() * 384)
      : 1 + Math.floor(random() * (isFirstHalf ? 8 : 40));
    const most = isFirstHalf ? 40 + Math.floor(random() * 160) : 16_384;
    return Array.from({ length: count }, () => mail().subarray(0, most));
  });
}

/** One batch on one subject. */
interface Run {
  readonly ns: number;
  readonly path: PathName;
}

interface Subject {
  readonly name: string;
  handle: Offloaded<Uint8Array, number>;
  /** By round, of each batch. */
  readonly runs: Run[][];
}

/** Every order of three subjects. */
const ORDERS = [
  [0, 1, 2],
  [1, 2, 0],
  [2, 0, 1],
  [0, 2, 1],
  [2, 1, 0],
  [1, 0, 2],
];

/** @param learner - of the subjects the one whose handle knows nothing at the start of a round. */
async function runTrace(
  trace: readonly Batch[],
  subjects: readonly Subject[],
  learner: Subject,
): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) {
      await learner.handle.close();
      learner.handle = await offload(kernel);
    }
    for (const subject of subjects) subject.runs.push([]);
    for (const [i, batch] of trace.entries()) {
      for (const k of ORDERS[(i + round) % ORDERS.length] as readonly number[]) {
        const { handle, runs } = subjects[k] as Subject;
        const begin = performance.now();
        await handle.batch(batch);
        const ns = (performance.now() - begin) * 1e6;
        runs[round]?.push({ ns, path: handle.path });
      }
    }
  }
}

const sum = (times: readonly number[]): number => times.reduce((total, ns) => total + ns, 0);
const raw = ({ runs }: Subject): number => sum(runs.flat().map(({ ns }) => ns)) / ROUNDS;

/** Of each batch, the median over the rounds of what `of` makes of its run. */
function medians({ runs }: Subject, of: (run: Run, round: number, i: number) => number): number[] {
  return (runs[0] ?? []).map((_, i) => median(runs.map((round, r) => of(round[i] as Run, r, i))));
}

const mails = loadMails();
if (mails === null) throw new Error('the mails are not installed: npm ci gets them');
const trace = makeTrace(mails.messages);
const kernel = crc('crc-32');
const [javascript, verilator, auto] = [
  { name: 'always javascript', handle: await offload(kernel, { path: 'javascript' }), runs: [] },
  { name: 'always verilator', handle: await offload(kernel, { path: 'verilator' }), runs: [] },
  { name: 'auto', handle: await offload(kernel), runs: [] },
] as [Subject, Subject, Subject];
const fixed = { javascript, verilator };
await runTrace(trace, [javascript, verilator, auto], auto);

const typical = {
  javascript: medians(javascript, ({ ns }) => ns),
  verilator: medians(verilator, ({ ns }) => ns),
};
const oracle = sum(typical.javascript.map((ns, i) => Math.min(ns, typical.verilator[i] as number)));
/** What `auto` takes beside the path that it took, a round. */
const beside = sum(
  medians(auto, ({ ns, path }, r, i) => ns - (fixed[path].runs[r]?.[i]?.ns ?? ns)),
);
const rounds = auto.runs.map(
  (round) =>
    (Math.max(0, beside) + sum(round.map(({ path }, i) => typical[path][i] as number))) / oracle,
);
/** A path that takes no more than this of the better one is no wrong choice: `choice.hysteresis` keeps it. */
const RIGHT_WITHIN = 1.1;
/** Right for so many batches in a row, it is right. */
const RIGHT_IN_A_ROW = 20;
/** Batches after the change of load until the choices are right; `null` where they never were. */
const untilRight = auto.runs.map((round): number | null => {
  const middle = Math.floor(BATCHES / 2);
  for (let i = middle, inARow = 0; i < round.length; i++) {
    const best = Math.min(typical.javascript[i] as number, typical.verilator[i] as number);
    const isRight = (typical[(round[i] as Run).path][i] as number) <= RIGHT_WITHIN * best;
    inARow = isRight ? inARow + 1 : 0;
    if (inARow === RIGHT_IN_A_ROW) return i - middle - RIGHT_IN_A_ROW + 1;
  }
  return null;
});
const ms = (ns: number): string => `${(ns / 1e6).toFixed(1)} ms`;
const ratios = (list: readonly number[]): string =>
  list.map((ratio) => ratio.toFixed(3)).join(', ');
const count = trace.reduce((n, batch) => n + batch.length, 0);
console.log(
  `CRC-32 of ${count} mails and parts of mails in ${BATCHES} batches, ${ROUNDS} rounds, host time (measured)`,
);
console.log(`oracle: ${ms(oracle)}: of each batch the better path, by the median of the rounds`);
for (const [name, times] of Object.entries(typical)) {
  console.log(
    `always ${name}: ${ms(sum(times))}, ${(sum(times) / oracle).toFixed(3)} of the oracle`,
  );
}
console.log(
  `auto, round by round: ${ratios(rounds)} of the oracle, of which ${(beside / oracle).toFixed(3)} beside the path`,
);
console.log(
  `as they were: javascript ${ms(raw(javascript))} a round, verilator ${ms(raw(verilator))}, auto ${ms(raw(auto))}`,
);
console.log(
  `batches after the change of load until ${RIGHT_IN_A_ROW} in a row are right within ${RIGHT_WITHIN}, by rounds: ${untilRight.map((n) => n ?? 'never').join(', ')}`,
);
console.log(auto.handle.explain().reason);
for (const { path, reason, batches } of auto.handle.stats().ran) {
  console.log(`  ${batches.value} batches on ${path}: ${reason}`);
}
for (const { handle } of [javascript, verilator, auto]) await handle.close();
const [one, two] = [await dispatcherCost(1), await dispatcherCost(2)];
for (const [name, { call, message }] of [
  ['one path', one],
  ['two', two],
] as const) {
  console.log(
    `the dispatcher beside ${name}: ${call.toFixed(0)} ns a call, ${message.toFixed(1)} ns a message`,
  );
}
printClosingLine({
  autoOverOracle: median(rounds),
  // Of all rounds the worst; every one learns from nothing.
  worstRoundOverOracle: Math.max(...rounds),
  batchesUntilRight: Math.max(...untilRight.map((n) => n ?? BATCHES)),
  dispatchNsPerCall: one.call,
  dispatchNsPerMessage: one.message,
  dispatchNsPerCallOfTwo: two.call,
});
