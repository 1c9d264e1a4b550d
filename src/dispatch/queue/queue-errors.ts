import { RtliftError } from '../../errors.js';
import type { Limits } from './options.js';

/** Of a call after close(). */
export function closedError(kernel: string): RtliftError {
  return new RtliftError('ERR_RTLIFT_CLOSED', `kernel ${kernel}: called after close()`, { kernel });
}

/** Of a call of `sizeBytes` for which a queue with `length` messages of `bytes` has no room. */
export function fullError(
  kernel: string,
  { maxMessages, maxBytes }: Limits,
  { length, bytes }: { readonly length: number; readonly bytes: number },
  sizeBytes: number,
): RtliftError {
  const [unit, limit, got] =
    length >= maxMessages
      ? ['messages', maxMessages, length + 1]
      : ['bytes', maxBytes, bytes + sizeBytes];
  return new RtliftError(
    'ERR_RTLIFT_QUEUE_FULL',
    `kernel ${kernel}: the queue holds at most ${limit} ${unit}, this call would make it ${got}`,
    { kernel, limit, got, unit },
  );
}

/** Of a call whose deadline passed; `hasStarted` when its batch was under way. */
export function deadlineError(
  kernel: string,
  deadlineMs: number,
  hasStarted: boolean,
): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_DEADLINE',
    `kernel ${kernel}: no result within ${deadlineMs} ms; ` +
      (hasStarted ? 'its batch was under way' : 'it was queued still and does not run'),
    { kernel, deadlineMs, hasStarted },
  );
}

/** @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for what is no time from now. */
export function checkDeadline(deadlineMs: number): void {
  if (typeof deadlineMs === 'number' && deadlineMs > 0) return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `deadlineMs is above 0, got ${String(deadlineMs)}`,
    { arg: 'deadlineMs', got: deadlineMs },
  );
}
