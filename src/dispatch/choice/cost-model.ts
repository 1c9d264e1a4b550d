/**
 * What a batch costs on one path, learnt from its timings: `ns = batch + messages * message + bytes * byte`.
 *
 * Recursive least squares on relative errors, so that a batch of one weighs as much as one of thousands, with forgetting,
 * so that a machine that grows slower is followed. Coefficients below 0 count as 0: they come from noise.
 * @see Haykin, Adaptive Filter Theory, chapter "The Recursive Least-Squares Algorithm", exponentially weighted form
 */
export class CostModel {
  #observations = 0;
  /** ns a batch, a message, a kilobyte. */
  readonly #theta: [number, number, number];
  /** Inverse correlation of the features, symmetric. */
  readonly #p: number[];

  constructor(state?: CostModelState) {
    this.#theta = state ? [...state.coefficients] : [0, 0, 0];
    this.#observations = state?.observations ?? 0;
    this.#p = [0, 4, 8].reduce((p, i) => {
      p[i] = START_VARIANCE;
      return p;
    }, new Array<number>(9).fill(0));
  }

  get observations(): number {
    return this.#observations;
  }

  /** ns of host time that a batch takes; 0 before the first observation. */
  predict(messages: number, bytes: number): number {
    const [batch, message, kilobyte] = this.#theta;
    return (
      Math.max(0, batch) + Math.max(0, message) * messages + (Math.max(0, kilobyte) * bytes) / 1000
    );
  }

  observe(messages: number, bytes: number, ns: number): void {
    if (!(ns > 0)) return;
    this.#observations++;
    // Divided by the time itself, the residual is a relative error.
    const x = [1 / ns, messages / ns, bytes / 1000 / ns] as const;
    const p = this.#p;
    const px: number[] = [0, 0, 0];
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) px[i] = (px[i] as number) + at(p, 3 * i + j) * at(x, j);
    }
    const scale = FORGETTING + at(x, 0) * at(px, 0) + at(x, 1) * at(px, 1) + at(x, 2) * at(px, 2);
    const [a, b, c] = this.#theta;
    const residual = 1 - (at(x, 0) * a + at(x, 1) * b + at(x, 2) * c);
    for (let i = 0; i < 3; i++) {
      this.#theta[i] = at(this.#theta, i) + (at(px, i) / scale) * residual;
    }
    // Batches that are all alike tell nothing of the other directions: forgetting those would let them drift.
    const forget = at(p, 0) + at(p, 4) + at(p, 8) < MOST_VARIANCE ? FORGETTING : 1;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        p[3 * i + j] = (at(p, 3 * i + j) - (at(px, i) * at(px, j)) / scale) / forget;
      }
    }
  }

  state(): CostModelState {
    return { coefficients: [...this.#theta], observations: this.#observations };
  }
}

/** What a {@link CostModel} has learnt: ns a batch, ns a message, ns a kilobyte. */
export interface CostModelState {
  readonly coefficients: readonly [number, number, number];
  readonly observations: number;
}

/** Of 1 an observation weighs half after 34 more. */
const FORGETTING = 0.98;
/** Variance of a coefficient before anything is known, ns squared: a batch may take up to some milliseconds. */
const START_VARIANCE = 1e13;
const MOST_VARIANCE = 3 * START_VARIANCE;

const at = (values: readonly number[], i: number): number => values[i] as number;
