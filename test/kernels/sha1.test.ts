import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isMissing } from '../../src/bench/rivals/rival.js';
import { sha1Rivals } from '../../src/bench/rivals/sha1.js';
import { bytes, offload, type PathName, pack } from '../../src/index.js';
import { type Sha1Options, sha1 } from '../../src/kernels/sha1.js';
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
  new Uint8Array(createHash('sha1').update(message).digest());

const missing = await missingVerilatorPath();
const VARIANTS: readonly (readonly [string, PathName, Missing, Sha1Options])[] = [
  ['javascript', 'javascript', null, {}],
  ['verilator, 1 lane of 2 blocks', 'verilator', missing, { lanes: 1, fifoBlocks: 2 }],
  ['verilator, 3 lanes of 4 blocks', 'verilator', missing, { lanes: 3, fifoBlocks: 4 }],
  ['verilator, 16 lanes', 'verilator', missing, {}],
];

/** FIPS 180-2, appendix A; the empty message and 896 bits: NIST, "Examples with intermediate values". */
const EXAMPLES: readonly (readonly [string, Uint8Array, string])[] = [
  ['no byte', new Uint8Array(0), 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ['"abc"', fromText('abc'), 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  [
    '448 bits, two blocks',
    fromText('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'),
    '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
  ],
  [
    '896 bits',
    fromText(
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    ),
    'a49b2446a02c645bf419f995b67091253a04a259',
  ],
  [
    'one million "a"',
    new Uint8Array(1_000_000).fill(0x61),
    '34aa973cd4c4daa4f61eeb2bdbad27316534016f',
  ],
];

const EDGES = [
  0, 1, 2, 19, 20, 54, 55, 56, 57, 62, 63, 64, 65, 66, 118, 119, 120, 121, 127, 128, 129, 191, 192,
  193, 1_023, 1_024, 4_095, 4_096,
];
const NIST = 'nist-sha1-short.jsonl.gz';

for (const [name, path, reason, options] of VARIANTS) {
  describeUnless(reason, `sha1 on ${name}`, () => {
    const open = () => offload(sha1(options), { path });

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

    test('hashes messages of several KiB between short ones', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      const messages = Array.from({ length: 200 }, (_, i) =>
        random.bytes(random.below(i % 3 === 0 ? 6_000 : 130)),
      );
      await using hash = await open();
      compare({
        expected: messages.map(digest),
        actual: await hash.batch(messages),
        messages,
        seed,
      });
    });

    test('hashes a message of 1 MB between short ones', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      const messages = [random.bytes(3), random.bytes(1 << 20), random.bytes(70), random.bytes(0)];
      await using hash = await open();
      compare({ expected: messages.map(digest), actual: await hash.batch(messages), seed });
    });

    test('hashes batches of 1, 2 and 20,000', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      await using hash = await open();
      for (const count of [1, 2, 20_000]) {
        const messages = random.messages(count, 140);
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
          // The kernel falls idle between messages, and between the blocks of one.
          [0.995, 0],
          // The sink is slower than the lanes: the places for hashes fill up.
          [0, 0.99],
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

describeUnless(missing, 'sha1 in cycles', () => {
  const cyclesOf = async (options: Sha1Options, messages: readonly Uint8Array[]) => {
    await using hash = await offload(sha1(options), { path: 'verilator' });
    await hash.packed(pack(bytes(), messages));
    const { cycles } = hash.stats();
    return {
      total: cycles?.cycles.value ?? 0,
      latency: cycles?.latencyCycles.value ?? 0,
    };
  };
  const messagesOf = (count: number, size: number): Uint8Array[] =>
    Array.from({ length: count }, (_, i) => new Random(i).bytes(size));

  test('an idle kernel has no wait for a slot', async () => {
    for (const [name, path, , options] of VARIANTS) {
      if (path === 'javascript') continue;
      const { latency } = await cyclesOf(options, messagesOf(1, 55));
      expect(latency, `${name}, one block`).toBe(86);
      const { latency: ofTwo } = await cyclesOf(options, messagesOf(1, 56));
      expect(ofTwo, `${name}, two blocks`).toBe(86 + 82);
    }
  });

  test('a lane takes a block each 82 cycles, and 16 lanes 16 of them', async () => {
    const blocks = 4;
    const messages = messagesOf(320, blocks * 64 - 9);
    const one = await cyclesOf({ lanes: 1, fifoBlocks: 2 }, messages);
    const sixteen = await cyclesOf({}, messages);
    const turns = messages.length * blocks;
    expect(one.total).toBeGreaterThanOrEqual(82 * turns);
    expect(one.total).toBeLessThan(82 * turns + 100);
    expect(sixteen.total).toBeLessThan((82 * turns) / 16 + 200);
  });
});

describe('sha1 options', () => {
  test('out of range are refused with the range', () => {
    const refused: [Sha1Options, RegExp][] = [
      [{ lanes: 0 }, /1\.\.64, got 0/],
      [{ lanes: 65 }, /1\.\.64, got 65/],
      [{ lanes: 1.5 }, /1\.\.64/],
      [{ fifoBlocks: 1 }, /power of two/],
      [{ fifoBlocks: 3 }, /power of two/],
      [{ fifoBlocks: 2_048 }, /power of two/],
    ];
    for (const [options, message] of refused) {
      expect(thrown('ERR_RTLIFT_INVALID_ARG', () => sha1(options)).message).toMatch(message);
    }
  });
});

test('the rivals of sha1 that are here give its digests', async () => {
  const rivals = (await sha1Rivals()).filter((rival) => !isMissing(rival));
  expect(rivals.length).toBeGreaterThan(0);
  for (const rival of rivals) {
    if (isMissing(rival)) continue;
    for (const [name, message, expected] of EXAMPLES) {
      expect(toHex(rival.encode(rival.run(message))), `${rival.name}, ${name}`).toBe(expected);
    }
  }
});
