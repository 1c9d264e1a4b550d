import { RtliftError } from '../errors.js';
import type { Codec } from './codec.js';
import { describe } from './codec-checks.js';

/** How {@link mdPadded} pads. */
export interface MdPaddedOptions {
  /** Size of a block, bytes: 64 for MD5, SHA-1 and SHA-256, 128 for SHA-512. */
  readonly blockBytes: number;
  /** Size of the length at the end, bytes: 8, or 16 for SHA-512. Default 8. */
  readonly lengthBytes?: number;
  /** Byte order of that length: `big` (default) for the SHA family, `little` for MD5. */
  readonly endian?: 'little' | 'big';
}

function checkCount(name: string, value: unknown, max: number): void {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max) return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `mdPadded takes ${name} of 1..${max}, got ${describe(value)}`,
    { arg: name, min: 1, max },
  );
}

/**
 * A byte string of any length for a core that takes whole blocks: Merkle-Damgard strengthening.
 *
 * Encoded as the bytes, 0x80, the fewest zeros that fill the last block, and the length in bits. Decodes to a view.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when an option is out of range.
 * @see FIPS 180-4, section 5.1; RFC 1321, sections 3.1 and 3.2
 */
export function mdPadded({
  blockBytes,
  lengthBytes = 8,
  endian = 'big',
}: MdPaddedOptions): Codec<Uint8Array> {
  checkCount('blockBytes', blockBytes, 65_536);
  checkCount('lengthBytes', lengthBytes, 16);
  if (endian !== 'big' && endian !== 'little') {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `mdPadded takes endian big or little, got ${describe(endian)}`,
      { arg: 'endian' },
    );
  }
  const name = `mdPadded(${blockBytes}, ${lengthBytes}, ${endian})`;
  const maxBytes = Math.floor((2 ** (8 * lengthBytes) - 1) / 8);
  /** Where byte i of the length, lowest first, lies in its field. */
  const placeOf = (i: number): number => (endian === 'little' ? i : lengthBytes - 1 - i);
  const sizeFor = (bytes: number): number =>
    Math.ceil((bytes + 1 + lengthBytes) / blockBytes) * blockBytes;
  const notPadded = (actual: string): RtliftError =>
    new RtliftError(
      'ERR_RTLIFT_RESULT_MISMATCH',
      `${name} decodes whole blocks that end in 0x80, zeros and the length in bits, got ${actual}`,
      { codec: name },
    );
  return {
    name,
    fixedBytes: null,
    isIdentity: false,
    shape: { kind: 'bytes' },
    multipleOf: blockBytes,
    sizeOf(value) {
      if (!(value instanceof Uint8Array)) {
        throw new RtliftError(
          'ERR_RTLIFT_INVALID_ARG',
          `${name} encodes a Uint8Array, got ${describe(value)}`,
          { codec: name },
        );
      }
      if (value.length > maxBytes) {
        throw new RtliftError(
          'ERR_RTLIFT_INVALID_ARG',
          `${name} encodes at most ${maxBytes} bytes, whose length fits ${lengthBytes} bytes, got ${value.length}`,
          { codec: name, limit: maxBytes, got: value.length },
        );
      }
      return sizeFor(value.length);
    },
    encodeInto(value, target, offset) {
      const end = offset + sizeFor(value.length);
      const padding = offset + value.length;
      target.set(value, offset);
      target.fill(0, padding, end);
      target[padding] = 0x80;
      let bits = value.length * 8;
      for (let i = 0; bits > 0; i++) {
        target[end - lengthBytes + placeOf(i)] = bits % 256;
        bits = Math.floor(bits / 256);
      }
    },
    decode(source, start, end) {
      let bits = 0;
      for (let i = lengthBytes - 1; i >= 0; i--) {
        bits = bits * 256 + (source[end - lengthBytes + placeOf(i)] ?? 0);
      }
      const bytes = bits / 8;
      const size = end - start;
      if (!Number.isInteger(bytes) || sizeFor(bytes) !== size) {
        throw notPadded(`${size} bytes that say ${bits} bits`);
      }
      for (let at = start + bytes; at < end - lengthBytes; at++) {
        const expected = at === start + bytes ? 0x80 : 0;
        if (source[at] !== expected) throw notPadded(`0x${source[at]?.toString(16)} in byte ${at}`);
      }
      return new Uint8Array(source.buffer, source.byteOffset + start, bytes);
    },
  };
}
