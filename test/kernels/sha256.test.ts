import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  bytes,
  offload,
  type PathName,
  pack,
  type Sha256Options,
  sha256,
} from '../../src/index.js';
import { fromHex, fromText, readRows, toHex } from '../support/data.js';
import { thrown } from '../support/errors.js';
import {
  describeUnless,
  type Missing,
  missingData,
  missingVerilatorPath,
} from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';

const digest = (message: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(message).digest());

const missing = await missingVerilatorPath();
const VARIANTS: readonly (readonly [string, PathName, Missing, Sha256Options])[] = [
  ['javascript', 'javascript', null, {}],
  ['verilator, pipelined', 'verilator', missing, { architecture: 'pipelined' }],
  ['verilator, 1 lane', 'verilator', missing, { lanes: 1 }],
  ['verilator, 3 lanes', 'verilator', missing, { lanes: 3 }],
  ['verilator, 16 lanes', 'verilator', missing, { lanes: 16 }],
];

/** NIST, "Examples with intermediate values": SHA-256; and FIPS 180-2, appendix B.3. */
const EXAMPLES: readonly (readonly [string, Uint8Array, string])[] = [
  ['"abc"', fromText('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    '448 bits',
    fromText('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'),
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [
    '896 bits',
    fromText(
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    ),
    'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
  ],
  [
    'one million "a"',
    new Uint8Array(1_000_000).fill(0x61),
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  ],
];

const EDGES = [
  0, 1, 2, 31, 32, 54, 55, 56, 57, 62, 63, 64, 65, 66, 118, 119, 120, 121, 127, 128, 129, 191, 192,
  193,
];
const NIST = 'nist-sha256-short.jsonl.gz';

for (const [name, path, reason, options] of VARIANTS) {
  describeUnless(reason, `sha256 on ${name}`, () => {
    const open = () => offload(sha256(options), { path });

    test.each(EXAMPLES)('hashes the published example: %s', async (_, message, expected) => {
      await using hash = await open();
      expect(toHex(await hash(message))).toBe(expected);
    });

    test('hashes every length around the end of a block, one by one and together', async () => {
      const random = new Random(1);
      const messages = EDGES.map((size) => random.bytes(size));
      const expected = messages.map(digest);
      await using hash = await open();
      for (const [i, message] of messages.entries()) {
        compare({ expected: [expected[i]], actual: [await hash(message)], messages: [message] });
      }
      compare({ expected, actual: await hash.batch(messages), messages });
      const backwards = messages.toReversed();
      compare({
        expected: expected.toReversed(),
        actual: await hash.batch(backwards),
        messages: backwards,
      });
    });

    test('hashes every length from 0 to 300 in one batch', async () => {
      const random = new Random(2);
      const messages = Array.from({ length: 301 }, (_, size) => random.bytes(size));
      await using hash = await open();
      compare({ expected: messages.map(digest), actual: await hash.batch(messages), messages });
    });

    test('hashes a message of 1 MB between short ones', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      const messages = [random.bytes(3), random.bytes(1 << 20), random.bytes(70), random.bytes(0)];
      await using hash = await open();
      compare({ expected: messages.map(digest), actual: await hash.batch(messages), seed });
    });

    test('hashes batches of 1, 2 and 65,536', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      await using hash = await open();
      for (const count of [1, 2, 65_536]) {
        const messages = random.messages(count, 60);
        compare({
          expected: messages.map(digest),
          actual: await hash.batch(messages),
          messages,
          seed,
        });
      }
    });

    test('hashes a message that is a view at an odd offset', async () => {
      const store = new Random(3).bytes(400);
      const messages = [1, 3, 65].map((at) => store.subarray(at, at + 130));
      await using hash = await open();
      compare({ expected: messages.map(digest), actual: await hash.batch(messages) });
    });

    describeUnless(missingData(NIST), 'the NIST short messages', () => {
      test('all have their digest', async () => {
        const rows = readRows<{ msg: string; expect: string }>(NIST);
        expect(rows.length).toBe(65);
        await using hash = await open();
        const messages = rows.map((row) => fromHex(row.msg));
        compare({
          expected: rows.map((row) => row.expect),
          actual: (await hash.batch(messages)).map(toHex),
          messages,
        });
      });
    });

    if (path === 'verilator') {
      test('gives the same digests under random stalls and bubbles', async () => {
        const seed = testSeed();
        const random = new Random(seed);
        const messages = random.messages(400, 300);
        const expected = messages.map(digest);
        await using hash = await open();
        for (const [bubbleProbability, stallProbability] of [
          [0.5, 0],
          [0, 0.5],
          [0.3, 0.3],
          [0.9, 0.1],
          [0.05, 0.95],
        ] as const) {
          const stimulus = { seed: BigInt(random.next()), bubbleProbability, stallProbability };
          compare({
            expected,
            actual: await hash.batch(messages, { stimulus }),
            messages,
            seed,
          });
        }
        compare({ expected, actual: await hash.batch(messages), messages, seed });
      });
    }
  });
}

describeUnless(missing, 'sha256 in cycles', () => {
  test('the pipeline takes one message of one block a cycle', async () => {
    const messages = Array.from({ length: 1_000 }, (_, i) => new Random(i).bytes(i % 56));
    await using hash = await offload(sha256({ architecture: 'pipelined' }), { path: 'verilator' });
    await hash.packed(pack(bytes(), messages));
    const { cycles } = hash.stats();
    const latency = cycles?.latencyCycles.value ?? 0;
    expect(latency).toBeGreaterThan(0);
    expect(latency).toBeLessThanOrEqual(80);
    expect(cycles?.inBeats.value).toBe(messages.length);
    expect(cycles?.inStalls.value).toBe(0);
    expect(cycles?.cycles.value).toBeLessThanOrEqual(messages.length + latency);
  });

  test('16 lanes share the blocks of long messages', async () => {
    const blocks = 32;
    const messages = Array.from({ length: 64 }, (_, i) => new Random(i).bytes(blocks * 64 - 9));
    const cyclesOf = async (lanes: number): Promise<number> => {
      await using hash = await offload(sha256({ lanes }), { path: 'verilator' });
      await hash.batch(messages);
      return hash.stats().cycles?.cycles.value ?? 0;
    };
    // A lane takes 65 cycles or so a block.
    const [one, sixteen] = [await cyclesOf(1), await cyclesOf(16)];
    expect(one / (messages.length * blocks)).toBeLessThan(70);
    expect(one / sixteen).toBeGreaterThan(12);
  });
});

describe('sha256 options', () => {
  test('out of range are refused with the range', () => {
    const refused: [Sha256Options, RegExp][] = [
      [{ architecture: 'fast' as never }, /lanes or pipelined, got fast/],
      [{ lanes: 0 }, /1\.\.64, got 0/],
      [{ lanes: 65 }, /1\.\.64, got 65/],
      [{ lanes: 1.5 }, /1\.\.64/],
      [{ fifoBlocks: 3 }, /power of two/],
      [{ fifoBlocks: 2_048 }, /power of two/],
    ];
    for (const [options, message] of refused) {
      expect(thrown('ERR_RTLIFT_INVALID_ARG', () => sha256(options)).message).toMatch(message);
    }
  });
});
