import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { crcRivals } from '../../src/bench/rivals/crc.js';
import { isMissing } from '../../src/bench/rivals/rival.js';
import { bytes, offload, type PathName, pack, uint32, unpack } from '../../src/index.js';
import { type CrcModel, type CrcName, crc } from '../../src/kernels/crc.js';
import { fromHex, fromText, readRows } from '../support/data.js';
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

const missing = await missingVerilatorPath();
const PATHS: readonly (readonly [PathName, Missing])[] = [
  ['javascript', null],
  ['verilator', missing],
];

/** Check values of the catalogue: the CRC of the ASCII digits 1 to 9. */
const CHECK: Readonly<Record<CrcName, number>> = {
  'crc-3/gsm': 0x4,
  'crc-5/usb': 0x19,
  'crc-7/mmc': 0x75,
  'crc-8/smbus': 0xf4,
  'crc-8/maxim-dow': 0xa1,
  'crc-12/umts': 0xdaf,
  'crc-15/can': 0x059e,
  'crc-16/arc': 0xbb3d,
  'crc-16/ccitt-false': 0x29b1,
  'crc-16/kermit': 0x2189,
  'crc-16/modbus': 0x4b37,
  'crc-16/usb': 0xb4c8,
  'crc-16/x-25': 0x906e,
  'crc-16/xmodem': 0x31c3,
  'crc-24/openpgp': 0x21cf02,
  'crc-32': 0xcbf43926,
  'crc-32c': 0xe3069283,
  'crc-32/bzip2': 0xfc891918,
  'crc-32/cksum': 0x765e7680,
  'crc-32/mpeg-2': 0x0376e6e7,
};
const DIGITS = fromText('123456789');
const VALUES = 'crc-check-values.jsonl.gz';

const reflect = (value: bigint, bits: number): bigint => {
  let result = 0n;
  for (let i = 0; i < bits; i++) result = (result << 1n) | ((value >> BigInt(i)) & 1n);
  return result;
};

/**
 * The CRC as the remainder of one long division, INIT added to the first bits of the message: another definition than
 * the golden model's, which shifts a register, so that they check each other.
 */
function remainder(message: Uint8Array, model: CrcModel): number {
  const { width, poly, init, refin, refout, xorout } = model;
  const bits = 8 * message.length;
  let dividend = 0n;
  for (const byte of message) {
    dividend = (dividend << 8n) | (refin ? reflect(BigInt(byte), 8) : BigInt(byte));
  }
  dividend = (dividend << BigInt(width)) ^ (BigInt(init) << BigInt(bits));
  const divisor = (1n << BigInt(width)) | BigInt(poly);
  for (let bit = bits - 1; bit >= 0; bit--) {
    if ((dividend >> BigInt(width + bit)) & 1n) dividend ^= divisor << BigInt(bit);
  }
  return Number((refout ? reflect(dividend, width) : dividend) ^ BigInt(xorout));
}

function randomModel(random: Random, width: number): CrcModel {
  const below = (): number => random.next() >>> (32 - width);
  return {
    width,
    poly: below(),
    init: below(),
    refin: random.below(2) === 1,
    refout: random.below(2) === 1,
    xorout: below(),
  };
}

/** Parameter sets for the RTL, a library each: drawn once, for a set drawn anew would be compiled in each run. */
const MODELS: readonly (readonly [string, CrcModel])[] = [
  ['1 bit', { width: 1, poly: 1, init: 1, refin: false, refout: true, xorout: 0 }],
  ['5 bits', { width: 5, poly: 0x15, init: 0x0b, refin: true, refout: false, xorout: 0x12 }],
  [
    '13 bits, polynomial without a term 1',
    { width: 13, poly: 0x1cf4, init: 0x0a31, refin: false, refout: false, xorout: 0x1001 },
  ],
  [
    '27 bits, reflected on one side',
    { width: 27, poly: 0x5f3a6c9, init: 0x2468ace, refin: false, refout: true, xorout: 0x7654321 },
  ],
  [
    '32 bits, polynomial without a term 1',
    {
      width: 32,
      poly: 0xb93d51e8,
      init: 0x80000001,
      refin: true,
      refout: false,
      xorout: 0xdeadbeef,
    },
  ],
];

const EDGES = [
  0, 1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 47, 48, 49, 60, 61, 62, 63, 64, 65, 66, 127, 128, 129,
  191, 192, 193, 256,
];

for (const [path, reason] of PATHS) {
  describeUnless(reason, `crc on ${path}`, () => {
    const open = (name: CrcName) => offload(crc(name), { path });

    // On a simulated path a library each, so not all of them.
    const names = (Object.keys(CHECK) as CrcName[]).filter(
      (name) => path === 'javascript' || ['crc-3/gsm', 'crc-32'].includes(name),
    );
    test.each(names)('gives the check value of the catalogue for %s', async (name) => {
      await using run = await open(name);
      expect(await run(DIGITS)).toBe(CHECK[name]);
    });

    describeUnless(missingData(VALUES), 'the check values of the catalogue', () => {
      test('are given for parameters as they are listed', async () => {
        const rows = readRows<{
          msg: string;
          width: number;
          poly: string;
          init: string;
          refin: boolean;
          refout: boolean;
          xorout: string;
          expect: string;
        }>(VALUES);
        expect(rows.length).toBe(2);
        for (const { msg, width, poly, init, refin, refout, xorout, expect: value } of rows) {
          const listed = {
            width,
            poly: Number(poly),
            init: Number(init),
            refin,
            refout,
            xorout: Number(xorout),
          };
          await using run = await offload(crc(listed), { path });
          expect(await run(fromHex(msg))).toBe(Number(value));
        }
      });
    });

    test('agrees with zlib on every length from 0 to 300, in one batch and one by one', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      const messages = Array.from({ length: 301 }, (_, size) => random.bytes(size));
      const expected = messages.map((message) => zlib.crc32(message));
      await using run = await open('crc-32');
      compare({ expected, actual: await run.batch(messages), messages, seed });
      for (const size of EDGES)
        expect(await run(messages[size] as Uint8Array)).toBe(expected[size]);
    });

    test('agrees with zlib on a message of 1 MB between short ones', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      const messages = [3, 1 << 20, 70, 0, (1 << 20) + 1, 64].map((size) => random.bytes(size));
      await using run = await open('crc-32');
      compare({
        expected: messages.map((message) => zlib.crc32(message)),
        actual: await run.batch(messages),
        seed,
      });
    });

    test('agrees with zlib on batches of 1, 2 and 65,536', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      await using run = await open('crc-32');
      for (const count of [1, 2, 65_536]) {
        const messages = random.messages(count, 70);
        compare({
          expected: messages.map((message) => zlib.crc32(message)),
          actual: await run.batch(messages),
          messages,
          seed,
        });
      }
    });

    test('agrees with zlib on views at an odd offset', async () => {
      const store = new Random(3).bytes(400);
      const messages = [1, 3, 65].map((at) => store.subarray(at, at + 130));
      await using run = await open('crc-32');
      compare({
        expected: messages.map((message) => zlib.crc32(message)),
        actual: await run.batch(messages),
        messages,
      });
    });

    // A minute of compiling would be most of this file; `npm run verify:all` has an odd width as well.
    const models = path === 'javascript' ? MODELS : MODELS.slice(-2);
    test.each(models)('agrees with long division: %s', async (_, model) => {
      const seed = testSeed();
      const random = new Random(seed);
      const messages = [
        ...EDGES.map((size) => random.bytes(size)),
        ...random.messages(200, 150),
        // Zeros alone show the feedback and INIT, without D.
        ...EDGES.map((size) => new Uint8Array(size)),
      ];
      const expected = messages.map((message) => remainder(message, model));
      await using run = await offload(crc(model), { path });
      compare({ expected, actual: await run.batch(messages), messages, seed });
      if (path === 'javascript') return;
      for (const [bubbleProbability, stallProbability] of [
        [0.5, 0],
        [0, 0.5],
        [0.3, 0.3],
        [0.9, 0.1],
        [0.05, 0.95],
      ] as const) {
        const stimulus = { seed: BigInt(random.next()), bubbleProbability, stallProbability };
        compare({ expected, actual: await run.batch(messages, { stimulus }), messages, seed });
      }
      compare({ expected, actual: await run.batch(messages), messages, seed });
    });
  });
}

describe('crc by definition', () => {
  test('agrees with long division for random parameters of every width', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    for (let width = 1; width <= 32; width++) {
      const model = randomModel(random, width);
      const messages = random.messages(20, 80);
      await using run = await offload(crc(model), { path: 'javascript' });
      compare({
        expected: messages.map((message) => remainder(message, model)),
        actual: await run.batch(messages),
        messages: messages.map((message) => ({ model, message })),
        seed,
      });
    }
  });
});

describeUnless(missing, 'crc in cycles', () => {
  test('takes one beat a cycle, messages of any length back to back', async () => {
    const sizes = [0, 1, 63, 64, 65, 200, 1_000, 4_096];
    const messages = Array.from(
      { length: 2_000 },
      (_, i) => new Uint8Array(sizes[i % sizes.length] as number),
    );
    const beats = messages.reduce(
      (sum, { length }) => sum + Math.max(1, Math.ceil(length / 64)),
      0,
    );
    await using run = await offload(crc('crc-32'), { path: 'verilator' });
    await run.packed(pack(bytes(), messages));
    const { cycles } = run.stats();
    expect(cycles?.inBeats.value).toBe(beats);
    expect(cycles?.inStalls.value).toBe(0);
    expect(cycles?.latencyCycles.value).toBe(14);
    expect(cycles?.cycles.value).toBeLessThanOrEqual(beats + 20);
  });

  test('takes one message a cycle where each is one beat', async () => {
    const messages = Array.from({ length: 5_000 }, (_, i) => new Random(i).bytes(i % 65));
    await using run = await offload(crc('crc-32'), { path: 'verilator' });
    compare({
      expected: messages.map((message) => zlib.crc32(message)),
      actual: unpack(uint32(), await run.packed(pack(bytes(), messages))),
      messages,
    });
    const { cycles } = run.stats();
    expect(cycles?.inBeats.value).toBe(messages.length);
    expect(cycles?.inStalls.value).toBe(0);
    expect(cycles?.cycles.value).toBeLessThanOrEqual(messages.length + 20);
  });
});

describe('crc options', () => {
  const model: CrcModel = { width: 8, poly: 7, init: 0, refin: false, refout: false, xorout: 0 };

  test('out of range are refused with the range', () => {
    const refused: [unknown, RegExp][] = [
      ['crc-33', /or one of crc-3\/gsm, .*got crc-33$/],
      ['toString', /got toString$/],
      [undefined, /got undefined$/],
      [null, /got null$/],
      [32, /got number$/],
      [{}, /width is an integer 1\.\.32, got undefined$/],
      [{ ...model, width: 0 }, /1\.\.32, got 0$/],
      [{ ...model, width: 33 }, /1\.\.32, got 33$/],
      [{ ...model, width: 7.5 }, /1\.\.32, got 7\.5$/],
      [{ ...model, width: '8' }, /1\.\.32, got 8$/],
      [{ ...model, poly: 0x107 }, /poly is an integer 0\.\.2\^8-1, got 263$/],
      [{ ...model, poly: 7n }, /poly is an integer/],
      [{ ...model, init: -1 }, /init is an integer 0\.\.2\^8-1, got -1$/],
      [{ ...model, init: Number.NaN }, /init is an integer .* got NaN$/],
      [{ ...model, xorout: 256 }, /xorout is an integer 0\.\.2\^8-1, got 256$/],
      [{ ...model, width: 32, poly: 2 ** 32 }, /poly is an integer 0\.\.2\^32-1/],
      [{ ...model, refin: 1 }, /refin is true or false, got 1$/],
      [{ ...model, refout: undefined }, /refout is true or false, got undefined$/],
    ];
    for (const [algorithm, message] of refused) {
      const error = thrown('ERR_RTLIFT_INVALID_ARG', () => crc(algorithm as CrcModel));
      expect(error.message).toMatch(message);
    }
  });

  test('are copied: a later change has no effect', async () => {
    const mine = { ...model };
    await using run = await offload(crc(mine), { path: 'javascript' });
    mine.poly = 0x31;
    expect(await run(DIGITS)).toBe(CHECK['crc-8/smbus']);
  });
});

describe('rivals of crc', () => {
  test('agree with zlib', () => {
    const random = new Random(7);
    const messages = EDGES.map((size) => random.bytes(size));
    const rivals = crcRivals().filter((rival) => !isMissing(rival));
    expect(rivals.map(({ name }) => name)).toContain('slicing-by-8');
    for (const rival of rivals) {
      if (isMissing(rival)) continue;
      for (const message of messages) {
        const expected = Buffer.alloc(4);
        expected.writeUInt32LE(zlib.crc32(message));
        expect(Buffer.from(rival.encode(rival.run(message))), rival.name).toEqual(expected);
      }
    }
  });
});
