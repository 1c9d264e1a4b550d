/** A call that has not been answered yet. */
class Slot {
  readonly #order: CallOrder;
  isHandedOver = false;
  isDone = false;
  /** Answers the call where it waits for others; `null` where that is done, as with an error. */
  release: (() => void) | null = null;
  /** Starts the call after it. */
  startNext: (() => void) | null = null;
  next: Slot | null = null;

  constructor(order: CallOrder) {
    this.#order = order;
  }

  handOver(): void {
    if (this.isHandedOver) return;
    this.isHandedOver = true;
    const { startNext } = this;
    this.startNext = null;
    startNext?.();
  }

  /** Nothing of it runs any more. */
  end(): void {
    this.handOver();
    this.isDone = true;
    this.#order.settle();
  }
}

/**
 * Keeps calls in order: a call starts when those before it have handed over their last piece, and its results wait
 * until those have theirs, so that none is overtaken. An error does not wait.
 */
export class CallOrder {
  /** Those that are not answered. */
  #oldest: Slot | null = null;
  #newest: Slot | null = null;
  readonly #onIdle: (() => void)[] = [];

  /** Whether every call is answered. */
  get isIdle(): boolean {
    return this.#oldest === null;
  }

  /** @param work - calls its argument when it will hand over nothing more; its end says so too. */
  run<T>(work: (handedOver: () => void) => Promise<T>): Promise<T> {
    const slot = new Slot(this);
    const before = this.#newest;
    this.#newest = slot;
    if (before !== null) {
      before.next = slot;
      return before.isHandedOver ? this.#behind(slot, work) : this.#after(before, slot, work);
    }
    this.#oldest = slot;
    // The first in the line need not wait for anybody, so its own promise will do.
    const running = startWork(work, slot);
    running.then(
      () => slot.end(),
      () => slot.end(),
    );
    return running;
  }

  /** Resolves when every call has settled. */
  async idle(): Promise<void> {
    if (this.isIdle) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  /** Answers the calls that are done, up to the first that is not. */
  settle(): void {
    while (this.#oldest?.isDone) {
      const { release, next }: Slot = this.#oldest;
      this.#oldest = next;
      if (next === null) this.#newest = null;
      release?.();
    }
    if (this.#oldest !== null || this.#onIdle.length === 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  /** Starts a call at once and keeps its results until those before have theirs. */
  #behind<T>(slot: Slot, work: (handedOver: () => void) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      startWork(work, slot).then(
        (result) => {
          slot.release = () => resolve(result);
          slot.end();
        },
        (error: unknown) => {
          reject(error);
          slot.end();
        },
      );
    });
  }

  /** Starts a call when the one before has been handed over. */
  #after<T>(before: Slot, slot: Slot, work: (handedOver: () => void) => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      // Not at once: each of a thousand that wait would start in the frame of the one before.
      before.startNext = () => queueMicrotask(() => resolve(this.#behind(slot, work)));
    });
  }
}

function startWork<T>(work: (handedOver: () => void) => Promise<T>, slot: Slot): Promise<T> {
  try {
    return work(() => slot.handOver());
  } catch (error) {
    return Promise.reject(error);
  }
}
