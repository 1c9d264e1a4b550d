import { type ErrorCode, RtliftError } from '../errors.js';

/** Errors that are the caller's, or say nothing of the path: a rerun elsewhere would not help. */
const NOT_THE_PATH: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ERR_RTLIFT_INVALID_ARG',
  'ERR_RTLIFT_MESSAGE_TOO_LARGE',
  'ERR_RTLIFT_BATCH_TOO_LARGE',
  'ERR_RTLIFT_CLOSED',
]);

/** Whether an error is its caller's, and says nothing of the path. */
export function isOfCaller(error: unknown): boolean {
  // Anything but the library's own errors is the path's as well: no memory, or a codec that cannot read what came back.
  return error instanceof RtliftError && NOT_THE_PATH.has(error.code);
}
