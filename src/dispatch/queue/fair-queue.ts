/**
 * Bytes that a caller may send in its turn before the next one has its own. Two callers with short messages share every
 * batch; a message that is longer than this waits for as many turns as it is worth.
 */
const QUANTUM_BYTES = 4096;
/** What a message costs beside its bytes, so that empty ones are not free: an offset, a packet, a result. */
const MESSAGE_COST_BYTES = 64;

/** A message that waits: a link of the list of its caller. */
export interface Queued {
  readonly sizeBytes: number;
  readonly caller: unknown;
  /** The list that it is in, `null` when in none. */
  lane: Lane | null;
  previous: Queued | null;
  next: Queued | null;
}

/** What one caller has waiting, first come first; a link of the ring of callers that have something. */
class Lane {
  readonly caller: unknown;
  first: Queued | null = null;
  last: Queued | null = null;
  previousLane: Lane = this;
  nextLane: Lane = this;
  /** What it may still send in this turn, or has saved for a message that is longer than a turn. */
  deficitBytes = 0;
  /** Whether it has been given this turn's quantum. */
  hasQuantum = false;

  constructor(caller: unknown) {
    this.caller = caller;
  }
}

/**
 * Messages of several callers: each caller's in order, the callers in turn, by bytes.
 *
 * Every operation takes constant time but for messages longer than a quantum, which pass their turn until they have
 * saved enough.
 * @see M. Shreedhar, G. Varghese: Efficient Fair Queuing Using Deficit Round Robin, SIGCOMM 1995
 */
export class FairQueue<T extends Queued> {
  readonly #lanes = new Map<unknown, Lane>();
  /** Of calls that name no caller: the most usual, so it is not made anew each time. */
  readonly #nameless = new Lane(undefined);
  /** Whose turn it is. */
  #current: Lane | null = null;
  #length = 0;
  #bytes = 0;

  get length(): number {
    return this.#length;
  }

  /** Encoded size of what waits. */
  get bytes(): number {
    return this.#bytes;
  }

  push(item: T): void {
    const lane = this.#laneOf(item.caller);
    if (lane.first === null) this.#link(lane);
    item.lane = lane;
    item.previous = lane.last;
    if (lane.last === null) lane.first = item;
    else lane.last.next = item;
    lane.last = item;
    this.#length++;
    this.#bytes += item.sizeBytes;
  }

  /** The message whose turn it is; it stays where it is. */
  peek(): T | null {
    let lane = this.#current;
    if (lane === null) return null;
    // Alone, a caller need not share.
    while (lane.nextLane !== lane && lane.deficitBytes < costOf(lane.first as Queued)) {
      if (lane.hasQuantum) {
        lane.hasQuantum = false;
        lane = lane.nextLane;
      } else {
        lane.hasQuantum = true;
        lane.deficitBytes += QUANTUM_BYTES;
      }
    }
    this.#current = lane;
    return lane.first as T;
  }

  /** Takes out the message whose turn it is. */
  shift(): T | null {
    const item = this.peek();
    if (item === null) return null;
    const lane = item.lane as Lane;
    if (lane.nextLane !== lane) lane.deficitBytes -= costOf(item);
    this.remove(item);
    return item;
  }

  /** Takes out a message that is in this queue, wherever it is. */
  remove(item: T): void {
    const lane = item.lane as Lane;
    const { previous, next } = item;
    if (previous === null) lane.first = next;
    else previous.next = next;
    if (next === null) lane.last = previous;
    else next.previous = previous;
    item.lane = null;
    item.previous = null;
    item.next = null;
    this.#length--;
    this.#bytes -= item.sizeBytes;
    if (lane.first === null) this.#unlink(lane);
  }

  #laneOf(caller: unknown): Lane {
    if (caller === undefined) return this.#nameless;
    let lane = this.#lanes.get(caller);
    if (lane === undefined) {
      lane = new Lane(caller);
      this.#lanes.set(caller, lane);
    }
    return lane;
  }

  /** A caller that comes in is the last to have its turn. */
  #link(lane: Lane): void {
    const current = this.#current;
    if (current === null) {
      this.#current = lane;
      return;
    }
    lane.previousLane = current.previousLane;
    lane.nextLane = current;
    lane.previousLane.nextLane = lane;
    current.previousLane = lane;
  }

  /** A caller with nothing left to send keeps no right to send more later. */
  #unlink(lane: Lane): void {
    if (this.#current === lane) this.#current = lane.nextLane === lane ? null : lane.nextLane;
    lane.previousLane.nextLane = lane.nextLane;
    lane.nextLane.previousLane = lane.previousLane;
    lane.previousLane = lane;
    lane.nextLane = lane;
    lane.deficitBytes = 0;
    lane.hasQuantum = false;
    if (lane !== this.#nameless) this.#lanes.delete(lane.caller);
  }
}

function costOf(item: Queued): number {
  return item.sizeBytes + MESSAGE_COST_BYTES;
}
