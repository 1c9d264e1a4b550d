import { ERROR_CODES, type ErrorCode, type ErrorDetails, RtliftError } from '../errors.js';

/** What went wrong with a batch outside its model, which knows nothing of it and goes on: no memory here, for one. */
export class BesideModelError extends Error {
  constructor(cause: unknown) {
    super((cause as Error).message, { cause });
  }
}

/** Codes after which the native model goes on: the batch was refused before a clock cycle. */
export function leavesModelIntact(code: ErrorCode): boolean {
  return code === 'ERR_RTLIFT_INVALID_ARG' || code === 'ERR_RTLIFT_CLOSED';
}

/** Codes of a batch that did not run because its model is gone: not cancelled by its own signal, that is. */
export function lostItsModel(code: ErrorCode): boolean {
  return code === 'ERR_RTLIFT_MODEL_DISCARDED' || code === 'ERR_RTLIFT_CANCELLED';
}

const CODES: ReadonlySet<string> = new Set(ERROR_CODES);

/** Gives an error of the addon its place in the library's one error class. */
export function toRtliftError(kernel: string, error: unknown): RtliftError {
  if (error instanceof RtliftError) return error;
  if (error instanceof BesideModelError) return toRtliftError(kernel, error.cause);
  const { code, message, details } = error as Error & { code?: string; details?: ErrorDetails };
  const known = CODES.has(code ?? '') ? (code as ErrorCode) : 'ERR_RTLIFT_INTERNAL';
  return new RtliftError(
    known,
    `kernel ${kernel}: ${message}`,
    { kernel, ...details },
    { cause: error },
  );
}
