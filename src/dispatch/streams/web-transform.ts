import {
  ReadableStream,
  type ReadableStreamDefaultController,
  WritableStream,
  type WritableStreamDefaultController,
} from 'node:stream/web';
import { checkCount } from '../check-count.js';
import type { StreamOptions } from '../stream.js';
import { MessagePump, watch } from './message-pump.js';

/** What `ReadableStream.pipeThrough` takes: messages in, results out. */
export interface MessageTransform<I, O> {
  readonly writable: WritableStream<I>;
  readonly readable: ReadableStream<O>;
}

/**
 * A pair of Web Streams around batches: what is written on one side is run, and its result read on the other, in order.
 *
 * Writing waits for reading. Whatever ends one side ends the other: an abort of the writable or of `signal`, a cancel of
 * the readable and an error of a batch each reach both, with their reason, and end the batches under way.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when an option is not 1 or more.
 * @see WHATWG Streams Standard, section 6 (transform streams) and 7.8 (`GenericTransformStream`)
 */
export function webTransform<I, O>(
  runBatch: (messages: I[], signal: AbortSignal | undefined) => Promise<O[]>,
  { signal, ...options }: StreamOptions = {},
): MessageTransform<I, O> {
  checkOptions(options);
  const pump = new MessagePump<I, O>(runBatch, options);
  let input: WritableStreamDefaultController;
  let output: ReadableStreamDefaultController<O>;
  let unwatch = (): void => undefined;

  const stop = (reason: unknown): Promise<void> => {
    unwatch();
    // Each does nothing where its side has ended already.
    input.error(reason);
    output.error(reason);
    return pump.stop(reason);
  };

  const writable = new WritableStream<I>(
    {
      start: (controller) => {
        input = controller;
      },
      write: (message) => pump.write(message),
      close: () => pump.end(),
      abort: stop,
    },
    { highWaterMark: 1 },
  );
  const readable = new ReadableStream<O>(
    {
      start: (controller) => {
        output = controller;
      },
      pull: async (controller) => {
        try {
          const { done, value } = await pump.read();
          if (!done) {
            controller.enqueue(value);
            return;
          }
          unwatch();
          controller.close();
        } catch (reason) {
          await stop(reason);
        }
      },
      cancel: stop,
    },
    // Nothing is run before somebody reads.
    { highWaterMark: 0 },
  );
  unwatch = watch(signal, stop);
  return { writable, readable };
}

/** At the call, not at the first read. */
export function checkOptions({ batchMessages = 1, inFlight = 1 }: StreamOptions): void {
  checkCount('batchMessages', batchMessages);
  checkCount('inFlight', inFlight);
}
