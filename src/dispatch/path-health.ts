/** How long a path rests after a failure. */
export interface HealthOptions {
  /** Rest after the first failure, ms, default 1,000; doubles with each further one. */
  readonly firstRestMs?: number;
  /** Longest rest, ms, default 60,000. */
  readonly longestRestMs?: number;
}

/** `open`: takes batches. `resting`: takes none. `half-open`: takes one batch at a time, each checked, until some were right. */
export type HealthState = 'open' | 'resting' | 'half-open';

/** Batches that must be right one after the other before a path that failed takes all again. */
const RIGHT_TO_RECOVER = 3;

/** Keeps batches from a path that failed, and lets it prove itself after a while. */
export class PathHealth {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #now: () => number;
  #state: HealthState = 'open';
  #reason = '';
  #restMs = 0;
  #until = 0;
  #right = 0;
  #isProbing = false;
  /** Counts failures, so that batches which were under way at one do not count as further ones. */
  #epoch = 0;

  constructor(
    { firstRestMs = 1_000, longestRestMs = 60_000 }: HealthOptions = {},
    now: () => number = () => performance.now(),
  ) {
    this.#firstMs = firstRestMs;
    this.#longestMs = longestRestMs;
    this.#now = now;
  }

  get state(): HealthState {
    if (this.#state === 'resting' && this.#now() >= this.#until) this.#state = 'half-open';
    return this.#state;
  }

  /** Why no batch may go there now, or `null`. */
  barred(): string | null {
    if (this.#state === 'open') return null;
    if (this.state === 'resting') {
      const seconds = Math.max(0, (this.#until - this.#now()) / 1000);
      return `rests for ${seconds.toFixed(1)} s more after: ${this.#reason}`;
    }
    return this.#isProbing ? `is proving itself with one batch after: ${this.#reason}` : null;
  }

  /** A batch goes there. @returns what {@link succeed} and {@link fail} take of it. */
  begin(): number {
    if (this.#state !== 'open') this.#isProbing = true;
    return this.#epoch;
  }

  /** A batch had its results, which were checked where {@link mustCheck} said so. */
  succeed(epoch: number): void {
    if (epoch !== this.#epoch || this.#state === 'open') return;
    this.#isProbing = false;
    if (++this.#right < RIGHT_TO_RECOVER) return;
    this.#state = 'open';
    this.#restMs = 0;
  }

  /** A batch ended without saying anything of the path: its caller gave it up, or it was no batch for this kernel. */
  abandon(epoch: number): void {
    if (epoch === this.#epoch) this.#isProbing = false;
  }

  /** A batch failed, or was wrong. @returns how long the path rests, ms; 0 where another batch had failed before. */
  fail(epoch: number, reason: string): number {
    if (epoch !== this.#epoch) return 0;
    this.#epoch++;
    this.#isProbing = false;
    this.#right = 0;
    this.#reason = reason;
    this.#restMs = Math.min(this.#longestMs, this.#restMs === 0 ? this.#firstMs : 2 * this.#restMs);
    this.#until = this.#now() + this.#restMs;
    this.#state = 'resting';
    return this.#restMs;
  }

  /** Whether a batch that goes there now must be compared with the golden model. */
  get mustCheck(): boolean {
    return this.#state !== 'open';
  }
}
