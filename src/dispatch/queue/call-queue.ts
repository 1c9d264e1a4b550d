import { RtliftError } from '../../errors.js';
import { Aborts } from './aborts.js';
import { BatchUnderWay, namedMessage } from './batch-under-way.js';
import { Deadlines } from './deadlines.js';
import { Entry, type Guard } from './entry.js';
import { FairQueue } from './fair-queue.js';
import {
  type BatchLimits,
  type CallOptions,
  type Limits,
  type QueueLimits,
  resolveLimits,
} from './options.js';
import { type CallQueueStats, QueueCounters } from './queue-stats.js';

/** What a queue is made of. */
export interface CallQueueOptions<I, O> {
  readonly kernelName: string;
  /** Runs a batch; results in order, one a message. */
  readonly run: (messages: readonly I[]) => Promise<readonly O[]>;
  /** Checks a message and gives its encoded size, bytes; what it throws is the error of that call alone. */
  readonly sizeOf: (message: I) => number;
  /**
   * The place of the one message that an error of `run` is about, or `null` where it is about the batch; default by
   * `details.messageIndex`.
   */
  readonly culpritOf?: (error: unknown) => number | null;
  readonly limits?: BatchLimits;
  readonly queue?: QueueLimits;
  /** Batches under way at once, 1 or more, default 2: one runs, one is packed or unpacked. */
  readonly inFlight?: number;
  /**
   * Calls its argument when the calls of this turn have been made; default setImmediate, with which calls from many
   * sockets come together. Where a batch is no cheaper than its calls, a microtask lets a call go out sooner.
   */
  readonly atTurnEnd?: (then: () => void) => void;
}

/**
 * Brings single calls together into batches.
 *
 * A batch goes out when it is full, and otherwise at the end of the turn of the event loop in which its first call was
 * made, or `delayMs` later, as soon as fewer than `inFlight` are under way. Results come in the order of the batches.
 * Every accepted call settles once, and its message runs once, with one exception: where a run fails by an error that is
 * about one of its messages (`culpritOf`), that call gets the error and the rest runs again without it.
 */
export class CallQueue<I, O> {
  readonly #kernelName: string;
  readonly #run: (messages: readonly I[]) => Promise<readonly O[]>;
  readonly #sizeOf: (message: I) => number;
  readonly #culpritOf: (error: unknown) => number | null;
  readonly #limits: Limits;
  readonly #atTurnEnd: (then: () => void) => void;
  readonly #counters = new QueueCounters();
  readonly #queued = new FairQueue<Entry<I, O>>();
  /** Calls for which the queue has no room. In turn too, or one caller's would hold up everybody's. */
  readonly #heldBack = new FairQueue<Entry<I, O>>();
  /** In the order in which they went out, which is that in which they settle. */
  readonly #underWay: BatchUnderWay<I, O>[] = [];
  readonly #deadlines: Deadlines<Guard<I, O>>;
  readonly #aborts: Aborts<Entry<I, O>>;
  #delayTimer: NodeJS.Timeout | null = null;
  /** Whether the oldest call that waits has waited as long as it may. */
  #isDue = false;
  /** Whether the end of this turn has been asked for. */
  #isTurnOpen = false;
  #turnMs = 0;
  #closing: Promise<void> | null = null;
  #onIdle: () => void = () => undefined;

  /** @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when a limit is out of range. */
  constructor(options: CallQueueOptions<I, O>) {
    this.#kernelName = options.kernelName;
    this.#run = options.run;
    this.#sizeOf = options.sizeOf;
    this.#culpritOf = options.culpritOf ?? namedMessage;
    this.#limits = resolveLimits(options.limits, options.queue, options.inFlight);
    this.#atTurnEnd = options.atTurnEnd ?? setImmediate;
    this.#deadlines = new Deadlines((guard) => this.#expire(guard));
    this.#aborts = new Aborts((entry, reason) => {
      this.#counters.aborted++;
      this.#giveUp(entry, reason);
    });
  }

  /**
   * Runs one message in a batch with others. The message must not change until the call has settled.
   * @throws (rejects) {@link RtliftError} `ERR_RTLIFT_CLOSED`; `ERR_RTLIFT_QUEUE_FULL`; `ERR_RTLIFT_DEADLINE`;
   *   `ERR_RTLIFT_INVALID_ARG` for an option; `signal.reason`; what `sizeOf` throws; the error of the batch.
   */
  call(message: I, options?: CallOptions): Promise<O> {
    let entry: Entry<I, O>;
    try {
      entry = this.#accept(message, options);
    } catch (error) {
      return Promise.reject(error);
    }
    // A full batch need not wait for the end of the turn.
    if (this.#isFull()) this.#send(false);
    return entry.promise;
  }

  /** Refuses further calls, sends what waits without delay, and resolves when every call has settled. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    this.#send(false);
    this.#lookIdle();
    return this.#closing;
  }

  stats(): CallQueueStats {
    const { accepted, unencodable, failed, rejected, expired, aborted, batches, reruns } =
      this.#counters;
    return {
      queuedMessages: this.#queued.length,
      queuedBytes: this.#queued.bytes,
      heldBack: this.#heldBack.length,
      inFlight: this.#underWay.length,
      accepted,
      unencodable,
      failed,
      rejected,
      expired,
      aborted,
      batches,
      reruns,
      batchSizes: [...this.#counters.batchSizes],
      waitedMs: this.#counters.waitedMs(performance.now()),
    };
  }

  #accept(message: I, options: CallOptions | undefined): Entry<I, O> {
    if (this.#closing !== null) {
      throw new RtliftError(
        'ERR_RTLIFT_CLOSED',
        `kernel ${this.#kernelName}: called after close()`,
        { kernel: this.#kernelName },
      );
    }
    const signal = options?.signal;
    const deadlineMs = options?.deadlineMs;
    signal?.throwIfAborted();
    if (deadlineMs !== undefined) checkDeadline(deadlineMs);
    const sizeBytes = this.#sizeNow(message);
    const isHeldBack = this.#heldBack.length > 0 || !this.#hasRoom(sizeBytes);
    if (isHeldBack && this.#limits.whenFull === 'reject') {
      this.#counters.rejected++;
      throw this.#fullError(sizeBytes);
    }
    const entry = new Entry<I, O>(message, sizeBytes, options?.caller);
    entry.isHeldBack = isHeldBack;
    if (signal !== undefined || deadlineMs !== undefined) {
      this.#guard(entry, signal ?? null, deadlineMs ?? null);
    }
    if (!this.#isTurnOpen) this.#openTurn();
    this.#counters.accept(this.#turnMs);
    (isHeldBack ? this.#heldBack : this.#queued).push(entry);
    return entry;
  }

  #sizeNow(message: I): number {
    try {
      return this.#sizeOf(message);
    } catch (error) {
      this.#counters.unencodable++;
      throw error;
    }
  }

  #hasRoom(sizeBytes: number): boolean {
    const { length, bytes } = this.#queued;
    const { maxMessages, maxBytes } = this.#limits;
    return length === 0 || (length < maxMessages && bytes + sizeBytes <= maxBytes);
  }

  #isFull(): boolean {
    const { batchMessages, batchBytes } = this.#limits;
    return this.#queued.length >= batchMessages || this.#queued.bytes >= batchBytes;
  }

  /**
   * Asks for the end of the turn once, however many calls it brings.
   *
   * setImmediate, not a microtask: with 64 sockets that send at once it brought 14 to 23 calls together, a microtask
   * 1, since the calls come from as many callbacks. A call that is alone waits 0.7 us for it instead of 0.3.
   */
  #openTurn(): void {
    this.#isTurnOpen = true;
    this.#turnMs = performance.now();
    this.#atTurnEnd(this.#endTurn);
  }

  readonly #endTurn = (): void => {
    this.#isTurnOpen = false;
    this.#send(this.#limits.delayMs === 0);
    const isWaiting = this.#queued.length > 0 && this.#limits.delayMs > 0 && !this.#isDue;
    if (isWaiting && this.#delayTimer === null) {
      this.#delayTimer = setTimeout(this.#endDelay, this.#limits.delayMs);
    }
  };

  readonly #endDelay = (): void => {
    this.#delayTimer = null;
    this.#isDue = true;
    this.#send(false);
  };

  /** Sends what may go, as far as batches may be under way. */
  #send(isTurnEnd: boolean): void {
    while (this.#queued.length > 0 && this.#underWay.length < this.#limits.inFlight) {
      if (!isTurnEnd && !this.#isDue && this.#closing === null && !this.#isFull()) return;
      const batch = new BatchUnderWay(this.#takeBatch());
      this.#underWay.push(batch);
      this.#admit();
      this.#counters.batch(batch.entries.length);
      this.#start(batch);
    }
  }

  #takeBatch(): Entry<I, O>[] {
    const { batchMessages, batchBytes } = this.#limits;
    const entries: Entry<I, O>[] = [];
    let bytes = 0;
    while (entries.length < batchMessages) {
      const next = this.#queued.peek();
      if (next === null) break;
      bytes += next.sizeBytes;
      if (bytes > batchBytes && entries.length > 0) break;
      this.#queued.shift();
      entries.push(next);
    }
    return entries;
  }

  /** Fills the room that there is with calls that were held back, and forgets the delay of a queue that is empty. */
  #admit(): void {
    for (;;) {
      const next = this.#heldBack.peek();
      if (next === null || !this.#hasRoom(next.sizeBytes)) break;
      this.#heldBack.shift();
      next.isHeldBack = false;
      this.#queued.push(next);
    }
    if (this.#queued.length > 0) {
      if (!this.#isTurnOpen) this.#openTurn();
      return;
    }
    this.#isDue = false;
    if (this.#delayTimer !== null) clearTimeout(this.#delayTimer);
    this.#delayTimer = null;
  }

  #start(batch: BatchUnderWay<I, O>): void {
    let run: Promise<readonly O[]>;
    try {
      run = this.#run(batch.messages);
    } catch (error) {
      run = Promise.reject(error);
    }
    run.then(
      (results) => {
        batch.succeed(results, this.#kernelName);
        this.#settleDone();
      },
      (error: unknown) => {
        if (batch.fail(error, this.#culpritOf(error))) {
          this.#counters.batches++;
          this.#counters.reruns++;
          this.#start(batch);
        } else {
          this.#settleDone();
        }
      },
    );
  }

  /** Settles the batches that are done, up to the first that is not. */
  #settleDone(): void {
    const nowMs = performance.now();
    while (this.#underWay[0]?.isDone) {
      const batch = this.#underWay.shift() as BatchUnderWay<I, O>;
      batch.settle(
        (entry, result) => {
          if (this.#release(entry, nowMs)) entry.resolve(result);
        },
        (entry, reason) => {
          if (!this.#release(entry, nowMs)) return;
          this.#counters.failed++;
          entry.reject(reason);
        },
      );
    }
    // What waits for others still waits for those that the callers make now that they have their results.
    this.#send(false);
    if (this.#queued.length > 0 && !this.#isTurnOpen) this.#openTurn();
    this.#lookIdle();
  }

  #guard(entry: Entry<I, O>, signal: AbortSignal | null, deadlineMs: number | null): void {
    const isTimed = deadlineMs !== null && deadlineMs < Number.POSITIVE_INFINITY;
    const atMs = isTimed ? performance.now() + deadlineMs : Number.POSITIVE_INFINITY;
    const guard: Guard<I, O> = {
      entry,
      signal,
      deadlineMs: isTimed ? deadlineMs : null,
      atMs,
      place: -1,
    };
    entry.guard = guard;
    if (isTimed) this.#deadlines.add(guard);
    if (signal !== null) this.#aborts.add(signal, entry);
  }

  #expire(guard: Guard<I, O>): void {
    const { entry, deadlineMs } = guard;
    const hasStarted = entry.lane === null;
    this.#counters.expired++;
    const error = new RtliftError(
      'ERR_RTLIFT_DEADLINE',
      `kernel ${this.#kernelName}: no result within ${deadlineMs} ms; ` +
        (hasStarted ? 'its batch was under way' : 'it was queued still and does not run'),
      { kernel: this.#kernelName, deadlineMs, hasStarted },
    );
    guard.place = -1;
    this.#giveUp(entry, error);
  }

  /** Rejects a call before its batch has settled, and takes it out where it has not gone out yet. */
  #giveUp(entry: Entry<I, O>, reason: unknown): void {
    this.#release(entry, performance.now());
    this.#counters.failed++;
    if (entry.lane !== null) {
      (entry.isHeldBack ? this.#heldBack : this.#queued).remove(entry);
      this.#admit();
    }
    entry.reject(reason);
    this.#lookIdle();
  }

  /** Marks a call as settled and drops its signal and its deadline. @returns false when it was settled before. */
  #release(entry: Entry<I, O>, nowMs: number): boolean {
    if (entry.isSettled) return false;
    entry.isSettled = true;
    this.#counters.settle(nowMs);
    const { guard } = entry;
    if (guard === null) return true;
    if (guard.place >= 0) this.#deadlines.remove(guard);
    if (guard.signal !== null) this.#aborts.remove(guard.signal, entry);
    entry.guard = null;
    return true;
  }

  #lookIdle(): void {
    if (this.#closing === null || this.#counters.unsettled > 0 || this.#underWay.length > 0) return;
    this.#deadlines.clear();
    this.#onIdle();
  }

  #fullError(sizeBytes: number): RtliftError {
    const { length, bytes } = this.#queued;
    const { maxMessages, maxBytes } = this.#limits;
    const [unit, limit, got] =
      length >= maxMessages
        ? ['messages', maxMessages, length + 1]
        : ['bytes', maxBytes, bytes + sizeBytes];
    return new RtliftError(
      'ERR_RTLIFT_QUEUE_FULL',
      `kernel ${this.#kernelName}: the queue holds at most ${limit} ${unit}, this call would make it ${got}`,
      { kernel: this.#kernelName, limit, got, unit },
    );
  }
}

function checkDeadline(deadlineMs: number): void {
  if (typeof deadlineMs === 'number' && deadlineMs > 0) return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `deadlineMs is above 0, got ${String(deadlineMs)}`,
    { arg: 'deadlineMs', got: deadlineMs },
  );
}
