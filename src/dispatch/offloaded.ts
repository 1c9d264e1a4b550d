import type { Duplex } from 'node:stream';
import type { PackedBatch } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { PackedRunOptions, PathName, RunOptions } from '../paths/path.js';
import type { Explanation } from './choice/explain.js';
import type { DeviceQuestion } from './choice/explain-device.js';
import type { ChoiceTable } from './choice/table.js';
import type { SingleCallOptions } from './single-calls.js';
import type { OffloadStats } from './stats.js';
import type { StreamOptions } from './stream.js';
import type { MessageTransform } from './streams/web-transform.js';

/** An offloaded operation: call it with one message, or use its methods for many. */
export interface Offloaded<I, O> extends AsyncDisposable {
  /**
   * Runs one message, in a batch with other single calls of the same turn of the event loop. The message must not change
   * until the call has settled; a byte result can be a view of a buffer that
   * the results of the batch share, so copy what is to be kept for long.
   *
   * Results of one caller come in the order of its calls. An error of the running kernel is that of every call of the
   * batch. A call with `stimulus` runs alone.
   * @throws (rejects) {@link RtliftError} by what happened: `ERR_RTLIFT_INVALID_ARG`, `ERR_RTLIFT_MESSAGE_TOO_LARGE`,
   *   `ERR_RTLIFT_QUEUE_FULL`, `ERR_RTLIFT_DEADLINE`, `ERR_RTLIFT_CLOSED`, `ERR_RTLIFT_KERNEL_*`; or with
   *   `signal.reason`.
   */
  (message: I, options?: SingleCallOptions): Promise<O>;
  /**
   * Runs many messages; results in order. They are packed in pieces of up to 2,048, one native crossing each; byte
   * results are views of a buffer a piece.
   */
  batch(messages: readonly I[], options?: RunOptions): Promise<O[]>;
  /** Runs messages that are packed already, without copying the payload, which is borrowed until then. */
  packed(batch: PackedBatch, options?: PackedRunOptions): Promise<PackedBatch>;
  /** Runs a stream of messages in batches; yields the results in order, and reads no further than needed. */
  stream(
    source: AsyncIterable<I> | Iterable<I>,
    options?: StreamOptions,
  ): AsyncGenerator<O, void, undefined>;
  /** {@link stream} as a pair of Web Streams, for `pipeThrough`: messages in, results out, writing waits for reading. */
  transform(options?: StreamOptions): MessageTransform<I, O>;
  /** The same as a Node stream in object mode, for `pipeline`. */
  nodeTransform(options?: StreamOptions): Duplex;
  /**
   * Runs one message at once on this thread, by the golden model.
   * @throws {@link RtliftError} `ERR_RTLIFT_PATH_UNAVAILABLE` where the caller named a path that cannot run without waiting.
   */
  sync(message: I): O;
  stats(): OffloadStats;
  /** Refuses further calls, lets accepted ones settle, and frees the path. Idempotent. */
  close(): Promise<void>;
  readonly kernel: Kernel<I, O>;
  /** The path of the last batch, or of the next one where there was none. */
  readonly path: PathName;
  /** Why that path, in words. */
  readonly reason: string;
  /**
   * Why the last batch ran where it ran, as data and in words, and what would send such a batch elsewhere. With a device, what
   * would be chosen if that card were there, and from which batch on it is the faster one.
   * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a device that is not in the catalogue.
   */
  explain(question?: DeviceQuestion): Explanation;
  /** What `auto` has learnt so far, to be kept and given to {@link ChoiceOptions.table}; `null` where the path was named. */
  choiceTable(): ChoiceTable | null;
}
