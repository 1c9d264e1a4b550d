import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, vi } from 'vitest';
import { CallQueue, type CallQueueOptions } from '../../src/dispatch/queue/call-queue.js';
import { RtliftError } from '../../src/errors.js';

/** One thing that happens to a queue. */
export type Step =
  | {
      readonly do: 'call';
      readonly caller: string | undefined;
      readonly sizeBytes: number;
      readonly isUnencodable: boolean;
      /** Every run that it is in fails. */
      readonly isPoison: boolean;
      readonly deadlineMs: number | undefined;
      readonly signal: number | undefined;
    }
  | { readonly do: 'abort'; readonly signal: number }
  | { readonly do: 'finish'; readonly run: number; readonly how: 'well' | 'fail' | 'miscount' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'turn' };

const SIGNALS = 3;
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(of, { nil: undefined, freq: 2 });

const call: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('call' as const),
  caller: maybe(fc.constantFrom('a', 'b', 'c')),
  sizeBytes: fc.oneof(fc.nat(12), fc.constantFrom(0, 5_000, 20_000)),
  isUnencodable: fc.nat(19).map((n) => n === 0),
  isPoison: fc.nat(9).map((n) => n === 0),
  deadlineMs: maybe(fc.integer({ min: 1, max: 30 })),
  signal: maybe(fc.nat(SIGNALS - 1)),
});

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: call },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('finish' as const),
        run: fc.nat(3),
        how: fc.constantFrom(
          'well' as const,
          'well' as const,
          'fail' as const,
          'miscount' as const,
        ),
      }),
    },
    { weight: 4, arbitrary: fc.constant({ do: 'turn' } as const) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('pass' as const),
        ms: fc.integer({ min: 1, max: 20 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('abort' as const), signal: fc.nat(SIGNALS - 1) }),
    },
  ),
  { maxLength: 120, size: 'max' },
);

export const closes = fc.option(fc.nat(120), { nil: undefined });

export const limits = fc.record({
  limits: fc.record({
    batchMessages: fc.integer({ min: 1, max: 6 }),
    batchBytes: fc.constantFrom(1, 30, 10_000),
    delayMs: fc.constantFrom(0, 0, 7),
  }),
  queue: fc.record({
    maxMessages: fc.integer({ min: 1, max: 12 }),
    maxBytes: fc.constantFrom(1, 40, 100_000),
    whenFull: fc.constantFrom('reject' as const, 'wait' as const),
  }),
  inFlight: fc.integer({ min: 1, max: 3 }),
});

interface Message {
  readonly id: number;
  readonly sizeBytes: number;
  readonly isUnencodable: boolean;
  readonly isPoison: boolean;
}

interface Call {
  readonly id: number;
  readonly caller: string | undefined;
  outcome: { readonly result: string } | { readonly reason: unknown } | null;
  settledTimes: number;
}

interface Run {
  readonly messages: readonly Message[];
  readonly resolve: (results: string[]) => void;
  readonly reject: (reason: unknown) => void;
}

type QueueShape = Pick<CallQueueOptions<Message, string>, 'limits' | 'queue' | 'inFlight'>;

/** Plays steps against a queue and keeps what each call and each run came to. Time is fake, turns are real. */
export class QueuePlay {
  readonly calls: Call[] = [];
  /** Ids in the order in which their calls settled. */
  readonly settled: number[] = [];
  readonly #shape: QueueShape;
  readonly #queue: CallQueue<Message, string>;
  readonly #controllers = Array.from({ length: SIGNALS }, () => new AbortController());
  readonly #usedSignals = new Set<AbortSignal>();
  readonly #open: Run[] = [];
  /** How often each message may have run, and has. */
  readonly #runs = new Map<number, { allowed: number; seen: number }>();
  #violation: { readonly error: unknown } | null = null;
  #closed: Promise<void> | null = null;
  #isClosed = false;

  constructor(shape: QueueShape) {
    this.#shape = shape;
    this.#queue = new CallQueue<Message, string>({
      ...shape,
      kernelName: 'model',
      run: (messages) => {
        try {
          return this.#run(messages);
        } catch (error) {
          // The queue would take it for an error of the batch.
          this.#violation ??= { error };
          throw error;
        }
      },
      sizeOf: (message) => {
        if (message.isUnencodable) throw new RtliftError('ERR_RTLIFT_INVALID_ARG', 'unencodable');
        return message.sizeBytes;
      },
    });
  }

  async play(list: readonly Step[], closeAt: number | undefined): Promise<void> {
    for (const [i, step] of list.entries()) {
      if (i === closeAt) this.#close();
      await this.#step(step);
      this.#checkBounds();
    }
    this.#close();
    // Everything that runs ends well from here on, and everything that waits must come out.
    for (let turns = 0; !this.#isClosed; turns++) {
      expect(turns, 'turns until the queue is empty').toBeLessThan(2_000);
      this.#finish(0, 'well');
      vi.advanceTimersByTime(1);
      await nextTurn();
    }
    this.#checkEnd();
  }

  async #step(step: Step): Promise<void> {
    switch (step.do) {
      case 'call':
        return this.#call(step);
      case 'abort': {
        this.#controllers[step.signal]?.abort(`aborted ${step.signal}`);
        this.#controllers[step.signal] = new AbortController();
        return;
      }
      case 'finish':
        this.#finish(step.run, step.how);
        // A run settles through a promise; the order of steps should be the order of events.
        await Promise.resolve();
        await Promise.resolve();
        return;
      case 'pass':
        vi.advanceTimersByTime(step.ms);
        return;
      case 'turn':
        await nextTurn();
    }
  }

  #call({ caller, signal, deadlineMs, ...rest }: Step & { do: 'call' }): void {
    const id = this.calls.length;
    const { sizeBytes, isUnencodable, isPoison } = rest;
    const entry: Call = { id, caller, outcome: null, settledTimes: 0 };
    this.calls.push(entry);
    const abort = signal === undefined ? undefined : this.#controllers[signal]?.signal;
    if (abort) this.#usedSignals.add(abort);
    const settle = (outcome: NonNullable<Call['outcome']>): void => {
      entry.settledTimes++;
      entry.outcome = outcome;
      this.settled.push(id);
    };
    this.#queue
      .call(
        { id, sizeBytes, isUnencodable, isPoison },
        {
          ...(caller === undefined ? {} : { caller }),
          ...(deadlineMs === undefined ? {} : { deadlineMs }),
          ...(abort === undefined ? {} : { signal: abort }),
        },
      )
      .then(
        (result) => settle({ result }),
        (reason: unknown) => settle({ reason }),
      );
  }

  #run(messages: readonly Message[]): Promise<string[]> {
    const { batchMessages = 1, batchBytes = 1 } = this.#shape.limits ?? {};
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThanOrEqual(batchMessages);
    const bytes = messages.reduce((total, message) => total + message.sizeBytes, 0);
    if (messages.length > 1) expect(bytes).toBeLessThanOrEqual(batchBytes);
    for (const { id } of messages) {
      const runs = this.#runs.get(id) ?? { allowed: 1, seen: 0 };
      runs.seen++;
      this.#runs.set(id, runs);
      expect(runs.seen, `runs of message ${id}`).toBeLessThanOrEqual(runs.allowed);
      const { outcome } = this.calls[id] as Call;
      expect(outcome, `message ${id} had settled before it ran`).toBeNull();
    }
    return new Promise((resolve, reject) => this.#open.push({ messages, resolve, reject }));
  }

  #finish(at: number, how: 'well' | 'fail' | 'miscount'): void {
    const [run] = this.#open.splice(Math.min(at, this.#open.length - 1), 1);
    if (run === undefined) return;
    const messageIndex = run.messages.findIndex((message) => message.isPoison);
    if (how === 'fail') run.reject(new RtliftError('ERR_RTLIFT_KERNEL_FATAL', 'the whole batch'));
    else if (how === 'miscount') run.resolve(run.messages.slice(1).map(() => 'another'));
    else if (messageIndex < 0) run.resolve(run.messages.map(({ id }) => `result of ${id}`));
    else {
      const details = { messageIndex, id: (run.messages[messageIndex] as Message).id };
      for (const { id } of run.messages) {
        const runs = this.#runs.get(id);
        if (runs && run.messages.length > 1) runs.allowed++;
      }
      run.reject(new RtliftError('ERR_RTLIFT_RESULT_MISMATCH', 'one of them', details));
    }
  }

  #close(): void {
    this.#closed ??= this.#queue.close().then(() => {
      this.#isClosed = true;
    });
  }

  #checkBounds(): void {
    if (this.#violation) throw this.#violation.error;
    const { maxMessages = 1, maxBytes = 1 } = this.#shape.queue ?? {};
    const { queuedMessages, queuedBytes, inFlight, heldBack } = this.#queue.stats();
    expect(queuedMessages).toBeLessThanOrEqual(maxMessages);
    if (queuedMessages > 1) expect(queuedBytes).toBeLessThanOrEqual(maxBytes);
    expect(inFlight).toBeLessThanOrEqual(this.#shape.inFlight ?? 2);
    if (this.#shape.queue?.whenFull === 'reject') expect(heldBack).toBe(0);
  }

  #checkEnd(): void {
    if (this.#violation) throw this.#violation.error;
    expect(this.calls.filter((entry) => entry.settledTimes !== 1)).toEqual([]);
    const stats = this.#queue.stats();
    expect(stats).toMatchObject({ queuedMessages: 0, queuedBytes: 0, heldBack: 0, inFlight: 0 });
    expect(vi.getTimerCount(), 'timers left').toBe(0);
    for (const signal of this.#usedSignals) {
      expect(getEventListeners(signal, 'abort'), 'listeners left').toEqual([]);
    }
    this.#checkOutcomes(stats);
    this.#checkOrder();
  }

  #checkOutcomes(stats: ReturnType<CallQueue<Message, string>['stats']>): void {
    const seen = { results: 0, failed: 0, aborted: 0, expired: 0, rejected: 0, refused: 0 };
    for (const { id, outcome } of this.calls) {
      const runs = this.#runs.get(id)?.seen ?? 0;
      if (outcome !== null && 'result' in outcome) {
        expect(outcome.result).toBe(`result of ${id}`);
        expect(runs).toBeGreaterThan(0);
        seen.results++;
        continue;
      }
      const reason = outcome?.reason;
      const code = reason instanceof RtliftError ? reason.code : String(reason);
      if (code.startsWith('aborted')) seen.aborted++;
      else if (code === 'ERR_RTLIFT_DEADLINE') {
        seen.expired++;
        expect((reason as RtliftError).details.hasStarted).toBe(runs > 0);
      } else if (code === 'ERR_RTLIFT_QUEUE_FULL') seen.rejected++;
      else if (code === 'ERR_RTLIFT_CLOSED' || code === 'ERR_RTLIFT_INVALID_ARG') seen.refused++;
      else seen.failed++;
      if (code === 'ERR_RTLIFT_RESULT_MISMATCH') {
        expect((reason as RtliftError).details.id, 'the error of another call').toBe(id);
      }
      const mustNotRun = ['ERR_RTLIFT_QUEUE_FULL', 'ERR_RTLIFT_CLOSED', 'ERR_RTLIFT_INVALID_ARG'];
      if (mustNotRun.includes(code)) expect(runs).toBe(0);
    }
    const { aborted, expired, rejected, accepted, failed } = stats;
    expect({ aborted, expired, rejected }).toEqual({
      aborted: seen.aborted,
      expired: seen.expired,
      rejected: seen.rejected,
    });
    expect(accepted).toBe(this.calls.length - seen.rejected - seen.refused);
    expect(failed).toBe(seen.failed + seen.aborted + seen.expired);
  }

  /** What comes from a batch comes in the order of the calls of its caller. */
  #checkOrder(): void {
    const last = new Map<string | undefined, number>();
    for (const id of this.settled) {
      const { caller, outcome } = this.calls[id] as Call;
      const reason = outcome !== null && 'reason' in outcome ? outcome.reason : null;
      const code = reason instanceof RtliftError ? reason.code : null;
      const isOfBatch =
        (code === null && typeof reason !== 'string') ||
        code === 'ERR_RTLIFT_RESULT_MISMATCH' ||
        code === 'ERR_RTLIFT_INTERNAL';
      if (!isOfBatch) continue;
      expect(id, `caller ${caller}: settled before an earlier call`).toBeGreaterThan(
        last.get(caller) ?? -1,
      );
      last.set(caller, id);
    }
  }
}
