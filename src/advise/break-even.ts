import { type Range, rangeOf } from '../devices/range.js';
import { estimate, type Figure } from '../figure.js';
import { formatNumber } from '../report/format.js';
import type { BreakEvenPoint } from './advice.js';

type Bound = 'low' | 'value' | 'high';

/**
 * The smallest batch at which a message takes no longer than by software.
 * @param perMessage - ns a message at a batch, which never grows with it.
 */
export function batchBreakEven(
  software: Figure,
  largest: number,
  perMessage: (batch: number) => Range,
): BreakEvenPoint {
  const rival = rangeOf(software);
  const known = new Map<number, Range>();
  const at = (batch: number): Range => {
    const found = known.get(batch) ?? perMessage(batch);
    known.set(batch, found);
    return found;
  };
  const smallest = (bound: Bound, limit: number): number | null => {
    if (at(largest)[bound] > limit) return null;
    let [low, high] = [1, largest];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(middle)[bound] <= limit) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const value = smallest('value', rival.value);
  const best = smallest('low', rival.high);
  const worst = smallest('high', rival.low);
  const held = `${formatNumber(at(value ?? largest).value)} ns a message against ${formatNumber(rival.value)} ns`;
  if (value === null) {
    const hope = best === null ? '' : `; from ${best} with every part at its best`;
    return { at: null, why: `never up to ${largest} messages: ${held}${hope}` };
  }
  const reaches = worst === null ? '; never with every part at its worst' : '';
  return {
    at: estimate(
      value,
      Math.min(value, best ?? value),
      Math.max(value, worst ?? largest),
      'messages',
    ),
    why: `${held} at ${value}${reaches}`,
  };
}

/** Halvings of the search, which is over the logarithm of the rate. */
const HALVINGS = 60;
const LEAST_RATE = 1e-3;

/**
 * The arrival rate at which a message costs no more than by software: what is paid all the time is spread over more messages, and
 * batches grow.
 * @param software - cost of a message by software.
 * @param cost - cost of a message at a rate, which never grows with it; `null`: the device has no price.
 * @param most - messages a second that the cards take.
 */
export function rateBreakEven(
  software: Range,
  cost: ((messagesPerSecond: number) => Range) | null,
  most: number,
): BreakEvenPoint {
  if (cost === null) return { at: null, why: 'the device has no price' };
  const lowest = (bound: Bound, limit: number): number | null => {
    if (cost(most)[bound] > limit) return null;
    let [low, high] = [LEAST_RATE, most];
    for (let i = 0; i < HALVINGS && high / low > 1 + 1e-9; i++) {
      const middle = Math.sqrt(low * high);
      if (cost(middle)[bound] <= limit) high = middle;
      else low = middle;
    }
    return high;
  };
  const value = lowest('value', software.value);
  const best = lowest('low', software.high);
  const worst = lowest('high', software.low);
  const taken = `the ${formatNumber(most)}/s that the cards take`;
  if (value === null) {
    const times = formatNumber(cost(most).value / software.value);
    const hope = best === null ? '' : `; from ${formatNumber(best)}/s with every part at its best`;
    return {
      at: null,
      why: `never: at ${taken} a message costs ${times} times what software does${hope}`,
    };
  }
  return {
    at: estimate(value, Math.min(value, best ?? value), Math.max(value, worst ?? most), '1/s'),
    why: `from ${formatNumber(value)}/s on, of ${taken}${worst === null ? '; never with every part at its worst' : ''}`,
  };
}
