import { RtliftError } from '../errors.js';
import { batchLength, type PackedBatch, uninitialised, unpackInto } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { inSlices } from '../kernel/slices.js';
import { buildKernel, type KernelBuild } from '../toolchain/build-kernel.js';
import { type ActivityCounts, activityEvery, addActivity, readActivity } from './activity.js';
import { DEFAULT_CYCLE_TIMEOUT_MS } from './hang-watch.js';
import { IsolatedModel } from './isolated/isolated-model.js';
import { RestartBackoff } from './isolated/restart-backoff.js';
import { openKernelLibrary } from './kernel-library.js';
import type { KernelModel } from './kernel-model.js';
import { LostThreads } from './lost-threads.js';
import {
  BesideModelError,
  leavesModelIntact,
  lostItsModel,
  toRtliftError,
} from './model-errors.js';
import { loadAddon, type NativeLibrary, type NativeModelOptions } from './native-addon.js';
import { CallOrder } from './order.js';
import {
  addCounters,
  type KernelCounters,
  type PackedRunOptions,
  type Path,
  type PathRun,
  type RunOptions,
} from './path.js';
import { PieceMemory, PieceSignal, pieceEnd } from './pieces.js';
import { checkRegisters, checkStatics, settingsOf } from './settings.js';
import { shiftIndex } from './shift-index.js';
import { VerilatorModel } from './verilator-model.js';
import {
  checkActivity,
  checkOptions,
  DEFAULT_CHILD_TIMEOUT_MS,
  DEFAULT_NO_PROGRESS_CYCLES,
  type VerilatorPathOptions,
} from './verilator-options.js';

/** A packed piece that runs. */
interface Piece {
  readonly batch: PackedBatch;
  readonly run: Promise<PathRun<PackedBatch>>;
}

/** Runs a kernel's RTL, Verilated, on a thread of its own inside this process. */
export class VerilatorPath<I, O> implements Path<I, O> {
  readonly name = 'verilator';
  readonly build: KernelBuild;
  readonly #kernel: Kernel<I, O>;
  /** `null` where models are isolated. */
  readonly #library: NativeLibrary | null;
  readonly #backoff = new RestartBackoff();
  readonly #noProgressCycles: number;
  readonly #childTimeoutMs: number;
  readonly #cycleTimeoutMs: number;
  readonly #settings: NativeModelOptions;
  readonly #order = new CallOrder();
  readonly #memory = new PieceMemory();
  readonly #lost: LostThreads;
  #model: KernelModel | null = null;
  #closing: Promise<void> | null = null;

  private constructor(
    kernel: Kernel<I, O>,
    build: KernelBuild,
    library: NativeLibrary | null,
    {
      noProgressCycles = DEFAULT_NO_PROGRESS_CYCLES,
      seed = 1n,
      monitors = false,
      activity = false,
      childTimeoutMs = DEFAULT_CHILD_TIMEOUT_MS,
      cycleTimeoutMs = DEFAULT_CYCLE_TIMEOUT_MS,
    }: VerilatorPathOptions,
  ) {
    this.#kernel = kernel;
    this.#lost = new LostThreads(kernel.name);
    this.build = build;
    this.#library = library;
    this.#noProgressCycles = noProgressCycles;
    this.#childTimeoutMs = childTimeoutMs;
    this.#cycleTimeoutMs = cycleTimeoutMs;
    this.#settings = { seed, monitors, activityEvery: activityEvery(activity) };
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
    checkOptions(options);
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
    checkOptions(options);
    try {
      // What is in an isolated library stays out of this process, its initialisers too.
      const library =
        options.isolation === 'process' ? null : openKernelLibrary(kernel.name, build, openLibrary);
      checkRegisters(kernel, build.fit);
      checkStatics(kernel, build.fit);
      checkActivity(kernel.name, build, options);
      return new VerilatorPath(kernel, build, library, options);
    } catch (error) {
      throw toRtliftError(kernel.name, error);
    }
  }

  async run(messages: readonly I[], options: RunOptions = {}): Promise<PathRun<O[]>> {
    this.#checkOpen();
    return this.#order.run((handedOver) => this.#runPieces(messages, options, handedOver));
  }

  async runPacked(
    batch: PackedBatch,
    options: PackedRunOptions = {},
  ): Promise<PathRun<PackedBatch>> {
    this.#checkOpen();
    return this.#order.run((handedOver) => {
      const run = this.#runBatch(batch, options);
      handedOver();
      return run;
    });
  }

  get whyNever(): string | null {
    return this.#lost.whyNever;
  }

  get lostThreads(): number {
    return this.#lost.count;
  }

  close(): Promise<void> {
    this.#closing ??= this.#order.idle().then(() => this.#model?.close());
    return this.#closing;
  }

  #checkOpen(): void {
    if (!this.#closing) return;
    throw new RtliftError('ERR_RTLIFT_CLOSED', `kernel ${this.#kernel.name}: the path is closed`, {
      kernel: this.#kernel.name,
    });
  }

  async #runPieces(
    messages: readonly I[],
    options: RunOptions,
    handedOver: () => void,
  ): Promise<PathRun<O[]>> {
    const { output } = this.#kernel;
    const results: O[] = new Array(messages.length);
    let counters: KernelCounters | null = null;
    let activity: ActivityCounts | null = null;
    let [done, bytesIn, modelNs] = [0, 0, 0];
    const pieces = new PieceSignal(options);
    let [running, next]: [Piece | null, Piece | null] = [null, null];
    try {
      for (let start = 0; start < messages.length || running; ) {
        next = null;
        if (start < messages.length) {
          const end = pieceEnd(this.#kernel.input, messages, start);
          const packed = this.#memory.pack(this.#kernel.input, messages, start, end);
          const batch = packed instanceof Promise ? await packed : packed;
          const isOnly = start === 0 && end === messages.length;
          next = this.#startPiece(batch, start, isOnly ? options : pieces.options(), pieces);
          start = end;
          if (start === messages.length) handedOver();
        }
        if (running) {
          const piece: PathRun<PackedBatch> = await running.run;
          unpackInto(output, piece.results, results, done);
          done += batchLength(piece.results);
          counters = addCounters(counters, piece.counters);
          activity = addActivity(activity, piece.activity);
          bytesIn += piece.bytesIn;
          modelNs += piece.modelNs;
          this.#memory.release(running.batch);
        }
        running = next;
      }
      return { results, bytesIn, counters, activity, modelNs };
    } catch (error) {
      // Nobody wants the piece behind the one that failed, and its messages are lent only until this settles.
      pieces.cancel(error);
      await Promise.allSettled([running?.run, next?.run]);
      throw error;
    } finally {
      pieces.release();
    }
  }

  #startPiece(batch: PackedBatch, start: number, options: RunOptions, pieces: PieceSignal): Piece {
    const run = this.#runBatch(batch, options).catch(shiftIndex(start));
    // At once, before the piece behind it gets a model of its own; or while an earlier piece is still awaited.
    run.catch((error: unknown) => pieces.cancel(error));
    return { batch, run };
  }

  async #runBatch(batch: PackedBatch, options: PackedRunOptions): Promise<PathRun<PackedBatch>> {
    const { signal } = options;
    for (;;) {
      signal?.throwIfAborted();
      this.#lost.check();
      const model = this.#openModel();
      try {
        return await this.#runOn(model, batch, options);
      } catch (error) {
        // A batch that was cancelled while it ran took the model with it, which the next batch finds out; one that
        // still waited did not.
        if (signal?.aborted) throw signal.reason;
        const typed = toRtliftError(this.#kernel.name, error);
        // Others may run there.
        if (error instanceof BesideModelError || leavesModelIntact(typed.code)) throw typed;
        this.#noteHang(model, typed);
        this.#discard(model);
        if (!lostItsModel(typed.code)) throw typed;
        const refused = await model.settings;
        if (refused !== null) {
          const why = toRtliftError(this.#kernel.name, refused);
          this.#noteHang(model, why);
          throw why;
        }
        // A batch before this one broke the model and this one never ran: it gets a model of its own.
      }
    }
  }

  #noteHang(model: KernelModel, error: RtliftError): void {
    // A child that hangs is killed, and its thread with it.
    if (this.#library !== null) this.#lost.note(model, error);
  }

  #openModel(): KernelModel {
    try {
      this.#model ??=
        this.#library === null
          ? this.#isolatedModel()
          : new VerilatorModel(
              this.#kernel,
              this.build.fit,
              this.#library,
              this.#settings,
              this.#cycleTimeoutMs,
            );
      return this.#model;
    } catch (error) {
      throw toRtliftError(this.#kernel.name, error);
    }
  }

  #isolatedModel(): KernelModel {
    const { seed, monitors = false, activityEvery: every = 0 } = this.#settings;
    const writes = settingsOf(this.#kernel, this.build.fit);
    const { library, buildId } = this.build;
    const start = {
      kernel: this.#kernel.name,
      library,
      buildId,
      seed: `${seed}`,
      monitors,
      activityEvery: every,
      cycleTimeoutMs: this.#cycleTimeoutMs,
      writes: writes === null ? null : [...writes],
    };
    return new IsolatedModel(loadAddon(), start, this.#backoff, this.#childTimeoutMs);
  }

  /** Gives up a model whose state is not known; others that wait on it notice by themselves. */
  #discard(model: KernelModel): void {
    if (this.#model === model) this.#model = null;
    void model.close();
    // A process takes long to start; the next batch finds one that has.
    if (this.#library !== null || this.#closing) return;
    try {
      this.#model ??= this.#isolatedModel();
    } catch {
      // No memory or descriptors now: the next batch asks again, and hears of it.
    }
  }

  async #runOn(
    model: KernelModel,
    batch: PackedBatch,
    { signal, stimulus, into }: PackedRunOptions,
  ): Promise<PathRun<PackedBatch>> {
    const resultBytes = this.#kernel.output.fixedBytes ?? 0;
    const n = batchLength(batch);
    const args = besideModel(() => ({
      data: batch.data,
      offsets: batch.offsets,
      resultBytes,
      ...(resultBytes > 0 ? { results: resultsFor(n * resultBytes, into) } : {}),
      maxResultBytes: this.#kernel.limits.maxResultBytes,
      noProgressCycles: this.#noProgressCycles,
      bubble: chance(stimulus?.bubbleProbability, 'bubbleProbability'),
      stall: chance(stimulus?.stallProbability, 'stallProbability'),
      stimulusSeed: stimulus?.seed ?? 0n,
      isolate: stimulus?.isolate ?? false,
      resetAt: stimulus?.resetAtCycle ?? 0,
    }));
    const running = model.run(args, signal);
    // While the model runs.
    const offsets = resultBytes > 0 ? evenOffsets(n, resultBytes) : null;
    // Heard of below, where the run has not failed.
    offsets?.catch(() => undefined);
    const report = await running;
    const even = await offsets?.catch((cause: unknown) => {
      throw new BesideModelError(cause);
    });
    return besideModel(() => ({
      results: {
        data: args.results ?? report.resultData ?? new Uint8Array(0),
        offsets: even ?? report.resultOffsets ?? new Int32Array(1),
      },
      counters: report,
      activity: readActivity(this.build.activity, report.activity),
      bytesIn: (batch.offsets[n] as number) - (batch.offsets[0] as number),
      modelNs: report.hostNs,
    }));
  }
}

/** Does something for a batch that its model has no part in. */
function besideModel<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new BesideModelError(cause);
  }
}

function resultsFor(sizeBytes: number, into: Uint8Array | undefined): Uint8Array {
  if (into === undefined) return uninitialised(sizeBytes);
  return new Uint8Array(into.buffer, into.byteOffset, sizeBytes);
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

async function evenOffsets(n: number, size: number): Promise<Int32Array> {
  const offsets = new Int32Array(n + 1);
  await inSlices(n, (start, end) => {
    for (let i = start + 1; i <= end; i++) offsets[i] = i * size;
  });
  return offsets;
}
