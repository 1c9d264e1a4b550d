import { RtliftError } from '../../errors.js';
import { checkCount } from '../check-count.js';

/** When calls that wait go out together. */
export interface BatchLimits {
  /** Most messages of a batch, 1 or more, default 2,048: one native crossing takes as many. */
  readonly batchMessages?: number;
  /** Most encoded bytes of a batch, default 1 MiB; a message that is larger is a batch of its own. */
  readonly batchBytes?: number;
  /**
   * Longest time that a call waits for others, ms, default 0: its batch goes out at the end of the current turn of the
   * event loop. A full batch goes out at once, whatever the delay.
   */
  readonly delayMs?: number;
}

/** How much may wait, and what happens to a call that comes when that much waits already. */
export interface QueueLimits {
  /** Most messages that wait for their batch, default 65,536. */
  readonly maxMessages?: number;
  /** Most encoded bytes that wait, default 64 MiB. An empty queue takes a message of any size. */
  readonly maxBytes?: number;
  /**
   * `wait` (default): the call is held back until there is room; its promise is the backpressure. `reject`: it rejects
   * with `ERR_RTLIFT_QUEUE_FULL`.
   */
  readonly whenFull?: 'reject' | 'wait';
}

/** Options of one call; none of them costs anything when it is not used. */
export interface CallOptions {
  /** Takes the call out of the queue, or drops its result if its batch is under way already. */
  readonly signal?: AbortSignal;
  /** Longest time from the call to its result, ms, above 0. */
  readonly deadlineMs?: number;
  /**
   * Whose call it is, by identity. Callers get their turn by bytes, however much one of them has queued, and the results
   * of each come in the order of its calls. Calls without one are one caller's.
   */
  readonly caller?: string | symbol | object;
}

/** All limits, with their defaults. */
export type Limits = Required<BatchLimits> & Required<QueueLimits> & { readonly inFlight: number };

/**
 * Fills in the defaults.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when a limit is out of range.
 */
export function resolveLimits(
  limits: BatchLimits = {},
  queue: QueueLimits = {},
  inFlight = 2,
): Limits {
  const { batchMessages = 2048, batchBytes = 1024 * 1024, delayMs = 0 } = limits;
  const { maxMessages = 65_536, maxBytes = 64 * 1024 * 1024, whenFull = 'wait' } = queue;
  const counts = { batchMessages, batchBytes, maxMessages, maxBytes, inFlight };
  for (const [name, value] of Object.entries(counts)) checkCount(name, value);
  if (!(delayMs >= 0 && delayMs < 2 ** 31)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `delayMs is 0 or more and below 2^31, got ${String(delayMs)}`,
      { arg: 'delayMs', got: delayMs },
    );
  }
  if (whenFull !== 'reject' && whenFull !== 'wait') {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `whenFull is reject or wait, got ${String(whenFull)}`,
      { arg: 'whenFull', got: whenFull },
    );
  }
  return { ...counts, delayMs, whenFull };
}
