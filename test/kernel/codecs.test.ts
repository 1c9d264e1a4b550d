import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BitSet,
  bitSet,
  bytes,
  type Codec,
  fixedBytes,
  record,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../../src/index.js';
import { thrown } from '../support/errors.js';
import { seedFromEnv } from '../support/seed.js';

const seed = seedFromEnv();

/** Encodes between guard bytes, checks that they stay, and decodes from a view at an odd offset. */
function roundTrip<T>(codec: Codec<T>, value: T): T {
  const size = codec.sizeOf(value);
  const target = new Uint8Array(size + 8).fill(0xa5);
  codec.encodeInto(value, target, 3);
  expect([...target.subarray(0, 3), ...target.subarray(3 + size)]).toEqual(new Array(8).fill(0xa5));
  return codec.decode(target, 3, 3 + size);
}

function checkRoundTrip<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
  const property = fc.property(values, (value) => {
    expect(roundTrip(codec, value)).toEqual(value);
  });
  fc.assert(property, { seed, numRuns: 200 });
}

const byteString = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max });
const members = (size: number) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: size - 1 }), { maxLength: 20 })
    .map((list) => BitSet.from(size, list));

describe('every codec returns what it encoded', () => {
  test('bytes', () => checkRoundTrip(bytes(), byteString(0, 300)));
  test('fixedBytes', () => checkRoundTrip(fixedBytes(17), byteString(17, 17)));
  test.each([1, 7, 8, 9, 16, 24, 31, 32])('uint of %i bits, both byte orders', (bits) => {
    const values = fc.integer({ min: 0, max: 2 ** bits - 1 });
    checkRoundTrip(uint(bits), values);
    checkRoundTrip(uint(bits, { endian: 'big' }), values);
  });
  test('uint64, both byte orders', () => {
    const values = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    checkRoundTrip(uint64(), values);
    checkRoundTrip(uint64({ endian: 'big' }), values);
  });
  test.each([1, 7, 8, 9, 256])('bitSet of %i', (size) =>
    checkRoundTrip(bitSet(size), members(size)),
  );
  test('record with a tail of any length', () => {
    const codec = record({ id: uint16(), flags: bitSet(5), key: fixedBytes(3), body: bytes() });
    const values = fc.record({
      id: fc.integer({ min: 0, max: 65_535 }),
      flags: members(5),
      key: byteString(3, 3),
      body: byteString(0, 40),
    });
    checkRoundTrip(codec, values);
  });
});

describe('bytes on the wire', () => {
  const encode = <T>(codec: Codec<T>, value: T): number[] => {
    const target = new Uint8Array(codec.sizeOf(value));
    codec.encodeInto(value, target, 0);
    return [...target];
  };

  test('an integer is little-endian unless told otherwise, in the fewest whole bytes', () => {
    expect(encode(uint32(), 0x01020304)).toEqual([4, 3, 2, 1]);
    expect(encode(uint32({ endian: 'big' }), 0x01020304)).toEqual([1, 2, 3, 4]);
    expect(encode(uint(12), 0xabc)).toEqual([0xbc, 0x0a]);
    expect(encode(uint64({ endian: 'big' }), 1n)).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    expect([uint8().fixedBytes, uint(9).fixedBytes, uint(17).fixedBytes]).toEqual([1, 2, 3]);
  });

  test('the edges of each integer survive', () => {
    for (const value of [0, 1, 0x7fffffff, 0x80000000, 0xffffffff]) {
      expect(roundTrip(uint32(), value)).toBe(value);
    }
    for (const value of [0n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(roundTrip(uint64(), value)).toBe(value);
    }
  });

  test('member i of a bit set is bit i % 8 of byte i / 8', () => {
    expect(encode(bitSet(10), BitSet.from(10, [0, 3, 9]))).toEqual([0b1001, 0b10]);
  });

  test('a record has its fields in order, without gaps', () => {
    const codec = record({ a: uint8(), b: uint16({ endian: 'big' }), c: bytes() });
    expect(encode(codec, { a: 1, b: 0x0203, c: Uint8Array.of(4, 5) })).toEqual([1, 2, 3, 4, 5]);
    expect(codec.fixedBytes).toBeNull();
    expect(record({ a: uint8(), b: uint16() }).fixedBytes).toBe(3);
  });

  test('byte values decode to views, not copies', () => {
    const source = Uint8Array.of(1, 2, 3, 4);
    expect(bytes().decode(source, 1, 3).buffer).toBe(source.buffer);
    expect(fixedBytes(2).decode(source, 2, 4).byteOffset).toBe(2);
  });
});

describe('refused values', () => {
  const refused: [string, Codec<never>, unknown[]][] = [
    [
      'bytes',
      bytes() as never,
      [null, undefined, 'abc', [1, 2], new ArrayBuffer(4), new Int8Array(2), 7],
    ],
    [
      'fixedBytes',
      fixedBytes(4) as never,
      [null, new Uint8Array(3), new Uint8Array(5), new Uint8Array(0)],
    ],
    [
      'uint',
      uint(12) as never,
      [-1, 4096, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n, null, undefined],
    ],
    ['uint32', uint32() as never, [-1, 2 ** 32, 2 ** 53]],
    ['uint64', uint64() as never, [-1n, 2n ** 64n, 1, null]],
    ['bitSet', bitSet(8) as never, [null, new BitSet(9), new Uint8Array(1)]],
    ['record', record({ a: uint8() }) as never, [null, undefined, 3, {}, { a: 256 }, { a: null }]],
  ];
  test.each(refused)('%s refuses a value that it cannot encode', (_, codec, values) => {
    for (const value of values) {
      const error = thrown('ERR_RTLIFT_INVALID_ARG', () => codec.sizeOf(value as never));
      expect(error.message).toMatch(/got |field a/);
    }
  });

  test('a record names the field', () => {
    const codec = record({ id: uint8(), body: bytes() });
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () =>
      codec.sizeOf({ id: 1, body: 'x' as never }),
    );
    expect(error.message).toContain('field body');
    expect(error.details.field).toBe('body');
  });

  test('a result of the wrong length or with stray bits is a mismatch, not a value', () => {
    const source = new Uint8Array(16).fill(0xff);
    const cases: [Codec<unknown>, number][] = [
      [fixedBytes(4), 3],
      [uint32(), 5],
      [uint(12), 2],
      [uint64(), 7],
      [bitSet(9), 1],
      [bitSet(9), 2],
      [record({ a: uint8(), b: uint8() }), 3],
      [record({ a: uint16(), b: bytes() }), 1],
    ];
    for (const [codec, size] of cases) {
      thrown('ERR_RTLIFT_RESULT_MISMATCH', () => codec.decode(source, 0, size));
    }
  });
});

describe('refused codecs', () => {
  test('a size out of range is refused with the range', () => {
    const cases: (() => unknown)[] = [
      () => uint(0),
      () => uint(33),
      () => uint(1.5),
      () => fixedBytes(0),
      () => fixedBytes(2 ** 20 + 1),
      () => fixedBytes(Number.NaN),
      () => bitSet(0),
      () => bitSet(65_537),
      () => bitSet('8' as never),
    ];
    for (const make of cases) {
      expect(thrown('ERR_RTLIFT_INVALID_ARG', make).message).toMatch(
        /takes an integer \d+\.\.\d+, got/,
      );
    }
  });

  test('a record of nothing, or with a field of any length before the last, is refused', () => {
    thrown('ERR_RTLIFT_INVALID_ARG', () => record({}));
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () => record({ head: bytes(), tail: uint8() }));
    expect(error.message).toContain('head');
  });
});
