import { describe, expect, test } from 'vitest';
import {
  BitSet,
  defineKernel,
  type LiteralMatchOptions,
  type LiteralPattern,
  literalMatch,
  offload,
  type PathName,
} from '../../src/index.js';
import { fromHex, fromText, readRows } from '../support/data.js';
import { rejected, thrown } from '../support/errors.js';
import { hdl } from '../support/fixture-kernels.js';
import {
  describeUnless,
  type Missing,
  missingData,
  missingVerilatorPath,
} from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';

const PATHS: readonly (readonly [PathName, Missing])[] = [
  ['javascript', null],
  ['verilator', await missingVerilatorPath()],
];

/** Containment byte by byte: another definition than the golden model's, so that they check each other. */
function contains(message: Uint8Array, pattern: Uint8Array, ignoreCase: boolean): boolean {
  const fold = (byte: number): number =>
    ignoreCase && byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
  for (let at = 0; at + pattern.length <= message.length; at++) {
    if (pattern.every((byte, i) => fold(byte) === fold(message[at + i] as number))) return true;
  }
  return false;
}

interface Literal {
  readonly pattern: Uint8Array;
  readonly ignoreCase: boolean;
}

const slots = (patterns: number): number => Math.ceil(patterns / 32) * 32;

function found(message: Uint8Array, literals: readonly Literal[]): BitSet {
  const members = literals.flatMap(({ pattern, ignoreCase }, i) =>
    contains(message, pattern, ignoreCase) ? [i] : [],
  );
  return BitSet.from(slots(literals.length), members);
}

const counting = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => i);

/** Messages in which patterns occur at every place of a beat, whole, cut short, and across beats. */
function messagesWith(random: Random, literals: readonly Literal[], count: number): Uint8Array[] {
  return Array.from({ length: count }, () => {
    const parts: Uint8Array[] = [];
    for (let i = random.below(4); i >= 0; i--) {
      const { pattern } = literals[random.below(literals.length)] as Literal;
      parts.push(random.bytes(random.below(20)));
      const swapped = pattern.map((byte) => (random.below(8) === 0 ? byte ^ 0x20 : byte));
      const choice = random.below(4);
      parts.push(choice === 0 ? pattern.slice(0, -1) : choice === 1 ? swapped : pattern);
    }
    return new Uint8Array(Buffer.concat(parts));
  });
}

for (const [path, missing] of PATHS) {
  const match = async (
    patterns: readonly LiteralPattern[],
    messages: readonly (string | Uint8Array)[],
    options?: LiteralMatchOptions,
  ): Promise<number[][]> => {
    await using run = await offload(literalMatch(patterns, options), { path });
    const results = await run.batch(messages.map((m) => (typeof m === 'string' ? fromText(m) : m)));
    return results.map((set) => [...set]);
  };

  describeUnless(missing, `literalMatch on ${path}`, () => {
    test('says which patterns occur', async () => {
      expect(
        await match(
          ['viagra', 'lottery', 'win'],
          ['you win the lottery', 'nothing', '', 'viagraviagra'],
        ),
      ).toEqual([[1, 2], [], [], [0]]);
    });

    test('finds patterns at the start, at the end, alone, and overlapping', async () => {
      expect(
        await match(['ab', 'bc', 'abc', 'c'], ['ab', 'xxab', 'abxx', 'abc', 'a', 'b']),
      ).toEqual([[0], [0], [0], [0, 1, 2, 3], [], []]);
    });

    test('finds a pattern at every place of a beat and across beats', async () => {
      const patterns = ['needle', 'n', 'needleneedleneedleneedleneedle12'];
      const messages = Array.from({ length: 40 }, (_, n) => `${'x'.repeat(n)}needle`);
      const results = await match(patterns, messages);
      expect(results).toEqual(messages.map(() => [0, 1]));
      const long = patterns[2] as string;
      const inside = Array.from(
        { length: 40 },
        (_, n) => `${'-'.repeat(n)}${long}${'-'.repeat(n % 9)}`,
      );
      expect(await match(patterns, inside)).toEqual(inside.map(() => [0, 1, 2]));
    });

    test('does not find a pattern across two messages', async () => {
      expect(await match(['abcd'], ['ab', 'cd', 'xxab', 'cdxx', 'abcd'])).toEqual([
        [],
        [],
        [],
        [],
        [0],
      ]);
    });

    test('ignores the case of ASCII letters only where it is told to', async () => {
      const messages = ['VIAGRA', 'viagra', 'ViAgRa', '[\\]', '{|}', 'Ä'];
      expect(await match(['viagra'], messages)).toEqual([[], [0], [], [], [], []]);
      expect(await match(['viAGra'], messages, { ignoreCase: true })).toEqual([
        [0],
        [0],
        [0],
        [],
        [],
        [],
      ]);
      // [ \ ] and { | } differ by 0x20, as letters do, and are none.
      expect(await match(['[\\]'], messages, { ignoreCase: true })).toEqual([
        [],
        [],
        [],
        [0],
        [],
        [],
      ]);
      const mixed = [
        { pattern: 'viagra', ignoreCase: true },
        'viagra',
        { pattern: 'ä', ignoreCase: true },
      ];
      expect(await match(mixed, messages)).toEqual([[0], [0, 1], [0], [], [], []]);
    });

    test('takes any byte, 0 and 255 included', async () => {
      const patterns = [Uint8Array.of(0), Uint8Array.of(255, 0), Uint8Array.of(0, 0, 0)];
      const messages = [
        new Uint8Array(0),
        Uint8Array.of(0),
        Uint8Array.of(255, 0),
        Uint8Array.of(1, 2),
        new Uint8Array(9),
      ];
      expect(await match(patterns, messages)).toEqual([[], [0], [0, 1], [], [0, 2]]);
    });

    test('finds each of equal patterns', async () => {
      expect(await match(['same', 'same', 'other'], ['the same'])).toEqual([[0, 1]]);
    });

    test.each([
      ['8 bytes a cycle', 8],
      ['16 bytes a cycle', 16],
    ] as const)('agrees with the definition on random text, %s', async (_, bytesPerCycle) => {
      const seed = testSeed();
      const random = new Random(seed);
      const literals: Literal[] = Array.from({ length: 70 }, () => ({
        // Few letters, so that patterns begin alike and occur by chance.
        pattern: random.bytes(1 + random.below(16)).map((byte) => 'aAbB'.charCodeAt(byte & 3)),
        ignoreCase: random.below(2) === 0,
      }));
      const messages = messagesWith(random, literals, 500);
      await using run = await offload(literalMatch(literals, { bytesPerCycle }), { path });
      compare({
        expected: messages.map((message) => [...found(message, literals)]),
        actual: (await run.batch(messages)).map((set) => [...set]),
        messages,
        seed,
      });
      if (path === 'javascript') return;
      for (const [bubbleProbability, stallProbability] of [
        [0.5, 0.5],
        [0.9, 0.05],
        [0.05, 0.9],
      ] as const) {
        const stimulus = { seed: BigInt(random.next()), bubbleProbability, stallProbability };
        compare({
          expected: messages.map((message) => [...found(message, literals)]),
          actual: (await run.batch(messages, { stimulus })).map((set) => [...set]),
          messages,
          seed,
        });
      }
    });

    test('takes a message of 1 MB with a pattern at its very end', async () => {
      const message = new Uint8Array(1 << 20).fill(0x78);
      message.set(fromText('needle'), message.length - 6);
      expect(await match(['needle', 'xn', 'nothing'], [message, 'needle'])).toEqual([[0, 1], [0]]);
    });

    test('takes 65,536 messages in a batch', async () => {
      const messages = Array.from({ length: 65_536 }, (_, i) => `message ${i}`);
      const results = await match(['7', '77'], messages);
      compare({
        expected: messages.map((text) =>
          ['7', '77'].flatMap((p, i) => (text.includes(p) ? [i] : [])),
        ),
        actual: results,
        messages,
      });
    });

    const BASICS = 'aho-corasick-basics.jsonl.gz';
    describeUnless(missingData(BASICS), 'the basic cases of an Aho-Corasick library', () => {
      test('give the set of patterns that they list', async () => {
        const rows = readRows<{ patterns: string[]; haystack: string; expect: [number][] }>(BASICS);
        // A pattern holds at least a byte here; Node has no use for the rest.
        const usable = rows.filter((row) => row.patterns.length > 0 && !row.patterns.includes(''));
        expect(usable.length).toBeGreaterThan(20);
        for (const { patterns, haystack, expect: spans } of usable) {
          // The library reports leftmost spans; a pattern that only overlaps one of them occurs, too.
          const [set = []] = await match(patterns, [haystack]);
          for (const [id] of spans) expect(set, `${patterns} in ${haystack}`).toContain(id);
          expect(set).toEqual(patterns.flatMap((p, i) => (haystack.includes(p) ? [i] : [])));
        }
      });
    });

    const RULES = 'ids-literals.jsonl.gz';
    describeUnless(missingData(RULES), 'the literals of an intrusion detection rule set', () => {
      test('are found where they are and nowhere else', async () => {
        const seed = testSeed();
        const random = new Random(seed);
        const rows = readRows<{ lit: string; nocase: boolean; len: number }>(RULES);
        const usable = rows.filter((row) => row.len >= 1 && row.len <= 32);
        const literals = Array.from({ length: 256 }, () => {
          const { lit, nocase } = usable[random.below(usable.length)] as (typeof usable)[number];
          return { pattern: fromHex(lit), ignoreCase: nocase };
        });
        const messages = messagesWith(random, literals, 300);
        await using run = await offload(literalMatch(literals), { path });
        compare({
          expected: messages.map((message) => [...found(message, literals)]),
          actual: (await run.batch(messages)).map((set) => [...set]),
          messages,
          seed,
        });
      });
    });
  });
}

describeUnless(await missingVerilatorPath(), 'literalMatch registers', () => {
  test.each([
    ['an address below the registers', 0x1c, 0],
    ['an address between the registers', 0x2c, 0],
    ['an address between the registers and the bytes', 0x30, 0],
    ['an address far above the bytes', 0xc0, 0],
    ['bytes behind those of the longest pattern', 0x50, 0],
    ['bytes far behind those of the longest pattern', 0x60, 0],
    ['a length above the longest pattern', 0x20, 17],
    ['a reserved bit beside the length', 0x20, 0x41],
    ['a reserved bit beside the case', 0x20, 0x201],
    ['a reserved bit above the slot', 0x20, 0x20_0001],
    ['a group that is not there', 0x24, 2],
    ['a group far beyond', 0x24, 32],
  ])('refuse a write of %s', async (_, address, data) => {
    const kernel = literalMatch(new Array(64).fill('x'.repeat(16)));
    const registers = () => Uint32Array.of(address, data);
    await using run = await offload(defineKernel({ ...kernel, registers }), { path: 'verilator' });
    const error = await rejected('ERR_RTLIFT_KERNEL_REGISTER', run(new Uint8Array(1)));
    expect(error.message).toMatch(/expected OKAY, got SLVERR/);
  });

  test('that were never written leave every pattern unused', async () => {
    // What the RTL leaves open is random in the model, and differs from one to the next.
    for (let i = 0; i < 4; i++) {
      const kernel = literalMatch(['x']);
      const unloaded = defineKernel({ ...kernel, registers: () => new Uint32Array(0) });
      await using run = await offload(unloaded, { path: 'verilator' });
      const messages = [new Uint8Array(0), ...Array.from({ length: 9 }, (_, n) => counting(n))];
      const results = await run.batch(messages);
      expect(results.map((set) => [...set])).toEqual(messages.map(() => []));
    }
  });

  test('take a pattern of no bytes for an unused slot', async () => {
    const kernel = literalMatch(['ab', 'b']);
    const patched = defineKernel({
      ...kernel,
      // Slot 0 staged again, without bytes, before the commit.
      registers: () => {
        const writes = [...(kernel.registers?.() ?? [])];
        return Uint32Array.from([...writes.slice(0, -2), 0x20, 0, ...writes.slice(-2)]);
      },
    });
    await using run = await offload(patched, { path: 'verilator' });
    expect([...(await run(fromText('ab')))]).toEqual([1]);
  });

  test('commit behind the packet that is open, which sees the old patterns, and before the next', async () => {
    const kernel = literalMatch(['needle', 'x']);
    const { rtl } = kernel;
    const late = defineKernel({
      ...kernel,
      name: 'late-commit',
      rtl: { ...rtl, top: 'late_commit', sources: [...rtl.sources, hdl('late_commit.v')] },
      registers: () => kernel.registers?.() ?? new Uint32Array(0),
    });
    for (const [bubbleProbability, stallProbability] of [
      [0, 0],
      [0.5, 0.5],
      [0.9, 0.1],
    ] as const) {
      await using run = await offload(late, { path: 'verilator' });
      // Longer than a commit takes, and the pattern lies where its bytes are read behind it.
      const open = `x${'-'.repeat(9_000)}needle`;
      const stimulus = { seed: 1n, bubbleProbability, stallProbability };
      const messages = ['needle', open, 'needle', '-', 'x'].map(fromText);
      const results = await run.batch(messages, { stimulus });
      expect(results.map((set) => [...set])).toEqual([[], [], [0], [], [1]]);
    }
  });
});

describeUnless(await missingVerilatorPath(), 'literalMatch in cycles', () => {
  test.each([8, 16] as const)(
    'takes %i bytes a cycle of long and of short messages',
    async (bytesPerCycle) => {
      await using run = await offload(literalMatch(['needle'], { bytesPerCycle }), {
        path: 'verilator',
      });
      // The first batch waits until the patterns that were loaded are in the tables.
      await run(new Uint8Array(1));
      const before = run.stats().cycles;
      await run.batch(Array.from({ length: 50 }, () => new Uint8Array(4_096).fill(0x78)));
      await run.batch(Array.from({ length: 1_000 }, () => new Uint8Array(bytesPerCycle)));
      const after = run.stats().cycles;
      const counted = (key: 'cycles' | 'inBeats' | 'inStalls'): number =>
        (after?.[key].value ?? 0) - (before?.[key].value ?? 0);
      expect(counted('inBeats')).toBe((50 * 4_096) / bytesPerCycle + 1_000);
      expect(counted('inStalls')).toBe(0);
      expect(counted('cycles')).toBeLessThan(counted('inBeats') + 40);
    },
  );
});

describe('literalMatch options', () => {
  test('out of range are refused by index and limit', () => {
    const refused: [unknown, LiteralMatchOptions | undefined, RegExp][] = [
      [[], undefined, /1\.\.1024, got 0/],
      ['text', undefined, /1\.\.1024/],
      [new Array(1_025).fill('x'), undefined, /1\.\.1024, got 1025/],
      [['ok', ''], undefined, /pattern 1 .*1\.\.32 bytes, got 0 bytes/],
      [['x'.repeat(33)], undefined, /pattern 0 .*got 33 bytes/],
      [['ok', null], undefined, /pattern 1/],
      [[7], undefined, /pattern 0/],
      [['x'], { bytesPerCycle: 4 as never }, /8 or 16, got 4/],
    ];
    for (const [patterns, options, message] of refused) {
      const error = thrown('ERR_RTLIFT_INVALID_ARG', () =>
        literalMatch(patterns as string[], options),
      );
      expect(error.message).toMatch(message);
    }
  });

  test('of a pattern are copied: a later change of its bytes has no effect', async () => {
    const pattern = fromText('abc');
    await using run = await offload(literalMatch([pattern]), { path: 'javascript' });
    pattern.fill(0x78);
    expect([...(await run(fromText('abc')))]).toEqual([0]);
  });
});
