import { RtliftError } from '../errors.js';
import { batchLength, checkPacked, type PackedBatch } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { PackedRunOptions, Path, PathName, PathRun, RunOptions } from '../paths/path.js';
import type { VerilatorPathOptions } from '../paths/verilator.js';
import { choosePath } from './choose-path.js';
import { checkInto, checkLimits, checkSize, checkValues } from './limits.js';
import { type OffloadStats, StatsRecorder } from './stats.js';
import { type StreamOptions, streamBatches } from './stream.js';

/** How {@link offload} opens a kernel. */
export interface OffloadOptions extends VerilatorPathOptions {
  /** `auto` (default) chooses; a named path is required, and where it cannot run that is an error. */
  readonly path?: PathName | 'auto';
}

/** An offloaded operation: call it with one message, or use its methods for many. */
export interface Offloaded<I, O> extends AsyncDisposable {
  /**
   * Runs one message.
   * @throws (rejects) {@link RtliftError} by what happened: `ERR_RTLIFT_INVALID_ARG`, `ERR_RTLIFT_MESSAGE_TOO_LARGE`,
   *   `ERR_RTLIFT_CLOSED`, `ERR_RTLIFT_KERNEL_*`; or with `signal.reason`.
   */
  (message: I, options?: RunOptions): Promise<O>;
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
  /**
   * Runs one message at once on this thread, on the javascript path.
   * @throws {@link RtliftError} `ERR_RTLIFT_PATH_UNAVAILABLE` on a path that cannot run without waiting.
   */
  sync(message: I): O;
  stats(): OffloadStats;
  /** Refuses further calls, lets accepted ones settle, and frees the path. Idempotent. */
  close(): Promise<void>;
  readonly kernel: Kernel<I, O>;
  readonly path: PathName;
  /** Why this path was taken. */
  readonly reason: string;
}

/**
 * Offloads an operation: opens a path for the kernel and returns it as a function.
 * @throws {@link RtliftError} `ERR_RTLIFT_PATH_UNAVAILABLE` when a named path cannot run; its `cause` says why.
 */
export async function offload<I, O>(
  kernel: Kernel<I, O>,
  options: OffloadOptions = {},
): Promise<Offloaded<I, O>> {
  if (typeof kernel?.golden !== 'function') {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `offload takes a kernel made by defineKernel, got ${kernel === null ? 'null' : typeof kernel}`,
      { arg: 'kernel' },
    );
  }
  const { path: wanted = 'auto', ...pathOptions } = options;
  const { path, reason } = await choosePath(kernel, wanted, pathOptions);
  return makeHandle(kernel, path, reason);
}

function makeHandle<I, O>(kernel: Kernel<I, O>, path: Path<I, O>, reason: string): Offloaded<I, O> {
  const stats = new StatsRecorder();
  const { input, output, golden } = kernel;
  const { minMessageBytes, maxMessageBytes } = kernel.limits;
  const isLimited = minMessageBytes > 0 || maxMessageBytes < Number.POSITIVE_INFINITY;
  let closing: Promise<void> | null = null;

  const checkOpen = (): void => {
    if (closing) {
      throw new RtliftError('ERR_RTLIFT_CLOSED', `kernel ${kernel.name}: called after close()`, {
        kernel: kernel.name,
      });
    }
  };

  const checkSizes = (messages: readonly I[]): void => {
    for (let i = 0; i < messages.length; i++) {
      checkLimits(kernel, input.sizeOf(messages[i] as I), i);
    }
  };

  const bytesOut = (results: readonly O[]): number => {
    if (output.fixedBytes !== null) return output.fixedBytes * results.length;
    let total = 0;
    for (const result of results) total += output.sizeOf(result);
    return total;
  };

  async function record<R>(
    messages: number,
    work: () => Promise<PathRun<R>>,
    resultBytes: (results: R) => number,
  ): Promise<R> {
    stats.accept(messages);
    const begin = performance.now();
    try {
      const run = await work();
      const waitedNs = (performance.now() - begin) * 1e6;
      stats.settle(run, resultBytes(run.results), waitedNs);
      return run.results;
    } catch (error) {
      stats.fail();
      throw error;
    }
  }

  const batch = async (messages: readonly I[], options?: RunOptions): Promise<O[]> => {
    checkOpen();
    options?.signal?.throwIfAborted();
    if (!Array.isArray(messages)) {
      throw new RtliftError(
        'ERR_RTLIFT_INVALID_ARG',
        `batch takes an array, got ${typeof messages}`,
        {
          arg: 'messages',
        },
      );
    }
    if (isLimited) checkSizes(messages);
    return record(messages.length, () => path.run(messages, options), bytesOut);
  };

  const packed = async (
    packedBatch: PackedBatch,
    options?: PackedRunOptions,
  ): Promise<PackedBatch> => {
    checkOpen();
    options?.signal?.throwIfAborted();
    checkPacked(packedBatch);
    const { offsets } = packedBatch;
    const n = batchLength(packedBatch);
    if (options?.into !== undefined) checkInto(kernel, options.into, n);
    const at = (i: number): number => offsets[i] as number;
    if (isLimited) for (let i = 0; i < n; i++) checkLimits(kernel, at(i + 1) - at(i), i);
    if (input.fixedBytes !== null) {
      for (let i = 0; i < n; i++) checkSize(kernel, input.fixedBytes, at(i + 1) - at(i), i);
    }
    if (!input.isIdentity) checkValues(kernel, packedBatch);
    return record(
      n,
      () => path.runPacked(packedBatch, options),
      (results) => results.data.length,
    );
  };

  const single = async (message: I, options?: RunOptions): Promise<O> => {
    const [result] = await batch([message], options);
    return result as O;
  };

  const sync = (message: I): O => {
    checkOpen();
    if (path.name !== 'javascript') {
      throw new RtliftError(
        'ERR_RTLIFT_PATH_UNAVAILABLE',
        `kernel ${kernel.name}: sync() needs the javascript path, this one is ${path.name}; use await`,
        { kernel: kernel.name, path: path.name },
      );
    }
    const size = input.sizeOf(message);
    if (isLimited) checkLimits(kernel, size, 0);
    stats.accept(1);
    try {
      const result = golden(message);
      stats.settleSync(size, output.fixedBytes ?? output.sizeOf(result));
      return result;
    } catch (error) {
      stats.fail();
      throw error;
    }
  };

  const close = (): Promise<void> => {
    closing ??= path.close();
    return closing;
  };

  return Object.assign(single, {
    batch,
    packed,
    stream: (source: AsyncIterable<I> | Iterable<I>, options?: StreamOptions) =>
      streamBatches(
        source,
        (messages, signal) => batch(messages, signal ? { signal } : undefined),
        options,
      ),
    sync,
    stats: () => stats.snapshot(kernel.name, path.name, reason),
    close,
    [Symbol.asyncDispose]: close,
    kernel,
    path: path.name,
    reason,
  });
}
