import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldBits, matchesName } from '../../../src/verify/coverage/bit-range.js';

describe('matchesName', () => {
  test.each([
    ['key[3]', 'key[3]', true],
    ['key[3]', 'key[4]', false],
    ['key[*]', 'key[31]', true],
    ['key[7:4]', 'key[4]', true],
    ['key[7:4]', 'key[7]', true],
    ['key[4:7]', 'key[5]', true],
    ['key[7:4]', 'key[3]', false],
    ['key[7:4]', 'key[8]', false],
    ['key', 'key', true],
    ['key', 'key[0]', false],
    ['key[*]', 'key', false],
    ['key[*]', 'key[0][1]', false],
    ['mem[*][3:0]', 'mem[9][2]', true],
    ['mem[*][3:0]', 'mem[9][4]', false],
    ['gen_lane[*].held_q[0]', 'gen_lane[1].held_q[0]', true],
    ['gen_lane[*].held_q[0]', 'gen_lane[1].other_q[0]', false],
    ['ke.[3]', 'key[3]', false],
    ['down[-1]', 'down[-1]', true],
    ['down[0:-2]', 'down[-1]', true],
  ])('%s and %s: %s', (pattern, name, isMatch) => {
    expect(matchesName(pattern, name)).toBe(isMatch);
  });
});

describe('foldBits', () => {
  test.each([
    [
      ['k[0]', 'k[1]', 'k[3]'],
      ['k[1:0]', 'k[3]'],
    ],
    [
      ['k[10]', 'k[9]', 'k[2]'],
      ['k[2]', 'k[10:9]'],
    ],
    [
      ['q', 'k[0]'],
      ['k[0]', 'q'],
    ],
    [['m[0][0]', 'm[0][1]', 'm[1][0]', 'm[1][1]'], ['m[1:0][1:0]']],
    [
      ['m[0][0]', 'm[0][1]', 'm[1][1]'],
      ['m[0][1:0]', 'm[1][1]'],
    ],
    [['k[0]', 'k[0]'], ['k[0]']],
    [
      ['k', 'k[0]', 'k[1]'],
      ['k', 'k[1:0]'],
    ],
    [[], []],
  ])('%j as %j', (names, folded) => {
    expect(foldBits(names)).toEqual(folded);
  });

  test('covers exactly the names, each once', () => {
    const index = fc.integer({ min: 0, max: 5 });
    const name = fc.oneof(
      fc.constantFrom('a', 'b'),
      fc.tuple(fc.constantFrom('a', 'b'), index).map(([base, i]) => `${base}[${i}]`),
      fc.tuple(index, index).map(([i, j]) => `a[${i}].c[${j}]`),
    );
    const every = ['a', 'b', ...[0, 1, 2, 3, 4, 5].flatMap((i) => [`a[${i}]`, `b[${i}]`])].concat(
      [0, 1, 2, 3, 4, 5].flatMap((i) => [0, 1, 2, 3, 4, 5].map((j) => `a[${i}].c[${j}]`)),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 40 }), (names) => {
        const folded = foldBits(names);
        const counts = every.map(
          (candidate) => folded.filter((pattern) => matchesName(pattern, candidate)).length,
        );
        expect(counts).toEqual(every.map((candidate) => (names.includes(candidate) ? 1 : 0)));
      }),
    );
  });
});
