import type { Duplex } from 'node:stream';
import { RtliftError } from '../errors.js';
import { batchLength, checkPacked, type PackedBatch } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { PackedRunOptions, PathName, PathRun, RunOptions } from '../paths/path.js';
import type { VerilatorPathOptions } from '../paths/verilator.js';
import { Chooser } from './choice/chooser.js';
import { type Explanation, explainChoice } from './choice/explain.js';
import { type ChoiceTable, makeTable, readTable } from './choice/table.js';
import { trial } from './choice/trial.js';
import { Dispatcher, type DispatcherOptions } from './dispatcher.js';
import { type KeepOptions, MismatchKeeper } from './keep-mismatch.js';
import { checkInto, checkLimits, checkSize, checkValues } from './limits.js';
import { type OpenPaths, openPaths } from './open-paths.js';
import type { HealthOptions } from './path-health.js';
import {
  type BatchingOptions,
  checkBatching,
  queueOf,
  type SingleCallOptions,
} from './single-calls.js';
import { type OffloadStats, StatsRecorder } from './stats.js';
import { type StreamOptions, streamBatches } from './stream.js';
import { nodeTransform } from './streams/node-transform.js';
import { type MessageTransform, webTransform } from './streams/web-transform.js';
import { ArrayWork, PackedWork, type Work } from './work.js';

/** How {@link offload} opens a kernel. */
export interface OffloadOptions extends VerilatorPathOptions {
  /** `auto` (default) chooses; a named path is required, and where it cannot run that is an error. */
  readonly path?: PathName | 'auto';
  /** How single calls are brought together; `false`: each is run alone and at once. */
  readonly batching?: BatchingOptions | false;
  /** How `auto` chooses. */
  readonly choice?: ChoiceOptions;
  /**
   * Share of the batches of a path that are computed on the golden model as well, 0 to 1; default 0.001 with `auto`, else 0.
   * With `auto` a difference bars the path for a while, and the caller gets the golden result; on a named path it is the error
   * `ERR_RTLIFT_RESULT_MISMATCH`.
   */
  readonly checkShare?: number;
  /** Where batches with a wrong result are kept to be replayed; `false` keeps none. */
  readonly bundles?: KeepOptions | false;
  /** How long a path rests after a failure under `auto`. */
  readonly rest?: HealthOptions;
}

/** How `path: 'auto'` chooses. */
export interface ChoiceOptions {
  /** How much faster another path must be before batches of a size class change to it, 1 or more; default 1.1. */
  readonly hysteresis?: number;
  /** Share of all host time that trials of a slower path may cost, 0 to 1; default 0.01. */
  readonly trialShare?: number;
  /** What was learnt before: a table of `handle.choiceTable()`, or the file that holds one. */
  readonly table?: ChoiceTable | string | URL;
  /** Use the table and learn nothing further; default false. */
  readonly isFrozen?: boolean;
}

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
  /** Why the last batch ran where it ran, as data and in words, and what would send such a batch elsewhere. */
  explain(): Explanation;
  /** What `auto` has learnt so far, to be kept and given to {@link ChoiceOptions.table}; `null` where the path was named. */
  choiceTable(): ChoiceTable | null;
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
  const {
    path: wanted = 'auto',
    choice = {},
    batching = {},
    checkShare,
    bundles,
    rest,
    ...pathOptions
  } = options;
  checkShares({ ...choice, ...(checkShare === undefined ? {} : { checkShare }) });
  checkBatching(batching);
  const table = choice.table === undefined ? null : await readTable(choice.table, kernel);
  const open = await openPaths(kernel, wanted, pathOptions);
  const names = open.paths.map(({ name }) => name);
  const chooser = wanted === 'auto' ? new Chooser(names, choice, table?.state) : null;
  const failed =
    chooser !== null && names.length > 1
      ? // A frozen table must stay as it is, but a path with other results is caught all the same.
        await trial(kernel, open.paths, chooser)
      : new Map<PathName, string>();
  const seed = Number(pathOptions.seed ?? 1n);
  return makeHandle(kernel, open, batching, {
    chooser,
    failed,
    checkShare: checkShare ?? (chooser === null ? 0 : 0.001),
    ...(bundles === false ? {} : { keeper: new MismatchKeeper(kernel, seed, bundles) }),
    ...(rest ? { health: rest } : {}),
  });
}

function checkShares(values: Readonly<Record<string, unknown>>): void {
  for (const [arg, least, most] of [
    ['hysteresis', 1, Number.MAX_VALUE],
    ['trialShare', 0, 1],
    ['checkShare', 0, 1],
  ] as const) {
    const value = values[arg];
    if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) {
      continue;
    }
    const range = arg === 'hysteresis' ? '1 or more' : '0 to 1';
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `${arg} is a number, ${range}, got ${value}`, {
      arg,
      got: value,
    });
  }
}

function makeHandle<I, O>(
  kernel: Kernel<I, O>,
  { paths, javascript, missing }: OpenPaths<I, O>,
  batching: BatchingOptions | false,
  policy: Omit<DispatcherOptions<I, O>, 'kernel' | 'paths' | 'javascript' | 'stats'>,
): Offloaded<I, O> {
  const { chooser } = policy;
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
    work: () => Work<I, O, R>,
    resultBytes: (results: R) => number,
  ): Promise<R> {
    stats.accept(messages);
    const begin = performance.now();
    try {
      const run: PathRun<R> = await dispatcher.run(work());
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
    return record(messages.length, () => new ArrayWork(kernel, messages, options), bytesOut);
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
      () => new PackedWork(kernel, packedBatch, options),
      (results) => results.data.length,
    );
  };

  const runQueued = async (messages: readonly I[]): Promise<O[]> => {
    const run = await dispatcher.run(new ArrayWork(kernel, messages, undefined));
    // The queue counts these calls, and what they wait.
    stats.settle(run, bytesOut(run.results), 0);
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

  const explain = (): Explanation => {
    const barred = (path: PathName): string | null => dispatcher.barred(path);
    if (chooser === null) {
      const path = names[0] as PathName;
      const kind = 'named';
      const rest = { batch: null, candidates: [], flips: [], trialShare: 0, isFrozen: false };
      return { path, kind, reason: 'named by the caller', ...rest };
    }
    const last = dispatcher.last ?? chooser.peek(1, 64, barred);
    const explanation = explainChoice(chooser, names, last, barred);
    if (missing === null) return explanation;
    return { ...explanation, reason: `javascript: ${missing}` };
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
      return stats.snapshot(kernel.name, path, reason, queue.stats());
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
