import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytes,
  fixedBytes,
  optional,
  pack,
  record,
  streams,
  uint8,
  uint16,
  unpack,
} from '../../src/index.js';
import { thrown } from '../support/errors.js';

const MIXED = { head: fixedBytes(2), body: bytes(), count: uint16(), tail: bytes() };

describe('streams', () => {
  test('puts a length before a field that varies and is not the last', () => {
    const codec = streams(MIXED);
    const { data } = pack(codec, [
      { head: Uint8Array.of(1, 2), body: Uint8Array.of(3), count: 0x405, tail: Uint8Array.of(6) },
    ]);
    expect([...data]).toEqual([1, 2, 1, 0, 0, 0, 3, 5, 4, 6]);
    expect(codec.parts).toEqual([2, null, 2, null]);
    expect(codec.fixedBytes).toBeNull();
  });

  test('has a fixed size where all of its fields have', () => {
    expect(streams({ a: uint8(), b: fixedBytes(4) }).fixedBytes).toBe(5);
  });

  test('decodes what it encodes', () => {
    const field = fc.uint8Array({ maxLength: 9 });
    const value = fc.record({
      head: fc.uint8Array({ minLength: 2, maxLength: 2 }),
      body: field,
      count: fc.integer({ min: 0, max: 65_535 }),
      tail: field,
    });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (values) => {
        const codec = streams(MIXED);
        expect(unpack(codec, pack(codec, values))).toEqual(values);
      }),
    );
  });

  test('keeps a field whose name is a word of JavaScript', () => {
    const codec = streams({ constructor: uint8(), ['__proto__']: bytes() });
    const value = { constructor: 7, ['__proto__']: Uint8Array.of(1, 2) };
    const [again] = unpack(codec, pack(codec, [value]));
    expect(Object.entries(again as object)).toEqual(Object.entries(value));
  });

  test.each([
    ['a length that is cut', [1, 2, 0, 0]],
    ['a field that is cut', [1, 2, 9, 0, 0, 0, 1]],
    ['less than its fixed fields', [1]],
    ['a fixed field that is missing', [1, 2, 0, 0, 0, 0, 7]],
  ])('refuses to decode %s', (_, data) => {
    const source = Uint8Array.from(data);
    thrown('ERR_RTLIFT_RESULT_MISMATCH', () => streams(MIXED).decode(source, 0, source.length));
  });

  test('refuses to decode more than its fields', () => {
    const source = new Uint8Array(3);
    const codec = streams({ a: uint8(), b: uint8() });
    thrown('ERR_RTLIFT_RESULT_MISMATCH', () => codec.decode(source, 0, 3));
  });

  test('names the field that it cannot encode', () => {
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () =>
      streams({ a: uint8(), b: uint8() }).sizeOf({ a: 1, b: 256 }),
    );
    expect(error.message).toMatch(/^field b: /);
    expect(error.details.field).toBe('b');
  });

  test.each([[null], [undefined], [7]])('encodes no %s', (value) => {
    thrown('ERR_RTLIFT_INVALID_ARG', () => streams({ a: uint8() }).sizeOf(value as never));
  });

  test('takes at least one field', () => {
    thrown('ERR_RTLIFT_INVALID_ARG', () => streams({}));
  });
});

describe('optional', () => {
  test('null has no bytes, and a value has its own', () => {
    const codec = optional(record({ a: uint8(), b: uint8() }));
    const values = [null, { a: 1, b: 2 }, null];
    const batch = pack(codec, values);
    expect([...batch.offsets]).toEqual([0, 0, 2, 2]);
    expect(unpack(codec, batch)).toEqual(values);
    expect(codec).toMatchObject({ fixedBytes: null, presentBytes: 2 });
    expect(optional(bytes()).presentBytes).toBeNull();
  });

  test('refuses what its own codec refuses', () => {
    thrown('ERR_RTLIFT_INVALID_ARG', () => optional(uint8()).sizeOf(256));
    thrown('ERR_RTLIFT_RESULT_MISMATCH', () => optional(uint8()).decode(new Uint8Array(2), 0, 2));
  });
});
