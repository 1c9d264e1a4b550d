import { type ErrorCode, RtliftError } from '../../errors.js';
import { isOfGoldenOrCodec } from '../../kernel/message-errors.js';
import type { Entry } from './entry.js';

/** Parts that a run is cut into where one of its messages makes it fail. */
const PARTS = 16;
/** Runs of a batch, after which the messages of a part that fails share its error. */
const MOST_RUNS = 1024;

const OF_A_MESSAGE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ERR_RTLIFT_INVALID_ARG',
  'ERR_RTLIFT_MESSAGE_TOO_LARGE',
  'ERR_RTLIFT_BATCH_TOO_LARGE',
  'ERR_RTLIFT_RESULT_MISMATCH',
]);

/**
 * Whether an error is about one or some of the messages of a batch, and the others have no part in it: what a golden model or a
 * codec threw, or an error of the library about a message or its result. An error of the running kernel ends the whole run.
 */
export function isOfMessages(error: unknown): boolean {
  // Anything else that is thrown, no memory for one, would befall each part as well.
  if (!(error instanceof RtliftError)) return isOfGoldenOrCodec(error);
  // A check found the path wrong: run again without one, the message would get the wrong result.
  const isOfPath = error.details.path !== undefined;
  return OF_A_MESSAGE.has(error.code) && !isOfPath;
}

type Outcome<O> = { readonly result: O } | { readonly reason: unknown };

/** A run that is still to come, or under way: places of its entries. */
interface Part {
  readonly from: number;
  readonly to: number;
}

/**
 * A batch that has left the queue, until its calls have settled.
 *
 * Where messages make a run fail, it is cut into parts that run one after the other, down to the messages themselves: so each bad
 * message gets the error of its own run, and none runs more often than the logarithm of the batch.
 */
export class BatchUnderWay<I, O> {
  readonly entries: readonly Entry<I, O>[];
  /** Whether nothing of it runs any more. */
  isDone = false;
  /** Of the first run, where that had all of them: the most usual, so it costs nothing a message. */
  #results: readonly O[] | null = null;
  readonly #outcomes = new Map<number, Outcome<O>>();
  /** Parts that have not run, the next one last. */
  readonly #parts: Part[];
  /** Places of those whose messages run now. */
  #running: readonly number[] = [];
  #part: Part;
  #runs = 0;

  constructor(entries: readonly Entry<I, O>[]) {
    this.entries = entries;
    this.#part = { from: 0, to: entries.length };
    this.#parts = [this.#part];
  }

  /** What is to run next, or `null` where nothing is: then the batch can settle. */
  next(): I[] | null {
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      this.#part = part;
      const running: number[] = [];
      const messages: I[] = [];
      for (let at = part.from; at < part.to; at++) {
        const entry = this.entries[at] as Entry<I, O>;
        // Who has given up meanwhile need not run.
        if (entry.isSettled) continue;
        running.push(at);
        messages.push(entry.message);
      }
      this.#running = running;
      if (messages.length === 0) continue;
      this.#runs++;
      return messages;
    }
    return null;
  }

  /** Takes the results of a run. */
  succeed(results: readonly O[], kernelName: string): void {
    const expected = this.#running.length;
    if (Array.isArray(results) && results.length === expected) {
      if (expected === this.entries.length) this.#results = results;
      else
        for (const [i, at] of this.#running.entries())
          this.#outcomes.set(at, { result: results[i] as O });
      return;
    }
    const got = Array.isArray(results) ? results.length : typeof results;
    this.#refuse(
      new RtliftError(
        'ERR_RTLIFT_INTERNAL',
        `kernel ${kernelName}: a batch of ${expected} messages gave ${got} results`,
        { kernel: kernelName, expected, got },
      ),
    );
  }

  /**
   * Takes the error of a run.
   * @param isShared - whether it is the error of each of its messages.
   */
  fail(reason: unknown, isShared: boolean): void {
    if (isShared || this.#running.length === 1 || this.#runs >= MOST_RUNS) {
      this.#refuse(reason);
      return;
    }
    const { from, to } = this.#part;
    const step = Math.ceil((to - from) / PARTS);
    const starts = Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
    for (const start of starts.reverse()) {
      this.#parts.push({ from: start, to: Math.min(to, start + step) });
    }
  }

  /** Hands every call its result or error, in the order of the batch; those that gave up have theirs. */
  settle(
    resolve: (entry: Entry<I, O>, result: O) => void,
    reject: (entry: Entry<I, O>, reason: unknown) => void,
  ): void {
    for (let at = 0; at < this.entries.length; at++) {
      const entry = this.entries[at] as Entry<I, O>;
      if (this.#results !== null) {
        resolve(entry, this.#results[at] as O);
        continue;
      }
      const outcome = this.#outcomes.get(at);
      if (outcome === undefined) continue;
      if ('result' in outcome) resolve(entry, outcome.result);
      else reject(entry, outcome.reason);
    }
  }

  #refuse(reason: unknown): void {
    for (const at of this.#running) this.#outcomes.set(at, { reason });
  }
}
