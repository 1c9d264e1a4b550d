/** Calls that are timed one after the other, so that their gaps and bursts are seen as they are. */
export const EPISODE_CALLS = 256;
/** One call in so many is timed on average. */
export const SAMPLE_EVERY = 16;
/** Delays at which the batches that would form are counted, ns. */
export const BATCH_DELAYS_NS = [10_000, 100_000, 1_000_000, 10_000_000, 100_000_000] as const;

/** Windows of one delay: opened by a call, they take every call until the delay is over. */
export interface WindowCount {
  readonly delayNs: number;
  readonly windows: number;
  readonly calls: number;
  readonly episodes: number;
}

/**
 * Counts which batches would form if the first call waited for others, for a few delays at once. Windows follow each other
 * as those of a queue do: the first call after one has closed opens the next.
 */
export class BatchWindows {
  readonly #endsAt = new Float64Array(BATCH_DELAYS_NS.length);
  readonly #windows = new Float64Array(BATCH_DELAYS_NS.length);
  #calls = 0;
  #episodes = 0;

  /** A new run of calls: what was open ends here. */
  begin(): void {
    this.#episodes++;
    this.#endsAt.fill(Number.NEGATIVE_INFINITY);
  }

  arrive(atNs: number): void {
    this.#calls++;
    for (let i = 0; i < BATCH_DELAYS_NS.length; i++) {
      if (atNs <= (this.#endsAt[i] as number)) continue;
      this.#windows[i] = (this.#windows[i] as number) + 1;
      this.#endsAt[i] = atNs + (BATCH_DELAYS_NS[i] as number);
    }
  }

  counts(): WindowCount[] {
    return BATCH_DELAYS_NS.map((delayNs, i) => ({
      delayNs,
      windows: this.#windows[i] as number,
      calls: this.#calls,
      episodes: this.#episodes,
    }));
  }

  clear(): void {
    this.#windows.fill(0);
    this.#calls = 0;
    this.#episodes = 0;
  }
}

/**
 * Messages in the batch of a window, from how many windows took how many calls. The last window of an episode is cut short by
 * its end, on average in the middle; where no window closed at all, only the rate says how many more would have come.
 */
export function batchOfWindows(
  { delayNs, windows, calls, episodes }: WindowCount,
  callsPerSecond: number,
): { low: number; value: number; high: number } {
  const byRate = 1 + (callsPerSecond * delayNs) / 1e9;
  if (windows === 0) return { low: 1, value: Math.max(1, byRate), high: Math.max(1, byRate) };
  const low = Math.max(1, calls / windows);
  const closed = windows - episodes;
  if (closed < 1) {
    const value = Math.max(low, byRate);
    return { low, value, high: value };
  }
  const value = Math.max(low, calls / (windows - episodes / 2));
  return { low, value, high: Math.max(value, calls / closed) };
}
