// How late is the event loop while a batch runs? A timer of 1 ms beside batches of up to a million messages on each path, packed
// by the caller, checked against the golden model, and beside one huge message, whose golden call nothing can cut.
// Delays are those of monitorEventLoopDelay (perf_hooks), which has a tick of 1 ms in them. A collection of the garbage stops the
// loop too and is printed beside them: it is the price of a million small objects, whoever makes them.
import './support/say-why.js';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Offloaded, offload } from '../src/dispatch/offload.js';
import { type PackedBatch, pack } from '../src/kernel/batch.js';
import { sha256 } from '../src/kernels/sha256.js';
import { printClosingLine } from './support/closing-line.js';

const { values } = parseArgs({
  options: { sizes: { type: 'string', default: '1000,100000,500000,1000000' } },
});
const SIZES = values.sizes.split(',').map(Number);
const MESSAGE_BYTES = 55;
const HUGE_BYTES = 32 * 1024 * 1024;

let longestGcMs = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestGcMs = Math.max(longestGcMs, duration);
}).observe({ entryTypes: ['gc'] });

interface Delay {
  readonly p99: number;
  readonly longest: number;
}

/** Event-loop delay, ms, while `work` runs. */
async function delayOf(name: string, work: () => Promise<unknown>): Promise<Delay> {
  // Garbage of the one before is not this one's.
  await sleep(50);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  longestGcMs = 0;
  delay.enable();
  await sleep(20);
  const begin = performance.now();
  await work();
  const ms = performance.now() - begin;
  await sleep(20);
  delay.disable();
  const [p99, longest] = [delay.percentile(99) / 1e6, delay.max / 1e6];
  console.log(
    `${name}: ${ms.toFixed(0)} ms; delay p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(1)} ms; longest collection ${longestGcMs.toFixed(1)} ms`,
  );
  return { p99, longest };
}

type Handle = Offloaded<Uint8Array, Uint8Array>;
const kernel = sha256({ architecture: 'pipelined' });
await using javascript = await offload(kernel, { path: 'javascript' });
await using verilator = await offload(kernel, { path: 'verilator' });
await using isolated = await offload(kernel, { path: 'verilator', isolation: 'process' });
await using checked = await offload(kernel, { path: 'verilator', checkShare: 1 });
const figures: Record<string, number> = {};
const keep = (name: string, { p99, longest }: Delay): void => {
  // Of all sizes the worst.
  figures[`${name}P99Ms`] = Math.max(figures[`${name}P99Ms`] ?? 0, p99);
  figures[`${name}MaxMs`] = Math.max(figures[`${name}MaxMs`] ?? 0, longest);
};

const batch =
  (handle: Handle) =>
  (messages: readonly Uint8Array[]): Promise<unknown> =>
    handle.batch(messages);
const packed =
  (handle: Handle) =>
  (_: unknown, whole: PackedBatch): Promise<unknown> =>
    handle.packed(whole);
const subjects = {
  javascript: batch(javascript),
  verilator: batch(verilator),
  checked: batch(checked),
  packed: packed(javascript),
  packedVerilator: packed(verilator),
  isolated: batch(isolated),
  packedIsolated: packed(isolated),
  packedChecked: packed(checked),
};

for (const n of SIZES) {
  const data = new Uint8Array(n * MESSAGE_BYTES).map((_, i) => (i * 31) >> 3);
  const messages = Array.from({ length: n }, (_, i) =>
    data.subarray(i * MESSAGE_BYTES, (i + 1) * MESSAGE_BYTES),
  );
  const whole = pack(kernel.input, messages);
  for (const [name, run] of Object.entries(subjects)) {
    keep(name, await delayOf(`${name}, ${n} messages`, () => run(messages, whole)));
  }
}
const huge = new Uint8Array(HUGE_BYTES).fill(7);
for (const [name, handle] of [
  ['hugeJavascript', javascript],
  ['hugeVerilator', verilator],
  ['hugeIsolated', isolated],
] as const) {
  keep(name, await delayOf(`${name}, 1 message of 32 MiB`, () => handle.batch([huge])));
}
console.log('host time (measured); of each subject the worst of all sizes:');
printClosingLine(figures);
