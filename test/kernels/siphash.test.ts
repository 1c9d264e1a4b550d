import { describe, expect, test } from 'vitest';
import { isMissing } from '../../src/bench/rivals/rival.js';
import { siphashRivals } from '../../src/bench/rivals/siphash.js';
import { defineKernel, type Kernel, offload, type PathName } from '../../src/index.js';
import { type SiphashOptions, siphash } from '../../src/kernels/siphash.js';
import { fromHex, readRows, toHex } from '../support/data.js';
import { rejected, thrown } from '../support/errors.js';
import {
  describeUnless,
  type Missing,
  missingData,
  missingVerilatorPath,
} from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';

const missing = await missingVerilatorPath();
const VARIANTS: readonly (readonly [string, PathName, Missing, SiphashOptions])[] = [
  ['javascript, 64 bits', 'javascript', null, { bits: 64 }],
  ['javascript, 128 bits', 'javascript', null, { bits: 128 }],
  ['verilator, 64 bits, 8 lanes', 'verilator', missing, {}],
  ['verilator, 128 bits, 12 lanes', 'verilator', missing, { bits: 128 }],
  ['verilator, 64 bits, 1 lane', 'verilator', missing, { lanes: 1, fifoDepth: 2 }],
  ['verilator, 128 bits, 3 lanes', 'verilator', missing, { bits: 128, lanes: 3, fifoDepth: 4 }],
];

/** Key of all published vectors; byte i of their messages is i mod 256. */
const KEY = Uint8Array.from({ length: 16 }, (_, i) => i);
const counting = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => i);

/**
 * [bytes, 64 bits, 128 bits]. 15 bytes and 64 bits: the paper, appendix A. The others: OpenSSL 3.0.19,
 * `openssl mac -macopt hexkey:0001...0f -macopt size:8 SIPHASH`.
 */
const EXAMPLES: readonly (readonly [number, string, string])[] = [
  [15, 'e545be4961ca29a1', '5493e99933b0a8117e08ec0f97cfc3d9'],
  [63, '724506eb4c328a95', '5150d1772f50834a503e069a973fbd7c'],
  [255, '1ab24dc7fe69c1a9', '1c9bb67528165f8e468248e3799b0eab'],
  [256, 'd7bfa7d226059d99', '67a00304d3834c4612eaee7b5f579acb'],
  [257, '4897b2558d7b818a', '1b25fee1ef6fbb23179c26056c2995fc'],
  [1_000, 'a6c9319ed63e9bdb', '24dafa789ae03d86536a4b57372f0ba6'],
];

/** Another writing of the definition than the golden model's, in 64-bit integers, so that they check each other. */
function reference(key: Uint8Array, message: Uint8Array, bits: 64 | 128): Uint8Array {
  const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
  const rotl = (x: bigint, n: bigint): bigint => u64(x << n) | (x >> (64n - n));
  const words = (bytes: Uint8Array): bigint[] => {
    const view = new DataView(bytes.buffer);
    return Array.from({ length: bytes.length / 8 }, (_, i) => view.getBigUint64(8 * i, true));
  };
  const padded = new Uint8Array(8 * (Math.floor(message.length / 8) + 1));
  padded.set(message);
  padded[padded.length - 1] = message.length;
  const [k0 = 0n, k1 = 0n] = words(Uint8Array.from(key));
  let a = k0 ^ 0x736f6d6570736575n;
  let b = k1 ^ 0x646f72616e646f6dn;
  let c = k0 ^ 0x6c7967656e657261n;
  let d = k1 ^ 0x7465646279746573n;
  const rounds = (count: number): void => {
    for (let i = 0; i < count; i++) {
      a = u64(a + b);
      b = rotl(b, 13n) ^ a;
      a = rotl(a, 32n);
      c = u64(c + d);
      d = rotl(d, 16n) ^ c;
      a = u64(a + d);
      d = rotl(d, 21n) ^ a;
      c = u64(c + b);
      b = rotl(b, 17n) ^ c;
      c = rotl(c, 32n);
    }
  };
  if (bits === 128) b ^= 0xeen;
  for (const m of words(padded)) {
    d ^= m;
    rounds(2);
    a ^= m;
  }
  c ^= bits === 128 ? 0xeen : 0xffn;
  rounds(4);
  const hash = [a ^ b ^ c ^ d];
  if (bits === 128) {
    b ^= 0xddn;
    rounds(4);
    hash.push(a ^ b ^ c ^ d);
  }
  return new Uint8Array(BigUint64Array.from(hash).buffer);
}

const EDGES = [...Array(18).keys(), 23, 24, 25, 31, 32, 33, 63, 64, 65, 127, 128, 129];
const VECTORS = 'siphash-short.jsonl.gz';

for (const [name, path, reason, options] of VARIANTS) {
  const { bits = 64 } = options;
  describeUnless(reason, `siphash on ${name}`, () => {
    const open = (key: Uint8Array = KEY) => offload(siphash(key, options), { path });
    const hashesOf = (messages: readonly Uint8Array[], key: Uint8Array = KEY): Uint8Array[] =>
      messages.map((message) => reference(key, message, bits));

    test.each(EXAMPLES)('hashes the published example of %i bytes', async (size, short, long) => {
      await using hash = await open();
      expect(toHex(await hash(counting(size)))).toBe(bits === 64 ? short : long);
    });

    describeUnless(missingData(VECTORS), 'the vectors of the reference implementation', () => {
      test('all have their hash', async () => {
        const rows = readRows<{ alg: string; key: string; msg: string; expect: string }>(
          VECTORS,
        ).filter((row) => row.alg === `siphash-2-4-${bits}`);
        expect(rows.length).toBe(32);
        expect(new Set(rows.map((row) => row.key))).toEqual(new Set([toHex(KEY)]));
        await using hash = await open();
        const messages = rows.map((row) => fromHex(row.msg));
        compare({
          expected: rows.map((row) => row.expect),
          actual: (await hash.batch(messages)).map(toHex),
          messages,
        });
      });
    });

    test('hashes every length around the end of a word, one by one and together', async () => {
      const random = new Random(1);
      const messages = EDGES.map((size) => random.bytes(size));
      const expected = hashesOf(messages);
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

    test('hashes every length from 0 to 600: the length is taken mod 256', async () => {
      const random = new Random(2);
      const messages = Array.from({ length: 601 }, (_, size) => random.bytes(size));
      await using hash = await open();
      compare({ expected: hashesOf(messages), actual: await hash.batch(messages), messages });
    });

    test('hashes a message of 64 KiB between short ones', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      const messages = [3, 1 << 16, 70, 0, 8].map((size) => random.bytes(size));
      await using hash = await open();
      compare({ expected: hashesOf(messages), actual: await hash.batch(messages), seed });
    });

    test('hashes batches of 1, 2 and 20,000', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      await using hash = await open();
      for (const count of [1, 2, 20_000]) {
        const messages = random.messages(count, 30);
        compare({
          expected: hashesOf(messages),
          actual: await hash.batch(messages),
          messages,
          seed,
        });
      }
    });

    test('takes the key of each of two models, and any key', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      const messages = random.messages(50, 40);
      const keys = [random.bytes(16), new Uint8Array(16), new Uint8Array(16).fill(255)];
      await using first = await open(keys[0]);
      for (const key of keys) {
        await using hash = await open(key);
        compare({
          expected: hashesOf(messages, key),
          actual: await hash.batch(messages),
          messages,
          seed,
        });
        compare({
          expected: hashesOf(messages, keys[0]),
          actual: await first.batch(messages),
          messages,
          seed,
        });
      }
    });

    test('copies the key: a later change of its bytes has no effect', async () => {
      const store = Buffer.alloc(32);
      const key = store.subarray(5, 21);
      key.set(KEY);
      const kernel = siphash(key, options);
      key.fill(0);
      await using hash = await offload(kernel, { path });
      compare({ expected: hashesOf([KEY]), actual: [await hash(KEY)] });
    });

    if (path === 'verilator') {
      test('gives the same hashes under random stalls and bubbles', async () => {
        const seed = testSeed();
        const random = new Random(seed);
        const messages = random.messages(1_500, 70);
        const expected = hashesOf(messages);
        await using hash = await open();
        for (const [bubbleProbability, stallProbability] of [
          [0.5, 0],
          [0, 0.5],
          [0.3, 0.3],
          [0.9, 0.1],
          [0.05, 0.95],
        ] as const) {
          const stimulus = { seed: BigInt(random.next()), bubbleProbability, stallProbability };
          compare({ expected, actual: await hash.batch(messages, { stimulus }), messages, seed });
        }
        compare({ expected, actual: await hash.batch(messages), messages, seed });
      });
    }
  });
}

describeUnless(missing, 'siphash registers', () => {
  const withRegisters = (...writes: number[]): Kernel<Uint8Array, Uint8Array> => {
    const { name, rtl, input, output, golden } = siphash(KEY);
    return defineKernel({
      name,
      rtl,
      input,
      output,
      golden,
      registers: () => Uint32Array.from(writes),
    });
  };
  const key = (word: number): number[] => [0x10 + 4 * word, 0x03020100 + 0x04040404 * word];

  test.each([
    ['an address below the key', [0x00, 0]],
    ['an address above the key', [0x20, 0]],
    ['a key whose first word was not written', [...key(1), ...key(2), ...key(3)]],
    ['a key whose second word was not written', [...key(0), ...key(2), ...key(3)]],
    ['a key whose third word was not written', [...key(0), ...key(1), ...key(3)]],
  ])('refuse a write of %s', async (_, writes) => {
    await using hash = await offload(withRegisters(...writes), { path: 'verilator' });
    const error = await rejected('ERR_RTLIFT_KERNEL_REGISTER', hash(KEY));
    const address = `0x${(writes.at(-2) ?? 0).toString(16)}`;
    expect(error.message).toContain(`address ${address}`);
  });

  test('take the words before the last in any order, and again', async () => {
    const writes = [0x14, 7, ...key(2), ...key(0), ...key(1), 0x1c, 9, ...key(3)];
    await using hash = await offload(withRegisters(...writes), { path: 'verilator' });
    compare({ expected: [reference(KEY, KEY, 64)], actual: [await hash(KEY)] });
  });
});

describeUnless(missing, 'siphash in cycles', () => {
  const counted = async (sizes: readonly number[], options?: SiphashOptions) => {
    await using hash = await offload(siphash(KEY, options), { path: 'verilator' });
    // The first batch waits for the key.
    await hash(new Uint8Array(0));
    const before = hash.stats().cycles;
    await hash.batch(sizes.map((size) => new Uint8Array(size)));
    const after = hash.stats().cycles;
    const of = (key: 'cycles' | 'inBeats' | 'inStalls'): number =>
      (after?.[key].value ?? 0) - (before?.[key].value ?? 0);
    return {
      cycles: of('cycles'),
      beats: of('inBeats'),
      stalls: of('inStalls'),
      latency: after?.latencyCycles.value ?? 0,
    };
  };

  test.each([64, 128] as const)('takes a beat a cycle of short messages, %i bits', async (bits) => {
    const random = new Random(bits);
    for (const size of [() => 0, () => 7, () => 8, () => 9, () => 16, () => random.below(128)]) {
      const { cycles, beats, stalls } = await counted(Array.from({ length: 1_000 }, size), {
        bits,
      });
      expect(stalls).toBe(0);
      expect(cycles).toBeLessThan(beats + 64);
    }
  });

  test('has the latency that its README states', async () => {
    for (const [size, bits, expected] of [
      [0, 64, 9],
      [7, 64, 9],
      [8, 64, 11],
      [0, 128, 13],
      [8, 128, 15],
    ] as const) {
      expect((await counted([size], { bits })).latency, `${size} bytes`).toBe(expected);
    }
  });

  test('takes two cycles a word of a long message', async () => {
    const { cycles, beats } = await counted([80_000]);
    expect(cycles / beats).toBeCloseTo(2, 2);
  });
});

describe('siphash rivals', () => {
  test('agree with the definition', () => {
    const random = new Random(3);
    const key = random.bytes(16);
    for (const rival of siphashRivals(key)) {
      if (isMissing(rival)) continue;
      for (let size = 0; size < 300; size++) {
        const message = random.bytes(size);
        compare({
          expected: [reference(key, message, 64)],
          actual: [rival.encode(rival.run(message))],
          messages: [message],
        });
      }
    }
  });
});

describe('siphash options', () => {
  test('out of range are refused with the range', () => {
    const refused: [unknown, SiphashOptions | undefined, RegExp][] = [
      [new Uint8Array(15), undefined, /16 bytes, got 15 bytes/],
      [new Uint8Array(17), undefined, /16 bytes, got 17 bytes/],
      ['0123456789abcdef', undefined, /got string/],
      [null, undefined, /got null/],
      [undefined, undefined, /got undefined/],
      [new Uint32Array(4), undefined, /16 bytes/],
      [KEY, { bits: 32 as never }, /64 or 128, got 32/],
      [KEY, { lanes: 0 }, /1\.\.64, got 0/],
      [KEY, { lanes: 65 }, /1\.\.64, got 65/],
      [KEY, { lanes: 1.5 }, /1\.\.64/],
      [KEY, { fifoDepth: 3 }, /power of two/],
      [KEY, { fifoDepth: 2_048 }, /power of two/],
    ];
    for (const [key, options, message] of refused) {
      const error = thrown('ERR_RTLIFT_INVALID_ARG', () => siphash(key as Uint8Array, options));
      expect(error.message).toMatch(message);
    }
  });

  test('give lanes enough for the size of the hash', () => {
    expect(siphash(KEY).rtl.parameters).toEqual({ OUT_BITS: 64, LANES: 8, FIFO_DEPTH: 32 });
    expect(siphash(KEY, { bits: 128 }).rtl.parameters.LANES).toBe(12);
    expect(siphash(KEY, { bits: 128 }).output.fixedBytes).toBe(16);
  });
});
