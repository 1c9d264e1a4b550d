import { RtliftError } from '../errors.js';

/** What a value is, for a message. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return value.constructor?.name ?? 'object';
  if (typeof value === 'number' || typeof value === 'bigint') return `${value}`;
  return typeof value;
}

/** @throws {@link RtliftError} `ERR_RTLIFT_RESULT_MISMATCH` when an encoding has another length than the codec's. */
export function checkLength(name: string, got: number, want: number): void {
  if (got !== want) {
    throw new RtliftError(
      'ERR_RTLIFT_RESULT_MISMATCH',
      `${name} decodes ${want} bytes, got ${got}`,
      { codec: name, expected: want, actual: got },
    );
  }
}
