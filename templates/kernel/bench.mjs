// @ts-check
// One batch on each path: host time (measured) beside kernel cycles (simulated). They are different clocks: the first
// says what a caller waits here, the second what the RTL takes.
import { randomBytes } from 'node:crypto';
import { offload } from 'rtlift';
import { kernel } from './NAME.mjs';

const MESSAGES = 10_000;
const BYTES = 256;
const messages = Array.from({ length: MESSAGES }, () => new Uint8Array(randomBytes(BYTES)));

for (const path of /** @type {const} */ (['javascript', 'verilator'])) {
  const run = await offload(kernel, { path });
  await run.batch(messages.slice(0, 100));
  const before = run.stats().cycles?.cycles.value ?? 0;
  const begin = performance.now();
  await run.batch(messages);
  const ns = ((performance.now() - begin) * 1e6) / MESSAGES;
  const cycles = ((run.stats().cycles?.cycles.value ?? 0) - before) / MESSAGES;
  console.log(
    `${path.padEnd(11)} ${ns.toFixed(0)} ns a message of ${BYTES} B (host time, measured)${cycles > 0 ? `, ${cycles.toFixed(1)} kernel cycles a message (simulated)` : ''}`,
  );
  await run.close();
}
