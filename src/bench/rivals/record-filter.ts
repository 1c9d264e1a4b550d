import type { RecordField, RecordFilterOptions, RecordRule } from '../../kernels/record-filter.js';
import type { AnyRival, Rival } from './rival.js';

const dollars = (price: number): number => price * 10_000;
/** A stock symbol as its field has it: 8 characters, padded with spaces. */
const symbol = (name: string): bigint =>
  BigInt(`0x${Buffer.from(name.padEnd(8), 'latin1').toString('hex')}`);

const FIELDS = {
  timestamp: { offset: 5, bytes: 6, endian: 'big' },
  side: { offset: 19, bytes: 1 },
  shares: { offset: 20, bytes: 4, endian: 'big' },
  stock: { offset: 24, bytes: 8, endian: 'big' },
  price: { offset: 32, bytes: 4, endian: 'big' },
} as const;

const BUY: RecordRule<keyof typeof FIELDS> = { field: 'side', is: '==', value: 0x42 };
const AAPL: RecordRule<keyof typeof FIELDS> = { field: 'stock', is: '==', value: symbol('AAPL') };
const MSFT: RecordRule<keyof typeof FIELDS> = { field: 'stock', is: '==', value: symbol('MSFT') };

/**
 * Eight rules on Add Order messages, to be measured.
 * @see Nasdaq TotalView-ITCH 5.0, section 1.3.1 (Add Order, no MPID attribution): 36 bytes, price in 1/10,000 dollars,
 * timestamp in ns since midnight
 */
export const ADD_ORDER_FILTER: RecordFilterOptions<keyof typeof FIELDS> = {
  recordBytes: 36,
  fields: FIELDS,
  rules: [
    { all: [BUY, { field: 'price', is: '<', value: dollars(100) }] },
    { all: [{ not: BUY }, { field: 'price', is: '>=', value: dollars(250) }] },
    { field: 'shares', is: '>=', value: 10_000 },
    { all: [AAPL, BUY, { field: 'price', is: '<=', value: dollars(150) }] },
    { any: [AAPL, MSFT] },
    { all: [{ field: 'shares', mask: 0x3f, value: 0 }, { not: { any: [AAPL, MSFT] } }] },
    { field: 'timestamp', is: '<', value: 34_200_000_000_000 },
    {
      all: [
        MSFT,
        {
          any: [
            { field: 'price', is: '<', value: dollars(10) },
            { field: 'price', is: '>', value: dollars(500) },
          ],
        },
      ],
    },
  ],
};

/** The same rules as a programmer writes them: each field read once, numbers instead of bigints, symbols as two words. */
function addOrder(record: Uint8Array): number {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const isBuy = record[19] === 0x42;
  const shares = view.getUint32(20);
  const isAapl = view.getUint32(24) === 0x4141504c && view.getUint32(28) === 0x20202020;
  const isMsft = view.getUint32(24) === 0x4d534654 && view.getUint32(28) === 0x20202020;
  const price = view.getUint32(32);
  const timestamp = view.getUint16(5) * 2 ** 32 + view.getUint32(7);
  let met = 0;
  if (isBuy && price < 1_000_000) met |= 1;
  if (!isBuy && price >= 2_500_000) met |= 2;
  if (shares >= 10_000) met |= 4;
  if (isAapl && isBuy && price <= 1_500_000) met |= 8;
  if (isAapl || isMsft) met |= 16;
  if ((shares & 0x3f) === 0 && !isAapl && !isMsft) met |= 32;
  if (timestamp < 34_200_000_000_000) met |= 64;
  if (isMsft && (price < 100_000 || price > 5_000_000)) met |= 128;
  return met;
}

type Read = (view: DataView) => number | bigint;
type Test = (view: DataView) => boolean;

/** A field of up to 6 bytes is an exact number; a longer one takes a bigint. */
function reader({ offset, bytes, endian = 'little', signed = false }: RecordField): Read {
  const isLittle = endian === 'little';
  if (bytes === 1) {
    return signed ? (view) => view.getInt8(offset) : (view) => view.getUint8(offset);
  }
  if (bytes === 2) {
    return signed
      ? (view) => view.getInt16(offset, isLittle)
      : (view) => view.getUint16(offset, isLittle);
  }
  if (bytes === 4) {
    return signed
      ? (view) => view.getInt32(offset, isLittle)
      : (view) => view.getUint32(offset, isLittle);
  }
  if (bytes === 8) {
    return signed
      ? (view) => view.getBigInt64(offset, isLittle)
      : (view) => view.getBigUint64(offset, isLittle);
  }
  const places = Array.from({ length: bytes }, (_, i) => offset + (isLittle ? bytes - 1 - i : i));
  if (bytes === 7) {
    return (view) => {
      let value = 0n;
      for (const at of places) value = (value << 8n) | BigInt(view.getUint8(at));
      return signed ? BigInt.asIntN(56, value) : value;
    };
  }
  const limit = 2 ** (8 * bytes);
  return (view) => {
    let value = 0;
    for (const at of places) value = value * 256 + view.getUint8(at);
    return signed && value >= limit / 2 ? value - limit : value;
  };
}

function tester(rule: RecordRule, fields: Readonly<Record<string, RecordField>>): Test {
  if ('all' in rule) {
    const parts = rule.all.map((part) => tester(part, fields));
    return (view) => parts.every((part) => part(view));
  }
  if ('any' in rule) {
    const parts = rule.any.map((part) => tester(part, fields));
    return (view) => parts.some((part) => part(view));
  }
  if ('not' in rule) {
    const part = tester(rule.not, fields);
    return (view) => !part(view);
  }
  const field = fields[rule.field] as RecordField;
  if ('mask' in rule) {
    const read = reader({ ...field, signed: false });
    if (field.bytes <= 4) {
      const [mask, value] = [Number(rule.mask) | 0, Number(rule.value) | 0];
      return (view) => ((read(view) as number) & mask) === value;
    }
    const [mask, value] = [BigInt(rule.mask), BigInt(rule.value)];
    return (view) => (BigInt(read(view)) & mask) === value;
  }
  const read = reader(field);
  // A comparison of one type of number: of both it is many times slower.
  const value = field.bytes <= 6 ? Number(rule.value) : BigInt(rule.value);
  switch (rule.is) {
    case '==':
      return (view) => read(view) === value;
    case '!=':
      return (view) => read(view) !== value;
    case '<':
      return (view) => read(view) < value;
    case '<=':
      return (view) => read(view) <= value;
    case '>':
      return (view) => read(view) > value;
    case '>=':
      return (view) => read(view) >= value;
  }
}

function bitmapOf(bytes: number, met: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (met >>> (8 * i)) & 0xff);
}

const bitmapBytes = (rules: readonly unknown[]): number => (rules.length <= 8 ? 1 : 4);

/** Rules that are known at run time only, as closures: what stands in for generated code where eval is not allowed. */
function closures({ fields, rules }: RecordFilterOptions): Rival<number> {
  const tests = rules.map((rule) => tester(rule, fields));
  return {
    name: 'closures',
    note: `${rules.length} rules compiled to closures over a DataView`,
    run: (record) => {
      const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
      let met = 0;
      for (let i = 0; i < tests.length; i++) if ((tests[i] as Test)(view)) met |= 1 << i;
      return met;
    },
    encode: (met) => bitmapOf(bitmapBytes(rules), met),
  };
}

const HAND_WRITTEN: Rival<number> = {
  name: 'hand-written',
  note: 'these rules in plain JavaScript over a DataView, each field read once; no rule can change',
  run: addOrder,
  encode: (met) => bitmapOf(bitmapBytes(ADD_ORDER_FILTER.rules), met),
};

/** What else filters records in a Node process; the hand-written one knows {@link ADD_ORDER_FILTER} only. */
export function recordFilterRivals<F extends string>(
  options: RecordFilterOptions<F> | typeof ADD_ORDER_FILTER = ADD_ORDER_FILTER,
): AnyRival[] {
  const general = closures(options as unknown as RecordFilterOptions);
  return (options as unknown) === ADD_ORDER_FILTER ? [HAND_WRITTEN, general] : [general];
}
