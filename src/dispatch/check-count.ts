import { RtliftError } from '../errors.js';

/**
 * Refuses an option that counts something and is not 1 or more.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG`.
 */
export function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `${name} is an integer of 1 or more, got ${String(value)}`,
    { arg: name, got: value },
  );
}
