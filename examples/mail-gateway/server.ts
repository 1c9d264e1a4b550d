// Run it with `npx tsx examples/mail-gateway/server.ts`; --port, --host, --build.
import { parseArgs } from 'node:util';
import { type BitSet, literalMatch, offload, sha256 } from '../../src/index.js';
import { makeGateway } from './gateway.js';
import { DEADLINE_MS, HANDLE_OPTIONS } from './policy.js';

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
const app = makeGateway({
  logger: true,
  deadlineMs: DEADLINE_MS,
  operations: {
    sha256: {
      handle: await offload(kernels.sha256, HANDLE_OPTIONS),
      show: (digest: Uint8Array) => Buffer.from(digest).toString('hex'),
    },
    words: {
      handle: await offload(kernels.words, HANDLE_OPTIONS),
      show: (found: BitSet) => [...found].map((i) => WORDS[i]),
    },
  },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close());
}
await app.listen({ port: Number(values.port), host: values.host });
