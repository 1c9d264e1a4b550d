import type { Clock } from './clock.js';
import { type Point, pointId } from './point.js';

/** How far a run is. */
export interface SuiteProgress {
  readonly text: string;
  readonly done: number;
  readonly points: number;
  /** Expected host time until the end, ms; `null` until enough was measured to tell. */
  readonly leftMs: number | null;
}

type Estimated = Point & { readonly estimateMs: number };

/** Share of the estimated work after which what it took says more than the estimate. */
const TELLING_SHARE = 0.02;

/** Tells the time left of a run: what is left by the estimate, at the pace that the run has had. */
export class TimeLeft {
  readonly #clock: Clock;
  readonly #left = new Map<string, number>();
  readonly #points: number;
  readonly #report: (progress: SuiteProgress) => void;
  readonly #todoMs: number;
  readonly #startNs: number;

  /** @param isDone - points that an earlier run measured. */
  constructor(
    planned: readonly Estimated[],
    isDone: (point: Point) => boolean,
    clock: Clock,
    report: (progress: SuiteProgress) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#points = planned.length;
    for (const point of planned) {
      if (!isDone(point)) this.#left.set(pointId(point), point.estimateMs);
    }
    this.#todoMs = this.#sum();
    this.#startNs = clock.now();
    this.#report = report;
  }

  say(text: string): void {
    const leftMs = this.#sum();
    const didMs = this.#todoMs - leftMs;
    const tookMs = (this.#clock.now() - this.#startNs) / 1e6;
    this.#report({
      text,
      done: this.#points - this.#left.size,
      points: this.#points,
      leftMs: didMs > this.#todoMs * TELLING_SHARE ? (leftMs * tookMs) / didMs : null,
    });
  }

  did(point: Point): void {
    this.#left.delete(pointId(point));
  }

  #sum(): number {
    return [...this.#left.values()].reduce((sum, ms) => sum + ms, 0);
  }
}
