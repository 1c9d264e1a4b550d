/** A point in time that something waits for; `place` is where the heap has it. */
export interface Deadline {
  /** On the clock of `performance.now()`. */
  readonly atMs: number;
  place: number;
}

/** The longest time a timer takes; what is further off is looked at again then. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Deadlines of any number of calls under one timer: a binary heap, earliest first.
 *
 * The timer is not cleared when its deadline is met, since the next one is mostly later and will need it: setting and
 * clearing one took 256 ns. While no deadline is left it does not keep the process running.
 */
export class Deadlines<T extends Deadline> {
  readonly #onPassed: (item: T) => void;
  readonly #heap: T[] = [];
  #timer: NodeJS.Timeout | null = null;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(onPassed: (item: T) => void) {
    this.#onPassed = onPassed;
  }

  add(item: T): void {
    item.place = this.#heap.length;
    this.#heap.push(item);
    this.#rise(item);
    if (this.#heap.length === 1) this.#timer?.ref();
    if (item.atMs < this.#timerAtMs) this.#setTimer(item.atMs);
  }

  /** Takes out a deadline that was added and has not passed. */
  remove(item: T): void {
    const { place } = item;
    const last = this.#heap.pop() as T;
    if (last !== item) {
      last.place = place;
      this.#heap[place] = last;
      this.#rise(last);
      this.#sink(last);
    }
    if (this.#heap.length === 0) this.#timer?.unref();
  }

  /** Forgets the timer, for good when nothing is left. */
  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
  }

  #setTimer(atMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    const inMs = Math.min(Math.max(Math.ceil(atMs - performance.now()), 1), MAX_TIMER_MS);
    this.#timer = setTimeout(this.#look, inMs);
  }

  readonly #look = (): void => {
    this.clear();
    const nowMs = performance.now();
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined) return;
      if (first.atMs > nowMs) {
        this.#setTimer(first.atMs);
        return;
      }
      this.remove(first);
      this.#onPassed(first);
    }
  };

  #rise(item: T): void {
    const heap = this.#heap;
    while (item.place > 0) {
      const parent = heap[(item.place - 1) >> 1] as T;
      if (parent.atMs <= item.atMs) return;
      this.#swap(parent, item);
    }
  }

  #sink(item: T): void {
    const heap = this.#heap;
    for (;;) {
      const left = heap[2 * item.place + 1];
      const right = heap[2 * item.place + 2];
      if (left === undefined) return;
      const least = right !== undefined && right.atMs < left.atMs ? right : left;
      if (item.atMs <= least.atMs) return;
      this.#swap(item, least);
    }
  }

  #swap(upper: T, lower: T): void {
    const { place } = upper;
    upper.place = lower.place;
    lower.place = place;
    this.#heap[upper.place] = upper;
    this.#heap[lower.place] = lower;
  }
}
