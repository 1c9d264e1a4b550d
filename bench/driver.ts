// What does driving a model from Node cost against the least C++ loop that does the same? And do two models on two
// threads run side by side? Cycles per second of host time, in interleaved rounds.
import './support/say-why.js';
import { median, medianDeviation } from '../src/bench/measure.js';
import { type Offloaded, offload } from '../src/dispatch/offload.js';
import { type PackedBatch, pack } from '../src/kernel/batch.js';
import type { Kernel } from '../src/kernel/define-kernel.js';
import { literalMatch } from '../src/kernels/literal-match.js';
import { sha256 } from '../src/kernels/sha256.js';
import { buildBareLoop } from './support/bare-loop.js';
import { printClosingLine } from './support/closing-line.js';
import { randomMessages } from './support/messages.js';

const ROUNDS = 9;

interface Case {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: kernels of unlike result types stand in one list.
  readonly kernel: Kernel<Uint8Array, any>;
  readonly messages: readonly Uint8Array[];
}

const words = randomMessages(256, 8, 7).map((bytes) => bytes.map((byte) => 0x61 + (byte % 26)));
const CASES: readonly Case[] = [
  { name: 'sha256', kernel: sha256(), messages: randomMessages(4096, 1000) },
  {
    name: 'sha256Pipelined',
    kernel: sha256({ architecture: 'pipelined' }),
    messages: randomMessages(65_536, 55),
  },
  { name: 'literalMatch', kernel: literalMatch(words), messages: randomMessages(2048, 1000) },
];

/** Host time of one batch from Node, crossing included, and its cycles. */
async function runFromNode(
  handle: Offloaded<Uint8Array, unknown>,
  batch: PackedBatch,
  into: Uint8Array,
): Promise<{ cycles: number; ns: number }> {
  const before = handle.stats().cycles?.cycles.value ?? 0;
  const begin = performance.now();
  await handle.packed(batch, { into });
  const ns = (performance.now() - begin) * 1e6;
  return { cycles: (handle.stats().cycles?.cycles.value ?? 0) - before, ns };
}

const show = (label: string, rates: readonly number[]): string =>
  `${label} ${(median(rates) / 1e6).toFixed(3)} ± ${(medianDeviation(rates) / 1e6).toFixed(3)} M cycles/s`;

async function againstBareLoop({ name, kernel, messages }: Case): Promise<number> {
  const batch = pack(kernel.input, messages);
  await using handle = await offload(kernel, { path: 'verilator' });
  await using bare = await buildBareLoop(kernel, batch);
  // Both sides write their results into the same memory each time.
  const into = new Uint8Array(messages.length * (kernel.output.fixedBytes ?? 0));
  const node: number[] = [];
  const cxx: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    // A fresh process and a batch that is not the first: each runs one batch to warm up.
    await runFromNode(handle, batch, into);
    const a = await runFromNode(handle, batch, into);
    const b = (await bare.run(2)).at(-1);
    if (round === 0 || b === undefined) continue;
    if (Math.abs(a.cycles - b.cycles) > 2) {
      throw new Error(`${name}: ${a.cycles} cycles from Node, ${b.cycles} in the bare loop`);
    }
    node.push((a.cycles * 1e9) / a.ns);
    cxx.push((b.cycles * 1e9) / b.ns);
    ratios.push(b.ns / b.cycles / (a.ns / a.cycles));
  }
  const ratio = median(ratios);
  console.log(
    `${name}: ${show('from Node', node)}; ${show('bare loop', cxx)}; median of the ratios of the rounds ${ratio.toFixed(3)}`,
  );
  return ratio;
}

async function twoThreads({ kernel, messages }: Case): Promise<number> {
  const batch = pack(kernel.input, messages);
  await using first = await offload(kernel, { path: 'verilator' });
  await using second = await offload(kernel, { path: 'verilator' });
  const resultBytes = messages.length * (kernel.output.fixedBytes ?? 0);
  const intoFirst = new Uint8Array(resultBytes);
  const intoSecond = new Uint8Array(resultBytes);
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const alone = await runFromNode(first, batch, intoFirst);
    const begin = performance.now();
    await Promise.all([
      first.packed(batch, { into: intoFirst }),
      second.packed(batch, { into: intoSecond }),
    ]);
    const together = (performance.now() - begin) * 1e6;
    if (round > 0) ratios.push((2 * alone.ns) / together);
  }
  const ratio = median(ratios);
  console.log(`two instances on two threads run ${ratio.toFixed(3)} times the batches of one`);
  return ratio;
}

const figures: Record<string, number> = {};
for (const entry of CASES) figures[entry.name] = await againstBareLoop(entry);
figures.twoThreads = await twoThreads(CASES[0] as Case);
printClosingLine(figures);
