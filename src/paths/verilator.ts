import { channel } from 'node:diagnostics_channel';
import { ERROR_CODES, type ErrorCode, type ErrorDetails, RtliftError } from '../errors.js';
import {
  batchLength,
  checkPacked,
  type PackedBatch,
  pack,
  uninitialised,
  unpack,
} from '../kernel/batch.js';
import type { Codec } from '../kernel/codec.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { type BuildOptions, buildKernel, type KernelBuild } from '../toolchain/build-kernel.js';
import { HangWatch } from './hang-watch.js';
import {
  loadAddon,
  type NativeJob,
  type NativeLibrary,
  type NativeModel,
  type NativeReport,
} from './native-addon.js';
import { addCounters, type Path, type PathRun, type RunOptions } from './path.js';

/** What a model prints by `$display` and the like: `{ kernel, text }`. */
export const DISPLAY_CHANNEL = 'rtlift:kernel:display';
const display = channel(DISPLAY_CHANNEL);

/** Longest time without a beat that no kernel here comes near; a hung one costs a fraction of a second. */
const DEFAULT_NO_PROGRESS_CYCLES = 1_000_000;

// An array of messages is packed in pieces: while one runs on the model's thread, this thread unpacks the one before
// and packs the next, and never holds the event loop for long. Smaller ones would cost more in crossings
// (bench/sha256.ts).
const PIECE_MESSAGES = 4096;
const PIECE_BYTES = 16 * 1024 * 1024;

export interface VerilatorPathOptions extends BuildOptions {
  /** Watchdog: cycles without a beat on any stream; 0 switches it off. Default 1,000,000. */
  readonly noProgressCycles?: number;
  /** Seed of the values that registers without a reset start from. Default 1. */
  readonly seed?: bigint;
}

type Piece = Promise<PathRun<PackedBatch>>;

/** A model and how its settings went. */
interface OpenModel {
  readonly native: NativeModel;
  /** Resolves with why the settings could not be written, or `null`. */
  readonly settings: Promise<unknown>;
  readonly watch: HangWatch;
}

/** Runs a kernel's RTL, Verilated, on a thread of its own inside this process. */
export class VerilatorPath<I, O> implements Path<I, O> {
  readonly name = 'verilator';
  readonly build: KernelBuild;
  readonly #kernel: Kernel<I, O>;
  readonly #library: NativeLibrary;
  readonly #noProgressCycles: number;
  readonly #seed: bigint;
  #model: OpenModel | null = null;
  #closing: Promise<void> | null = null;
  /** Calls that have not settled; close() waits for them. */
  #accepted = 0;
  #onIdle: (() => void) | null = null;
  /** Resolves when the calls so far have settled; `null` when they have. */
  #last: Promise<unknown> | null = null;
  /** Resolves when the calls so far have handed over their last piece; `null` when they have. */
  #handover: Promise<void> | null = null;

  private constructor(
    kernel: Kernel<I, O>,
    build: KernelBuild,
    library: NativeLibrary,
    { noProgressCycles = DEFAULT_NO_PROGRESS_CYCLES, seed = 1n }: VerilatorPathOptions,
  ) {
    this.#kernel = kernel;
    this.build = build;
    this.#library = library;
    this.#noProgressCycles = noProgressCycles;
    this.#seed = seed;
  }

  /**
   * Builds the kernel's library if the cache does not have it, and opens it.
   * @throws {@link RtliftError} of the toolchain, or `ERR_RTLIFT_ADDON_UNAVAILABLE`, `ERR_RTLIFT_LIBRARY_LOAD`,
   *   `ERR_RTLIFT_LIBRARY_FOREIGN`.
   */
  static async open<I, O>(
    kernel: Kernel<I, O>,
    options: VerilatorPathOptions = {},
  ): Promise<VerilatorPath<I, O>> {
    const addon = loadAddon();
    const build = await buildKernel(kernel, options);
    return VerilatorPath.openBuild(kernel, build, addon.openLibrary, options);
  }

  /** Opens a library that was built before. */
  static openBuild<I, O>(
    kernel: Kernel<I, O>,
    build: KernelBuild,
    openLibrary: (path: string) => NativeLibrary = loadAddon().openLibrary,
    options: VerilatorPathOptions = {},
  ): VerilatorPath<I, O> {
    try {
      return new VerilatorPath(kernel, build, openLibrary(build.library), options);
    } catch (error) {
      throw toRtliftError(kernel.name, error);
    }
  }

  run(messages: readonly I[], options: RunOptions = {}): Promise<PathRun<O[]>> {
    return this.#inOrder((handedOver) => this.#runPieces(messages, options, handedOver));
  }

  runPacked(batch: PackedBatch, options: RunOptions = {}): Promise<PathRun<PackedBatch>> {
    return this.#inOrder((handedOver) => {
      const run = this.#runBatch(batch, options);
      handedOver();
      return run;
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeWhenIdle();
    return this.#closing;
  }

  /**
   * Holds a call back until those before it have handed over their last piece, and its results until those have
   * theirs, so that none is overtaken. An error does not wait.
   */
  #inOrder<T>(work: (handedOver: () => void) => Promise<T>): Promise<T> {
    const ahead = this.#last;
    const run = this.#accept(work);
    const last: Promise<unknown> = run.then(
      () => ahead,
      () => ahead,
    );
    this.#last = last;
    void last.then(() => {
      if (this.#last === last) this.#last = null;
    });
    return ahead === null ? run : run.then((results) => ahead.then(() => results));
  }

  async #accept<T>(work: (handedOver: () => void) => Promise<T>): Promise<T> {
    if (this.#closing) {
      throw new RtliftError(
        'ERR_RTLIFT_CLOSED',
        `kernel ${this.#kernel.name}: the path is closed`,
        {
          kernel: this.#kernel.name,
        },
      );
    }
    const before = this.#handover;
    let resolve = (): void => undefined;
    const handover = new Promise<void>((settle) => {
      resolve = settle;
    });
    const handedOver = (): void => {
      if (this.#handover === handover) this.#handover = null;
      resolve();
    };
    this.#handover = handover;
    this.#accepted++;
    try {
      if (before) await before;
      return await work(handedOver);
    } finally {
      handedOver();
      if (--this.#accepted === 0) this.#onIdle?.();
    }
  }

  async #runPieces(
    messages: readonly I[],
    options: RunOptions,
    handedOver: () => void,
  ): Promise<PathRun<O[]>> {
    const { input, output } = this.#kernel;
    let total: PathRun<O[]> = { results: [], bytesIn: 0, counters: null, modelNs: 0 };
    let running: Piece | null = null;
    for (let start = 0; start < messages.length || running; ) {
      let next: Piece | null = null;
      if (start < messages.length) {
        const end = this.#pieceEnd(messages, start);
        const piece = this.#runBatch(pack(input, messages, start, end), options);
        next = start === 0 ? piece : piece.catch(shiftIndex(start));
        // It may fail while an earlier piece is still awaited.
        next.catch(() => undefined);
        start = end;
        if (start === messages.length) handedOver();
      }
      if (running) total = append(total, await running, output);
      running = next;
    }
    return total;
  }

  async #runBatch(batch: PackedBatch, options: RunOptions): Promise<PathRun<PackedBatch>> {
    const { signal } = options;
    checkPacked(batch);
    for (;;) {
      signal?.throwIfAborted();
      const model = this.#openModel();
      try {
        return await this.#runOn(model, batch, options);
      } catch (error) {
        // A batch that was cancelled while it ran took the model with it, which the next batch finds out; one that
        // still waited did not.
        if (signal?.aborted) throw signal.reason;
        const typed = toRtliftError(this.#kernel.name, error);
        if (leavesModelIntact(typed.code)) throw typed;
        this.#discard(model);
        if (!lostItsModel(typed.code)) throw typed;
        const refused = await model.settings;
        if (refused !== null) throw toRtliftError(this.#kernel.name, refused);
        // A batch before this one broke the model and this one never ran: it gets a model of its own.
      }
    }
  }

  async #closeWhenIdle(): Promise<void> {
    if (this.#accepted > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    if (this.#model === null) return;
    const { native, watch } = this.#model;
    // A model that hangs never ends its thread; its batches were rejected, and that is all there is to settle.
    await watch.guard(native.close(false)).catch(() => undefined);
  }

  #pieceEnd(messages: readonly I[], start: number): number {
    const { fixedBytes, isIdentity } = this.#kernel.input;
    const most = Math.min(messages.length, start + PIECE_MESSAGES);
    if (fixedBytes !== null || !isIdentity) return most;
    let bytes = 0;
    for (let i = start; i < most; i++) {
      bytes += (messages[i] as Uint8Array | null)?.length ?? 0;
      if (bytes > PIECE_BYTES) return Math.max(i, start + 1);
    }
    return most;
  }

  #openModel(): OpenModel {
    if (this.#model) return this.#model;
    const native = this.#library.createModel({ seed: this.#seed });
    const { registers } = this.#kernel;
    // Jobs run in order, so the settings are in place before the first batch.
    const settings = registers
      ? native.configure(registers()).promise.then(
          (report) => {
            this.#publish(report);
            return null;
          },
          (error: unknown) => error,
        )
      : Promise.resolve(null);
    this.#model = { native, settings, watch: new HangWatch(this.#kernel.name, native) };
    return this.#model;
  }

  /** Gives up a model whose state is not known; others that wait on it notice by themselves. */
  #discard(model: OpenModel): void {
    if (this.#model === model) this.#model = null;
    model.native.close(false).catch(() => undefined);
  }

  async #runOn(
    { native, watch }: OpenModel,
    batch: PackedBatch,
    { signal, stimulus }: RunOptions,
  ): Promise<PathRun<PackedBatch>> {
    const resultBytes = this.#kernel.output.fixedBytes ?? 0;
    const n = batchLength(batch);
    const results = resultBytes > 0 ? uninitialised(n * resultBytes) : undefined;
    const job = native.run({
      data: batch.data,
      offsets: batch.offsets,
      resultBytes,
      ...(results ? { results } : {}),
      noProgressCycles: this.#noProgressCycles,
      bubble: chance(stimulus?.bubbleProbability, 'bubbleProbability'),
      stall: chance(stimulus?.stallProbability, 'stallProbability'),
      stimulusSeed: stimulus?.seed ?? 0n,
    });
    const report = await watch.guard(this.#settle(job, signal)).catch((error: unknown) => {
      // What the model printed before it failed says why more often than the error does.
      this.#publish({ log: '', ...(error as { readonly details?: ErrorDetails }).details });
      throw error;
    });
    this.#publish(report);
    return {
      results: {
        data: results ?? report.resultData ?? new Uint8Array(0),
        offsets: results
          ? evenOffsets(n, resultBytes)
          : (report.resultOffsets ?? new Int32Array(1)),
      },
      counters: report,
      bytesIn: (batch.offsets[n] as number) - (batch.offsets[0] as number),
      modelNs: report.hostNs,
    };
  }

  async #settle(job: NativeJob, signal: AbortSignal | undefined): Promise<NativeReport> {
    if (!signal) return job.promise;
    const cancel = (): void => job.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await job.promise;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  #publish({ log }: { readonly log: string }): void {
    if (log !== '' && display.hasSubscribers) {
      display.publish({ kernel: this.#kernel.name, text: log });
    }
  }
}

/** Counts the message that an error of a piece names from the start of the whole batch. */
function shiftIndex(start: number): (error: unknown) => never {
  return (error) => {
    if (error instanceof RtliftError && typeof error.details.messageIndex === 'number') {
      const { code, message, details, cause } = error;
      const messageIndex = error.details.messageIndex + start;
      throw new RtliftError(code, message, { ...details, messageIndex }, { cause });
    }
    throw error;
  };
}

/** Adds the results of a further piece. */
function append<O>(
  total: PathRun<O[]>,
  { results, bytesIn, counters, modelNs }: PathRun<PackedBatch>,
  codec: Codec<O>,
): PathRun<O[]> {
  const values = unpack(codec, results);
  return {
    results: total.results.length === 0 ? values : pushAll(total.results, values),
    bytesIn: total.bytesIn + bytesIn,
    counters: addCounters(total.counters, counters),
    modelNs: total.modelNs + modelNs,
  };
}

function pushAll<T>(to: T[], values: readonly T[]): T[] {
  // A spread of a long array would overflow the stack.
  for (const value of values) to.push(value);
  return to;
}

function chance(probability: number | undefined, name: string): number {
  if (probability === undefined) return 0;
  if (!(probability >= 0 && probability < 1)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `${name} lies in 0 to 1 exclusive, got ${probability}`,
      {
        arg: name,
        got: probability,
      },
    );
  }
  // 65,536 would be always.
  return Math.min(Math.round(probability * 65_536), 65_535);
}

function evenOffsets(n: number, size: number): Int32Array {
  const offsets = new Int32Array(n + 1);
  for (let i = 1; i <= n; i++) offsets[i] = i * size;
  return offsets;
}

/** Codes after which the native model goes on: the batch was refused before a clock cycle. */
function leavesModelIntact(code: ErrorCode): boolean {
  return code === 'ERR_RTLIFT_INVALID_ARG' || code === 'ERR_RTLIFT_CLOSED';
}

/** Codes of a batch that did not run because its model is gone: not cancelled by its own signal, that is. */
function lostItsModel(code: ErrorCode): boolean {
  return code === 'ERR_RTLIFT_MODEL_DISCARDED' || code === 'ERR_RTLIFT_CANCELLED';
}

const CODES: ReadonlySet<string> = new Set(ERROR_CODES);

/** Gives an error of the addon its place in the library's one error class. */
function toRtliftError(kernel: string, error: unknown): RtliftError {
  if (error instanceof RtliftError) return error;
  const { code, message, details } = error as Error & { code?: string; details?: ErrorDetails };
  const known = CODES.has(code ?? '') ? (code as ErrorCode) : 'ERR_RTLIFT_INTERNAL';
  return new RtliftError(
    known,
    `kernel ${kernel}: ${message}`,
    { kernel, ...details },
    { cause: error },
  );
}
