// The example service with a kernel that misbehaves beside the two real ones. Tells its parent the port.
import { makeGateway } from '../../examples/mail-gateway/gateway.js';
import { DEADLINE_MS, HANDLE_OPTIONS } from '../../examples/mail-gateway/policy.js';
import { type OffloadOptions, offload } from '../../src/dispatch/offload.js';
import type { BitSet } from '../../src/kernel/bit-set.js';
import type { Kernel } from '../../src/kernel/define-kernel.js';
import { alwaysVerilator } from '../support/always-verilator.js';
import { FILTER, HASH, MOODY } from './kernels.js';

const open = async <O>(kernel: Kernel<Uint8Array, O>, options: OffloadOptions = {}) => {
  await (await offload(kernel, { path: 'verilator' })).close();
  return offload(kernel, { ...HANDLE_OPTIONS, noProgressCycles: 20_000, ...options });
};
/** Every batch goes to the kernel that it is about, and soon again after a failure: five minutes of rest would prove nothing. */
const always = <O>(kernel: Kernel<Uint8Array, O>): OffloadOptions => ({
  choice: { table: alwaysVerilator(kernel), isFrozen: true },
  rest: { firstRestMs: 50, longestRestMs: 400 },
  bundles: false,
});

const app = makeGateway({
  deadlineMs: DEADLINE_MS,
  operations: {
    sha256: {
      handle: await open(HASH, always(HASH)),
      show: (digest: Uint8Array) => Buffer.from(digest).toString('hex'),
    },
    // As a service opens it: it learns its choice, checks a sample and keeps bundles.
    words: { handle: await open(FILTER), show: (found: BitSet) => [...found] },
    // A check that looks at a sample lets wrong results through in between; every answer is to be right here.
    sum: {
      handle: await open(MOODY, { ...always(MOODY), checkShare: 1 }),
      show: (sum: number) => sum,
    },
  },
});
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address() as { port: number };
process.send?.({ port });

/** A service that cannot close is of no use to anybody, and would stay behind. */
const CLOSE_MS = 20_000;
process.once('SIGTERM', () => {
  setTimeout(() => process.exit(1), CLOSE_MS).unref();
  void app.close().then(() => process.exit(0));
});
// Whoever asked is gone: killed, perhaps, so that nothing else tells it.
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), CLOSE_MS).unref();
  void app.close().then(() => process.exit(1));
});
