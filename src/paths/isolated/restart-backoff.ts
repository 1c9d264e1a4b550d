const FIRST_MS = 50;
const MOST_MS = 5_000;
/** Of children one after the other that died before they were ready. */
const MOST_STARTS = 2;

/** What a path remembers of its children that died, for the next one. */
export class RestartBackoff {
  #failures = 0;
  #failedStarts = 0;
  /**
   * Whether the next child gets one batch at a time: the last one died with several, and which of them did it is not
   * known.
   */
  isSuspicious = false;

  /** How long the next child waits before it is started, ms: one that dies at once must not be started in a circle. */
  get delayMs(): number {
    return this.#failures === 0 ? 0 : Math.min(MOST_MS, FIRST_MS * 2 ** (this.#failures - 1));
  }

  /** Whether one that died before it was ready is tried once more before its batches are told. */
  get mayStartAgain(): boolean {
    return this.#failedStarts < MOST_STARTS;
  }

  started(): void {
    this.#failedStarts = 0;
  }

  succeeded(): void {
    this.#failures = 0;
    this.isSuspicious = false;
  }

  /**
   * @param batches - how many the child had when it died.
   * @param wasReady - or it died of its start, and has run none of them.
   */
  failed(batches: number, wasReady: boolean): void {
    this.#failures++;
    if (wasReady) this.isSuspicious = batches > 1;
    else this.#failedStarts++;
  }
}
