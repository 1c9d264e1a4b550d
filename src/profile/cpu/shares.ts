import type { Share } from './report.js';

/** 95 % of a normal distribution lie so many standard deviations around its mean. */
const DEVIATIONS = 1.96;

/**
 * A share of samples, with Wilson's bounds of 95 %: what so many independent samples can say. Samples that a busy machine took
 * late are an error beyond it.
 * @see Wilson, "Probable inference, the law of succession, and statistical inference", 1927
 */
export function shareOf(part: number, whole: number): Share {
  if (whole === 0) return { value: 0, unit: '1', provenance: 'measured', low: 0, high: 1 };
  const value = Math.min(1, part / whole);
  const square = DEVIATIONS ** 2;
  const scale = 1 + square / whole;
  const centre = (value + square / (2 * whole)) / scale;
  const spread =
    (DEVIATIONS / scale) * Math.sqrt((value * (1 - value)) / whole + square / (4 * whole ** 2));
  return {
    value,
    unit: '1',
    provenance: 'measured',
    low: Math.max(0, Math.min(value, centre - spread)),
    high: Math.min(1, Math.max(value, centre + spread)),
  };
}
