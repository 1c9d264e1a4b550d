import { Duplex } from 'node:stream';
import { RtliftError } from '../../errors.js';
import type { StreamOptions } from '../stream.js';
import { MessagePump, watch } from './message-pump.js';
import { checkOptions } from './web-transform.js';

/**
 * A Node stream in object mode around batches: what is written is run, and its result read, in order.
 *
 * Writing waits for reading; either side keeps up to 16 more in its own buffer. `destroy()`, an abort of `signal` and an
 * error of a batch end both sides and the batches under way; `close` comes when nothing runs any more. A Node stream
 * cannot carry `null` or `undefined`: a result that is one of them ends it with `ERR_RTLIFT_INVALID_ARG`.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when an option is not 1 or more.
 */
export function nodeTransform<I, O>(
  runBatch: (messages: I[], signal: AbortSignal | undefined) => Promise<O[]>,
  { signal, ...options }: StreamOptions = {},
): Duplex {
  checkOptions(options);
  const pump = new MessagePump<I, O>(runBatch, options);
  let unwatch = (): void => undefined;
  const stream = new Duplex({
    objectMode: true,
    write(message: I, _encoding, callback) {
      pump.write(message).then(() => callback(), callback);
    },
    final(callback) {
      pump.end();
      callback();
    },
    read() {
      pump.read().then(
        ({ done, value }) => {
          if (done) this.push(null);
          else if (value === null || value === undefined) this.destroy(noNull());
          else this.push(value);
        },
        (reason) => this.destroy(asError(reason)),
      );
    },
    destroy(error, callback) {
      unwatch();
      const reason = error ?? new RtliftError('ERR_RTLIFT_CLOSED', 'the stream was destroyed');
      pump.stop(reason).then(
        () => callback(error),
        () => callback(error),
      );
    },
  });
  unwatch = watch(signal, (reason) => stream.destroy(asError(reason)));
  return stream;
}

function noNull(): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    'a Node stream cannot carry a result that is null or undefined; transform() gives Web Streams, which can',
  );
}

/** A Node stream ends with an Error; a signal may have any reason. */
function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason), { cause: reason });
}
