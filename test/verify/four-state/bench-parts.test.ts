import { describe, expect, test } from 'vitest';
import { bitSet, bytes, pack, uint8, uint32 } from '../../../src/index.js';
import type { InputStream } from '../../../src/toolchain/fit.js';
import { beatsOf, layoutOf } from '../../../src/verify/four-state/beats.js';
import { icarusFlags } from '../../../src/verify/four-state/icarus.js';
import { bytesOf, firstWrong } from '../../../src/verify/four-state/result-bytes.js';
import { escaped, parameterLiteral, wordsLiteral } from '../../../src/verify/four-state/verilog.js';
import { thrown } from '../../support/errors.js';

const signal = (name: string) => ({ name, escapedName: name });

function input(patch: Partial<InputStream> = {}): InputStream {
  return {
    role: 'input',
    label: 's',
    fields: [{ ...signal('s_tdata'), width: 32, offset: 0 }],
    valid: signal('s_tvalid'),
    ready: signal('s_tready'),
    isBusy: false,
    keep: signal('s_tkeep'),
    last: signal('s_tlast'),
    beatBytes: 4,
    byteOrder: 'little',
    clock: 0,
    handshake: 'stream',
    next: null,
    messageBytes: null,
    sideBand: [],
    ...patch,
  };
}

const batch = (...messages: number[][]) =>
  pack(
    bytes(),
    messages.map((message) => Uint8Array.from(message)),
  );

describe('words of a stimulus', () => {
  test('are tlast, tkeep, then the fields from the highest', () => {
    const five = batch([1, 2, 3, 4, 5], []);
    expect(beatsOf([input()], five, true)).toEqual([['0f04030201', '11xxxxxx05', '10xxxxxxxx']]);
    expect(beatsOf([input()], five, false)).toEqual([['0f04030201', '11a5a5a505', '10a5a5a5a5']]);
    const { width, last, keep } = layoutOf(input());
    expect([width, last, keep]).toEqual([40, 36, 32]);
  });

  test('have the first byte highest in big byte order', () => {
    const big = input({ byteOrder: 'big' });
    expect(beatsOf([big], batch([1, 2, 3, 4, 5]), true)).toEqual([['0f01020304', '1805xxxxxx']]);
  });

  test('take each data port in turn', () => {
    const fields = [
      { ...signal('a'), width: 12, offset: 0 },
      { ...signal('b'), width: 16, offset: 2 },
    ];
    expect(beatsOf([input({ fields })], batch([1, 2, 3, 4]), true)).toEqual([['1f04030201']]);
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () =>
      beatsOf([input({ fields })], batch([1, 2, 3, 4], [1, 0x12, 3, 4]), true),
    );
    expect(error.message).toContain('message 1 has bits for a beyond the 12');
    expect(layoutOf(input({ fields })).fieldOf(fields[1] as (typeof fields)[0])).toBe(16);
  });

  test('are of each stream its part', () => {
    const inputs = [input({ messageBytes: 2 }), input(), input()];
    const message = batch([1, 2, 1, 0, 0, 0, 3, 4, 5]);
    expect(beatsOf(inputs, message, false)).toEqual([
      ['13a5a50201'],
      ['11a5a5a503'],
      ['13a5a50504'],
    ]);
  });

  test('a part that is longer than its message is refused', () => {
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () =>
      beatsOf([input(), input()], batch([9, 0, 0, 0, 1]), false),
    );
    expect(error.message).toContain('message 0 of 5 bytes');
  });
});

describe('bytes of a result', () => {
  test('are those of a port, the first of a beat first', () => {
    expect(bytesOf('x11111111', 'little')).toEqual(['11111111', '0000000x']);
    expect(bytesOf('0000000100000010', 'big')).toEqual(['00000001', '00000010']);
  });

  test('are as expected, or the first with an X is named, else the first that differs', () => {
    const expected = Uint8Array.of(1, 2, 3, 4);
    const right = ['00000001', '00000010', '00000011', '00000100'];
    const at = (...bits: string[]): number | null => firstWrong(uint32(), expected, bits);
    expect(at(...right)).toBeNull();
    expect(at('10000001', ...right.slice(1))).toBe(0);
    expect(at('10000001', '00000010', '00000x11', 'x0000100')).toBe(2);
    expect(at('10000001', '00000010', '0000001z', 'x0000100')).toBe(2);
  });

  test('a bit that the codec does not look at may be X', () => {
    const low = { ...uint8(), decode: (source: Uint8Array, at: number) => (source[at] ?? 0) & 15 };
    expect(firstWrong(low, Uint8Array.of(5), ['xxxx0101'])).toBeNull();
    expect(firstWrong(low, Uint8Array.of(5), ['xxxx010x'])).toBe(0);
    expect(firstWrong(bitSet(5), Uint8Array.of(5), ['xxx00101'])).toBe(0);
  });
});

describe('Verilog and Icarus', () => {
  test('values of parameters', () => {
    expect([5, -5, 2 ** 31, -(2 ** 31) - 1, 1n << 63n, 'text'].map(parameterLiteral)).toEqual([
      '5',
      '-5',
      "64'h80000000",
      "64'hffffffff7fffffff",
      "64'h8000000000000000",
      '"text"',
    ]);
  });

  test('names and held words', () => {
    expect(escaped('din.tdata')).toBe('\\din.tdata ');
    expect(wordsLiteral([0x89abcdef, 0x4567], 48)).toBe("48'h0000456789abcdef");
  });

  test('arguments to Verilator that mean something to Icarus', () => {
    const flags = ['-Wno-WIDTH', '-DA=1', '+define+B', '-y', '/lib', '+libext+.vh+.v', '--assert'];
    expect(icarusFlags(flags, ['a.v'])).toEqual([
      '-g2012',
      '-DA=1',
      '-DB',
      '-y/lib',
      '-Y',
      '.vh',
      '-Y',
      '.v',
    ]);
    const language = (given: string[], sources = ['a.v']): string | undefined =>
      icarusFlags(given, sources)[0];
    expect(language(['--language', '1364-2005'])).toBe('-g2005');
    expect(language(['--default-language', '1364-1995'])).toBe('-g2001');
    expect(language(['--language', '1800-2012'])).toBe('-g2012');
    expect(language(['+1364-2005ext+v'])).toBe('-g2005');
    expect(language(['+1364-2005ext+v'], ['a.v', 'b.sv'])).toBe('-g2012');
    expect(icarusFlags(['--relative-includes'], [])).toContain('-grelative-include');
  });
});
