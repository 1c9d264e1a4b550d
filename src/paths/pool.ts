import { batchLength, type PackedBatch, uninitialised } from '../kernel/batch.js';
import { copyInSlices } from '../kernel/batch-slices.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { inSlices } from '../kernel/slices.js';
import { type ActivityCounts, addActivity } from './activity.js';
import { CallOrder } from './order.js';
import {
  addCounters,
  type KernelCounters,
  type PackedRunOptions,
  type Path,
  type PathName,
  type PathRun,
  type RunOptions,
} from './path.js';
import { shiftIndex } from './shift-index.js';

/** A part is no smaller than this: below, waking another thread costs more than it takes over. */
const LEAST_MESSAGES = 64;
const LEAST_BYTES = 64 * 1024;

/**
 * Several instances of a path as one: a batch is cut into parts that run at the same time, and joined.
 *
 * A small batch goes whole to the instance with the least to do. Counters are summed over the instances, so `cycles` is the
 * work of all. Where a part fails, the batch does.
 */
export class PoolPath<I, O> implements Path<I, O> {
  readonly name: PathName;
  readonly #kernel: Kernel<I, O>;
  readonly #instances: readonly Path<I, O>[];
  /** Messages that each instance has. */
  readonly #load: number[];
  readonly #order = new CallOrder();

  /** @param instances - one or more, of one name. */
  constructor(kernel: Kernel<I, O>, instances: readonly Path<I, O>[]) {
    this.#kernel = kernel;
    this.#instances = instances;
    this.name = (instances[0] as Path<I, O>).name;
    this.#load = instances.map(() => 0);
  }

  run(messages: readonly I[], options?: RunOptions): Promise<PathRun<O[]>> {
    return this.#order.run(async (handedOver) => {
      const ends = await this.#cut(messages.length, (i) => this.#sizeOf(messages[i] as I));
      const parts = this.#spread(ends, (path, start, end) =>
        path.run(ends.length === 1 ? messages : messages.slice(start, end), options),
      );
      handedOver();
      const runs = await settled(parts);
      if (runs.length === 1) return runs[0] as PathRun<O[]>;
      const results: O[] = [];
      for (const run of runs) {
        // Not by spread: a part may hold more results than a call takes arguments.
        await inSlices(run.results.length, (start, end) => {
          for (let i = start; i < end; i++) results.push(run.results[i] as O);
        });
      }
      return { ...sum(runs), results };
    });
  }

  runPacked(batch: PackedBatch, options: PackedRunOptions = {}): Promise<PathRun<PackedBatch>> {
    return this.#order.run(async (handedOver) => {
      const { offsets, data } = batch;
      const ends = await this.#cut(
        batchLength(batch),
        (i) => (offsets[i + 1] as number) - (offsets[i] as number),
      );
      const { fixedBytes } = this.#kernel.output;
      const n = batchLength(batch);
      const into =
        ends.length === 1 || fixedBytes === null
          ? options.into
          : (options.into ?? uninitialised(n * fixedBytes));
      const parts = this.#spread(ends, (path, start, end) => {
        const part = { data, offsets: offsets.subarray(start, end + 1) };
        if (into === undefined || fixedBytes === null) return path.runPacked(part, options);
        const room = into.subarray(start * fixedBytes, end * fixedBytes);
        return path.runPacked(part, { ...options, into: room });
      });
      handedOver();
      const runs = await settled(parts);
      if (runs.length === 1) return runs[0] as PathRun<PackedBatch>;
      return {
        ...sum(runs),
        results: await join(runs, into?.subarray(0, n * (fixedBytes ?? 0)) ?? null),
      };
    });
  }

  get whyNever(): string | null {
    return this.#instances.find(({ whyNever }) => typeof whyNever === 'string')?.whyNever ?? null;
  }

  get lostThreads(): number {
    return this.#instances.reduce((sum, { lostThreads = 0 }) => sum + lostThreads, 0);
  }

  async close(): Promise<void> {
    await this.#order.idle();
    await Promise.all(this.#instances.map((path) => path.close()));
  }

  #sizeOf(message: I): number {
    const { input } = this.#kernel;
    if (input.isIdentity) return (message as Uint8Array | null)?.length ?? 0;
    // A value that the codec refuses is named by the path.
    return input.fixedBytes ?? LEAST_BYTES / LEAST_MESSAGES;
  }

  /** Ends of the parts, of about the same work each: bytes, and some for each message. */
  async #cut(n: number, sizeOf: (i: number) => number): Promise<number[]> {
    let total = 0;
    await inSlices(n, (start, end) => {
      for (let i = start; i < end; i++) total += sizeOf(i);
    });
    const most = Math.max(Math.floor(n / LEAST_MESSAGES), Math.floor(total / LEAST_BYTES));
    const parts = Math.max(1, Math.min(this.#instances.length, n, most));
    const perMessage = LEAST_BYTES / LEAST_MESSAGES / 16;
    const share = (total + n * perMessage) / parts;
    const ends: number[] = [];
    let work = 0;
    await inSlices(parts === 1 ? 0 : n, (start, end) => {
      for (let i = start; i < end && ends.length < parts - 1; i++) {
        work += sizeOf(i) + perMessage;
        if (work >= share * (ends.length + 1)) ends.push(i + 1);
      }
      return ends.length < parts - 1;
    });
    if (ends.at(-1) !== n || n === 0) ends.push(n);
    return ends;
  }

  /** Starts each part on another instance, those with the least to do first. */
  #spread<R>(
    ends: readonly number[],
    run: (path: Path<I, O>, start: number, end: number) => Promise<R>,
  ): Promise<R>[] {
    const byLoad = this.#load.map((load, i) => [load, i] as const).sort(([a], [b]) => a - b);
    return ends.map((end, k) => {
      const start = k === 0 ? 0 : (ends[k - 1] as number);
      const at = (byLoad[k] as readonly [number, number])[1];
      this.#load[at] = (this.#load[at] as number) + end - start;
      return run(this.#instances[at] as Path<I, O>, start, end)
        .catch(shiftIndex(start))
        .finally(() => {
          this.#load[at] = (this.#load[at] as number) - (end - start);
        });
    });
  }
}

/** All results, or the error of the first part that has one: only when none of them uses the caller's memory any more. */
async function settled<R>(parts: readonly Promise<R>[]): Promise<R[]> {
  const outcomes = await Promise.allSettled(parts);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function sum(runs: readonly PathRun<unknown>[]): Omit<PathRun<never>, 'results'> {
  let counters: KernelCounters | null = null;
  let activity: ActivityCounts | null = null;
  let [bytesIn, modelNs] = [0, 0];
  for (const run of runs) {
    counters = addCounters(counters, run.counters);
    activity = addActivity(activity, run.activity);
    bytesIn += run.bytesIn;
    modelNs += run.modelNs;
  }
  return { counters, activity, bytesIn, modelNs };
}

/** @param whole - the results of all parts where they lie in one piece already. */
async function join(
  runs: readonly PathRun<PackedBatch>[],
  whole: Uint8Array | null,
): Promise<PackedBatch> {
  const n = runs.reduce((count, { results }) => count + batchLength(results), 0);
  const offsets = new Int32Array(n + 1);
  const data =
    whole ?? uninitialised(runs.reduce((size, { results }) => size + results.data.length, 0));
  let [at, base] = [0, 0];
  for (const { results } of runs) {
    const count = batchLength(results);
    await inSlices(count, (start, end) => {
      for (let i = start + 1; i <= end; i++)
        offsets[at + i] = base + (results.offsets[i] as number);
    });
    if (whole === null) await copyInSlices(data, results.data, base);
    at += count;
    base = offsets[at] as number;
  }
  return { data, offsets };
}
