import { Aborts } from './aborts.js';
import { Deadlines } from './deadlines.js';
import type { Entry, Guard } from './entry.js';

/** What ends a call from outside: its signal and its deadline. */
export class Guards<I, O> {
  readonly #deadlines: Deadlines<Guard<I, O>>;
  readonly #aborts: Aborts<Entry<I, O>>;

  constructor(
    onExpired: (entry: Entry<I, O>, deadlineMs: number) => void,
    onAborted: (entry: Entry<I, O>, reason: unknown) => void,
  ) {
    this.#deadlines = new Deadlines((guard) => {
      // It is in the heap no more.
      guard.place = -1;
      onExpired(guard.entry, guard.deadlineMs as number);
    });
    this.#aborts = new Aborts(onAborted);
  }

  /** @param deadlineMs - from now; infinite is none. */
  add(
    entry: Entry<I, O>,
    signal: AbortSignal | undefined,
    deadlineMs = Number.POSITIVE_INFINITY,
  ): void {
    const isTimed = deadlineMs < Number.POSITIVE_INFINITY;
    const guard: Guard<I, O> = {
      entry,
      signal: signal ?? null,
      deadlineMs: isTimed ? deadlineMs : null,
      atMs: isTimed ? performance.now() + deadlineMs : deadlineMs,
      place: -1,
    };
    entry.guard = guard;
    if (isTimed) this.#deadlines.add(guard);
    if (signal) this.#aborts.add(signal, entry);
  }

  /** Does nothing for a call that has none. */
  remove(entry: Entry<I, O>): void {
    const { guard } = entry;
    if (guard === null) return;
    entry.guard = null;
    if (guard.place >= 0) this.#deadlines.remove(guard);
    if (guard.signal !== null) this.#aborts.remove(guard.signal, entry);
  }

  /** Leaves no timer behind. */
  close(): void {
    this.#deadlines.clear();
  }
}
