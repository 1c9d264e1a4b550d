// Can a cycle-accurate simulation of a pipelined SHA-256 out-run software in host time? Independent one-block messages
// (55 bytes: with padding one block of 64), batches from Node, all in one run.
import './support/say-why.js';
import * as crypto from 'node:crypto';
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { measure, median, medianDeviation, type Subject } from '../src/bench/measure.js';
import { offload } from '../src/dispatch/offload.js';
import { pack } from '../src/kernel/batch.js';
import { sha256 } from '../src/kernels/sha256.js';
import { PLAIN_FLAGS } from '../src/toolchain/flags.js';
import { printClosingLine } from './support/closing-line.js';
import { randomMessages } from './support/messages.js';

const ROUNDS = 11;
const BATCH = 4096;
const BATCHES = 16;
const MESSAGES = BATCH * BATCHES;

const messages = randomMessages(BATCH, 55);
const kernel = sha256({ architecture: 'pipelined' });
await using fast = await offload(kernel, { path: 'verilator' });
await using plain = await offload(kernel, { path: 'verilator', flags: PLAIN_FLAGS });
const packed = pack(kernel.input, messages);

const digests = await fast.batch(messages);
for (const [i, digest] of digests.entries()) {
  const want = crypto
    .createHash('sha256')
    .update(messages[i] as Uint8Array)
    .digest();
  if (Buffer.compare(digest, want) !== 0) throw new Error(`message ${i} is hashed wrongly`);
}

const into = new Uint8Array(BATCH * 32);
/** A sample is the same batch several times over, so that a wake-up of a thread does not decide it. */
const times = (run: () => unknown) => async () => {
  for (let i = 0; i < BATCHES; i++) await run();
};
// Every subject makes an array of digests of an array of messages.
const each = (call: (message: Uint8Array) => unknown) => times(() => messages.map(call));
const subjects: Subject[] = [
  { name: 'simulated, array of messages', run: times(() => fast.batch(messages)) },
  { name: 'simulated, packed by the caller', run: times(() => fast.packed(packed, { into })) },
  { name: 'simulated, plain flags, packed', run: times(() => plain.packed(packed, { into })) },
  { name: '@noble/hashes', run: each((message) => noble(message)) },
  { name: 'crypto.hash, hex', run: each((message) => crypto.hash('sha256', message, 'hex')) },
  { name: 'crypto.hash, buffer', run: each((message) => crypto.hash('sha256', message, 'buffer')) },
  {
    name: 'createHash',
    run: each((message) => crypto.createHash('sha256').update(message).digest()),
  },
];
const before = {
  ns: fast.stats().simulator?.value ?? 0,
  cycles: fast.stats().cycles?.cycles.value ?? 0,
};
const timings = await measure(subjects, { rounds: ROUNDS, warmUps: 4 });
const model = {
  ns: (fast.stats().simulator?.value ?? 0) - before.ns,
  cycles: (fast.stats().cycles?.cycles.value ?? 0) - before.cycles,
};

const rates = new Map<string, number>();
console.log(
  `${BATCHES} batches of ${BATCH} messages of 55 bytes, ${ROUNDS} interleaved rounds; host time (measured)`,
);
for (const { name, samplesMs } of timings) {
  const ns = samplesMs.map((ms) => (ms * 1e6) / MESSAGES);
  rates.set(name, 1e9 / median(ns));
  console.log(
    `${name.padEnd(34)} ${(1e3 / median(ns)).toFixed(3)} M messages/s, ${median(ns).toFixed(0)} ± ${medianDeviation(ns).toFixed(0)} ns each`,
  );
}
console.log(
  `the model itself: ${(model.ns / model.cycles).toFixed(0)} ns of host time a cycle, one message a cycle`,
);

const rate = (name: string): number => rates.get(name) ?? Number.NaN;
// The rivals take their messages one by one from an array, so the simulated kernel does too.
const simulated = rate('simulated, array of messages');
const crypt = Math.max(rate('crypto.hash, hex'), rate('crypto.hash, buffer'));
console.log(
  `the closing line compares arrays of messages; packed by the caller it is over @noble/hashes ${(rate('simulated, packed by the caller') / rate('@noble/hashes')).toFixed(2)}, over crypto.hash ${(rate('simulated, packed by the caller') / crypt).toFixed(2)}`,
);
printClosingLine({
  overNoble: simulated / rate('@noble/hashes'),
  overCryptoHash: simulated / crypt,
  overPlainFlags: rate('simulated, packed by the caller') / rate('simulated, plain flags, packed'),
});
