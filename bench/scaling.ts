// Do more instances run more batches? The same packed batch on one model, on as many as the processor has cores, and on twice
// as many, in turn.
import './support/say-why.js';
import { availableParallelism } from 'node:os';
import { median } from '../src/bench/measure.js';
import { type Offloaded, offload } from '../src/dispatch/offload.js';
import { pack } from '../src/kernel/batch.js';
import type { Kernel } from '../src/kernel/define-kernel.js';
import { crc } from '../src/kernels/crc.js';
import { sha256 } from '../src/kernels/sha256.js';
import { printClosingLine } from './support/closing-line.js';
import { randomMessages } from './support/messages.js';

const ROUNDS = 9;
const CORES = availableParallelism();
const COUNTS = [1, CORES, 2 * CORES];

const kernels: readonly [string, Kernel<Uint8Array, unknown>, number, number][] = [
  ['sha256Pipelined', sha256({ architecture: 'pipelined' }), 16_384, 55],
  ['crc', crc('crc-32'), 4096, 4096],
];
const closing: Record<string, number> = {};
for (const [name, kernel, messages, bytes] of kernels) {
  const batch = pack(kernel.input, randomMessages(messages, bytes));
  const handles: Offloaded<Uint8Array, unknown>[] = [];
  for (const instances of COUNTS) {
    handles.push(await offload(kernel, { path: 'verilator', instances }));
  }
  const ratios: number[][] = COUNTS.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    const times: number[] = [];
    for (const handle of handles) {
      const begin = performance.now();
      await handle.packed(batch);
      times.push(performance.now() - begin);
    }
    if (round === 0) continue;
    for (const [i, ms] of times.entries()) ratios[i]?.push((times[0] as number) / ms);
  }
  COUNTS.forEach((count, i) => {
    console.log(
      `${name}: ${count} instance${count === 1 ? '' : 's'}: ${median(ratios[i] as number[]).toFixed(2)} times the batches of one (host time, measured)`,
    );
    closing[`${name}${count}`] = median(ratios[i] as number[]);
  });
  for (const handle of handles) await handle.close();
}
printClosingLine({ cores: CORES, ...closing });
