import { RtliftError } from '../errors.js';
import { estimate, type Figure, type Provenance } from '../figure.js';

/** A number with the bounds it may have; arithmetic on ranges treats their errors as independent and worst case. */
export interface Range {
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

export const exactly = (value: number): Range => ({ low: value, value, high: value });

export const ZERO: Range = exactly(0);

/** Bounds of a figure; one without bounds is taken as exact. */
export function rangeOf({ value, low = value, high = value }: Figure): Range {
  return { low, value, high };
}

export function toFigure(
  { low, value, high }: Range,
  unit: string,
  provenance: Provenance = 'modelled',
): Figure {
  return estimate(value, low, high, unit, provenance);
}

/** Sum of ranges; of none, zero. */
export function sum(...terms: readonly Range[]): Range {
  return terms.reduce(
    (a, b) => ({ low: a.low + b.low, value: a.value + b.value, high: a.high + b.high }),
    ZERO,
  );
}

/** Product of ranges that are not negative. */
export function times(...factors: readonly Range[]): Range {
  return factors.reduce(
    (a, b) => ({ low: a.low * b.low, value: a.value * b.value, high: a.high * b.high }),
    exactly(1),
  );
}

export const scale = (range: Range, factor: number): Range => times(range, exactly(factor));

/** Quotient of ranges that are not negative: lowest at the highest divisor. */
export function over(a: Range, b: Range): Range {
  return { low: a.low / b.high, value: a.value / b.value, high: a.high / b.low };
}

/** The larger: bounds of a maximum are the maxima of the bounds. */
export function larger(...terms: readonly Range[]): Range {
  return {
    low: Math.max(...terms.map(({ low }) => low)),
    value: Math.max(...terms.map(({ value }) => value)),
    high: Math.max(...terms.map(({ high }) => high)),
  };
}

/** A range cut off at `most`, as a share is at 1. */
export function atMost(range: Range, most: number): Range {
  const { low, value, high } = range;
  return {
    low: Math.min(low, most),
    value: Math.min(value, most),
    high: Math.min(high, most),
  };
}

/**
 * Checks a figure that a caller gave.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` unless 0 <= low <= value <= high and all are finite.
 */
export function checkFigure(name: string, figure: Figure): Range {
  const range = rangeOf(figure);
  const { low, value, high } = range;
  if (!(low >= 0 && low <= value && value <= high && Number.isFinite(high))) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `${name} must hold 0 <= low <= value <= high, got low ${low}, value ${value}, high ${high}`,
      { arg: name, got: figure },
    );
  }
  return range;
}

/**
 * Checks a number that a caller gave.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` unless it is finite and at least `least`.
 */
export function checkNumber(name: string, value: number, least = 0): number {
  if (!(Number.isFinite(value) && value >= least)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `${name} must be a number of at least ${least}, got ${value}`,
      { arg: name, got: value },
    );
  }
  return value;
}

/**
 * How many times one figure is the other, with the range that both of theirs leave: messages a joule of a device over
 * those of a core, for one.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a divisor that may be 0.
 */
export function ratioOf(numerator: Figure, denominator: Figure): Figure {
  const below = checkFigure('denominator', denominator);
  if (!(below.low > 0)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `denominator must be above 0, got low ${below.low}`,
      { arg: 'denominator', got: denominator },
    );
  }
  return toFigure(over(checkFigure('numerator', numerator), below), '1');
}
