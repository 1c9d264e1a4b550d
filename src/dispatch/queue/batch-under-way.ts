import { RtliftError } from '../../errors.js';
import type { Entry } from './entry.js';

/**
 * The place of the message that an error names (`details.messageIndex`), when the others of the batch have no part in it.
 *
 * An error of the running kernel names the message whose result was awaited, but it ends the whole run.
 */
export function namedMessage(error: unknown): number | null {
  if (!(error instanceof RtliftError) || error.code.startsWith('ERR_RTLIFT_KERNEL_')) return null;
  const { messageIndex } = error.details;
  return typeof messageIndex === 'number' ? messageIndex : null;
}

/** A batch that has left the queue, until its calls have settled. */
export class BatchUnderWay<I, O> {
  readonly entries: readonly Entry<I, O>[];
  /** Those of the run that is under way; their place is that of their message. */
  #running: readonly Entry<I, O>[];
  #results: readonly O[] | null = null;
  #failure: { readonly reason: unknown } | null = null;
  readonly #refused = new Map<Entry<I, O>, unknown>();

  constructor(entries: readonly Entry<I, O>[]) {
    this.entries = entries;
    this.#running = entries;
  }

  /** Whether nothing of it runs any more. */
  get isDone(): boolean {
    return this.#results !== null || this.#failure !== null;
  }

  /** What is to run now. */
  get messages(): I[] {
    return this.#running.map((entry) => entry.message);
  }

  /** Takes the results of a run. */
  succeed(results: readonly O[], kernelName: string): void {
    const expected = this.#running.length;
    if (Array.isArray(results) && results.length === expected) {
      this.#results = results;
      return;
    }
    const got = Array.isArray(results) ? results.length : typeof results;
    const reason = new RtliftError(
      'ERR_RTLIFT_INTERNAL',
      `kernel ${kernelName}: a batch of ${expected} messages gave ${got} results`,
      { kernel: kernelName, expected, got },
    );
    this.#failure = { reason };
  }

  /**
   * Takes the error of a run.
   * @param culprit - the place of the one message that it is about, or `null`.
   * @returns whether the rest of the messages is to run again.
   */
  fail(reason: unknown, culprit: number | null): boolean {
    const bad = culprit === null ? undefined : this.#running[culprit];
    if (bad === undefined) {
      this.#failure = { reason };
      return false;
    }
    this.#refused.set(bad, reason);
    // Who has given up meanwhile need not run again either.
    this.#running = this.#running.filter((entry) => entry !== bad && !entry.isSettled);
    if (this.#running.length > 0) return true;
    this.#results = [];
    return false;
  }

  /** Hands every call its result or error, in the order of the batch. */
  settle(
    resolve: (entry: Entry<I, O>, result: O) => void,
    reject: (entry: Entry<I, O>, reason: unknown) => void,
  ): void {
    let place = 0;
    for (const entry of this.entries) {
      if (entry === this.#running[place]) {
        if (this.#failure !== null) reject(entry, this.#failure.reason);
        else resolve(entry, (this.#results as readonly O[])[place] as O);
        place++;
      } else if (this.#refused.has(entry)) {
        reject(entry, this.#refused.get(entry));
      }
    }
  }
}
