import { RtliftError } from '../../errors.js';
import type { PackedBatch } from '../../kernel/batch.js';
import type { InputStream, PortField } from '../../toolchain/fit.js';

/**
 * Where things lie in a word of a stimulus file, in bits: one word a beat, each field in whole bytes and the rest in
 * whole hex digits, so that a word is its digits one after the other.
 */
export interface BeatLayout {
  readonly width: number;
  readonly last: number;
  readonly keep: number;
  readonly fieldOf: (field: PortField) => number;
}

const digitsOfKeep = ({ beatBytes }: InputStream): number => Math.ceil(beatBytes / 4);

export function layoutOf(input: InputStream): BeatLayout {
  const keep = 8 * input.beatBytes;
  const last = keep + 4 * digitsOfKeep(input);
  return { width: last + 4, last, keep, fieldOf: (field) => 8 * field.offset };
}

/** The bytes of each input stream within one encoded message; see kernel/stream-codecs.ts. */
function partsOf(
  message: Uint8Array,
  inputs: readonly InputStream[],
  index: number,
): readonly Uint8Array[] {
  if (inputs.length === 1) return [message];
  let at = 0;
  const take = (size: number): Uint8Array => {
    if (at + size > message.length) {
      throw new RtliftError(
        'ERR_RTLIFT_INVALID_ARG',
        `message ${index} of ${message.length} bytes does not hold the parts of ${inputs.length} inputs`,
        { messageIndex: index },
      );
    }
    at += size;
    return message.subarray(at - size, at);
  };
  return inputs.map((input, i) => {
    if (input.messageBytes !== null) return take(input.messageBytes);
    if (i === inputs.length - 1) return take(message.length - at);
    const length = take(4);
    return take(new DataView(length.buffer, length.byteOffset).getUint32(0, true));
  });
}

/** Hex digits of one beat; `filler` stands in lanes without tkeep. */
function wordOf(
  input: InputStream,
  bytes: Uint8Array,
  start: number,
  isLast: boolean,
  filler: string,
): string {
  const { beatBytes, fields, byteOrder } = input;
  const count = Math.min(beatBytes, bytes.length - start);
  const lanes = Array.from({ length: beatBytes }, (_, i) =>
    i < count ? (bytes[start + i] as number).toString(16).padStart(2, '0') : filler,
  );
  // A field's bytes from the highest to the lowest, as digits are written.
  const digits = fields.map(({ offset, width }) => {
    const own = lanes.slice(offset, offset + Math.ceil(width / 8));
    return (byteOrder === 'little' ? own.reverse() : own).join('');
  });
  const mask = (1n << BigInt(count)) - 1n;
  const keep = byteOrder === 'little' ? mask : mask << BigInt(beatBytes - count);
  const keepDigits = keep.toString(16).padStart(digitsOfKeep(input), '0');
  return `${isLast ? 1 : 0}${keepDigits}${digits.reverse().join('')}`;
}

/** Refuses a message with bits that its port is too narrow for. */
function checkSpareBits(input: InputStream, bytes: Uint8Array, index: number): void {
  for (const { name, width, offset } of input.fields) {
    const size = Math.ceil(width / 8);
    // Only messages of one beat go to a port that is not of whole bytes.
    const top = bytes[offset + (input.byteOrder === 'little' ? size - 1 : 0)] ?? 0;
    if (width % 8 === 0 || top >> (width % 8) === 0) continue;
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `message ${index} has bits for ${name} beyond the ${width} that the port has`,
      { messageIndex: index, port: name },
    );
  }
}

/**
 * The beats of a batch for each input stream, as lines of hex digits.
 * @param isUndefined - whether lanes without tkeep are X.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a message that the ports cannot carry.
 */
export function beatsOf(
  inputs: readonly InputStream[],
  { data, offsets }: PackedBatch,
  isUndefined: boolean,
): string[][] {
  const filler = isUndefined ? 'xx' : 'a5';
  const lines: string[][] = inputs.map(() => []);
  for (let index = 0; index + 1 < offsets.length; index++) {
    const message = data.subarray(offsets[index], offsets[index + 1]);
    const parts = partsOf(message, inputs, index);
    inputs.forEach((input, i) => {
      const bytes = parts[i] as Uint8Array;
      checkSpareBits(input, bytes, index);
      // An empty message is one beat without a byte.
      let start = 0;
      do {
        const isLast = start + input.beatBytes >= bytes.length;
        lines[i]?.push(wordOf(input, bytes, start, isLast, filler));
        start += input.beatBytes;
      } while (start < bytes.length);
    });
  }
  return lines;
}
