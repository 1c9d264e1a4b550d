import { exactly, type Range, rangeOf, toFigure } from '../devices/range.js';
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

/**
 * The arrival rate at which what is paid all the time, spread over the messages, leaves a message as cheap as by software:
 * idle / (software - work).
 * @param software - cost of a message by software.
 * @param idle - cost of a second of the cards at rest; `null`: not known.
 * @param work - cost of a message on top of that.
 * @param most - messages a second that the cards take.
 */
export function rateBreakEven(
  software: Range,
  idle: Range | null,
  work: Range,
  most: number,
): BreakEvenPoint {
  if (idle === null) return { at: null, why: 'the device has no price' };
  const rate = (rest: number, rival: number, each: number): number | null =>
    rival > each ? rest / (rival - each) : null;
  const value = rate(idle.value, software.value, work.value);
  const best = rate(idle.low, software.high, work.low);
  const worst = rate(idle.high, software.low, work.high);
  const limit = `the cards take ${formatNumber(most)}/s`;
  if (value === null) {
    const hope = best === null || best > most ? '' : `; from ${formatNumber(best)}/s at best`;
    return { at: null, why: `never: a message alone costs more than by software${hope}` };
  }
  if (value > most) {
    const hope = best === null || best > most ? '' : `, from ${formatNumber(best)}/s at best`;
    return { at: null, why: `never: it would take ${formatNumber(value)}/s, and ${limit}${hope}` };
  }
  const high = worst === null ? Math.max(value, most) : worst;
  const range = {
    ...exactly(value),
    low: Math.min(value, best ?? value),
    high: Math.max(value, high),
  };
  return {
    at: toFigure(range, '1/s'),
    why: `from ${formatNumber(value)}/s on; ${limit}`,
  };
}
