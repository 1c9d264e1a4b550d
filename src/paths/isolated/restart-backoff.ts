const FIRST_MS = 50;
const MOST_MS = 5_000;

/** What a path remembers of its children that died, for the next one. */
export class RestartBackoff {
  #failures = 0;
  /**
   * Whether the next child gets one batch at a time: the last one died with several, and which of them did it is not
   * known.
   */
  isSuspicious = false;

  /** How long the next child waits before it is started, ms: one that dies at once must not be started in a circle. */
  get delayMs(): number {
    return this.#failures === 0 ? 0 : Math.min(MOST_MS, FIRST_MS * 2 ** (this.#failures - 1));
  }

  succeeded(): void {
    this.#failures = 0;
    this.isSuspicious = false;
  }

  /** @param batches - how many the child had when it died. */
  failed(batches: number): void {
    this.#failures++;
    this.isSuspicious = batches > 1;
  }
}
