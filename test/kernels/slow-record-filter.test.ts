import { describe, expect, test } from 'vitest';
import { ADD_ORDER_FILTER, recordFilterRivals } from '../../src/bench/rivals/record-filter.js';
import { BitSet, defineKernel, offload, type PathName, RtliftError } from '../../src/index.js';
import {
  type RecordField,
  type RecordFilterOptions,
  type RecordOperator,
  type RecordRule,
  recordFilter,
} from '../../src/kernels/record-filter.js';
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
const OPERATORS: readonly RecordOperator[] = ['==', '!=', '<', '<=', '>', '>='];

/** The value of a field by way of its hexadecimal digits: another way than the golden model's. */
function numberIn(record: Uint8Array, field: RecordField, signed = field.signed): bigint {
  const bytes = Buffer.from(record.slice(field.offset, field.offset + field.bytes));
  if (field.endian !== 'big') bytes.reverse();
  const value = BigInt(`0x${bytes.toString('hex')}`);
  const range = 2n ** BigInt(8 * field.bytes);
  return signed && value >= range / 2n ? value - range : value;
}

/** Evaluates a rule by counting what holds: another way than the golden model's. */
function holds(
  rule: RecordRule,
  fields: Readonly<Record<string, RecordField>>,
  record: Uint8Array,
): boolean {
  if ('all' in rule) return rule.all.filter((r) => !holds(r, fields, record)).length === 0;
  if ('any' in rule) return rule.any.filter((r) => holds(r, fields, record)).length > 0;
  if ('not' in rule) return holds(rule.not, fields, record) === false;
  const field = fields[rule.field] as RecordField;
  if ('mask' in rule) {
    const [bits, mask, want] = [numberIn(record, field, false), rule.mask, rule.value].map((v) =>
      BigInt(v as bigint)
        .toString(2)
        .padStart(64, '0'),
    ) as [string, string, string];
    return [...mask].every((bit, i) => bit === '0' || bits[i] === want[i]);
  }
  const difference = numberIn(record, field) - BigInt(rule.value);
  const sign = difference < 0n ? '<' : difference > 0n ? '>' : '=';
  return rule.is === '!=' ? sign !== '=' : rule.is.replace('==', '=').includes(sign);
}

function metBy({ fields, rules }: RecordFilterOptions, record: Uint8Array): number[] {
  return rules.flatMap((rule, i) => (holds(rule, fields, record) ? [i] : []));
}

/** Puts a value into a record as a field has it. */
function put(record: Uint8Array, { offset, bytes, endian }: RecordField, value: bigint): void {
  for (let i = 0; i < bytes; i++) {
    const at = offset + (endian === 'big' ? bytes - 1 - i : i);
    record[at] = Number((value >> BigInt(8 * i)) & 0xffn);
  }
}

function edgesOf({ bytes, signed }: RecordField): bigint[] {
  const half = 2n ** BigInt(8 * bytes - 1);
  return signed
    ? [-half, -half + 1n, -2n, -1n, 0n, 1n, half - 2n, half - 1n]
    : [0n, 1n, half - 1n, half, half + 1n, 2n * half - 2n, 2n * half - 1n];
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)] as T;
}

function randomValue(random: Random, field: RecordField): bigint {
  if (random.below(2) === 0) return pick(random, edgesOf(field));
  return numberIn(random.bytes(field.bytes), { ...field, offset: 0 });
}

function randomFields(random: Random, recordBytes: number): Record<string, RecordField> {
  return Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e'].map((name) => {
      const bytes = 1 + random.below(Math.min(8, recordBytes));
      const field: RecordField = {
        offset: random.below(recordBytes - bytes + 1),
        bytes,
        endian: pick(random, ['big', 'little'] as const),
        signed: random.below(2) === 0,
      };
      return [name, field];
    }),
  );
}

function randomRule(
  random: Random,
  fields: Readonly<Record<string, RecordField>>,
  depth: number,
): RecordRule {
  const kind = depth === 0 ? 3 + random.below(3) : random.below(5);
  const parts = (): RecordRule[] =>
    Array.from({ length: random.below(4) }, () => randomRule(random, fields, depth - 1));
  if (kind === 0) return { all: parts() };
  if (kind === 1) return { any: parts() };
  if (kind === 2) return { not: randomRule(random, fields, depth - 1) };
  const name = pick(random, Object.keys(fields));
  const field = fields[name] as RecordField;
  if (kind === 3) {
    // Few bits, or it would never hold.
    const mask = 3n << BigInt(random.below(8 * field.bytes - 1));
    return { field: name, mask, value: mask & numberIn(random.bytes(8), { offset: 0, bytes: 8 }) };
  }
  return { field: name, is: pick(random, OPERATORS), value: randomValue(random, field) };
}

/** Records in which fields often have values at an edge or that a rule names. */
function randomRecords(
  random: Random,
  { recordBytes, fields, rules }: RecordFilterOptions,
  count: number,
): Uint8Array[] {
  const named: [string, bigint][] = [];
  const visit = (rule: RecordRule): void => {
    if ('all' in rule) rule.all.forEach(visit);
    else if ('any' in rule) rule.any.forEach(visit);
    else if ('not' in rule) visit(rule.not);
    else named.push([rule.field, BigInt(rule.value)]);
  };
  rules.forEach(visit);
  return Array.from({ length: count }, () => {
    const record = random.bytes(recordBytes);
    for (let i = random.below(4); i > 0 && named.length > 0; i--) {
      const [name, value] = pick(random, named);
      put(record, fields[name] as RecordField, value + BigInt(random.below(3) - 1));
    }
    return record;
  });
}

/** Random rules that fit the kernel; those that do not are drawn again. */
function randomFilter(random: Random, recordBytes: number, ruleCount: number, depth: number) {
  for (;;) {
    const fields = randomFields(random, recordBytes);
    const rules = Array.from({ length: ruleCount }, () => randomRule(random, fields, depth));
    const options: RecordFilterOptions = { recordBytes, fields, rules };
    try {
      return { options, kernel: recordFilter(options) };
    } catch (error) {
      // Too many terms or comparisons for the kernel.
      if (!(error instanceof RtliftError) || error.details.limit === undefined) throw error;
    }
  }
}

/** An Add Order message: Nasdaq TotalView-ITCH 5.0, section 1.3.1. */
function addOrder(side: 'B' | 'S', shares: number, stock: string, price: number): Uint8Array {
  const record = Buffer.alloc(36);
  record.write('A', 0, 'latin1');
  record.writeUIntBE(34_200_000_000_000 + shares, 5, 6);
  record.write(side, 19, 'latin1');
  record.writeUInt32BE(shares, 20);
  record.write(stock.padEnd(8), 24, 'latin1');
  record.writeUInt32BE(Math.round(price * 10_000), 32);
  return new Uint8Array(record);
}

for (const [path, reason] of PATHS) {
  const run = async (
    options: RecordFilterOptions,
    records: readonly Uint8Array[],
  ): Promise<number[][]> => {
    await using filter = await offload(recordFilter(options), { path });
    return (await filter.batch(records)).map((set) => [...set]);
  };

  describeUnless(reason, `recordFilter on ${path}`, () => {
    test('filters Add Order messages by side, price, size and symbol', async () => {
      const records = [
        addOrder('B', 100, 'AAPL', 149.99),
        addOrder('B', 100, 'AAPL', 150),
        addOrder('B', 100, 'AAPL', 150.01),
        addOrder('S', 10_000, 'MSFT', 500.01),
        addOrder('S', 9_999, 'MSFT', 9.99),
        addOrder('B', 128, 'AAPLX', 99.9999),
      ];
      const results = await run(ADD_ORDER_FILTER as RecordFilterOptions, records);
      expect(results).toEqual([[3, 4], [3, 4], [4], [1, 2, 4, 7], [4, 7], [0, 5]]);
      for (const rival of recordFilterRivals()) {
        const members = records.map((r) => [...new BitSet(8, rival.encode(rival.run(r)))]);
        expect(members, rival.name).toEqual(results);
      }
    });

    test('compares fields of 1 to 8 bytes, either byte order and sign, at their edges', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      for (let bytes = 1; bytes <= 8; bytes++) {
        const offset = random.below(36 - bytes + 1);
        const fields = Object.fromEntries(
          (['big', 'little'] as const).flatMap((endian) =>
            [true, false].map((signed) => [
              `${endian} ${signed}`,
              { offset, bytes, endian, signed } as RecordField,
            ]),
          ),
        );
        const entries = Object.entries(fields);
        for (let edge = 0; edge < 7; edge++) {
          const rules = entries.flatMap(([field, layout]) =>
            OPERATORS.map((is) => ({ field, is, value: edgesOf(layout)[edge] as bigint })),
          );
          const records = entries.flatMap(([, layout]) =>
            edgesOf(layout).map((value) => {
              const record = random.bytes(36);
              put(record, layout, value);
              return record;
            }),
          );
          compare({
            expected: records.map((record) => metBy({ recordBytes: 36, fields, rules }, record)),
            actual: await run({ recordBytes: 36, fields, rules }, records),
            messages: records,
            seed,
          });
        }
      }
    });

    test('takes a mask of a signed field as bits', async () => {
      const fields = { x: { offset: 34, bytes: 2, signed: true } };
      const rules: RecordRule<'x'>[] = [
        { field: 'x', mask: 0x8001, value: 0x8000 },
        { field: 'x', mask: 0xffff, value: 0xffff },
        { field: 'x', mask: 0, value: 0 },
        { not: { field: 'x', mask: 1n, value: 0 } },
      ];
      const records = [0x8000, 0xffff, 0x0001, 0x7ffe].map((x) => {
        const record = new Uint8Array(36).fill(0x99);
        record.set([x & 0xff, x >> 8], 34);
        return record;
      });
      expect(await run({ recordBytes: 36, fields, rules }, records)).toEqual([
        [0, 2],
        [1, 2, 3],
        [2, 3],
        [2],
      ]);
    });

    test('decides what no record or every record meets', async () => {
      const x: RecordRule<'x'> = { field: 'x', is: '==', value: 7 };
      const rules: RecordRule<'x'>[] = [
        { all: [] },
        { any: [] },
        { not: { any: [] } },
        { any: [x, { not: x }] },
        { all: [x, { not: x }] },
        { field: 'x', is: '>=', value: 0 },
        { field: 'x', is: '>', value: 255 },
        { all: [x, { any: [x, { field: 'x', is: '<', value: 3 }] }] },
      ];
      const fields = { x: { offset: 0, bytes: 1 } };
      const records = [7, 2, 255].map((value) => Uint8Array.of(value));
      expect(await run({ recordBytes: 1, fields, rules }, records)).toEqual([
        [0, 2, 3, 5, 7],
        [0, 2, 3, 5],
        [0, 2, 3, 5],
      ]);
    });

    test.each([
      [36, 8, 2, 20],
      [36, 20, 2, 10],
      [64, 32, 1, 10],
      [1, 5, 3, 5],
    ])(
      'agrees with the definition on random rules: %i bytes, %i rules, nested %i deep',
      async (recordBytes, ruleCount, depth, rounds) => {
        const seed = testSeed();
        const random = new Random(seed);
        let met = 0;
        for (let round = 0; round < rounds; round++) {
          const { options, kernel } = randomFilter(random, recordBytes, ruleCount, depth);
          const messages = randomRecords(random, options, 200);
          const expected = messages.map((record) => metBy(options, record));
          await using filter = await offload(kernel, { path });
          const actual = (await filter.batch(messages)).map((set) => [...set]);
          compare({ expected, actual, messages, seed });
          met += expected.flat().length;
          if (path === 'javascript') continue;
          const stimulus = {
            seed: BigInt(random.next()),
            ...pick(random, [
              { bubbleProbability: 0.5, stallProbability: 0.5 },
              { bubbleProbability: 0.9, stallProbability: 0.05 },
              { bubbleProbability: 0.05, stallProbability: 0.9 },
            ]),
          };
          const stalled = (await filter.batch(messages, { stimulus })).map((set) => [...set]);
          compare({ expected, actual: stalled, messages, seed });
        }
        // Neither none nor all, or the comparison would say little.
        expect(met / (rounds * ruleCount * 200)).toBeGreaterThan(0.1);
        expect(met / (rounds * ruleCount * 200)).toBeLessThan(0.9);
      },
    );

    test('uses as many fields, comparisons and terms as there are', async () => {
      const seed = testSeed();
      const random = new Random(seed);
      const fields = Object.fromEntries(
        Array.from({ length: 8 }, (_, i) => [`f${i}`, { offset: 8 * i, bytes: 1 + (i % 3) }]),
      );
      // 64 comparisons, each in a term of its own with its neighbour: 64 terms, two a rule.
      const leaf = (c: number): RecordRule => ({
        field: `f${c % 8}`,
        is: c < 32 ? '<' : '==',
        value: c < 32 ? 20 + 60 * (c >> 3) : c >> 3,
      });
      const rules: RecordRule[] = Array.from({ length: 32 }, (_, r) => ({
        any: [{ all: [leaf(r), leaf(r + 32)] }, { all: [leaf(r), leaf((r + 9) % 32)] }],
      }));
      const options = { recordBytes: 64, fields, rules };
      expect(recordFilter(options).rtl.parameters).toEqual({
        RECORD_BYTES: 64,
        FIELDS: 8,
        COMPARATORS: 64,
        TERMS: 64,
        RULES: 32,
      });
      const messages = randomRecords(random, options, 1_000);
      compare({
        expected: messages.map((record) => metBy(options, record)),
        actual: await run(options, messages),
        messages,
        seed,
      });
    });

    test('keeps the rules of two open kernels apart, and nothing of a closed one', async () => {
      const fields = { x: { offset: 0, bytes: 2, endian: 'big' } } as const;
      const open = (rules: RecordRule<'x'>[]) =>
        offload(recordFilter({ recordBytes: 36, fields, rules }), { path });
      const records = [0, 5, 300].map((x) => {
        const record = new Uint8Array(36).fill(0x99);
        record.set([x >> 8, x & 0xff]);
        return record;
      });
      const members = (sets: BitSet[]): number[][] => sets.map((set) => [...set]);
      await using low = await open([
        { field: 'x', is: '<', value: 5 },
        { field: 'x', is: '<=', value: 5 },
      ]);
      {
        await using high = await open([{ field: 'x', is: '>', value: 299 }]);
        expect(members(await high.batch(records))).toEqual([[], [], [0]]);
        expect(members(await low.batch(records))).toEqual([[0, 1], [1], []]);
      }
      await using none = await open([{ any: [] }]);
      expect(members(await none.batch(records))).toEqual([[], [], []]);
      expect(members(await low.batch(records))).toEqual([[0, 1], [1], []]);
    });

    test('refuses a record of another size', async () => {
      await using filter = await offload(recordFilter(ADD_ORDER_FILTER), { path });
      const error = await rejected('ERR_RTLIFT_INVALID_ARG', filter(new Uint8Array(35)));
      expect(error.message).toMatch(/36 bytes, got 35/);
    });

    test('takes 65,536 records in a batch', async () => {
      const random = new Random(7);
      const fields = { x: { offset: 2, bytes: 4 } };
      const options: RecordFilterOptions = {
        recordBytes: 36,
        fields,
        rules: [{ field: 'x', is: '<', value: 2 ** 31 }],
      };
      const messages = Array.from({ length: 65_536 }, () => random.bytes(36));
      const expected = messages.map((record) => ((record[5] as number) < 128 ? [0] : []));
      compare({ expected, actual: await run(options, messages), messages });
    });
  });
}

describeUnless(missing, 'recordFilter in cycles', () => {
  test('takes a record a cycle and answers 7 cycles later', async () => {
    await using filter = await offload(recordFilter(ADD_ORDER_FILTER), { path: 'verilator' });
    await filter.batch(Array.from({ length: 1_000 }, () => new Uint8Array(36)));
    const { cycles } = filter.stats();
    expect(cycles?.inBeats.value).toBe(1_000);
    expect(cycles?.inStalls.value).toBe(0);
    expect(cycles?.latencyCycles.value).toBe(7);
    expect(cycles?.cycles.value).toBeLessThanOrEqual(1_000 + 8);
  });

  test.each([
    ['an address without a register', 0x18, 0],
    ['an address behind DATA3', 0x30, 0],
    ['a field that is not there', 0x08, 4],
    ['a comparator that is not there', 0x0c, 16],
    ['an exclusion by a comparator that is not there', 0x10, 16],
    ['a term that is not there', 0x14, 16],
  ])('answers a write to %s with an error', async (_, address, data) => {
    const kernel = recordFilter({
      recordBytes: 36,
      fields: { x: { offset: 0, bytes: 1 } },
      rules: [{ field: 'x', is: '==', value: 1 }],
    });
    const registers = () => Uint32Array.of(address, data);
    const wrong = defineKernel({ ...kernel, registers });
    const opened = offload(wrong, { path: 'verilator' }).then(async (filter) => {
      await using open = filter;
      await open(new Uint8Array(36));
    });
    await rejected('ERR_RTLIFT_KERNEL_REGISTER', opened);
  });

  test('meets no rule before one is enabled', async () => {
    const kernel = recordFilter(ADD_ORDER_FILTER);
    const writes = [...(kernel.registers?.() ?? [])];
    expect(writes.slice(-2)).toEqual([0, 0xff]);
    const registers = () => Uint32Array.from(writes.slice(0, -2));
    await using filter = await offload(defineKernel({ ...kernel, registers }), {
      path: 'verilator',
    });
    const records = [addOrder('S', 10_000, 'MSFT', 500.01), addOrder('B', 1, 'AAPL', 1)];
    expect((await filter.batch(records)).every((set) => set.isEmpty)).toBe(true);
  });
});

describe('recordFilter rules', () => {
  const x: RecordRule<'x'> = { field: 'x', is: '==', value: 1 };
  const fields = { x: { offset: 0, bytes: 1 }, s: { offset: 0, bytes: 1, signed: true } };

  test('that are malformed are refused with their place and the range', () => {
    const refused: [object, RegExp][] = [
      [{ recordBytes: 0 }, /recordBytes is an integer 1\.\.64, got 0/],
      [{ recordBytes: 65 }, /1\.\.64, got 65/],
      [{ fields: null }, /fields is an object/],
      [{ fields: { x: { offset: 0, bytes: 9 } } }, /fields\.x\.bytes .*1\.\.8, got 9/],
      [{ fields: { x: { offset: 3, bytes: 2 } } }, /fields\.x\.offset .*0\.\.2 .*got 3/],
      [{ fields: { x: { offset: 0, bytes: 1, endian: 'net' } } }, /little or big, got net/],
      [{ fields: { x: { offset: 0, bytes: 1, signed: 1 } } }, /signed is a boolean, got 1/],
      [{ fields: { x: 7 } }, /fields\.x is \{/],
      [{ rules: [] }, /1\.\.32, got 0/],
      [{ rules: new Array(33).fill(x) }, /1\.\.32, got 33/],
      [{ rules: x }, /rules is an array/],
      [{ rules: [x, null] }, /rules\[1\] is \{ field, is, value \}.*got null/],
      [{ rules: [{ ...x, mask: 1 }] }, /rules\[0\] is .*got \{ field, is, value, mask \}/],
      [{ rules: [{ all: [x, { any: x }] }] }, /rules\[0\]\.all\[1\]\.any is an array/],
      [{ rules: [{ not: { ...x, field: 'y' } }] }, /rules\[0\]\.not\.field is one of x, s, got y/],
      [{ rules: [{ ...x, field: 'toString' }] }, /field is one of x, s/],
      [{ rules: [{ ...x, is: '=' }] }, /is is one of == != < <= > >=, got =/],
      [{ rules: [{ ...x, value: 256 }] }, /value is an integer 0\.\.255 .*got 256/],
      [{ rules: [{ ...x, value: -1 }] }, /0\.\.255 .*got -1/],
      [{ rules: [{ ...x, value: 1.5 }] }, /got 1\.5/],
      [{ rules: [{ ...x, value: '1' }] }, /got 1 \(a string\)/],
      [{ rules: [{ field: 's', is: '<', value: 128n }] }, /-128\.\.127 .*got 128/],
      [{ rules: [{ field: 'x', mask: 256, value: 0 }] }, /mask is an integer 0\.\.255/],
      [{ rules: [{ field: 'x', mask: 1, value: 2 }] }, /bits of the mask 0x1 only, got 2/],
    ];
    for (const [change, message] of refused) {
      const options = { recordBytes: 4, fields, rules: [x], ...change };
      const error = thrown('ERR_RTLIFT_INVALID_ARG', () =>
        recordFilter(options as RecordFilterOptions),
      );
      expect(error.message).toMatch(message);
    }
  });

  test('that hold themselves are refused', () => {
    const loop: { not: RecordRule } = { not: x };
    loop.not = loop;
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () =>
      recordFilter({ recordBytes: 1, fields, rules: [loop as RecordRule<'x'>] }),
    );
    expect(error.message).toMatch(/at most 64 deep/);
  });

  test('that take more than the kernel has are refused with what and how much', () => {
    const bytes = Object.fromEntries(
      Array.from({ length: 64 }, (_, i) => [`b${i}`, { offset: i, bytes: 1 }]),
    );
    const leaf = (i: number): RecordRule => ({ field: `b${i % 8}`, is: '==', value: i });
    // An odd number of leaves holds: 2^(n - 1) terms, and as many for the inverse.
    const parity = (n: number, from: number): RecordRule => {
      const last = leaf(from + n - 1);
      if (n === 1) return last;
      const rest = parity(n - 1, from);
      return { any: [{ all: [rest, { not: last }] }, { all: [{ not: rest }, last] }] };
    };
    const each = (count: number, rule: (i: number) => RecordRule): RecordRule[] =>
      Array.from({ length: count }, (_, i) => rule(i));
    const refused: [RecordRule[], RegExp, number][] = [
      [each(9, (i) => ({ field: `b${i}`, is: '==', value: 1 })), /8 different fields, got 9/, 8],
      [each(22, (i) => ({ all: each(3, (j) => leaf(3 * i + j)) })), /comparisons, got 66/, 64],
      [each(9, (i) => parity(4, 4 * i)), /64 terms \(ANDs of comparisons\), got 72/, 64],
      [[parity(10, 0)], /64 terms \(ANDs of comparisons\), got more for rule 0 alone/, 64],
    ];
    for (const [rules, message, limit] of refused) {
      const error = thrown('ERR_RTLIFT_INVALID_ARG', () =>
        recordFilter({ recordBytes: 64, fields: bytes, rules }),
      );
      expect(error.message).toMatch(message);
      expect(error.details.limit).toBe(limit);
    }
  });

  test('that are long lists of alternatives take one term', () => {
    const rules: RecordRule<'x'>[] = [
      { any: Array.from({ length: 16 }, (_, value) => ({ field: 'x', is: '==', value })) },
    ];
    expect(recordFilter({ recordBytes: 1, fields, rules }).rtl.parameters).toEqual({
      RECORD_BYTES: 1,
      FIELDS: 4,
      COMPARATORS: 16,
      TERMS: 16,
      RULES: 8,
    });
  });

  test('are copied: a later change of the list has no effect', async () => {
    const rules: RecordRule<'x'>[] = [{ field: 'x', is: '==', value: 1 }];
    const kernel = recordFilter({ recordBytes: 1, fields, rules });
    (rules[0] as { value: number }).value = 2;
    await using filter = await offload(kernel, { path: 'javascript' });
    expect([...(await filter(Uint8Array.of(1)))]).toEqual([0]);
  });
});
