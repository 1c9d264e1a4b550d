// Does `auto` take the right path? A trace of batches of real mail with bursts, and another load from the middle on, run
// on each path alone and by `auto`, batch by batch in turn. The oracle knows what each batch takes on either path.
import './support/say-why.js';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { loadMails } from '../src/bench/mails.js';
import { median } from '../src/bench/measure.js';
import { Chooser } from '../src/dispatch/choice/chooser.js';
import { Dispatcher } from '../src/dispatch/dispatcher.js';
import { type Offloaded, offload } from '../src/dispatch/offload.js';
import { StatsRecorder } from '../src/dispatch/stats.js';
import { ArrayWork } from '../src/dispatch/work.js';
import { bytes, uint8 } from '../src/kernel/codecs.js';
import { defineKernel } from '../src/kernel/define-kernel.js';
import { crc } from '../src/kernels/crc.js';
import { JavascriptPath } from '../src/paths/javascript.js';
import { printClosingLine } from './support/closing-line.js';

const { values } = parseArgs({
  options: {
    batches: { type: 'string', default: '1200' },
    rounds: { type: 'string', default: '3' },
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

interface Subject {
  readonly name: string;
  readonly handle: Offloaded<Uint8Array, number>;
  /** By round, ns of each batch. */
  readonly times: number[][];
}

async function runTrace(trace: readonly Batch[], subjects: readonly Subject[]): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const subject of subjects) subject.times.push([]);
    for (const [i, batch] of trace.entries()) {
      // In turn, so that none always runs after the same one.
      for (let k = 0; k < subjects.length; k++) {
        const subject = subjects[(i + k) % subjects.length] as Subject;
        const begin = performance.now();
        await subject.handle.batch(batch);
        subject.times[round]?.push((performance.now() - begin) * 1e6);
      }
    }
  }
}

const sum = (times: readonly number[]): number => times.reduce((total, ns) => total + ns, 0);
const perBatch = ({ times }: Subject): number[] =>
  (times[0] ?? []).map((_, i) => median(times.map((round) => round[i] as number)));

/** What choosing, timing and counting cost beside the path itself, on the smallest operation there is. */
async function dispatcherCost(): Promise<{ call: number; message: number }> {
  const firstByte = defineKernel({
    name: 'firstByte',
    rtl: { top: 'never_elaborated', sources: [new URL('never_read.v', import.meta.url)] },
    input: bytes(),
    output: uint8(),
    golden: (message) => message[0] ?? 0,
  });
  const javascript = new JavascriptPath(firstByte);
  const dispatcher = new Dispatcher({
    kernel: firstByte,
    paths: [javascript],
    javascript,
    chooser: new Chooser(['javascript']),
    failed: new Map(),
    checkShare: 0.001,
    stats: new StatsRecorder(),
  });
  const time = async (calls: number, work: () => Promise<unknown>): Promise<number> => {
    const begin = performance.now();
    for (let i = 0; i < calls; i++) await work();
    return ((performance.now() - begin) * 1e6) / calls;
  };
  const extra = async (messages: Batch, calls: number): Promise<number> => {
    const samples: number[] = [];
    for (let round = 0; round <= 15; round++) {
      const direct = await time(calls, () => javascript.run(messages));
      const dispatched = await time(calls, () =>
        dispatcher.run(new ArrayWork(firstByte, messages, undefined)),
      );
      if (round > 0) samples.push(dispatched - direct);
    }
    return median(samples);
  };
  const one = [Uint8Array.of(1)];
  const call = await extra(one, 20_000);
  const message = ((await extra(new Array(1000).fill(one[0]), 500)) - call) / 999;
  return { call, message };
}

const mails = loadMails();
if (mails === null) throw new Error('the mails are not installed: npm ci gets them');
const trace = makeTrace(mails.messages);
const kernel = crc('crc-32');
const [javascript, verilator, auto] = [
  { name: 'always javascript', handle: await offload(kernel, { path: 'javascript' }), times: [] },
  { name: 'always verilator', handle: await offload(kernel, { path: 'verilator' }), times: [] },
  { name: 'auto', handle: await offload(kernel), times: [] },
] as [Subject, Subject, Subject];
await runTrace(trace, [javascript, verilator, auto]);

const [js, vl] = [perBatch(javascript), perBatch(verilator)];
const oracle = js.map((ns, i) => Math.min(ns, vl[i] as number));
const total = sum(oracle);
const ms = (ns: number): string => `${(ns / 1e6).toFixed(1)} ms`;
const count = trace.reduce((n, batch) => n + batch.length, 0);
console.log(
  `CRC-32 of ${count} mails and parts of mails in ${BATCHES} batches, ${ROUNDS} rounds, host time (measured)`,
);
console.log(`oracle: ${ms(total)}: of each batch the better path, by the median of the rounds`);
for (const subject of [javascript, verilator]) {
  const ns = sum(perBatch(subject));
  console.log(`${subject.name}: ${ms(ns)}, ${(ns / total).toFixed(3)} of the oracle`);
}
const rounds = auto.times.map((round) => sum(round) / total);
console.log(
  `auto, round by round: ${rounds.map((ratio) => ratio.toFixed(3)).join(', ')} of the oracle`,
);
// Of what auto took, against the oracle by the times of the same round: what choosing costs, without the noise of a pair of runs.
const chosen = auto.times.map(
  (round, r) =>
    sum(round) /
    sum(
      round.map((_, i) =>
        Math.min(javascript.times[r]?.[i] as number, verilator.times[r]?.[i] as number),
      ),
    ),
);
console.log(
  `the same against the better run of that round: ${chosen.map((ratio) => ratio.toFixed(3)).join(', ')}`,
);
console.log(auto.handle.explain().reason);
for (const { path, reason, batches } of auto.handle.stats().ran) {
  console.log(`  ${batches.value} batches on ${path}: ${reason}`);
}
/** How late the event loop is while one large batch runs: 65,536 messages, 64 MiB. */
async function loopDelay({ name, handle }: Subject): Promise<void> {
  const large = Array.from({ length: 65_536 }, (_, i) => new Uint8Array(1024).fill(i));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await handle.batch(large);
  delay.disable();
  const ms = (ns: number): string => `${(ns / 1e6).toFixed(1)} ms`;
  console.log(
    `${name}: event-loop delay while a batch of 64 MiB runs: p99 ${ms(delay.percentile(99))}, longest ${ms(delay.max)}`,
  );
}

for (const subject of [javascript, verilator]) await loopDelay(subject);
for (const { handle } of [javascript, verilator, auto]) await handle.close();
const { call, message } = await dispatcherCost();
console.log(
  `the dispatcher beside the path: ${call.toFixed(0)} ns a call, ${message.toFixed(1)} ns a message`,
);
printClosingLine({
  autoOverOracle: median(rounds),
  dispatchNsPerCall: call,
  dispatchNsPerMessage: message,
});
