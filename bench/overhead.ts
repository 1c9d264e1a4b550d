// What does a call cost outside the model? A batch of 1,000, a single call, and the sync path against the function.
import './support/say-why.js';
import { median } from '../src/bench/measure.js';
import { offload } from '../src/dispatch/offload.js';
import { sha256 } from '../src/kernels/sha256.js';
import { printClosingLine } from './support/closing-line.js';
import { firstByte } from './support/first-byte.js';
import { randomMessages } from './support/messages.js';

const ROUNDS = 15;
const MESSAGES = 1000;

const messages = randomMessages(MESSAGES, 55);

/** Host time outside the model: what the caller waits less what the simulator spent. */
async function outsideModel(
  calls: number,
  work: () => Promise<unknown>,
  modelNs: () => number,
): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const model = modelNs();
    const begin = performance.now();
    for (let i = 0; i < calls; i++) await work();
    const ns = (performance.now() - begin) * 1e6 - (modelNs() - model);
    if (round > 0) samples.push(ns / calls);
  }
  return median(samples);
}

async function nativeCosts(): Promise<{ batch: number; packed: number; call: number }> {
  await using hash = await offload(sha256({ architecture: 'pipelined' }), { path: 'verilator' });
  const modelNs = (): number => hash.stats().simulator?.value ?? 0;
  const data = new Uint8Array(MESSAGES * 55);
  for (const [i, message] of messages.entries()) data.set(message, i * 55);
  const offsets = Int32Array.from({ length: MESSAGES + 1 }, (_, i) => i * 55);
  const one = messages[0] as Uint8Array;
  return {
    batch: (await outsideModel(200, () => hash.batch(messages), modelNs)) / MESSAGES,
    packed: (await outsideModel(200, () => hash.packed({ data, offsets }), modelNs)) / MESSAGES,
    call: await outsideModel(500, () => hash(one), modelNs),
  };
}

async function syncExtra(): Promise<number> {
  await using first = await offload(firstByte, { path: 'javascript' });
  const time = (call: (message: Uint8Array) => number): number => {
    let sum = 0;
    const begin = performance.now();
    for (let i = 0; i < 200; i++) for (const message of messages) sum += call(message);
    const ns = ((performance.now() - begin) * 1e6) / (200 * MESSAGES);
    // The sum is used, so the calls cannot be optimised away.
    return sum >= 0 ? ns : Number.NaN;
  };
  const extra: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const direct = time((message) => firstByte.golden(message));
    const sync = time((message) => first.sync(message));
    if (round > 0) extra.push(sync - direct);
  }
  return median(extra);
}

const { batch, packed, call } = await nativeCosts();
const sync = await syncExtra();
console.log(`host time outside the model (measured), median of ${ROUNDS} rounds`);
console.log(
  `a batch of ${MESSAGES}: ${batch.toFixed(1)} ns a message; packed by the caller: ${packed.toFixed(1)}`,
);
console.log(`a single awaited call on the verilator path: ${call.toFixed(0)} ns`);
console.log(`sync() on the javascript path over calling the function: ${sync.toFixed(1)} ns`);
printClosingLine({ batchNsPerMessage: batch, callNs: call, syncExtraNs: sync });
