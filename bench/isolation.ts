// What does a process of its own cost a model? The same batches on a thread of this process and in a child, in turn.
import './support/say-why.js';
import { median } from '../src/bench/measure.js';
import { type Offloaded, offload } from '../src/dispatch/offload.js';
import { sha256 } from '../src/kernels/sha256.js';
import { printClosingLine } from './support/closing-line.js';
import { randomMessages } from './support/messages.js';

const ROUNDS = 15;
const LOADS = [
  { messages: 1, bytes: 55, calls: 300 },
  { messages: 64, bytes: 55, calls: 200 },
  { messages: 2048, bytes: 55, calls: 20 },
  { messages: 256, bytes: 4096, calls: 2 },
];

async function time(
  handle: Offloaded<Uint8Array, Uint8Array>,
  batch: Uint8Array[],
  calls: number,
): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < calls; i++) await handle.batch(batch);
  return ((performance.now() - begin) * 1000) / calls;
}

const kernel = sha256({ architecture: 'pipelined' });
await using thread = await offload(kernel, { path: 'verilator' });
await using process = await offload(kernel, { path: 'verilator', isolation: 'process' });
const begin = performance.now();
await process(new Uint8Array(1));
console.log(
  `first call, with the start of the process: ${(performance.now() - begin).toFixed(0)} ms`,
);
const ratios: Record<string, number> = {};
for (const { messages, bytes, calls } of LOADS) {
  const batch = randomMessages(messages, bytes);
  const [here, there, ratio]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round <= ROUNDS; round++) {
    const [a, b] = [await time(thread, batch, calls), await time(process, batch, calls)];
    if (round === 0) continue;
    here.push(a);
    there.push(b);
    ratio.push(b / a);
  }
  console.log(
    `${messages} messages of ${bytes} bytes: ${median(here).toFixed(1)} us a batch on a thread, ${median(there).toFixed(1)} in a process; median of the ratios of the rounds ${median(ratio).toFixed(2)}`,
  );
  ratios[`${messages}x${bytes}`] = median(ratio);
}
printClosingLine(ratios);
