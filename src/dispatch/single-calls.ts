import { RtliftError } from '../errors.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { RunOptions } from '../paths/path.js';
import { checkCount } from './check-count.js';
import { checkLimits } from './limits.js';
import { CallQueue, type CallQueueOptions } from './queue/call-queue.js';
import { type CallOptions, resolveLimits } from './queue/options.js';

/** Options of a single call. */
export interface SingleCallOptions extends CallOptions, RunOptions {}

/** How single calls are brought together into batches. */
export interface BatchingOptions {
  /** Most messages of a batch, 1 or more, default 2,048. */
  readonly messages?: number;
  /** Most encoded bytes of a batch, default 1 MiB; a message that is larger is a batch of its own. */
  readonly bytes?: number;
  /**
   * Longest time that a call waits for others, ms, default 0: its batch goes out at the end of the current turn of the
   * event loop.
   */
  readonly delayMs?: number;
  /** Most messages that wait for their batch, default 65,536. */
  readonly maxQueuedMessages?: number;
  /** Most encoded bytes that wait, default 64 MiB. An empty queue takes a message of any size. */
  readonly maxQueuedBytes?: number;
  /** What happens to a call for which there is no room: `wait` (default), or `reject` with `ERR_RTLIFT_QUEUE_FULL`. */
  readonly whenFull?: 'reject' | 'wait';
  /** Batches of single calls under way at once, 1 or more, default 2. */
  readonly inFlight?: number;
}

/** Every call alone and at once. */
const ALONE: BatchingOptions = { messages: 1, inFlight: Number.MAX_SAFE_INTEGER };

const COUNTS = ['messages', 'bytes', 'maxQueuedMessages', 'maxQueuedBytes', 'inFlight'] as const;

/**
 * The queue of an operation's single calls.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when an option is out of range.
 */
export function queueOf<I, O>(
  kernel: Kernel<I, O>,
  batching: BatchingOptions | false,
  run: (messages: readonly I[]) => Promise<readonly O[]>,
  atTurnEnd: (then: () => void) => void,
): CallQueue<I, O> {
  const { input } = kernel;
  return new CallQueue<I, O>({
    kernelName: kernel.name,
    run,
    atTurnEnd,
    sizeOf: (message) => {
      const sizeBytes = input.sizeOf(message);
      checkLimits(kernel, sizeBytes, 0);
      return sizeBytes;
    },
    ...shapeOf(batching),
  });
}

/**
 * Refuses options before a path is opened for them.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG`.
 */
export function checkBatching(batching: BatchingOptions | false): void {
  if (batching === null || (typeof batching !== 'object' && batching !== false)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `batching is an object of options or false, got ${String(batching)}`,
      { arg: 'batching' },
    );
  }
  if (batching === false) return;
  for (const name of COUNTS) {
    const value = batching[name];
    if (value !== undefined) checkCount(`batching.${name}`, value);
  }
  const { limits, queue, inFlight } = shapeOf(batching);
  resolveLimits(limits, queue, inFlight);
}

function shapeOf(
  batching: BatchingOptions | false,
): Pick<CallQueueOptions<never, never>, 'limits' | 'queue' | 'inFlight'> {
  const { messages, bytes, delayMs, maxQueuedMessages, maxQueuedBytes, whenFull, inFlight } =
    batching || ALONE;
  return {
    limits: given({ batchMessages: messages, batchBytes: bytes, delayMs }),
    queue: given({ maxMessages: maxQueuedMessages, maxBytes: maxQueuedBytes, whenFull }),
    ...given({ inFlight }),
  };
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the entries that are undefined. */
function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Given<T>;
}
