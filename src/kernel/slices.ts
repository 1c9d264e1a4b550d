/** Longest time that batches together keep the event loop in one turn: what a service's other requests do not notice. */
const SLICE_MS = 5;
/** Work between two looks at the clock takes about this long; a look alone takes some 40 ns. */
const SHORT_MS = 0.1;
const LONG_MS = 0.5;
const FIRST_COUNT = 16;
const MOST_COUNT = 4096;
/** Bytes between two looks at most: sizes of messages say little of those that follow. */
const MOST_BYTES = 256 * 1024;

/** End of the slice of this turn of the event loop, on the clock of `performance.now()`; 0 where none has begun. */
let endMs = 0;
const waiting: (() => void)[] = [];

function begin(nowMs: number): void {
  endMs = nowMs + SLICE_MS;
  setImmediate(onTurn);
}

/** The slice of a turn goes to one of those that wait, so that many batches hold the loop no longer than one. */
function onTurn(): void {
  endMs = 0;
  const next = waiting.shift();
  if (next === undefined) return;
  begin(performance.now());
  next();
}

function isOver(nowMs: number): boolean {
  if (endMs === 0) begin(nowMs);
  return nowMs >= endMs;
}

/** Waits for a slice in a later turn of the event loop. */
function nextSlice(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
  });
}

export interface SliceOptions {
  /** Looked at after each turn; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Size of an item, bytes, where its work grows with it. */
  readonly sizeOf?: ((i: number) => number) | undefined;
  /** Bytes between two looks at the clock, default 256 KiB: what is copied in some 50 us. */
  readonly mostBytes?: number;
  /** Items between two looks at the clock, default 4,096. */
  readonly mostCount?: number;
  /** The same for the first stretch, from which the others are told; default 16. 1 where one item may take milliseconds. */
  readonly firstCount?: number;
}

/**
 * Calls `work(start, end)` over 0 to `n` in short stretches, and lets the event loop turn whenever the slice of the turn is over.
 *
 * All batches of a thread share the slice. Work of one item cannot be cut.
 * @param work - `false` ends it.
 * @returns undefined where everything is done already, as with the smaller batches: nothing need be awaited then.
 */
export function inSlices(
  n: number,
  work: (start: number, end: number) => unknown,
  options: SliceOptions = {},
): Promise<void> | undefined {
  const stretch = new Stretches(n, work, options);
  return stretch.run() ? undefined : stretch.finish(options.signal);
}

class Stretches {
  readonly #n: number;
  readonly #work: (start: number, end: number) => unknown;
  readonly #sizeOf: ((i: number) => number) | undefined;
  readonly #mostBytes: number;
  readonly #mostCount: number;
  #at = 0;
  #count: number;

  constructor(
    n: number,
    work: (start: number, end: number) => unknown,
    {
      sizeOf,
      mostBytes = MOST_BYTES,
      mostCount = MOST_COUNT,
      firstCount = FIRST_COUNT,
    }: SliceOptions,
  ) {
    this.#n = n;
    this.#work = work;
    this.#sizeOf = sizeOf;
    this.#mostBytes = mostBytes;
    this.#mostCount = mostCount;
    this.#count = Math.min(firstCount, mostCount);
  }

  /** Works until the slice is over. @returns whether all is done. */
  run(): boolean {
    let lastMs = 0;
    // The first stretch counts as well: with slow work there is no second one. A batch of one stretch needs no look.
    if (this.#n - this.#at > this.#count) {
      lastMs = performance.now();
      if (isOver(lastMs)) return false;
    }
    while (this.#at < this.#n) {
      const end = this.#end();
      const isEnough = this.#work(this.#at, end) === false;
      this.#at = end;
      if (isEnough || end >= this.#n) return true;
      const nowMs = performance.now();
      if (lastMs > 0) this.#adapt(nowMs - lastMs);
      lastMs = nowMs;
      if (isOver(nowMs)) return false;
    }
    return true;
  }

  async finish(signal: AbortSignal | undefined): Promise<void> {
    do {
      await nextSlice();
      signal?.throwIfAborted();
    } while (!this.run());
  }

  #end(): number {
    const most = Math.min(this.#n, this.#at + this.#count);
    const sizeOf = this.#sizeOf;
    if (sizeOf === undefined) return most;
    let bytes = 0;
    for (let i = this.#at; i < most; i++) {
      bytes += sizeOf(i);
      if (bytes > this.#mostBytes) return i + 1;
    }
    return most;
  }

  #adapt(tookMs: number): void {
    if (tookMs < SHORT_MS) this.#count = Math.min(this.#mostCount, 2 * this.#count);
    else if (tookMs > LONG_MS) this.#count = Math.max(1, this.#count >> 1);
  }
}
