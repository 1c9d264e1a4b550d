import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, type PackedBatch, pack, uint16, unpack } from '../../src/index.js';
import { batchLength, checkPacked } from '../../src/kernel/batch.js';
import { thrown } from '../support/errors.js';
import { seedFromEnv } from '../support/seed.js';

describe('pack and unpack', () => {
  test('give back every message, the empty ones included', () => {
    const lists = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    const property = fc.property(lists, (messages) => {
      const batch = pack(bytes(), messages);
      checkPacked(batch);
      expect(batchLength(batch)).toBe(messages.length);
      expect(unpack(bytes(), batch)).toEqual(messages);
    });
    fc.assert(property, { seed: seedFromEnv() });
  });

  test('lay the messages one after the other', () => {
    const batch = pack(bytes(), [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
    expect([...batch.offsets]).toEqual([0, 2, 2, 3]);
    expect([...batch.data]).toEqual([1, 2, 3]);
  });

  test('take messages that are views at odd offsets, and copy them', () => {
    const source = Uint8Array.of(9, 1, 2, 3, 9);
    const batch = pack(bytes(), [source.subarray(1, 4)]);
    source.fill(0);
    expect([...batch.data]).toEqual([1, 2, 3]);
  });

  test('read data that is a view at an odd offset and starts behind its beginning', () => {
    const data = Uint8Array.of(9, 9, 9, 1, 0, 2, 0, 9).subarray(1);
    expect(unpack(uint16(), { data, offsets: Int32Array.of(2, 4, 6) })).toEqual([1, 2]);
  });

  test('name the message that the codec refuses', () => {
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () => pack(uint16(), [1, 65_536]));
    expect(error.message).toContain('message 1');
    expect(error.details.messageIndex).toBe(1);
  });
});

describe('a packed batch is refused', () => {
  const data = new Uint8Array(8);
  const bad: [string, unknown, RegExp][] = [
    ['null', null, /packed batch/],
    ['undefined', undefined, /packed batch/],
    ['no offsets', { data }, /Int32Array/],
    ['offsets of another type', { data, offsets: [0, 8] }, /Int32Array/],
    ['unsigned offsets', { data, offsets: Uint32Array.of(0, 8) }, /Int32Array/],
    ['offsets without an entry', { data, offsets: new Int32Array(0) }, /n \+ 1/],
    ['data of another type', { data: data.buffer, offsets: Int32Array.of(0) }, /Uint8Array/],
    ['offsets that fall', { data, offsets: Int32Array.of(0, 4, 3) }, /offsets\[2\] is 3 after 4/],
    ['a negative offset', { data, offsets: Int32Array.of(-1, 4) }, /offsets\[0\] is -1/],
    ['offsets beyond the data', { data, offsets: Int32Array.of(0, 9) }, /8 bytes, got 9/],
  ];
  test.each(bad)('for %s', (_, batch, message) => {
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () => checkPacked(batch as PackedBatch));
    expect(error.message).toMatch(message);
  });

  test('but not for data that no message uses', () => {
    checkPacked({ data, offsets: Int32Array.of(2, 4) });
    checkPacked({ data, offsets: Int32Array.of(0) });
  });
});
