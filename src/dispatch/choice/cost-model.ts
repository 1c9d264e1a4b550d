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
  readonly #theta: Float64Array;
  /** Inverse correlation of the features, symmetric: rows from the diagonal on. */
  readonly #p = Float64Array.of(START_VARIANCE, 0, 0, START_VARIANCE, 0, START_VARIANCE);

  constructor(state?: CostModelState) {
    this.#theta = Float64Array.from(state?.coefficients ?? [0, 0, 0]);
    this.#observations = state?.observations ?? 0;
  }

  get observations(): number {
    return this.#observations;
  }

  /** ns of host time that a batch takes; 0 before the first observation. */
  predict(messages: number, bytes: number): number {
    const theta = this.#theta;
    return (
      Math.max(0, at(theta, 0)) +
      Math.max(0, at(theta, 1)) * messages +
      (Math.max(0, at(theta, 2)) * bytes) / 1000
    );
  }

  /** Written out, without loops and arrays: it is on the way of every batch, and they took most of 250 ns. */
  observe(messages: number, bytes: number, ns: number): void {
    if (!(ns > 0)) return;
    this.#observations++;
    const [p, theta] = [this.#p, this.#theta];
    // Divided by the time itself, the residual is a relative error.
    const x0 = 1 / ns;
    const x1 = messages / ns;
    const x2 = bytes / 1000 / ns;
    const px0 = at(p, 0) * x0 + at(p, 1) * x1 + at(p, 2) * x2;
    const px1 = at(p, 1) * x0 + at(p, 3) * x1 + at(p, 4) * x2;
    const px2 = at(p, 2) * x0 + at(p, 4) * x1 + at(p, 5) * x2;
    const scale = FORGETTING + x0 * px0 + x1 * px1 + x2 * px2;
    const residual = 1 - (x0 * at(theta, 0) + x1 * at(theta, 1) + x2 * at(theta, 2));
    const gain = residual / scale;
    theta[0] = at(theta, 0) + px0 * gain;
    theta[1] = at(theta, 1) + px1 * gain;
    theta[2] = at(theta, 2) + px2 * gain;
    // Batches that are all alike tell nothing of the other directions: forgetting those would let them drift.
    const forget = at(p, 0) + at(p, 3) + at(p, 5) < MOST_VARIANCE ? FORGETTING : 1;
    p[0] = (at(p, 0) - (px0 * px0) / scale) / forget;
    p[1] = (at(p, 1) - (px0 * px1) / scale) / forget;
    p[2] = (at(p, 2) - (px0 * px2) / scale) / forget;
    p[3] = (at(p, 3) - (px1 * px1) / scale) / forget;
    p[4] = (at(p, 4) - (px1 * px2) / scale) / forget;
    p[5] = (at(p, 5) - (px2 * px2) / scale) / forget;
  }

  state(): CostModelState {
    const theta = this.#theta;
    return {
      coefficients: [at(theta, 0), at(theta, 1), at(theta, 2)],
      observations: this.#observations,
    };
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

const at = (values: Float64Array, i: number): number => values[i] as number;
