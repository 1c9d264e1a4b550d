import type { Figure } from '../figure.js';
import { formatNumber } from '../report/format.js';
import { readable } from '../report/page/readable.js';
import type {
  PlaceAdvice,
  PlaceFigures,
  PoolAdvice,
  SoftwareAdvice,
  Verdict,
  VerdictReason,
} from './advice.js';
import type { Load } from './load/load.js';

/** What offloading is for. `any`: a core that is freed, and energy or money saved. */
export const GOALS = ['any', 'host-time', 'energy', 'price'] as const;
export type Goal = (typeof GOALS)[number];

/** What counts as worth it. */
export interface Wish {
  readonly goal: Goal;
  /** Cards that the load may take. */
  readonly maxCards: number;
}

type Bound = 'low' | 'value' | 'high';

type Judged = PlaceAdvice & { readonly figures: PlaceFigures; readonly cards: Figure };

/** Whether a place takes the load and is worth it, with capacity and gains at one of their bounds. */
function isWorthIt(place: Judged, { goal, maxCards }: Wish, bound: Bound): boolean {
  return takesLoad(place, maxCards, bound) && scoreOf(place.figures.gain, goal, bound) > 1;
}

function takesLoad({ cards }: Judged, maxCards: number, bound: Bound): boolean {
  // The best capacity takes the fewest cards.
  const taken = bound === 'low' ? cards.high : bound === 'high' ? cards.low : cards.value;
  return (taken ?? cards.value) <= maxCards;
}

/** By how much the goal is met: what it lacks most counts, and of energy and price the better one. */
function scoreOf(
  { hostTime, energy, price }: PlaceFigures['gain'],
  goal: Goal,
  bound: Bound,
): number {
  const of = (figure: Figure | null): number =>
    figure === null ? 0 : (figure[bound] ?? figure.value);
  if (goal === 'host-time') return of(hostTime);
  if (goal === 'energy') return of(energy);
  if (goal === 'price') return of(price);
  return Math.min(of(hostTime), Math.max(of(energy), of(price)));
}

/** Says in one sentence, and for machines, whether to offload. */
export function verdictOf(
  load: Load,
  places: readonly PlaceAdvice[],
  best: SoftwareAdvice,
  pool: PoolAdvice | null,
  wish: Wish,
): Verdict {
  const { goal, maxCards } = wish;
  const use = useSoftware(load, best, pool);
  const judged = places.filter(
    (place): place is Judged => place.figures !== null && place.cards !== null,
  );
  if (judged.length === 0) {
    const why = places[0]?.why ?? 'no device was asked about';
    const sentence = `Do not offload, ${use}: the kernel fits on none of the devices (${why}).`;
    return {
      kind: 'do-not-offload',
      reason: 'does-not-fit',
      leaning: 'do-not-offload',
      sentence,
      place: null,
    };
  }
  const by =
    (bound: Bound) =>
    (a: Judged, b: Judged): number =>
      scoreOf(b.figures.gain, goal, bound) - scoreOf(a.figures.gain, goal, bound);
  const able = judged.filter((place) => takesLoad(place, maxCards, 'value'));
  // Where none takes the load, the one that comes closest says why.
  const [top] = (
    able.length > 0
      ? able.toSorted(by('value'))
      : judged.toSorted((a, b) => a.cards.value - b.cards.value)
  ) as [Judged];
  const certain = judged.filter((place) => place.fits === 'yes' && isWorthIt(place, wish, 'low'));
  if (certain.length > 0) {
    const [place] = certain.toSorted(by('low')) as [Judged];
    return {
      kind: 'offload',
      reason: 'gains',
      leaning: 'offload',
      place: nameOf(place),
      sentence: `Offload to ${nameOf(place)}: ${gainsOf(place.figures)} against ${best.name}${cardsOf(place)}.`,
    };
  }
  const leaning = isWorthIt(top, wish, 'value') ? 'offload' : 'do-not-offload';
  const possible = judged.filter((place) => isWorthIt(place, wish, 'high'));
  if (possible.length > 0) {
    const [place] = possible.toSorted(by(leaning === 'offload' ? 'value' : 'high')) as [Judged];
    const lean = leaning === 'offload' ? 'leaning to offload' : `leaning to "do not", ${use}`;
    return {
      kind: 'unsure',
      reason: 'ranges-overlap',
      leaning,
      place: nameOf(place),
      sentence: `Unsure, ${lean}: the ranges overlap at ${nameOf(place)}, ${gainsOf(place.figures)} against ${best.name}${cardsOf(place)}.`,
    };
  }
  const reason = reasonOf(load, top, wish);
  return {
    kind: 'do-not-offload',
    reason,
    leaning: 'do-not-offload',
    place: nameOf(top),
    sentence: `Do not offload, ${use}: ${becauseOf(reason, load, top, best, goal)}.`,
  };
}

const nameOf = ({ device, link }: PlaceAdvice): string => `${device}/${link}`;

function cardsOf({ cards }: PlaceAdvice): string {
  return cards !== null && cards.value > 1 ? `, on ${cards.value} cards` : '';
}

function useSoftware(
  { hostTime }: Load,
  { name, cores, nsPerMessage }: SoftwareAdvice,
  pool: PoolAdvice | null,
): string {
  const isSame = hostTime !== null && hostTime.value <= 1.15 * nsPerMessage.value;
  const what = isSame ? `keep what you have (as fast as ${name})` : `use ${name}`;
  const load = `${formatNumber(cores.value)} core${cores.value === 1 ? '' : 's'} at this load`;
  if (cores.value <= 0.9) return `${what} (${load})`;
  return pool !== null && pool.workers >= cores.value
    ? `${what} on ${Math.ceil(cores.value)} worker threads (${load})`
    : `${what} on a machine of ${Math.ceil(cores.value / 0.9)} cores and more (${load})`;
}

const factor = (of: Figure): string => {
  const [low, high] = [of.low ?? of.value, of.high ?? of.value];
  return `${formatNumber(of.value)} (${formatNumber(low)}..${formatNumber(high)})`;
};

function gainsOf({ gain: { hostTime, energy, price } }: PlaceFigures): string {
  const money = price === null ? '' : ` and ${factor(price)} times cheaper`;
  return `host time ${factor(hostTime)} times less, energy ${factor(energy)} times less${money}`;
}

function reasonOf(load: Load, place: Judged, { goal, maxCards }: Wish): VerdictReason {
  const { gain } = place.figures;
  if (!takesLoad(place, maxCards, 'value')) return 'capacity';
  const frees = (gain.hostTime.high ?? gain.hostTime.value) > 1;
  if (!frees && goal !== 'energy' && goal !== 'price') return 'host-time';
  return ratesAbove(load, place, goal).length > 0 ? 'load-too-small' : 'energy-and-price';
}

/** What a goal asks for and the load is too small for: rates above its own at which it would be met, lowest first. */
function ratesAbove(
  { messagesPerSecond }: Load,
  { figures: { breakEven } }: Judged,
  goal: Goal,
): { what: string; rate: number }[] {
  const asked = (['energy', 'price'] as const).filter((what) => goal === 'any' || goal === what);
  return asked
    .map((what) => ({ what, rate: breakEven[what].at?.value ?? 0 }))
    .filter(({ rate }) => rate > messagesPerSecond.value)
    .sort((a, b) => a.rate - b.rate);
}

function becauseOf(
  reason: VerdictReason,
  load: Load,
  place: Judged,
  best: SoftwareAdvice,
  goal: Goal,
): string {
  const { figures } = place;
  const where = nameOf(place);
  const rate = `${formatNumber(load.messagesPerSecond.value)}/s`;
  switch (reason) {
    case 'host-time':
      return `handing a message to ${where} takes ${readable(figures.hostTime.value, 'ns')} of the host, and ${best.name} ${readable(best.nsPerMessage.value, 'ns')}`;
    case 'load-too-small': {
      const [nearest] = ratesAbove(load, place, goal);
      return `${rate} is below the ${formatNumber(nearest?.rate ?? 0)}/s at which ${where} breaks even in ${nearest?.what}`;
    }
    case 'capacity':
      return place.cards.value > Math.ceil(load.messagesPerSecond.value / figures.capacity.value)
        ? `${where} takes ${place.cards.value} cards to hold it`
        : `one card at ${where} takes ${formatNumber(figures.capacity.value)}/s of the ${rate}, held by the ${figures.constraint}`;
    default:
      return `at ${rate} ${where} gives ${gainsOf(figures)}${cardsOf(place)}, held by the ${figures.constraint}`;
  }
}
