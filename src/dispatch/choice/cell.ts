import type { PathName } from '../../paths/path.js';
import type { CostModel } from './cost-model.js';

/** What the timings of one path in a size class come to: the batch of the class, and the host time it takes. */
export interface Typical {
  readonly messages: number;
  readonly bytes: number;
  readonly ns: number;
  /** Timings that this rests on. */
  readonly timed: number;
}

/** {@link Typical} of a path, as it grows. */
type Timings = { path: PathName } & { -readonly [K in keyof Typical]: Typical[K] };

export interface CellState {
  readonly current: PathName | null;
  readonly typical: Readonly<Partial<Record<PathName, Typical>>>;
}

/** Weight of the newest timing, once there are some. */
const NEWEST = 0.2;
/** One timing moves the typical one by no more than this: a pause of the collector is not a trend. */
const MOST_JUMP = Math.log(4);
/** A current path that has become so much slower or faster asks for a new trial of the others. */
const CHANGED = Math.log(1.3);
/** The first timings of a class also warm up caches and compilers. */
const SETTLED = 4;

/** One size class: which path it is on, and what batches of it took on each. */
export class Cell {
  current: PathName | null;
  calls = 0;
  triedAt = 0;
  interval: number;
  hasChanged = false;
  /** A handful: a look along them costs less than a map. */
  readonly #typical: Timings[] = [];
  /** Log ns a message of the current path when it last counted as changed. */
  #mark: number | null = null;

  constructor(interval: number, state?: CellState) {
    this.interval = interval;
    this.current = state?.current ?? null;
    for (const [path, typical] of Object.entries(state?.typical ?? {})) {
      this.#typical.push({ path: path as PathName, ...typical });
    }
  }

  /**
   * Host time that a batch is expected to take, ns: that of the typical batch, and the cost model for how the two differ.
   * A model that has drifted to other loads does so for both.
   */
  expect(path: PathName, model: CostModel, messages: number, bytes: number): number {
    const predicted = model.predict(messages, bytes);
    const typical = this.#of(path);
    if (typical === null) return predicted;
    const reference = model.predict(typical.messages, typical.bytes);
    return reference > 0 ? (typical.ns * predicted) / reference : typical.ns;
  }

  timed(path: PathName): number {
    return this.#of(path)?.timed ?? 0;
  }

  observe(path: PathName, messages: number, bytes: number, ns: number): void {
    const typical = this.#of(path);
    if (typical === null) {
      this.#typical.push({ path, messages, bytes, ns, timed: 1 });
      return;
    }
    const weight = Math.max(NEWEST, 1 / (typical.timed + 1));
    const step = Math.log(ns / typical.ns);
    const jump = Math.min(MOST_JUMP, Math.max(-MOST_JUMP, step));
    typical.messages += weight * (messages - typical.messages);
    typical.bytes += weight * (bytes - typical.bytes);
    typical.ns *= Math.exp(weight * jump);
    typical.timed++;
    if (path !== this.current || typical.timed < SETTLED) return;
    const log = Math.log(typical.ns / Math.max(1, typical.messages));
    this.#mark ??= log;
    if (Math.abs(log - this.#mark) > CHANGED) {
      this.#mark = log;
      this.hasChanged = true;
    }
  }

  /** Puts the class on another path. */
  moveTo(path: PathName): void {
    this.current = path;
    this.#mark = null;
    this.hasChanged = false;
  }

  state(): CellState {
    const typical = this.#typical.map(({ path, ...rest }) => [path, rest]);
    return { current: this.current, typical: Object.fromEntries(typical) };
  }

  #of(path: PathName): Timings | null {
    for (const typical of this.#typical) if (typical.path === path) return typical;
    return null;
  }
}
