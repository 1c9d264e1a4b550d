import { describe, expect, test } from 'vitest';
import { candidates, turned } from '../../src/toolchain/fit-names.js';

describe('the names that a signal may have', () => {
  test.each([
    ['s_axis', ['tdata'], undefined, ['s_axis_tdata', 's_axis_TDATA']],
    ['din.', ['valid'], undefined, ['din.valid', 'din.VALID']],
    ['', ['ready'], ['_i', '_o'], ['ready_i', 'ready_o', 'READY_i', 'READY_o']],
    ['S_AXIS', ['tlast', 'last'], ['_I'], ['tlast', 'TLAST', 'last', 'LAST']],
  ] as const)('behind %j for %j', (prefix, signals, suffixes, expected) => {
    const names = candidates(prefix, signals, suffixes);
    expect(names).toEqual(
      prefix === 'S_AXIS' ? expected.map((name) => `S_AXIS_${name}_I`) : expected,
    );
  });

  test.each([
    ['_i', '_o'],
    ['_o', '_i'],
    ['_in', '_out'],
    ['_out', '_in'],
    ['_I', '_O'],
    ['_OUT', '_IN'],
    ['_sink_in', '_sink_out'],
    ['i', 'o'],
    ['', ''],
    ['_main', '_main'],
    ['_1', '_1'],
  ])('a suffix %j is %j on the signal that goes the other way', (suffix, other) => {
    expect(turned(suffix)).toBe(other);
  });
});
