/** Looks in the time that a child may be silent. */
const LOOKS = 8;

/** What a {@link ChildWatch} asks and does. */
export interface WatchedChild {
  /** Whether it owes an answer; where it does not, it is left in peace. */
  isAwaited(): boolean;
  /** Asks for a sign of life, which comes to {@link ChildWatch.heard}. */
  ask(): void;
  /** It gave none for as long as it may. */
  onSilent(): void;
}

/**
 * Notices that the main thread of a child process does nothing any more: stopped, stuck, or in a library that does not come back
 * from being loaded. A model runs on another thread there, so one that computes for long is not silent.
 *
 * Time is counted in looks, each of which follows a turn of this process's event loop: one that was itself asleep, stopped or
 * busy for an hour has looked once.
 */
export class ChildWatch {
  readonly #limitMs: number;
  readonly #child: WatchedChild;
  #timer: NodeJS.Timeout | null = null;
  #silentLooks = 0;

  /** @param limitMs - longest silence, ms; 0: any. */
  constructor(limitMs: number, child: WatchedChild) {
    this.#limitMs = limitMs;
    this.#child = child;
  }

  /** The child owes something from now on. Costs nothing where it did before. */
  expect(): void {
    if (this.#timer || this.#limitMs === 0) return;
    this.#silentLooks = 0;
    this.#timer = setInterval(() => this.#look(), this.#limitMs / LOOKS);
    // What is awaited keeps the process; this need not.
    this.#timer.unref();
  }

  /** A frame of any kind came from it. */
  heard(): void {
    this.#silentLooks = 0;
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    if (!this.#child.isAwaited()) {
      this.stop();
    } else if (this.#silentLooks++ < LOOKS) {
      this.#child.ask();
    } else {
      this.stop();
      this.#child.onSilent();
    }
  }
}
