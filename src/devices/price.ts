import { RtliftError } from '../errors.js';
import { type Figure, figure } from '../figure.js';
import { checkFigure, exactly, over, scale, toFigure } from './range.js';

/** What an hour of a machine costs. Prices change, so each carries its day and its source. */
export interface Price {
  /** Instance type and region, or what else is rented. */
  readonly name: string;
  /** USD/h of the whole machine. */
  readonly usdPerHour: Figure;
  /** Virtual CPUs of the machine, or `null` where nobody says. */
  readonly vCpus: number | null;
  /** Day of the price, or of the document that it was read from, `YYYY-MM-DD`; `null`: the document bears none. */
  readonly asOf: string | null;
  readonly source: string;
}

export interface PriceOverride {
  readonly usdPerHour: number;
  readonly asOf: string;
  readonly source?: string;
}

/**
 * A price with the user's own figure and day in its place.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a negative price or a day that is none.
 */
export function withPrice(
  price: Price,
  { usdPerHour, asOf, source = 'given by the user' }: PriceOverride,
): Price {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(asOf) || Number.isNaN(Date.parse(asOf))) {
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `asOf must be a day YYYY-MM-DD, got ${asOf}`, {
      arg: 'asOf',
      got: asOf,
    });
  }
  const own = figure(usdPerHour, 'USD/h', 'assumed');
  checkFigure('usdPerHour', own);
  return { ...price, usdPerHour: own, asOf, source };
}

/**
 * Price of 10^9 messages: USD/h / 3600 s x 10^9 / (messages/s).
 * @param messagesPerSecond - of the path, 1/s.
 * @param share - of the machine that the path keeps busy, such as 2 of 24 virtual CPUs; 1 is the whole machine.
 * @returns USD; low where the path is fastest.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a share outside 0..1.
 */
export function usdPerBillionMessages(price: Price, messagesPerSecond: Figure, share = 1): Figure {
  if (!(share > 0 && share <= 1)) {
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `share must lie in 0..1, got ${share}`, {
      arg: 'share',
      got: share,
    });
  }
  const usdPerSecond = scale(checkFigure('usdPerHour', price.usdPerHour), share / 3600);
  const seconds = over(exactly(1e9), checkFigure('messagesPerSecond', messagesPerSecond));
  return toFigure(
    {
      low: usdPerSecond.low * seconds.low,
      value: usdPerSecond.value * seconds.value,
      high: usdPerSecond.high * seconds.high,
    },
    'USD',
  );
}
