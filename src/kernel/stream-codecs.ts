import { RtliftError } from '../errors.js';
import type { Codec } from './codec.js';
import { describe } from './codec-checks.js';
import type { RecordFields, RecordOf } from './codecs.js';

const LENGTH_BYTES = 4;

/**
 * A message for a core with several input streams: one field for each, in the order of `rtl.ports.inputs`; each may vary
 * in size.
 *
 * In memory a field that varies and is not the last has its length before it, 4 bytes, little-endian; the driver sends
 * the fields alone.
 */
export function streams<F extends RecordFields>(fields: F): Codec<RecordOf<F>> {
  const entries = Object.entries(fields) as [string, Codec<unknown>][];
  if (entries.length === 0) {
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', 'streams takes at least one field, got none');
  }
  const name = `streams(${entries.map(([key, codec]) => `${key}: ${codec.name}`).join(', ')})`;
  const isFixed = entries.every(([, codec]) => codec.fixedBytes !== null);
  const hasLength = (codec: Codec<unknown>, i: number): boolean =>
    codec.fixedBytes === null && i < entries.length - 1;
  const at = (value: unknown, key: string): unknown => (value as Record<string, unknown>)[key];
  const torn = (start: number, end: number): RtliftError =>
    new RtliftError(
      'ERR_RTLIFT_RESULT_MISMATCH',
      `${name} decodes a field after the other, got ${end - start} bytes that do not hold them`,
      { codec: name, actual: end - start },
    );
  return {
    name,
    fixedBytes: isFixed
      ? entries.reduce((sum, [, codec]) => sum + (codec.fixedBytes ?? 0), 0)
      : null,
    isIdentity: false,
    shape: { kind: 'record', fields: entries },
    parts: entries.map(([, codec]) => codec.fixedBytes),
    sizeOf(value) {
      if (typeof value !== 'object' || value === null) {
        throw new RtliftError(
          'ERR_RTLIFT_INVALID_ARG',
          `${name} encodes an object, got ${describe(value)}`,
          { codec: name },
        );
      }
      let size = 0;
      entries.forEach(([key, codec], i) => {
        try {
          size += codec.sizeOf(at(value, key)) + (hasLength(codec, i) ? LENGTH_BYTES : 0);
        } catch (cause) {
          throw new RtliftError(
            'ERR_RTLIFT_INVALID_ARG',
            `field ${key}: ${(cause as Error).message}`,
            { codec: name, field: key },
            { cause },
          );
        }
      });
      return size;
    },
    encodeInto(value, target, offset) {
      let to = offset;
      entries.forEach(([key, codec], i) => {
        const size = codec.sizeOf(at(value, key));
        if (hasLength(codec, i)) {
          new DataView(target.buffer, target.byteOffset).setUint32(to, size, true);
          to += LENGTH_BYTES;
        }
        codec.encodeInto(at(value, key), target, to);
        to += size;
      });
    },
    decode(source, start, end) {
      let from = start;
      const fields = entries.map(([key, codec], i): [string, unknown] => {
        let size = codec.fixedBytes ?? end - from;
        if (hasLength(codec, i)) {
          if (from + LENGTH_BYTES > end) throw torn(start, end);
          size = new DataView(source.buffer, source.byteOffset).getUint32(from, true);
          from += LENGTH_BYTES;
        }
        if (from + size > end) throw torn(start, end);
        const field = codec.decode(source, from, from + size);
        from += size;
        return [key, field];
      });
      if (from !== end) throw torn(start, end);
      return Object.fromEntries(fields) as RecordOf<F>;
    },
  };
}

/**
 * A result that a core may not give: `null` for a message that it drops (`rtl.ports.output.quietCycles`).
 *
 * No bytes are `null`, so a result that is there has at least one.
 */
export function optional<T>(of: Codec<T>): Codec<T | null> {
  const name = `optional(${of.name})`;
  return {
    name,
    fixedBytes: null,
    isIdentity: false,
    shape: { kind: 'optional', of: of as Codec<unknown> },
    presentBytes: of.fixedBytes,
    sizeOf: (value) => (value === null ? 0 : of.sizeOf(value)),
    encodeInto(value, target, offset) {
      if (value !== null) of.encodeInto(value, target, offset);
    },
    decode: (source, start, end) => (start === end ? null : of.decode(source, start, end)),
  };
}
