// The example service with a kernel that misbehaves beside the two real ones. Tells its parent the port.
import { makeGateway } from '../../examples/mail-gateway/gateway.js';
import { type OffloadOptions, offload } from '../../src/dispatch/offload.js';
import type { BitSet } from '../../src/kernel/bit-set.js';
import type { Kernel } from '../../src/kernel/define-kernel.js';
import { alwaysVerilator } from '../support/always-verilator.js';
import { FILTER, HASH, MOODY } from './kernels.js';

const open = async <O>(kernel: Kernel<Uint8Array, O>, options: OffloadOptions = {}) => {
  await (await offload(kernel, { path: 'verilator' })).close();
  return offload(kernel, {
    isolation: 'process',
    noProgressCycles: 20_000,
    childTimeoutMs: 3_000,
    // While the library waits for this, all requests do.
    cycleTimeoutMs: 3_000,
    choice: { table: alwaysVerilator(kernel), isFrozen: true },
    // Short, or most of five minutes would be rest.
    rest: { firstRestMs: 50, longestRestMs: 400 },
    bundles: false,
    ...options,
  });
};

const app = makeGateway({
  operations: {
    sha256: {
      handle: await open(HASH),
      show: (digest: Uint8Array) => Buffer.from(digest).toString('hex'),
    },
    words: { handle: await open(FILTER), show: (found: BitSet) => [...found] },
    // A check that looks at a sample lets wrong results through in between; every answer is to be right here.
    sum: { handle: await open(MOODY, { checkShare: 1 }), show: (sum: number) => sum },
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
