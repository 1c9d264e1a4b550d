import type { Codec } from '../kernel/codec.js';
import type { Limits } from '../kernel/define-kernel.js';
import { type Batch, type Drive, FULL_RATE, type Scenario } from './scenario.js';
import type { Failure, ScenarioRun } from './session.js';
import { patternOf } from './stall-pattern.js';

/** A scenario that fails, and how. */
export interface Found<I> {
  readonly scenario: Scenario<I>;
  readonly failure: Failure;
  /** At least as many as the batch that failed took until then. */
  readonly cycles: number;
}

/** What a run found, if it did. */
export function foundIn<I>(
  scenario: Scenario<I>,
  { failure, batchCycles }: ScenarioRun,
): Found<I> | null {
  // A batch that ended in an error has no count of its own, but it cannot be longer than the model's life.
  return failure && { scenario, failure, cycles: Math.max(failure.cycle ?? 0, ...batchCycles) };
}

/** Tries a scenario; `null` where it passes or cannot be run. */
export type Try<I> = (scenario: Scenario<I>) => Promise<Found<I> | null>;

/** What shrinking may use. */
export interface ShrinkOptions<I> {
  readonly codec: Codec<I>;
  readonly limits: Required<Limits>;
  /** Whether messages may be changed byte by byte: false where the caller makes them. */
  readonly mayChangeBytes: boolean;
  readonly inputs: number;
  readonly budgetMs: number;
}

/** A reset is moved to each cycle up to this one. */
const LATEST_RESET_TRIED = 32;

/** Makes a failing scenario as small and simple as it stays failing: fewer batches, messages, bytes, stalls. */
export async function shrink<I>(
  found: Found<I>,
  attempt: Try<I>,
  options: ShrinkOptions<I>,
): Promise<Found<I>> {
  const shrinker = new Shrinker(found, attempt, options);
  await shrinker.run();
  return shrinker.best;
}

class Shrinker<I> {
  best: Found<I>;
  readonly #attempt: Try<I>;
  readonly #options: ShrinkOptions<I>;
  readonly #deadline: number;

  constructor(found: Found<I>, attempt: Try<I>, options: ShrinkOptions<I>) {
    this.best = found;
    this.#attempt = attempt;
    this.#options = options;
    this.#deadline = performance.now() + options.budgetMs;
  }

  async run(): Promise<void> {
    let before = '';
    // A smaller batch may allow a simpler drive, and the other way round.
    for (let round = 0; round < 4 && before !== this.#size(); round++) {
      before = this.#size();
      await this.#batches();
      await this.#eachBatch((i) => this.#simplifyDrive(i));
      await this.#eachBatch((i) => this.#messages(i));
      await this.#eachBatch((i) => this.#reset(i));
      if (this.#options.mayChangeBytes) await this.#eachBatch((i) => this.#bytes(i));
    }
    await this.#eachBatch((i) => this.#pattern(i));
  }

  #size(): string {
    const { batches } = this.best.scenario;
    return JSON.stringify(
      batches.map(({ messages, drive }) => [
        messages.map((message) => this.#options.codec.sizeOf(message)),
        drive.bubble,
        drive.stall,
        drive.isolate,
        drive.resetAt,
      ]),
    );
  }

  #isOver(): boolean {
    return performance.now() > this.#deadline;
  }

  async #is(scenario: Scenario<I>): Promise<boolean> {
    if (this.#isOver()) return false;
    const found = await this.#attempt(scenario);
    if (found === null) return false;
    this.best = found;
    return true;
  }

  #with(index: number, patch: Partial<Batch<I>>): Scenario<I> {
    const { modelSeed, batches } = this.best.scenario;
    return {
      modelSeed,
      batches: batches.map((batch, i) => (i === index ? { ...batch, ...patch } : batch)),
    };
  }

  #batch(index: number): Batch<I> {
    return this.best.scenario.batches[index] as Batch<I>;
  }

  async #eachBatch(work: (index: number) => Promise<void>): Promise<void> {
    for (let i = 0; i < this.best.scenario.batches.length; i++) await work(i);
  }

  async #batches(): Promise<void> {
    const cut = (from: number, to: number): Scenario<I> => ({
      modelSeed: this.best.scenario.modelSeed,
      batches: this.best.scenario.batches.slice(from, to),
    });
    // What follows the failure plays no part.
    await this.#is(cut(0, this.best.failure.batch + 1));
    while (this.best.scenario.batches.length > 1) if (!(await this.#is(cut(1, Infinity)))) break;
    for (const modelSeed of [0, 1]) {
      if (this.best.scenario.modelSeed <= modelSeed) break;
      if (await this.#is({ ...this.best.scenario, modelSeed })) break;
    }
    await this.#eachBatch(async (i) => {
      if (this.#batch(i).variant !== 0) await this.#is(this.#with(i, { variant: 0 }));
    });
  }

  async #simplifyDrive(index: number): Promise<void> {
    const drive = (patch: Partial<Drive>): Scenario<I> =>
      this.#with(index, { drive: { ...this.#batch(index).drive, ...patch } });
    if (await this.#is(this.#with(index, { drive: FULL_RATE }))) return;
    const { resetAt, isolate, bubble, stall, seed } = this.#batch(index).drive;
    if (resetAt !== 0) await this.#is(drive({ resetAt: 0 }));
    if (isolate) await this.#is(drive({ isolate: false }));
    if (bubble !== 0) await this.#is(drive({ bubble: 0 }));
    if (stall !== 0) await this.#is(drive({ stall: 0 }));
    for (let earlier = resetAt >> 1; earlier > 0; earlier >>= 1) {
      if (!(await this.#is(drive({ resetAt: earlier })))) break;
    }
    for (let next = 0; next < 4 && next < seed; next++) {
      if (await this.#is(drive({ seed: next }))) break;
    }
  }

  /** Removes messages: halves, quarters, one by one. */
  async #messages(index: number): Promise<void> {
    const all = this.#batch(index).messages;
    for (
      let size = Math.ceil(all.length / 2);
      size >= 1;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    ) {
      let at = 0;
      while (at < this.#batch(index).messages.length) {
        const { messages } = this.#batch(index);
        if (messages.length <= 1) return;
        const rest = [...messages.slice(0, at), ...messages.slice(at + size)];
        if (rest.length === 0 || !(await this.#is(this.#with(index, { messages: rest }))))
          at += size;
      }
    }
  }

  /** Moves a reset towards the start: with what is sent before it gone too, it may hit the same moment. */
  async #reset(index: number): Promise<void> {
    const { messages, drive } = this.#batch(index);
    const last = Math.min(drive.resetAt, LATEST_RESET_TRIED);
    for (let resetAt = 1; resetAt <= last; resetAt++) {
      const earlier = { ...drive, resetAt };
      for (const message of messages.length > 1 ? messages : []) {
        if (await this.#is(this.#with(index, { messages: [message], drive: earlier }))) return;
      }
      if (resetAt < drive.resetAt && (await this.#is(this.#with(index, { drive: earlier }))))
        return;
    }
  }

  /** Shortens each message, then clears its bytes, where its codec and the kernel's limits still take it. */
  async #bytes(index: number): Promise<void> {
    const { codec, limits } = this.#options;
    const replace = async (at: number, bytes: Uint8Array): Promise<boolean> => {
      if (bytes.length < limits.minMessageBytes || bytes.length > limits.maxMessageBytes)
        return false;
      const value = decodeExactly(codec, new Uint8Array(bytes));
      if (value === null) return false;
      const messages = this.#batch(index).messages.map((message, i) =>
        i === at ? value.message : message,
      );
      return this.#is(this.#with(index, { messages }));
    };
    const bytesAt = (at: number): Uint8Array => encode(codec, this.#batch(index).messages[at] as I);
    for (let at = 0; at < this.#batch(index).messages.length; at++) {
      if (codec.fixedBytes === null) {
        for (const size of sizesOf(bytesAt(at).length)) {
          // From the end, as the start of a message more often decides what the rest means.
          for (let end = bytesAt(at).length; end >= size && !this.#isOver(); end -= size) {
            const bytes = bytesAt(at);
            await replace(at, Buffer.concat([bytes.subarray(0, end - size), bytes.subarray(end)]));
          }
        }
      }
      for (const size of sizesOf(bytesAt(at).length)) {
        for (let from = 0; from < bytesAt(at).length && !this.#isOver(); from += size) {
          const bytes = bytesAt(at);
          if (bytes.subarray(from, from + size).every((byte) => byte === 0)) continue;
          bytes.fill(0, from, from + size);
          await replace(at, bytes);
        }
      }
    }
  }

  /** Writes the stalls and bubbles down and takes away those that are not needed. */
  async #pattern(index: number): Promise<void> {
    const { drive } = this.#batch(index);
    if (drive.bubble === 0 && drive.stall === 0) return;
    const cycles = Math.max(this.best.cycles, 512);
    const pattern = patternOf(drive, cycles, this.#options.inputs);
    const set = (next: Uint8Array): Promise<boolean> =>
      this.#is(this.#with(index, { drive: { ...drive, bubble: 0, stall: 0, pattern: next } }));
    // Past its end there are no stalls, which may be what it takes to fail; then the seed says it all.
    if (!(await set(pattern))) return;
    const current = (): Uint8Array => this.#batch(index).drive.pattern ?? pattern;
    for (let size = cycles; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < cycles && !this.#isOver(); from += size) {
        const next = current().slice();
        if (next.subarray(from, from + size).every((bits) => bits === 0)) continue;
        next.fill(0, from, from + size);
        await set(next);
      }
    }
    // What is left of a cycle may still be one of a stall and bubbles too many.
    for (const [cycle, bits] of current().entries()) {
      for (let bit = 1; bit <= bits; bit <<= 1) {
        const left = (current()[cycle] ?? 0) & ~bit;
        if ((bits & bit) === 0 || left === 0) continue;
        const next = current().slice();
        next[cycle] = left;
        await set(next);
      }
    }
    const last = current().findLastIndex((bits) => bits !== 0);
    await set(current().slice(0, last + 1));
  }
}

/** All of it, then powers of two: beats and blocks have such sizes. */
function sizesOf(length: number): number[] {
  const sizes = [length];
  for (let size = 2 ** Math.floor(Math.log2(Math.max(1, length))); size >= 1; size /= 2) {
    if (size < length) sizes.push(size);
  }
  return sizes.filter((size) => size >= 1);
}

function encode<I>(codec: Codec<I>, message: I): Uint8Array {
  const bytes = new Uint8Array(codec.sizeOf(message));
  codec.encodeInto(message, bytes, 0);
  return bytes;
}

/** The value that has exactly these bytes, if there is one. */
function decodeExactly<I>(codec: Codec<I>, bytes: Uint8Array): { readonly message: I } | null {
  try {
    const message = codec.decode(bytes, 0, bytes.length);
    return Buffer.compare(encode(codec, message), bytes) === 0 ? { message } : null;
  } catch {
    return null;
  }
}
