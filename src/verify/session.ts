import { type ErrorCode, RtliftError } from '../errors.js';
import { batchLength, type PackedBatch, pack, uninitialised } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { type Difference, firstDifference } from '../kernel/difference.js';
import { HangWatch } from '../paths/hang-watch.js';
import { openKernelLibrary } from '../paths/kernel-library.js';
import type { NativeLibrary, NativeModel, NativeModelOptions } from '../paths/native-addon.js';
import { settingsOf } from '../paths/settings.js';
import type { KernelBuild } from '../toolchain/build-kernel.js';
import type { Batch, Scenario } from './scenario.js';

/** A kernel with some of its settings, beside others of the same RTL and parameters. */
export type Variants<I, O> = readonly [Kernel<I, O>, ...Kernel<I, O>[]];

/** Why a scenario failed. */
export interface Failure {
  readonly batch: number;
  /** A result that differs, or an error of the model. */
  readonly kind: 'mismatch' | 'error';
  readonly messageIndex: number | null;
  /** First byte of the result that differs. */
  readonly byteIndex: number | null;
  /** Of the last beat of the wrong result, or of the error; since the model was created. */
  readonly cycle: number | null;
  /** Hexadecimal. */
  readonly expected: string | null;
  readonly actual: string | null;
  readonly code: ErrorCode | null;
  /** Rule of the protocol that was broken. */
  readonly rule: string | null;
  readonly text: string;
}

/** What a scenario took. */
export interface ScenarioRun {
  readonly failure: Failure | null;
  readonly messages: number;
  readonly cycles: number;
  /** Cycles of each batch that ran. */
  readonly batchCycles: readonly number[];
  /** Cycle of the last beat of the last result, since the model was created; `null` where there is none. */
  readonly lastResultCycle: number | null;
}

export interface SessionOptions {
  readonly monitors: boolean;
  /** Cycles without a beat after which a model is given up. */
  readonly noProgressCycles: number;
  /** Where the coverage of the model goes. */
  readonly coveragePath?: string;
  readonly trace?: { readonly path: string; readonly from: number; readonly to: number };
  /**
   * Settings of a new model beside the kernel's own: (address, data) pairs, see kernel_abi.h. They are made once, as a
   * static port that is set resets the model, and what one batch leaves behind for the next would not show.
   */
  readonly extraSettings?: readonly number[];
}

/** A model, and the watch over it. */
export interface LiveModel {
  readonly model: NativeModel;
  readonly watch: HangWatch;
}

/** Runs scenarios on one built kernel, a fresh model each. */
export class Session<I, O> {
  readonly #variants: Variants<I, O>;
  readonly #build: KernelBuild;
  readonly #library: NativeLibrary;
  /** Results of the golden model: a batch runs many times while it is shrunk, or against mutants. */
  readonly #expected = new WeakMap<Kernel<I, O>, WeakMap<readonly I[], PackedBatch>>();

  constructor(variants: Variants<I, O>, build: KernelBuild) {
    this.#variants = variants;
    this.#build = build;
    this.#library = openKernelLibrary(variants[0].name, build);
  }

  get build(): KernelBuild {
    return this.#build;
  }

  /** Runs a scenario on a model of its own. */
  async run(scenario: Scenario<I>, options: SessionOptions): Promise<ScenarioRun> {
    const live = this.open(scenario.modelSeed, options);
    try {
      return await this.runOn(live, scenario, options);
    } finally {
      await this.close(live);
    }
  }

  /** A model that lives through several scenarios. */
  open(modelSeed: number | bigint, options: SessionOptions): LiveModel {
    const model = this.#library.createModel(modelOptions(modelSeed, options));
    // A loop of the RTL that never ends is given up by the watch, not waited for.
    return { model, watch: new HangWatch(this.#variants[0].name, model) };
  }

  async close({ model, watch }: LiveModel): Promise<void> {
    await watch.guard(model.close(false)).catch(() => undefined);
  }

  async runOn(
    { model, watch }: LiveModel,
    scenario: Scenario<I>,
    options: SessionOptions,
  ): Promise<ScenarioRun> {
    const batchCycles: number[] = [];
    let messages = 0;
    let failure: Failure | null = null;
    let lastResultCycle: number | null = null;
    let variant = -1;
    for (let i = 0; i < scenario.batches.length && failure === null; i++) {
      const batch = scenario.batches[i] as Batch<I>;
      if (batch.variant !== variant)
        failure = await this.#configure(model, watch, batch.variant, i, options);
      variant = batch.variant;
      if (failure !== null) break;
      const run = await this.#runBatch(model, watch, batch, i, options);
      failure = run.failure;
      lastResultCycle = run.lastResultCycle;
      batchCycles.push(run.cycles);
      messages += batch.messages.length;
    }
    const cycles = batchCycles.reduce((sum, count) => sum + count, 0);
    return { failure, messages, cycles, batchCycles, lastResultCycle };
  }

  async #configure(
    model: NativeModel,
    watch: HangWatch,
    variant: number,
    batch: number,
    { extraSettings = [] }: SessionOptions,
  ): Promise<Failure | null> {
    const settings = settingsOf(this.#kernel(variant), this.#build.fit);
    const extra = batch === 0 ? extraSettings : [];
    if (settings === null && extra.length === 0) return null;
    try {
      const writes = Uint32Array.from([...(settings ?? []), ...extra]);
      await watch.guard(model.configure(writes).promise);
      return null;
    } catch (error) {
      return failureOf(error, batch);
    }
  }

  #kernel(variant: number): Kernel<I, O> {
    return this.#variants[variant] ?? this.#variants[0];
  }

  #expectedOf(kernel: Kernel<I, O>, messages: readonly I[]): PackedBatch {
    const ofKernel = this.#expected.get(kernel) ?? new WeakMap<readonly I[], PackedBatch>();
    this.#expected.set(kernel, ofKernel);
    const known = ofKernel.get(messages);
    if (known) return known;
    const expected = pack(
      kernel.output,
      messages.map((message, i) => goldenOf(kernel, message, i)),
    );
    ofKernel.set(messages, expected);
    return expected;
  }

  async #runBatch(
    model: NativeModel,
    watch: HangWatch,
    { variant, messages, drive }: Batch<I>,
    index: number,
    { noProgressCycles }: SessionOptions,
  ): Promise<{ failure: Failure | null; cycles: number; lastResultCycle: number | null }> {
    const kernel = this.#kernel(variant);
    const packed = pack(kernel.input, messages);
    const expected = this.#expectedOf(kernel, messages);
    const n = batchLength(packed);
    const resultBytes = kernel.output.fixedBytes ?? 0;
    const results = resultBytes > 0 ? uninitialised(n * resultBytes) : undefined;
    const resultCycles = new BigUint64Array(n);
    try {
      const job = model.run({
        ...packed,
        resultBytes,
        ...(results ? { results } : {}),
        maxResultBytes: Math.min(kernel.limits.maxResultBytes, longestOf(expected) + ENDLESS_BYTES),
        noProgressCycles,
        bubble: Math.min(drive.bubble, 65_535),
        stall: Math.min(drive.stall, 65_535),
        stimulusSeed: BigInt(drive.seed),
        isolate: drive.isolate,
        resetAt: drive.resetAt,
        ...(drive.pattern ? { pattern: drive.pattern } : {}),
        resultCycles,
      });
      const report = await watch.guard(job.promise);
      const actual: PackedBatch = results
        ? { data: results, offsets: evenOffsets(n, resultBytes) }
        : {
            data: report.resultData ?? new Uint8Array(0),
            offsets: report.resultOffsets ?? new Int32Array(1),
          };
      const difference = firstDifference(expected, actual);
      return {
        failure:
          difference && mismatch(difference, index, Number(resultCycles[difference.messageIndex])),
        cycles: report.cycles,
        lastResultCycle: n > 0 ? Number(resultCycles[n - 1]) : null,
      };
    } catch (error) {
      return { failure: failureOf(error, index), cycles: 0, lastResultCycle: null };
    }
  }
}

function goldenOf<I, O>({ name, golden, input, output }: Kernel<I, O>, message: I, i: number): O {
  try {
    const result = golden(message);
    output.sizeOf(result);
    return result;
  } catch (cause) {
    const bytes = new Uint8Array(input.sizeOf(message));
    input.encodeInto(message, bytes, 0);
    const shown = Buffer.from(bytes.subarray(0, 32)).toString('hex');
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_KERNEL',
      `kernel ${name}: expected a result of the golden model for every message within the limits, got ${(cause as Error).message} for ${bytes.length} bytes ${shown}${bytes.length > 32 ? '...' : ''}`,
      { kernel: name, messageIndex: i },
      { cause },
    );
  }
}

function modelOptions(
  modelSeed: number | bigint,
  { monitors, coveragePath, trace }: SessionOptions,
): NativeModelOptions {
  return {
    seed: BigInt(modelSeed),
    monitors,
    ...(coveragePath ? { coveragePath } : {}),
    ...(trace ? { tracePath: trace.path, traceFrom: trace.from, traceTo: trace.to } : {}),
  };
}

/** A result is given up when it is so much longer than the longest one of the golden model. */
const ENDLESS_BYTES = 65_536;

function longestOf({ offsets }: PackedBatch): number {
  let longest = 0;
  for (let i = 1; i < offsets.length; i++) {
    longest = Math.max(longest, (offsets[i] ?? 0) - (offsets[i - 1] ?? 0));
  }
  return longest;
}

function evenOffsets(n: number, size: number): Int32Array {
  return Int32Array.from({ length: n + 1 }, (_, i) => i * size);
}

function mismatch(difference: Difference, batch: number, cycle: number): Failure {
  const { messageIndex, byteIndex, expected, actual } = difference;
  return {
    batch,
    kind: 'mismatch',
    messageIndex,
    byteIndex,
    cycle,
    expected,
    actual,
    code: 'ERR_RTLIFT_RESULT_MISMATCH',
    rule: null,
    text: `message ${messageIndex}: the RTL gives another result than the golden model, from byte ${byteIndex} on`,
  };
}

function failureOf(error: unknown, batch: number): Failure {
  const { code, message, details = {} } = error as Partial<RtliftError> & { message: string };
  // What is wrong with verify itself, or with the golden model, is no finding about the RTL.
  if (!code?.startsWith('ERR_RTLIFT_KERNEL_')) throw error;
  const { messageIndex, cycle, rule } = details as Readonly<Record<string, number | string | null>>;
  return {
    batch,
    kind: 'error',
    messageIndex: typeof messageIndex === 'number' ? messageIndex : null,
    byteIndex: null,
    cycle: typeof cycle === 'number' ? cycle : null,
    expected: null,
    actual: null,
    code,
    rule: typeof rule === 'string' ? rule : null,
    text: message,
  };
}
