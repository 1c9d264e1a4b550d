import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pack, unpack } from '../../src/index.js';
import { type MdPaddedOptions, mdPadded } from '../../src/kernel/padded-codec.js';
import { thrown } from '../support/errors.js';

const SHA1: MdPaddedOptions = { blockBytes: 64, lengthBytes: 8, endian: 'big' };

function encode(options: MdPaddedOptions, value: Uint8Array): Uint8Array {
  const codec = mdPadded(options);
  // At an odd place among other bytes.
  const target = new Uint8Array(codec.sizeOf(value) + 8).fill(0xee);
  codec.encodeInto(value, target, 3);
  expect([...target.subarray(0, 3), ...target.subarray(-5)]).toEqual(new Array(8).fill(0xee));
  return target.slice(3, -5);
}

describe('mdPadded', () => {
  test('pads the example of FIPS 180-4, section 5.1.1', () => {
    const padded = encode(SHA1, Buffer.from('abc'));
    const hex = `61626380${'00'.repeat(52)}0000000000000018`;
    expect(Buffer.from(padded).toString('hex')).toBe(hex);
  });

  test('writes the length as RFC 1321 does, lowest byte first', () => {
    const padded = encode({ ...SHA1, endian: 'little' }, new Uint8Array(33));
    expect([...padded.subarray(56)]).toEqual([8, 1, 0, 0, 0, 0, 0, 0]);
  });

  test.each([
    [0, 64],
    [55, 64],
    [56, 128],
    [63, 128],
    [64, 128],
    [119, 128],
    [120, 192],
  ])('%i bytes fill %i', (bytes, size) => {
    expect(mdPadded(SHA1).sizeOf(new Uint8Array(bytes))).toBe(size);
  });

  test('a 16-byte length of blocks of 128, as SHA-512 has them', () => {
    const padded = encode({ blockBytes: 128, lengthBytes: 16 }, new Uint8Array(112).fill(1));
    expect(padded.length).toBe(256);
    expect([...padded.subarray(-3)]).toEqual([0, 3, 0x80]);
  });

  test('decodes what it encodes, of any length, block and order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 2, max: 16 }),
        fc.constantFrom('big' as const, 'little' as const),
        (values, blockBytes, lengthBytes, endian) => {
          const codec = mdPadded({ blockBytes, lengthBytes, endian });
          const batch = pack(codec, values);
          for (let i = 0; i < values.length; i++) {
            const size = (batch.offsets[i + 1] as number) - (batch.offsets[i] as number);
            expect(size % (codec.multipleOf as number)).toBe(0);
          }
          expect(unpack(codec, batch)).toEqual(values);
        },
      ),
    );
  });

  test.each([
    ['a byte of padding is not 0', (padded: Uint8Array) => padded.fill(1, 10, 11)],
    ['0x80 is missing', (padded: Uint8Array) => padded.fill(0, 3, 4)],
    ['the length is not of bytes', (padded: Uint8Array) => padded.fill(25, 63)],
    ['the length is of another size', (padded: Uint8Array) => padded.fill(2, 62, 63)],
    ['it is no block', (padded: Uint8Array) => padded.subarray(0, 63)],
    ['it is empty', (padded: Uint8Array) => padded.subarray(0, 0)],
  ])('refuses to decode where %s', (_, damage) => {
    const bad = damage(encode(SHA1, Buffer.from('abc')));
    thrown('ERR_RTLIFT_RESULT_MISMATCH', () => mdPadded(SHA1).decode(bad, 0, bad.length));
  });

  test.each([
    ['a string', 'abc'],
    ['null', null],
    ['an array', [1]],
  ])('encodes no value that is %s', (_, value) => {
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () =>
      mdPadded(SHA1).sizeOf(value as unknown as Uint8Array),
    );
    expect(error.message).toContain('mdPadded(64, 8, big) encodes a Uint8Array');
  });

  test('refuses a message whose length does not fit', () => {
    const codec = mdPadded({ blockBytes: 16, lengthBytes: 1 });
    expect(codec.sizeOf(new Uint8Array(31))).toBe(48);
    thrown('ERR_RTLIFT_INVALID_ARG', () => codec.sizeOf(new Uint8Array(32)));
  });

  test.each([
    ['blockBytes', { blockBytes: 0 }],
    ['blockBytes', { blockBytes: 1.5 }],
    ['lengthBytes', { blockBytes: 64, lengthBytes: 17 }],
    ['endian', { blockBytes: 64, endian: 'middle' as 'big' }],
  ])('refuses a bad %s', (arg, options) => {
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () => mdPadded(options as MdPaddedOptions));
    expect(error.details.arg).toBe(arg);
  });
});
