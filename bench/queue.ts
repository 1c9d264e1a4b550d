// What does the queue cost a call? A run that does nothing, with 1 and with 1,000 calls a turn of the event loop.
import './support/say-why.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { median } from '../src/bench/measure.js';
import { CallQueue } from '../src/dispatch/queue/call-queue.js';
import type { CallOptions } from '../src/dispatch/queue/options.js';
import { printClosingLine } from './support/closing-line.js';

const ROUNDS = 9;
const CALLS = 200_000;

const queue = new CallQueue<Uint8Array, Uint8Array>({
  kernelName: 'nothing',
  run: (messages) => Promise.resolve(messages),
  sizeOf: (message) => message.length,
});
const message = new Uint8Array(55);

type OptionsOf = (i: number) => CallOptions | undefined;

/** Host time of a call, ns, when so many are made a turn and all are awaited. */
async function queued(callsATurn: number, optionsOf?: OptionsOf): Promise<number> {
  const turns = Math.min(CALLS / callsATurn, 20_000);
  const begin = performance.now();
  for (let turn = 0; turn < turns; turn++) {
    if (callsATurn === 1) {
      await queue.call(message, optionsOf?.(0));
      continue;
    }
    const calls: Promise<Uint8Array>[] = new Array(callsATurn);
    for (let i = 0; i < callsATurn; i++) calls[i] = queue.call(message, optionsOf?.(i));
    await Promise.all(calls);
  }
  return ((performance.now() - begin) * 1e6) / (turns * callsATurn);
}

/** The same calls and promises without a queue: what awaiting so many costs anyway. */
async function bare(callsATurn: number): Promise<number> {
  const turns = Math.min(CALLS / callsATurn, 20_000);
  const begin = performance.now();
  for (let turn = 0; turn < turns; turn++) {
    if (callsATurn === 1) {
      await nextTurn();
      continue;
    }
    const settle: ((value: Uint8Array) => void)[] = [];
    const calls: Promise<Uint8Array>[] = new Array(callsATurn);
    for (let i = 0; i < callsATurn; i++) {
      calls[i] = new Promise<Uint8Array>((resolve) => {
        settle.push(resolve);
      });
    }
    await nextTurn();
    for (const resolve of settle) resolve(message);
    await Promise.all(calls);
  }
  return ((performance.now() - begin) * 1e6) / (turns * callsATurn);
}

const callers = Array.from({ length: 10 }, (_, i) => ({ caller: `caller ${i}` }));
const deadline = { deadlineMs: 1_000 };
const signals = Array.from({ length: 1_000 }, () => ({ signal: new AbortController().signal }));
const shared = { signal: new AbortController().signal };
const cases: Readonly<Record<string, () => Promise<number>>> = {
  bare1Ns: () => bare(1),
  call1Ns: () => queued(1),
  bare1000Ns: () => bare(1_000),
  call1000Ns: () => queued(1_000),
  callers10Ns: () => queued(1_000, (i) => callers[i % 10]),
  deadlineNs: () => queued(1_000, () => deadline),
  sharedSignalNs: () => queued(1_000, () => shared),
  ownSignalNs: () => queued(1_000, (i) => signals[i]),
};
const WHAT: Readonly<Record<string, string>> = {
  bare1Ns: 'a turn of the event loop, awaited',
  call1Ns: 'a call a turn, awaited',
  bare1000Ns: '1,000 promises a turn without a queue, a promise',
  call1000Ns: '1,000 calls a turn, a call',
  callers10Ns: 'the same by 10 callers',
  deadlineNs: 'the same, each with a deadline',
  sharedSignalNs: 'the same, all with one signal',
  ownSignalNs: 'the same, each with a signal of its own',
};

const samples = new Map(Object.keys(cases).map((name) => [name, [] as number[]]));
// Interleaved, so that what else the machine does falls on all of them; the first round only warms up.
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, measure] of Object.entries(cases)) {
    const ns = await measure();
    if (round > 0) samples.get(name)?.push(ns);
  }
}
await queue.close();

const figures = Object.fromEntries([...samples].map(([name, list]) => [name, median(list)]));
console.log(`host time of a call through the queue (measured), median of ${ROUNDS} rounds`);
for (const [name, ns] of Object.entries(figures)) {
  console.log(`${ns.toFixed(0).padStart(7)} ns  ${WHAT[name]}`);
}
printClosingLine(figures);
