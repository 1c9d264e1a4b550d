// Hashes and filters messages through offload(). Run it with `npx tsx examples/quickstart.ts` in a checkout, where
// '../src/index.js' stands for 'rtlift'.
import { literalMatch, offload, sha256 } from '../src/index.js';

const text = new TextEncoder();
const messages = ['meeting at ten', 'You won the LOTTERY', 'cheap viagra'].map((line) =>
  text.encode(line),
);

await using hash = await offload(sha256());
console.log(hash.path, '-', hash.reason);

const digest = await hash(text.encode('abc'));
console.log(Buffer.from(digest).toString('hex'));

const digests = await hash.batch(messages);
console.log(digests.length, 'digests');

const words = ['viagra', 'lottery'];
await using spam = await offload(literalMatch(words, { ignoreCase: true }));
for (const found of await spam.batch(messages)) {
  console.log(found.isEmpty ? 'clean' : `found ${[...found].map((i) => words[i]).join(', ')}`);
}

const { messages: count, bytesIn } = hash.stats();
console.log(`${count.value} messages, ${bytesIn.value} ${bytesIn.unit} (${bytesIn.provenance})`);
