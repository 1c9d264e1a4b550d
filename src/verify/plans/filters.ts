import { classify } from '../../kernels/classify.js';
import { type RecordRule, recordFilter } from '../../kernels/record-filter.js';
import { type AnyPlan, planOf } from '../plan.js';
import type { Random } from '../random.js';

const floorOf = (folder: string): URL =>
  new URL(`../../../hdl/${folder}/coverage.json`, import.meta.url);

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

/** A record whose fields lie at the values of the rules, beside them, or a bit away. */
function makeRecord(random: Random): Uint8Array {
  const record = random.bytes(RECORD_BYTES);
  for (const [name, { offset, bytes, ...rest }] of Object.entries(FIELDS)) {
    if (random.below(8) === 0) continue;
    let value = BigInt.asUintN(8 * bytes, random.pick(EDGES[name as Field]));
    if (random.below(3) === 0) value ^= 1n << BigInt(random.below(8 * bytes));
    for (let i = 0; i < bytes; i++) {
      const at = 'endian' in rest ? offset + bytes - 1 - i : offset + i;
      record[at] = Number((value >> BigInt(8 * i)) & 0xffn);
    }
  }
  return record;
}

function recordFilterPlan(): AnyPlan {
  const kernels = RULE_SETS.map((rules) =>
    recordFilter({ recordBytes: RECORD_BYTES, fields: FIELDS, rules: [...rules] }),
  );
  return planOf(kernels, { inputs: makeRecord, floor: floorOf('record_filter') });
}

const TABLE = 256;

/** Text of tokens of every kind and length, between every kind of separator. */
function makeText(random: Random): Uint8Array {
  const parts: string[] = [];
  for (let i = random.below(14); i > 0; i--) {
    const letters = random.pick(['abcxyz', 'ABCXYZ', '0189', 'aZ9', 'azAZ09']);
    const size = random.pick([1, 2, 3, 5, 7, 8, 9, 14, 15, 16, 17, 31, 33]);
    for (let n = size; n > 0; n--) parts.push(letters[random.below(letters.length)] as string);
    // Neighbours of the letters and digits among them.
    parts.push(random.pick([' ', '/', ':', '@', '[', '`', '{', '\n', '\0', '\xc1', '  ']));
  }
  if (random.below(2) === 0) parts.pop();
  return Uint8Array.from(Buffer.from(parts.join(''), 'latin1'));
}

function classifyPlan(bytesPerCycle: 8 | 16): AnyPlan {
  const table = (of: (i: number) => number): Int8Array =>
    Int8Array.from({ length: TABLE }, (_, i) => of(i));
  const values = (of: (i: number) => number): Int8Array =>
    Int8Array.from({ length: 16 }, (_, i) => of(i));
  const settings = [
    {
      weights: table((i) => (i * 73) & 0xff),
      values: values((i) => 3 * i - 20),
      bias: -77,
      threshold: 100,
    },
    {
      weights: table((i) => (i % 2 === 0 ? 127 : -128)),
      values: values(() => -128),
      // A token or two away from what 32 bits hold.
      bias: 0x7fff_c000,
      threshold: 0x7fff_ffff,
    },
    {
      weights: table((i) => ((i * i) >> 3) & 0xff),
      values: values((i) => (i % 3) - 1),
      bias: 5,
      threshold: -3,
    },
  ];
  const kernels = settings.map((each) => classify({ ...each, bytesPerCycle }));
  return planOf(kernels, { inputs: makeText, floor: floorOf('classify') });
}

export const FILTER_PLANS: Readonly<Record<string, () => AnyPlan>> = {
  recordFilter: recordFilterPlan,
  classify: () => classifyPlan(8),
  'classify-16': () => classifyPlan(16),
};
