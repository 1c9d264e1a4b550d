/** A call that has not been answered yet. */
interface Slot {
  isHandedOver: boolean;
  isDone: boolean;
  /** Answers the call; `null` where that has been done, as with an error. */
  release: (() => void) | null;
  /** Starts the call after it. */
  startNext: (() => void) | null;
  next: Slot | null;
}

/**
 * Keeps calls in order: a call starts when those before it have handed over their last piece, and its results wait
 * until those have theirs, so that none is overtaken. An error does not wait.
 */
export class CallOrder {
  /** Those that are not done, oldest first, and behind the oldest those that wait for it. */
  #oldest: Slot | null = null;
  #newest: Slot | null = null;
  readonly #onIdle: (() => void)[] = [];

  /** Whether every call is answered. */
  get isIdle(): boolean {
    return this.#oldest === null;
  }

  /** @param work - calls its argument when it will hand over nothing more; its end says so too. */
  run<T>(work: (handedOver: () => void) => Promise<T>): Promise<T> {
    const slot: Slot = {
      isHandedOver: false,
      isDone: false,
      release: null,
      startNext: null,
      next: null,
    };
    const before = this.#newest;
    this.#newest = slot;
    if (before === null) this.#oldest = slot;
    else before.next = slot;
    // A promise and two closures a call: this is on the way of every batch.
    return new Promise((resolve, reject) => {
      const start = (): void => {
        startWork(work, slot).then(
          (result) => this.#done(slot, () => resolve(result)),
          (error: unknown) => {
            reject(error);
            this.#done(slot, null);
          },
        );
      };
      if (before === null || before.isHandedOver) start();
      // Not at once: each of a thousand that wait would start in the frame of the one before.
      else before.startNext = () => queueMicrotask(start);
    });
  }

  /** Resolves when every call has settled. */
  async idle(): Promise<void> {
    if (this.isIdle) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #done(slot: Slot, release: (() => void) | null): void {
    handOver(slot);
    slot.isDone = true;
    slot.release = release;
    while (this.#oldest?.isDone) {
      const { release: answer, next }: Slot = this.#oldest;
      this.#oldest = next;
      if (next === null) this.#newest = null;
      answer?.();
    }
    if (this.#oldest === null) for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}

function startWork<T>(work: (handedOver: () => void) => Promise<T>, slot: Slot): Promise<T> {
  try {
    return work(() => handOver(slot));
  } catch (error) {
    return Promise.reject(error);
  }
}

function handOver(slot: Slot): void {
  if (slot.isHandedOver) return;
  slot.isHandedOver = true;
  const { startNext } = slot;
  slot.startNext = null;
  startNext?.();
}
