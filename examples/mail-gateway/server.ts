// Run it with `npx tsx examples/mail-gateway/server.ts`; --port, --host, --build.
import { parseArgs } from 'node:util';
import { type BitSet, literalMatch, offload, sha256 } from '../../src/index.js';
import { makeGateway } from './gateway.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    // Loopback unless told otherwise: the service asks nobody who they are.
    host: { type: 'string', default: '127.0.0.1' },
    // Builds the kernel libraries first, so that `auto` has more than JavaScript to choose from.
    build: { type: 'boolean', default: false },
  },
});

const WORDS = ['viagra', 'lottery', 'winner', 'unsubscribe', 'free', 'click here', 'act now'];
const kernels = { sha256: sha256(), words: literalMatch(WORDS, { ignoreCase: true }) };
if (values.build) {
  for (const kernel of [kernels.sha256, kernels.words]) {
    await (await offload(kernel as typeof kernels.sha256, { path: 'verilator' })).close();
  }
}
// Whoever cannot be answered soon hears so at once, instead of waiting in a queue that grows.
const options = {
  isolation: 'process',
  batching: { maxQueuedMessages: 4_096, whenFull: 'reject' },
} as const;
const app = makeGateway({
  logger: true,
  deadlineMs: 5_000,
  operations: {
    sha256: {
      handle: await offload(kernels.sha256, options),
      show: (digest: Uint8Array) => Buffer.from(digest).toString('hex'),
    },
    words: {
      handle: await offload(kernels.words, options),
      show: (found: BitSet) => [...found].map((i) => WORDS[i]),
    },
  },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close());
}
await app.listen({ port: Number(values.port), host: values.host });
