// What does counting switching activity cost? The same batches with it and without, in one run: cycles of the model per
// second of host time. Figures of the closing line are the least of the kernels: 0.9 is nine tenths of the speed.
import './support/say-why.js';
import { measure, median, type Subject } from '../src/bench/measure.js';
import { type Offloaded, offload } from '../src/dispatch/offload.js';
import type { Kernel } from '../src/kernel/define-kernel.js';
import { crc } from '../src/kernels/crc.js';
import { literalMatch } from '../src/kernels/literal-match.js';
import { sha256 } from '../src/kernels/sha256.js';
import { printClosingLine } from './support/closing-line.js';
import { randomMessages } from './support/messages.js';

const ROUNDS = 15;
const BATCH = 8192;
// biome-ignore lint/suspicious/noExplicitAny: kernels of unlike results stand in one list.
const KERNELS: readonly (readonly [string, Kernel<Uint8Array, any>, number])[] = [
  ['sha256 pipelined', sha256({ architecture: 'pipelined' }), 55],
  ['literalMatch', literalMatch(['viagra', 'lottery', 'pills', 'winner']), 256],
  ['crc', crc('crc-32'), 256],
];
const EVERY = [8, 64] as const;

const least: Record<string, number> = {};
for (const [name, kernel, size] of KERNELS) {
  const messages = randomMessages(BATCH, size);
  await using plain = await offload(kernel, { path: 'verilator' });
  await using every8 = await offload(kernel, { path: 'verilator', activity: { everyCycles: 8 } });
  await using every64 = await offload(kernel, { path: 'verilator', activity: { everyCycles: 64 } });
  const nsPerCycle = async (handle: Offloaded<Uint8Array, unknown>): Promise<number> => {
    const before = handle.stats();
    await handle.batch(messages);
    const after = handle.stats();
    const ns = (after.simulator?.value ?? 0) - (before.simulator?.value ?? 0);
    return ns / ((after.cycles?.cycles.value ?? 0) - (before.cycles?.cycles.value ?? 0));
  };
  const handles = [plain, every8, every64];
  const samples: number[][] = handles.map(() => []);
  const subjects = handles.map((handle, i): Subject => {
    const run = async () => void samples[i]?.push(await nsPerCycle(handle));
    return { name: ['plain', 'every 8', 'every 64'][i] ?? '', run };
  });
  await measure(subjects, { rounds: ROUNDS, warmUps: 2 });
  const [without = Number.NaN, ...counted] = samples.map(median);
  counted.forEach((ns, i) => {
    const key = `activityOverhead${EVERY[i]}`;
    const ratio = without / ns;
    least[key] = Math.min(least[key] ?? Number.POSITIVE_INFINITY, ratio);
    console.log(
      `${name.padEnd(16)} ${(1e3 / without).toFixed(2)} M cycles/s without, ${(1e3 / ns).toFixed(2)} counting every ${EVERY[i]} cycles (host time, measured): ${ratio.toFixed(2)} of the speed`,
    );
  });
  const activity = every8.stats().activity;
  console.log(
    `${''.padEnd(16)} ${activity?.registers.bits.value} bits of registers, ${activity?.registers.perBitPerCycle.value.toFixed(3)} toggles a bit and cycle (simulated)`,
  );
}
printClosingLine(least);
