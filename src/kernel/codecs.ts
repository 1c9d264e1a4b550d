import { RtliftError } from '../errors.js';
import { BitSet } from './bit-set.js';
import type { Codec, ValueOf } from './codec.js';
import { checkLength, describe } from './codec-checks.js';

function checkSize(name: string, size: number, min: number, max: number): void {
  if (!Number.isInteger(size) || size < min || size > max) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `${name} takes an integer ${min}..${max}, got ${describe(size)}`,
      { arg: name, min, max, got: size },
    );
  }
}

function checkBytes(name: string, value: unknown): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `${name} encodes a Uint8Array, got ${describe(value)}`,
      { codec: name, got: describe(value) },
    );
  }
}

/** A view of bytes `start` to `end`; half the time of subarray(), which looks up the species. */
function view(source: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(source.buffer, source.byteOffset + start, end - start);
}

const BYTES: Codec<Uint8Array> = {
  name: 'bytes',
  fixedBytes: null,
  isIdentity: true,
  shape: { kind: 'bytes' },
  sizeOf(value) {
    checkBytes('bytes', value);
    return value.length;
  },
  encodeInto(value, target, offset) {
    target.set(value, offset);
  },
  decode: view,
};

/** A byte string of any length, the empty one included. Decodes to a view of the batch's result buffer. */
export function bytes(): Codec<Uint8Array> {
  return BYTES;
}

/**
 * A byte string of exactly `size` bytes.
 * @param size - 1 to 2^20.
 */
export function fixedBytes(size: number): Codec<Uint8Array> {
  checkSize('fixedBytes(size)', size, 1, 1 << 20);
  const name = `fixedBytes(${size})`;
  return {
    name,
    fixedBytes: size,
    isIdentity: true,
    shape: { kind: 'fixedBytes', size },
    sizeOf(value) {
      checkBytes(name, value);
      if (value.length !== size) {
        throw new RtliftError(
          'ERR_RTLIFT_INVALID_ARG',
          `${name} encodes ${size} bytes, got ${value.length}`,
          { codec: name, expected: size, got: value.length },
        );
      }
      return size;
    },
    encodeInto(value, target, offset) {
      target.set(value, offset);
    },
    decode(source, start, end) {
      checkLength(name, end - start, size);
      return view(source, start, end);
    },
  };
}

/** Byte order of an integer; AXI4-Stream's own is `little`: byte 0 in `tdata[7:0]`. */
export interface UintOptions {
  readonly endian?: 'little' | 'big';
}

function badUint(name: string, bits: number, value: unknown): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `${name} encodes an integer 0..2^${bits}-1, got ${describe(value)}`,
    { codec: name, bits, got: typeof value === 'bigint' ? `${value}` : value },
  );
}

/**
 * An unsigned integer of 1 to 32 bits, as a number, in the fewest whole bytes.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when `bits` is out of range.
 */
export function uint(bits: number, { endian = 'little' }: UintOptions = {}): Codec<number> {
  checkSize('uint(bits)', bits, 1, 32);
  const name = `uint(${bits}, ${endian})`;
  const size = Math.ceil(bits / 8);
  const max = 2 ** bits - 1;
  const shiftOf = (i: number): number => 8 * (endian === 'little' ? i : size - 1 - i);
  return {
    name,
    fixedBytes: size,
    isIdentity: false,
    shape: { kind: 'uint', bits },
    sizeOf(value) {
      if (!Number.isInteger(value) || value < 0 || value > max) throw badUint(name, bits, value);
      return size;
    },
    encodeInto(value, target, offset) {
      for (let i = 0; i < size; i++) target[offset + i] = value >>> shiftOf(i);
    },
    decode(source, start, end) {
      checkLength(name, end - start, size);
      let value = 0;
      for (let i = 0; i < size; i++) value |= (source[start + i] as number) << shiftOf(i);
      value >>>= 0;
      if (value > max) throw outOfRange(name, bits, value);
      return value;
    },
  };
}

function outOfRange(name: string, bits: number, value: number | bigint): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_RESULT_MISMATCH',
    `${name} decodes values below 2^${bits}, got ${value}`,
    { codec: name, bits, actual: `${value}` },
  );
}

/** {@link uint} of 8 bits. */
export const uint8 = (): Codec<number> => uint(8);
/** {@link uint} of 16 bits. */
export const uint16 = (options?: UintOptions): Codec<number> => uint(16, options);
/** {@link uint} of 32 bits. */
export const uint32 = (options?: UintOptions): Codec<number> => uint(32, options);

/** An unsigned integer of 64 bits, as a bigint, in 8 bytes. */
export function uint64({ endian = 'little' }: UintOptions = {}): Codec<bigint> {
  const name = `uint64(${endian})`;
  const isLittle = endian === 'little';
  const dataOf = (of: Uint8Array): DataView =>
    new DataView(of.buffer, of.byteOffset, of.byteLength);
  return {
    name,
    fixedBytes: 8,
    isIdentity: false,
    shape: { kind: 'uint64' },
    sizeOf(value) {
      if (typeof value !== 'bigint' || BigInt.asUintN(64, value) !== value) {
        throw badUint(name, 64, value);
      }
      return 8;
    },
    encodeInto(value, target, offset) {
      dataOf(target).setBigUint64(offset, value, isLittle);
    },
    decode(source, start, end) {
      checkLength(name, end - start, 8);
      return dataOf(source).getBigUint64(start, isLittle);
    },
  };
}

/**
 * A set of the numbers 0 to `size` - 1, one bit each: member i is bit i % 8 of byte i / 8.
 * @param size - 1 to 65,536.
 */
export function bitSet(size: number): Codec<BitSet> {
  checkSize('bitSet(size)', size, 1, 65_536);
  const name = `bitSet(${size})`;
  const sizeBytes = Math.ceil(size / 8);
  return {
    name,
    fixedBytes: sizeBytes,
    isIdentity: false,
    shape: { kind: 'bitSet', size },
    sizeOf(value) {
      if (!(value instanceof BitSet) || value.size !== size) {
        throw new RtliftError(
          'ERR_RTLIFT_INVALID_ARG',
          `${name} encodes a BitSet of ${size}, got ${value instanceof BitSet ? `one of ${value.size}` : describe(value)}`,
          { codec: name },
        );
      }
      return sizeBytes;
    },
    encodeInto(value, target, offset) {
      target.set(value.bytes, offset);
    },
    decode(source, start, end) {
      checkLength(name, end - start, sizeBytes);
      const unused = sizeBytes * 8 - size;
      if (unused > 0 && (source[end - 1] as number) >> (8 - unused) !== 0) {
        throw new RtliftError(
          'ERR_RTLIFT_RESULT_MISMATCH',
          `${name} has bits only below ${size}, got a last byte of 0x${(source[end - 1] as number).toString(16)}`,
          { codec: name, size },
        );
      }
      return new BitSet(size, view(source, start, end));
    },
  };
}

/** Codecs of a record, by field name. */
// biome-ignore lint/suspicious/noExplicitAny: a record holds codecs of unlike types; ValueOf recovers each.
export type RecordFields = Readonly<Record<string, Codec<any>>>;

/** The value of a {@link record}: one property a field. */
export type RecordOf<F extends RecordFields> = {
  readonly [K in keyof F]: ValueOf<F[K]>;
};

/**
 * Fields one after the other, in the order of the object's keys, without gaps.
 *
 * Every field has a fixed size but the last, which may be {@link bytes}.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when another field than the last varies in size.
 */
export function record<F extends RecordFields>(fields: F): Codec<RecordOf<F>> {
  const entries = Object.entries(fields) as [string, Codec<unknown>][];
  if (entries.length === 0) {
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', 'record takes at least one field, got none');
  }
  const starts: number[] = [];
  let headBytes = 0;
  entries.forEach(([key, codec], i) => {
    starts.push(headBytes);
    if (codec.fixedBytes === null && i < entries.length - 1) {
      throw new RtliftError(
        'ERR_RTLIFT_INVALID_ARG',
        `record: only the last field may vary in size, got ${codec.name} in field ${key}`,
        { field: key, codec: codec.name },
      );
    }
    headBytes += codec.fixedBytes ?? 0;
  });
  const isFixed = entries.every(([, codec]) => codec.fixedBytes !== null);
  const name = `record(${entries.map(([key, codec]) => `${key}: ${codec.name}`).join(', ')})`;
  return {
    name,
    fixedBytes: isFixed ? headBytes : null,
    isIdentity: false,
    shape: { kind: 'record', fields: entries },
    sizeOf(value) {
      if (typeof value !== 'object' || value === null) {
        throw new RtliftError(
          'ERR_RTLIFT_INVALID_ARG',
          `${name} encodes an object, got ${describe(value)}`,
          { codec: name },
        );
      }
      let size = 0;
      for (const [key, codec] of entries) {
        try {
          size += codec.sizeOf((value as Record<string, unknown>)[key]);
        } catch (cause) {
          throw new RtliftError(
            'ERR_RTLIFT_INVALID_ARG',
            `field ${key}: ${(cause as Error).message}`,
            { codec: name, field: key },
            { cause },
          );
        }
      }
      return size;
    },
    encodeInto(value, target, offset) {
      entries.forEach(([key, codec], i) => {
        codec.encodeInto(
          (value as Record<string, unknown>)[key],
          target,
          offset + (starts[i] as number),
        );
      });
    },
    decode(source, start, end) {
      if (isFixed) checkLength(name, end - start, headBytes);
      else if (end - start < headBytes) checkLength(name, end - start, headBytes);
      const value: Record<string, unknown> = {};
      entries.forEach(([key, codec], i) => {
        const from = start + (starts[i] as number);
        const to = codec.fixedBytes === null ? end : from + codec.fixedBytes;
        value[key] = codec.decode(source, from, to);
      });
      return value as RecordOf<F>;
    },
  };
}
