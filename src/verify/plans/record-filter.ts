import { defineKernel } from '../../kernel/define-kernel.js';
import { type RecordField, type RecordRule, recordFilter } from '../../kernels/record-filter.js';
import { type AnyPlan, planOf } from '../plan.js';
import { Random } from '../random.js';

const RECORD_BYTES = 24;
const FIELDS = {
  kind: { offset: 0, bytes: 1 },
  price: { offset: 1, bytes: 4, endian: 'big' },
  size: { offset: 5, bytes: 3 },
  change: { offset: 8, bytes: 2, signed: true },
  id: { offset: 10, bytes: 8, endian: 'big', signed: true },
  flags: { offset: 23, bytes: 1 },
} as const;
type Field = keyof typeof FIELDS;

// Each needs the smallest kernel, so that all are settings of one library; the later ones leave entries of its tables unused.
const RULE_SETS: readonly (readonly RecordRule<Field>[])[] = [
  [
    { field: 'kind', is: '==', value: 0x41 },
    {
      all: [
        { field: 'price', is: '>=', value: 1_000 },
        { field: 'price', is: '<', value: 2_000 },
      ],
    },
    {
      any: [
        { field: 'change', is: '<', value: -5 },
        { field: 'change', is: '>', value: 5 },
      ],
    },
    { not: { field: 'size', is: '<=', value: 0x10000 } },
    { not: { any: [{ field: 'kind', is: '==', value: 0x42 }] } },
  ],
  [
    { field: 'id', is: '>', value: -2 },
    { field: 'id', is: '<=', value: 0x0102030405060708n },
    { field: 'size', is: '!=', value: 0xffffff },
    { field: 'flags', mask: 0x81, value: 0x80 },
    {
      all: [
        { field: 'id', is: '!=', value: -1 },
        { not: { field: 'kind', is: '==', value: 0x42 } },
      ],
    },
  ],
  [{ field: 'price', is: '==', value: 0xffffffff }],
];

const EDGES: Readonly<Record<Field, readonly bigint[]>> = {
  kind: [0x41n, 0x42n, 0x40n],
  price: [999n, 1_000n, 1_999n, 2_000n, 0xffffffffn],
  size: [0n, 0x10000n, 0x10001n, 0xffffn, 0xffffffn],
  change: [-6n, -5n, -4n, 4n, 5n, 6n, 0x7fffn, -0x8000n, 0n],
  id: [-1n, -2n, -3n, 0n, 0x0102030405060708n, 0x0102030405060709n, 0x0102030405060608n],
  flags: [0x80n, 0x81n, 0x00n, 0x01n, 0xffn],
};

/** Puts a value into a record as a field has it. */
function put(record: Uint8Array, { offset, bytes, endian }: RecordField, value: bigint): void {
  for (let i = 0; i < bytes; i++) {
    const at = endian === 'big' ? offset + bytes - 1 - i : offset + i;
    record[at] = Number((value >> BigInt(8 * i)) & 0xffn);
  }
}

/** A record whose fields lie at the values of the rules, beside them, or a bit away. */
function makeRecord(random: Random): Uint8Array {
  const record = random.bytes(RECORD_BYTES);
  for (const [name, field] of Object.entries<RecordField>(FIELDS)) {
    if (random.below(8) === 0) continue;
    let value = BigInt.asUintN(8 * field.bytes, random.pick(EDGES[name as Field]));
    if (random.below(3) === 0) value ^= 1n << BigInt(random.below(8 * field.bytes));
    put(record, field, value);
  }
  return record;
}

/** What the smallest kernel holds of each. */
const SLOTS = 4;
const COMPARATORS = 16;
const TERMS = 16;
const RULES = 8;

/** Rules that fill every table of the smallest kernel, and values at which they turn. */
interface Full {
  readonly fields: Readonly<Record<string, RecordField>>;
  readonly rules: readonly RecordRule[];
  readonly turns: readonly (readonly [RecordField, bigint])[];
}

/**
 * Comparators and terms get their numbers in the order in which the rules name them, and rule 0 names all of either. Which
 * of them a term or a rule uses goes round with `round`, so that after 16 rounds each entry held every use.
 */
function fullRules(round: number): Full {
  const random = new Random(round >> 1);
  // The second of two rounds has the inverse of each value of the first.
  const flip = round % 2 === 0 ? 0n : 2n ** 64n - 1n;
  const bits = (): bigint => (BigInt(random.next()) * 2n ** 32n + BigInt(random.next())) ^ flip;
  const fields = Object.fromEntries(
    Array.from({ length: SLOTS }, (_, i) => [
      `f${i}`,
      {
        offset: random.below(RECORD_BYTES - 7),
        bytes: 8,
        endian: (i + round) % 2 === 0 ? 'big' : 'little',
        signed: ((i + round) & 2) === 0,
      } satisfies RecordField,
    ]),
  );
  const turns: [RecordField, bigint][] = [];
  const leaves = Array.from({ length: COMPARATORS }, (_, c): RecordRule => {
    const name = `f${random.below(SLOTS)}`;
    const field = fields[name] as RecordField;
    if (((c >> 2) + (round >> 1)) % 2 === 0) {
      const value = bits();
      turns.push([field, value]);
      return { field: name, is: '<', value: field.signed ? BigInt.asIntN(64, value) : value };
    }
    // Two bits of eight bytes: met by a record in four.
    const mask = (1n << BigInt(random.below(32))) | (1n << BigInt(32 + random.below(32)));
    return { field: name, mask, value: mask & bits() };
  });
  const leaf = (c: number): RecordRule => leaves[c % COMPARATORS] as RecordRule;
  const terms = Array.from({ length: TERMS }, (_, t): RecordRule => {
    // Exclusive or of two, half of it: no rule has a shorter inverse, of other terms.
    return { all: [leaf(t + round), { not: leaf(t + round + COMPARATORS / 2) }] };
  });
  const everything: RecordRule = { any: [{ all: [{ any: [] }, ...leaves] }, ...terms] };
  const rules = Array.from({ length: RULES }, (_, r): RecordRule => {
    const sum = r === 0 ? everything : { any: terms.filter((_, t) => (t + r + round) % 4 === 0) };
    return (r + round) % 3 === 0 ? { not: sum } : sum;
  });
  return { fields, rules, turns };
}

/** A record in which a field or two lie at a value of a comparison or beside it. */
function makeFullRecord(random: Random, { turns }: Full): Uint8Array {
  const record = random.bytes(RECORD_BYTES);
  for (let i = random.below(3); i > 0; i--) {
    const [field, value] = random.pick(turns);
    put(record, field, value + BigInt(random.below(3) - 1));
  }
  return record;
}

type RecordKernel = ReturnType<typeof recordFilter>;

/** The kernel with rules enabled before they are inverted: no order is asked for while no record is under way. */
function enabledFirst(kernel: RecordKernel): RecordKernel {
  const writes = [...(kernel.registers?.() ?? [])];
  const registers = () =>
    Uint32Array.from([...writes.slice(0, -4), ...writes.slice(-2), ...writes.slice(-4, -2)]);
  return defineKernel({ ...kernel, registers });
}

export function recordFilterPlan(floor: URL): AnyPlan {
  const full = Array.from({ length: 16 }, (_, round) => fullRules(round));
  const kernels = [
    ...RULE_SETS.map((rules) => ({ fields: FIELDS, rules })),
    ...full.map(({ fields, rules }) => ({ fields, rules })),
  ].map((options) => recordFilter({ recordBytes: RECORD_BYTES, ...options }));
  const inputs = (random: Random): Uint8Array =>
    random.below(2) === 0 ? makeRecord(random) : makeFullRecord(random, random.pick(full));
  return planOf([...kernels, ...kernels.slice(0, 2).map(enabledFirst)], { inputs, floor });
}
