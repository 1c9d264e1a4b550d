/**
 * Keeps calls in order: a call starts when those before it have handed over their last piece, and its results wait
 * until those have theirs, so that none is overtaken. An error does not wait.
 */
export class CallOrder {
  /** Resolves when the calls so far have settled; `null` when they have. */
  #last: Promise<unknown> | null = null;
  /** Resolves when the calls so far have handed over their last piece; `null` when they have. */
  #handover: Promise<void> | null = null;
  #accepted = 0;
  #onIdle: (() => void) | null = null;

  /** @param work - calls its argument when it will hand over nothing more; its end says so too. */
  run<T>(work: (handedOver: () => void) => Promise<T>): Promise<T> {
    const ahead = this.#last;
    const run = this.#start(work);
    const last: Promise<unknown> = run.then(
      () => ahead,
      () => ahead,
    );
    this.#last = last;
    void last.then(() => {
      if (this.#last === last) this.#last = null;
    });
    return ahead === null ? run : run.then((results) => ahead.then(() => results));
  }

  /** Resolves when every call has settled. */
  async idle(): Promise<void> {
    if (this.#accepted === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  async #start<T>(work: (handedOver: () => void) => Promise<T>): Promise<T> {
    const before = this.#handover;
    let resolve = (): void => undefined;
    const handover = new Promise<void>((settle) => {
      resolve = settle;
    });
    const handedOver = (): void => {
      if (this.#handover === handover) this.#handover = null;
      resolve();
    };
    this.#handover = handover;
    this.#accepted++;
    try {
      if (before) await before;
      return await work(handedOver);
    } finally {
      handedOver();
      if (--this.#accepted === 0) this.#onIdle?.();
    }
  }
}
