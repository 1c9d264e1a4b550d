/** Every code an {@link RtliftError} can carry; `docs/errors.md` lists cause and remedy of each. */
export const ERROR_CODES = [
  'ERR_RTLIFT_INVALID_ARG',
  'ERR_RTLIFT_INVALID_KERNEL',
  'ERR_RTLIFT_INVALID_DEVICE',
  'ERR_RTLIFT_INVALID_PROFILE',
  'ERR_RTLIFT_DESCRIPTOR_MISMATCH',
  'ERR_RTLIFT_MESSAGE_TOO_LARGE',
  'ERR_RTLIFT_BATCH_TOO_LARGE',
  'ERR_RTLIFT_RESULT_MISMATCH',
  'ERR_RTLIFT_PATH_UNAVAILABLE',
  'ERR_RTLIFT_CLOSED',
  'ERR_RTLIFT_QUEUE_FULL',
  'ERR_RTLIFT_DEADLINE',
  'ERR_RTLIFT_TOOL_MISSING',
  'ERR_RTLIFT_ELABORATION_FAILED',
  'ERR_RTLIFT_VERILATE_FAILED',
  'ERR_RTLIFT_COMPILE_FAILED',
  'ERR_RTLIFT_SYNTHESIS_FAILED',
  'ERR_RTLIFT_ADDON_UNAVAILABLE',
  'ERR_RTLIFT_LIBRARY_LOAD',
  'ERR_RTLIFT_LIBRARY_FOREIGN',
  'ERR_RTLIFT_MODEL_DISCARDED',
  'ERR_RTLIFT_CHILD_EXITED',
  'ERR_RTLIFT_CANCELLED',
  'ERR_RTLIFT_KERNEL_NO_PROGRESS',
  'ERR_RTLIFT_KERNEL_FINISH',
  'ERR_RTLIFT_KERNEL_STOP',
  'ERR_RTLIFT_KERNEL_FATAL',
  'ERR_RTLIFT_KERNEL_ASSERTION',
  'ERR_RTLIFT_KERNEL_NO_CONVERGENCE',
  'ERR_RTLIFT_KERNEL_WARNING',
  'ERR_RTLIFT_KERNEL_PROTOCOL',
  'ERR_RTLIFT_KERNEL_REGISTER',
  'ERR_RTLIFT_DATA_MISSING',
  'ERR_RTLIFT_NO_SAMPLES',
  'ERR_RTLIFT_ATTACH_FAILED',
  'ERR_RTLIFT_REGRESSION',
  'ERR_RTLIFT_NO_MEMORY',
  'ERR_RTLIFT_INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * The one error class of the library. `code` is stable, the message may change between versions.
 *
 * `details` carries data (kernel, cycle, messageIndex, limit, got), `cause` the lower error.
 */
export class RtliftError extends Error {
  override readonly name = 'RtliftError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(
    code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}
