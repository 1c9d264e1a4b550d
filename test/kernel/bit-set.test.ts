import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BitSet } from '../../src/index.js';
import { thrown } from '../support/errors.js';
import { seedFromEnv } from '../support/seed.js';

describe('BitSet', () => {
  test('holds the numbers it was made from and no other', () => {
    const sets = fc
      .integer({ min: 1, max: 300 })
      .chain((size) =>
        fc.tuple(fc.constant(size), fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }))),
      );
    const property = fc.property(sets, ([size, list]) => {
      const set = BitSet.from(size, list);
      const sorted = list.toSorted((a, b) => a - b);
      expect([...set]).toEqual(sorted);
      expect(set.count).toBe(list.length);
      expect(set.isEmpty).toBe(list.length === 0);
      for (let i = -1; i <= size; i++) expect(set.has(i)).toBe(list.includes(i));
    });
    fc.assert(property, { seed: seedFromEnv() });
  });

  test('is empty unless told otherwise', () => {
    expect(new BitSet(9).isEmpty).toBe(true);
    expect(new BitSet(9).bytes.length).toBe(2);
  });

  test('borrows the bitmap, at an odd offset too', () => {
    const bitmap = Uint8Array.of(0xff, 0b100, 0xff).subarray(1, 2);
    expect([...new BitSet(8, bitmap)]).toEqual([2]);
    expect(new BitSet(8, bitmap).bytes).toBe(bitmap);
  });

  test('refuses a bitmap of another size and a member out of range', () => {
    thrown('ERR_RTLIFT_INVALID_ARG', () => new BitSet(9, new Uint8Array(1)));
    for (const member of [-1, 9, 1.5, Number.NaN]) {
      expect(thrown('ERR_RTLIFT_INVALID_ARG', () => BitSet.from(9, [member])).message).toContain(
        '0..8',
      );
    }
  });
});
