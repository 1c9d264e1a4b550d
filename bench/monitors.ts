// What do the protocol monitors cost? The same batches with them and without, in one run: cycles of the model per second of
// host time. Without them the driver takes its short way, so the ratio is the whole price of watching.
import './support/say-why.js';
import { measure, median, type Subject } from '../src/bench/measure.js';
import { offload } from '../src/dispatch/offload.js';
import type { Kernel } from '../src/kernel/define-kernel.js';
import { literalMatch } from '../src/kernels/literal-match.js';
import { sha256 } from '../src/kernels/sha256.js';
import { siphash } from '../src/kernels/siphash.js';
import { printClosingLine } from './support/closing-line.js';
import { randomMessages } from './support/messages.js';

const ROUNDS = 9;
const BATCH = 4096;
// biome-ignore lint/suspicious/noExplicitAny: kernels of unlike results stand in one list.
const KERNELS: readonly (readonly [string, Kernel<Uint8Array, any>, number])[] = [
  ['sha256Pipelined', sha256({ architecture: 'pipelined' }), 55],
  ['literalMatch', literalMatch(['viagra', 'lottery', 'pills', 'winner']), 256],
  ['siphash', siphash(new Uint8Array(16)), 24],
];

const ratios: Record<string, number> = {};
for (const [name, kernel, size] of KERNELS) {
  const messages = randomMessages(BATCH, size);
  await using plain = await offload(kernel, { path: 'verilator' });
  await using watched = await offload(kernel, { path: 'verilator', monitors: true });
  const nsPerCycle = async (handle: typeof plain): Promise<number> => {
    const before = handle.stats();
    await handle.batch(messages);
    const after = handle.stats();
    const ns = (after.simulator?.value ?? 0) - (before.simulator?.value ?? 0);
    return ns / ((after.cycles?.cycles.value ?? 0) - (before.cycles?.cycles.value ?? 0));
  };
  const samples = { plain: [] as number[], watched: [] as number[] };
  const subjects: Subject[] = [
    { name: 'plain', run: async () => void samples.plain.push(await nsPerCycle(plain)) },
    { name: 'watched', run: async () => void samples.watched.push(await nsPerCycle(watched)) },
  ];
  await measure(subjects, { rounds: ROUNDS, warmUps: 2 });
  const [without, withThem] = [median(samples.plain), median(samples.watched)];
  ratios[name] = without / withThem;
  console.log(
    `${name.padEnd(16)} ${(1e3 / without).toFixed(2)} M cycles/s without, ${(1e3 / withThem).toFixed(2)} with monitors (host time, measured): ${(without / withThem).toFixed(2)} of the speed`,
  );
}
printClosingLine(ratios);
