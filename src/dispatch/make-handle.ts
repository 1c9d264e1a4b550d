import { RtliftError } from '../errors.js';
import { batchLength, checkLayout, type PackedBatch, totalSize } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { inSlices } from '../kernel/slices.js';
import type { PackedRunOptions, PathName, PathRun, RunOptions } from '../paths/path.js';
import { type Explanation, explainChoice, explainFallback } from './choice/explain.js';
import { type DeviceQuestion, explainDevice } from './choice/explain-device.js';
import { makeTable } from './choice/table.js';
import { Dispatcher, type DispatcherOptions } from './dispatcher.js';
import { checkInto, checkLimits } from './limits.js';
import type { Offloaded } from './offloaded.js';
import type { OpenPaths } from './open-paths.js';
import { type BatchingOptions, queueOf, type SingleCallOptions } from './single-calls.js';
import { StatsRecorder } from './stats.js';
import { type StreamOptions, streamBatches } from './stream.js';
import { nodeTransform } from './streams/node-transform.js';
import { webTransform } from './streams/web-transform.js';
import { ArrayWork, PackedWork, type Work } from './work.js';

/** How a handle chooses, checks and falls back. */
export type Policy<I, O> = Omit<
  DispatcherOptions<I, O>,
  'kernel' | 'paths' | 'javascript' | 'stats'
> & {
  /** What makes the table doubtful that the choice goes by, or `null`. */
  readonly tableWarning: string | null;
};

/** Makes the function that `offload()` returns, over paths that are open. */
export function makeHandle<I, O>(
  kernel: Kernel<I, O>,
  { paths, javascript, missing }: OpenPaths<I, O>,
  batching: BatchingOptions | false,
  policy: Policy<I, O>,
): Offloaded<I, O> {
  const { chooser, tableWarning } = policy;
  const stats = new StatsRecorder();
  const names = paths.map(({ name }) => name);
  const mayRunHere = names.includes('javascript');
  const dispatcher = new Dispatcher<I, O>({ ...policy, kernel, paths, javascript, stats });
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

  const bytesOut = (results: readonly O[]): number | Promise<number> => {
    if (output.fixedBytes !== null) return output.fixedBytes * results.length;
    let total = 0;
    const more = inSlices(results.length, (start, end) => {
      total += totalSize(output, results, start, end);
    });
    return more === undefined ? total : more.then(() => total);
  };

  async function record<R>(
    messages: number,
    work: () => Work<I, O, R> | Promise<Work<I, O, R>>,
    resultBytes: (results: R) => number | Promise<number>,
  ): Promise<R> {
    stats.accept(messages);
    const begin = performance.now();
    try {
      const run: PathRun<R> = await dispatcher.run(work());
      const size = resultBytes(run.results);
      const waitedNs = (performance.now() - begin) * 1e6;
      stats.settle(run, typeof size === 'number' ? size : await size, waitedNs);
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
    return record(
      messages.length,
      () => ArrayWork.measured(kernel, messages, options, isLimited),
      bytesOut,
    );
  };

  const packed = async (
    packedBatch: PackedBatch,
    options?: PackedRunOptions,
  ): Promise<PackedBatch> => {
    checkOpen();
    options?.signal?.throwIfAborted();
    checkLayout(packedBatch);
    const n = batchLength(packedBatch);
    if (options?.into !== undefined) checkInto(kernel, options.into, n);
    return record(
      n,
      () => PackedWork.checked(kernel, packedBatch, options, isLimited),
      (results) => results.data.length,
    );
  };

  const runQueued = async (messages: readonly I[]): Promise<O[]> => {
    const run = await dispatcher.run(new ArrayWork(kernel, messages, undefined));
    // The queue counts these calls, and what they wait.
    stats.settle(run, await bytesOut(run.results), 0);
    return run.results;
  };
  // Nothing is crossed where JavaScript is all there is, so a call that is alone need not wait for others: 0.3 us instead of 1.3.
  const atTurnEnd = names.length === 1 && mayRunHere ? queueMicrotask : setImmediate;
  const queue = queueOf(kernel, batching, runQueued, atTurnEnd);

  const single = (message: I, options?: SingleCallOptions): Promise<O> =>
    options?.stimulus === undefined ? queue.call(message, options) : alone(message, options);

  const alone = async (message: I, options: SingleCallOptions): Promise<O> => {
    if (options.deadlineMs !== undefined) {
      throw new RtliftError(
        'ERR_RTLIFT_INVALID_ARG',
        `kernel ${kernel.name}: a call with stimulus has no deadline`,
        { kernel: kernel.name, arg: 'deadlineMs' },
      );
    }
    const [result] = await batch([message], options);
    return result as O;
  };

  const runStreamed = (messages: I[], signal: AbortSignal | undefined): Promise<O[]> =>
    batch(messages, signal ? { signal } : undefined);

  const sync = (message: I): O => {
    checkOpen();
    if (!mayRunHere) {
      throw new RtliftError(
        'ERR_RTLIFT_PATH_UNAVAILABLE',
        `kernel ${kernel.name}: sync() needs the javascript path, this one is ${names[0]}; use await`,
        { kernel: kernel.name, path: names[0] },
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
    closing ??= queue.close().then(() => dispatcher.close());
    return closing;
  };

  const explainHost = (): Explanation => {
    const barred = (path: PathName): string | null => dispatcher.barred(path);
    if (chooser === null) {
      const path = names[0] as PathName;
      const kind = 'named';
      const rest = {
        chosen: path,
        failure: null,
        batch: null,
        candidates: [],
        flips: [],
        trialShare: 0,
        isFrozen: false,
        warnings: [],
      };
      const why = dispatcher.barred(path);
      const reason = why === null ? 'named by the caller' : `named by the caller; ${path} ${why}`;
      return { path, kind, reason, ...rest, device: null };
    }
    const { last } = dispatcher;
    const choice = last?.choice ?? chooser.peek(1, 64, barred);
    const explanation = explainChoice(chooser, names, choice, barred, tableWarning);
    if (missing !== null) return { ...explanation, reason: `javascript: ${missing}` };
    if (last === null || last.failure === null) return explanation;
    return explainFallback(explanation, last.path, last.failure);
  };

  const explain = (question?: DeviceQuestion): Explanation => {
    const explanation = explainHost();
    if (question === undefined) return explanation;
    const { messages, bytes } = explanation.batch ?? { messages: 1, bytes: 64 };
    const timed = explanation.candidates.find(({ path }) => path === 'javascript');
    const device = explainDevice(question, {
      messages,
      bytes,
      resultBytes: output.fixedBytes ?? stats.meanResultBytes,
      cycles: dispatcher.cycles,
      hostTime: timed?.expected ?? null,
    });
    return { ...explanation, device };
  };

  const currentPath = (): PathName =>
    dispatcher.last?.path ?? (chooser === null ? (names[0] as PathName) : explain().path);
  const methods = {
    batch,
    packed,
    stream: (source: AsyncIterable<I> | Iterable<I>, options?: StreamOptions) =>
      streamBatches(source, runStreamed, options),
    transform: (options?: StreamOptions) => webTransform(runStreamed, options),
    nodeTransform: (options?: StreamOptions) => nodeTransform(runStreamed, options),
    sync,
    stats: () => {
      const { path, reason } = explain();
      return stats.snapshot({
        kernel: kernel.name,
        path,
        reason,
        queue: queue.stats(),
        histograms: dispatcher.histograms(),
        lostThreads: dispatcher.lostThreads(),
      });
    },
    explain,
    choiceTable: () => (chooser === null ? null : makeTable(kernel, chooser.state())),
    close,
    [Symbol.asyncDispose]: close,
    kernel,
    get path() {
      return currentPath();
    },
    get reason() {
      return explain().reason;
    },
  };
  // Object.assign() would call the getters, once.
  return Object.defineProperties(single, Object.getOwnPropertyDescriptors(methods)) as Offloaded<
    I,
    O
  >;
}
