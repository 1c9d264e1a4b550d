// How well do the weights that come with `classify` tell spam from ham in the half of the mails that they were not
// trained on, and what does it take on each path? Every result is compared, bit for bit, before anything is timed.
import './support/say-why.js';
import { measure, median, medianDeviation, type Subject } from '../src/bench/measure.js';
import { classifyRivals } from '../src/bench/rivals/classify.js';
import { type Offloaded, offload } from '../src/dispatch/offload.js';
import { type PackedBatch, pack } from '../src/kernel/batch.js';
import { bytes } from '../src/kernel/codecs.js';
import { firstDifference } from '../src/kernel/difference.js';
import { classify, spamModel } from '../src/kernels/classify.js';
import type { Verdict } from '../src/kernels/classify-verdict.js';
import { printClosingLine } from './support/closing-line.js';
import { accuracyOf, accuracyTable, mailHalves } from './support/mail-halves.js';

const ROUNDS = 5;

const { test } = mailHalves();
const messages = test.bodies;
const megabytes = messages.reduce((sum, message) => sum + message.length, 0) / 1e6;
const kernel = classify();
await using javascript = await offload(kernel, { path: 'javascript' });
await using verilator = await offload(kernel, { path: 'verilator' });
await using wide = await offload(classify({ bytesPerCycle: 16 }), { path: 'verilator' });
const paths = [
  ['javascript', javascript],
  ['verilator, 8 bytes a cycle', verilator],
  ['verilator, 16 bytes a cycle', wide],
] as const;
const rivals = classifyRivals(spamModel());

const golden = pack(
  kernel.output,
  messages.map((message) => kernel.golden(message)),
);
function check(name: string, actual: PackedBatch): void {
  const wrong = firstDifference(golden, actual);
  if (wrong) throw new Error(`${name} differs on message ${wrong.messageIndex}: ${wrong.actual}`);
}

const rows: [string, ReturnType<typeof accuracyOf>][] = [];
for (const [name, handle] of paths) {
  const verdicts = await handle.batch(messages);
  check(name, pack(kernel.output, verdicts));
  rows.push([
    name,
    accuracyOf(
      verdicts.map(({ isPositive }) => isPositive),
      test.isSpam,
    ),
  ]);
}
for (const rival of rivals) {
  const results = messages.map((message) => rival.encode(rival.run(message)));
  check(rival.name, pack(bytes(), results));
}
console.log(`bodies of the test half: ${messages.length} messages, ${megabytes.toFixed(1)} MB`);
console.log(accuracyTable(rows));
console.log(`all results of ${paths.length} paths and ${rivals.length} rivals are equal`);

const cyclesOf = (handle: Offloaded<Uint8Array, Verdict>): number =>
  handle.stats().cycles?.cycles.value ?? 0;
async function cyclesOfBatch(handle: Offloaded<Uint8Array, Verdict>): Promise<number> {
  const before = cyclesOf(handle);
  await handle.batch(messages);
  return cyclesOf(handle) - before;
}
const cycles = await cyclesOfBatch(verilator);
const wideCycles = await cyclesOfBatch(wide);
const bytesPerCycle = (count: number): string => ((megabytes * 1e6) / count).toFixed(2);
console.log(
  `kernel cycles (simulated): ${cycles}, ${bytesPerCycle(cycles)} bytes each; at 16 bytes a beat ${wideCycles}, ${bytesPerCycle(wideCycles)} bytes each`,
);

const subjects: Subject[] = [
  ...paths.map(([name, handle]) => ({ name, run: () => handle.batch(messages) })),
  ...rivals.map(({ name, run }) => ({
    name,
    run: () => messages.map((message) => run(message)),
  })),
];
console.log(
  `host time (measured), ${ROUNDS} interleaved rounds; verilator is the simulator's speed`,
);
const rates = new Map<string, number>();
for (const { name, samplesMs } of await measure(subjects, { rounds: ROUNDS })) {
  const perMs = samplesMs.map((ms) => (megabytes * 1e3) / ms);
  rates.set(name, median(perMs));
  console.log(
    `${name.padEnd(28)} ${median(perMs).toFixed(1).padStart(6)} ± ${medianDeviation(perMs).toFixed(1)} MB/s`,
  );
}

const [, { accuracy, falsePositiveRate, recall }] = rows[1] as (typeof rows)[number];
printClosingLine({
  accuracy,
  falsePositiveRate,
  recall,
  bytesPerCycle: (megabytes * 1e6) / cycles,
  overTypedArrays: (rates.get(paths[1][0]) ?? Number.NaN) / (rates.get('typed arrays') ?? 1),
});
