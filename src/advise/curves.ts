import { rangeOf, scale, sum, toFigure } from '../devices/range.js';
import type { Figure } from '../figure.js';
import type { Curve, SoftwareAdvice } from './advice.js';
import { batchAt, hostNsOf, idleWattsOf, type Place } from './place.js';
import { bytesOfBatch, type Ground, largeBatch } from './workload.js';

/** Points of a decade. */
const POINTS = 4;

/** Arrival rates around that of the load: four decades below and three above. */
export function ratesAround(messagesPerSecond: number): number[] {
  const first = Math.max(0, Math.floor(Math.log10(messagesPerSecond)) - 3);
  const last = Math.floor(Math.log10(messagesPerSecond)) + 3;
  return Array.from({ length: (last - first) * POINTS + 1 }, (_, i) => 10 ** (first + i / POINTS));
}

/** Software costs a message the same at any rate, on as many cores as it takes. */
export function softwareCurve(
  { name, energy, nsPerMessage, price }: SoftwareAdvice,
  rates: readonly number[],
): Curve {
  return {
    name,
    kind: 'software',
    points: rates.map((messagesPerSecond) => ({
      messagesPerSecond,
      energy,
      hostTime: nsPerMessage,
      price,
    })),
  };
}

/**
 * A place up to what its cards take: batches as messages that come evenly form within the delay.
 * @param cards - that the instances need, at the least.
 */
export function deviceCurve(
  ground: Ground,
  place: Place,
  cards: number,
  delayNs: number,
  coreUsdPerHour: Figure,
  rates: readonly number[],
): Curve {
  const large = largeBatch(bytesOfBatch(ground, 1).in);
  const capacity = place.project(large).messagesPerSecond.value;
  const { price } = place.device;
  return {
    name: `${place.device.id}/${place.link.id}`,
    kind: 'device',
    points: rates
      .filter((rate) => rate <= capacity)
      .map((messagesPerSecond) => {
        const batch = batchAt(messagesPerSecond, delayNs, large);
        const projection = place.project(batch);
        const hostNs = scale(hostNsOf(place, projection, batch), cards);
        const work = scale(rangeOf(place.projectWork(batch).joulesPerMessage), cards);
        const idle = scale(idleWattsOf(projection), cards / messagesPerSecond);
        const hostUsd = scale(hostNs, coreUsdPerHour.value / 3600 / 1e9);
        return {
          messagesPerSecond,
          energy: toFigure(sum(idle, work), 'J'),
          hostTime: toFigure(hostNs, 'ns'),
          price:
            price &&
            toFigure(
              scale(
                sum(scale(rangeOf(price.usdPerHour), cards / 3600 / messagesPerSecond), hostUsd),
                1e9,
              ),
              'USD',
            ),
        };
      }),
  };
}
