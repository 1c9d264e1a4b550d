import type { Codec } from '../../kernel/codec.js';

/** Eight bits of 0, 1, x and z, the highest first. */
export type Byte = string;

export const hasX = (bits: Byte): boolean => /[xz]/.test(bits);
export const showBits = (bits: string): string => `${bits.length}'b${bits}`;
export const showByte = (value: number): string => showBits(value.toString(2).padStart(8, '0'));

/** The bytes of a port, the first of a beat first. */
export function bytesOf(bits: string, byteOrder: 'little' | 'big'): Byte[] {
  const whole = bits.padStart(Math.ceil(bits.length / 8) * 8, '0');
  const bytes = whole.match(/.{8}/g) ?? [];
  return byteOrder === 'little' ? bytes.reverse() : bytes;
}

/**
 * The first byte of a result that is not as expected, one with an X before any other; `null` where the value is the same
 * whatever each X stands for.
 */
export function firstWrong<O>(
  codec: Codec<O>,
  expected: Uint8Array,
  bytes: readonly Byte[],
): number | null {
  const isRight = (byte: Byte, i: number): boolean => Number.parseInt(byte, 2) === expected[i];
  const isSame =
    bytes.length === expected.length && bytes.every((byte, i) => !hasX(byte) && isRight(byte, i));
  if (isSame) return null;
  // A codec may not look at every bit.
  if (isSameValue(codec, expected, bytes, '0') && isSameValue(codec, expected, bytes, '1')) {
    return null;
  }
  const x = bytes.findIndex(hasX);
  if (x >= 0) return x;
  const wrong = bytes.findIndex((byte, i) => !isRight(byte, i));
  return wrong >= 0 ? wrong : bytes.length;
}

/** Whether the bytes, with each X replaced, are another encoding of the expected value. */
function isSameValue<O>(
  codec: Codec<O>,
  expected: Uint8Array,
  bytes: readonly Byte[],
  bit: '0' | '1',
): boolean {
  if (codec.isIdentity) return false;
  const filled = Uint8Array.from(bytes, (byte) => Number.parseInt(byte.replace(/[xz]/g, bit), 2));
  try {
    const value = codec.decode(filled, 0, filled.length);
    const again = new Uint8Array(codec.sizeOf(value));
    codec.encodeInto(value, again, 0);
    return Buffer.compare(again, expected) === 0;
  } catch {
    return false;
  }
}
