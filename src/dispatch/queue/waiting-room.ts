import { FairQueue, type Queued } from './fair-queue.js';
import type { Limits } from './options.js';

/** A message that waits, in the queue or outside it. */
export interface Waiting extends Queued {
  /** Whether it is still outside the queue, which has no room for it. */
  isHeldBack: boolean;
}

/**
 * The bounded queue, and behind it what it has no room for.
 *
 * Both take their callers in turn: behind one line, a caller with many calls would hold up everybody's.
 */
export class WaitingRoom<T extends Waiting> {
  readonly #limits: Limits;
  readonly #queued = new FairQueue<T>();
  readonly #heldBack = new FairQueue<T>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Messages in the queue. */
  get length(): number {
    return this.#queued.length;
  }

  /** Encoded size of those. */
  get bytes(): number {
    return this.#queued.bytes;
  }

  /** Messages outside it. */
  get heldBack(): number {
    return this.#heldBack.length;
  }

  /** Whether what is queued makes a whole batch. */
  get hasFullBatch(): boolean {
    const { batchMessages, batchBytes } = this.#limits;
    return this.length >= batchMessages || this.bytes >= batchBytes;
  }

  /** Whether a message goes into the queue at once. An empty queue takes one of any size. */
  takes(sizeBytes: number): boolean {
    return this.heldBack === 0 && this.#hasRoom(sizeBytes);
  }

  push(item: T): void {
    item.isHeldBack = !this.takes(item.sizeBytes);
    (item.isHeldBack ? this.#heldBack : this.#queued).push(item);
  }

  remove(item: T): void {
    (item.isHeldBack ? this.#heldBack : this.#queued).remove(item);
    this.#admit();
  }

  /** Takes out the next batch: at least one message, if any is queued. */
  takeBatch(): T[] {
    const { batchMessages, batchBytes } = this.#limits;
    const items: T[] = [];
    let bytes = 0;
    while (items.length < batchMessages) {
      const next = this.#queued.peek();
      if (next === null) break;
      bytes += next.sizeBytes;
      if (bytes > batchBytes && items.length > 0) break;
      this.#queued.shift();
      items.push(next);
    }
    this.#admit();
    return items;
  }

  #hasRoom(sizeBytes: number): boolean {
    const { maxMessages, maxBytes } = this.#limits;
    if (this.length === 0) return true;
    return this.length < maxMessages && this.bytes + sizeBytes <= maxBytes;
  }

  #admit(): void {
    for (;;) {
      const next = this.#heldBack.peek();
      if (next === null || !this.#hasRoom(next.sizeBytes)) return;
      this.#heldBack.shift();
      next.isHeldBack = false;
      this.#queued.push(next);
    }
  }
}
