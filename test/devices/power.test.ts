import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ULTRASCALE_PLUS_POWER } from '../../src/devices/coefficients.js';
import { cycleEnergy, wattsAt } from '../../src/devices/power.js';
import {
  atMost,
  exactly,
  larger,
  over,
  type Range,
  ratioOf,
  sum,
  times,
} from '../../src/devices/range.js';
import { estimate, figure } from '../../src/figure.js';

const pj = (value: number) => figure(value, 'pJ', 'assumed');

describe('cycleEnergy', () => {
  test('adds what each kind of cell takes', () => {
    const coefficients = {
      netPj: pj(1),
      ffPj: pj(10),
      srlPj: pj(100),
      bramPj: pj(1000),
      dspPj: pj(10_000),
      rootPj: pj(7),
      glitches: figure(2, '1', 'assumed'),
      source: 'a sum that can be done by hand',
    };
    const cells = {
      lut: exactly(40),
      ff: exactly(30),
      carry: exactly(999),
      srl: exactly(3),
      bram: exactly(4),
      dsp: exactly(6),
    };
    const { clockPj, workPj } = cycleEnergy(coefficients, cells, {
      register: exactly(0.1),
      net: exactly(0.25),
      duty: exactly(0.5),
    });
    expect(clockPj.value).toBe(30 * 10 + 7);
    // 40 LUT x 0.25 x 2 glitches + 30 FF x 0.1, without glitches.
    expect(workPj.value).toBeCloseTo(20 + 3 + 300 + 2000 + 30_000);
    // 1000 pJ a cycle at 250 MHz are a quarter of a watt.
    expect(wattsAt(exactly(1000), exactly(250)).value).toBeCloseTo(0.25);
  });

  test('the low and the high of UltraScale+ lie at least a factor of two from its value', () => {
    const kernel = { lut: 2193, ff: 1074, carry: 408, srl: 0, bram: 0, dsp: 0 };
    const cells = Object.fromEntries(
      Object.entries(kernel).map(([name, count]) => [name, exactly(count)]),
    ) as Record<keyof typeof kernel, Range>;
    const { workPj } = cycleEnergy(ULTRASCALE_PLUS_POWER, cells, {
      register: exactly(0.5),
      net: exactly(0.5),
      duty: exactly(1),
    });
    expect(workPj.value / workPj.low).toBeGreaterThanOrEqual(2);
    expect(workPj.high / workPj.value).toBeGreaterThanOrEqual(2);
  });
});

describe('ranges', () => {
  const anyRange = fc
    .tuple(
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
    )
    .map(([low, up, more]): Range => ({ low, value: low + up, high: low + up + more }));
  const pick = ({ low, high }: Range, share: number) => low + share * (high - low);

  test('hold every result of numbers within them', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyRange, anyRange, share, share, (a, b, i, j) => {
        const [x, y] = [pick(a, i), pick(b, j)];
        const cases: [Range, number][] = [
          [sum(a, b), x + y],
          [times(a, b), x * y],
          [over(a, b), x / y],
          [larger(a, b), Math.max(x, y)],
          [atMost(a, 1), Math.min(x, 1)],
        ];
        for (const [range, result] of cases) {
          expect(result).toBeGreaterThanOrEqual(range.low * (1 - 1e-9));
          expect(result).toBeLessThanOrEqual(range.high * (1 + 1e-9));
          expect(range.value).toBeGreaterThanOrEqual(range.low);
          expect(range.value).toBeLessThanOrEqual(range.high);
        }
      }),
    );
  });

  test('a ratio is lowest where its divisor is highest', () => {
    const device = estimate(100, 50, 200, '1/J');
    const core = estimate(10, 6, 14, '1/J', 'assumed');
    const ratio = ratioOf(device, core);
    expect([ratio.value, ratio.low, ratio.high]).toEqual([10, 50 / 14, 200 / 6]);
    expect(() => ratioOf(device, estimate(1, 0, 2, '1/J'))).toThrow(/denominator must be above 0/);
  });
});
