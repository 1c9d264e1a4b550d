import { describe, expect, test } from 'vitest';
import {
  isIndependent,
  modelError,
  modelPoints,
} from '../../src/devices/validation/model-points.js';
import type { ModelPoint } from '../../src/devices/validation/point.js';

const points = modelPoints();
const factorsOf = (chosen: readonly ModelPoint[]) => chosen.map(({ factor }) => factor);

describe('models against published measurements', () => {
  test('every point has a source, a unit for both sides and bounds', () => {
    for (const { what, source, published, predicted } of points) {
      // owner/name, an address, or that nobody knows where the document is.
      expect(source, what).toMatch(
        /^assumed: .{30}|[\w.-]+\/[\w.-]+|https?:|^firesim PR \d+|SPECpower/,
      );
      expect(source.replace(/;? ?(derived: )?docs\/[\w.]+/, '').trim(), what).toMatch(/.{10}/);
      expect(source, what).not.toMatch(/^(docs|see docs)\/|[;,] docs\/models\.md$/);
      expect(predicted.unit, what).toBe(published.unit);
      expect(published.value, what).toBeGreaterThan(0);
      expect(predicted.low, what).toBeLessThanOrEqual(predicted.value);
      expect(predicted.high, what).toBeGreaterThanOrEqual(predicted.value);
    }
    expect(new Set(points.map(({ what }) => what)).size).toBe(points.length);
  });

  test('the factor is the larger of the two quotients', () => {
    for (const { factor, predicted, published } of points) {
      const ratio = predicted.value / published.value;
      expect(factor).toBeCloseTo(ratio > 1 ? ratio : 1 / ratio, 12);
    }
  });

  test('power, links, CPU energy and clocks each have judges', () => {
    for (const [part, least] of [
      ['power', 15],
      ['link', 15],
      ['cpu energy', 5],
      ['clock', 2],
    ] as const) {
      const judges = points.filter((point) => point.part === part && point.isJudge);
      expect(judges.length, part).toBeGreaterThanOrEqual(least);
    }
  });

  test('only points that no coefficient was taken from count', () => {
    const judges = points.filter(({ role }) => role === 'judge');
    expect(points.filter(({ isJudge }) => isJudge)).toEqual(judges);
    expect(modelError(points)).toEqual(modelError(judges));
    // Five variants of one design are one point.
    expect(judges.filter(({ family }) => family !== null)).toHaveLength(5);
    expect(modelError(points).points).toBe(judges.length - 4);
    const independent = points.filter(isIndependent);
    expect(independent.some(({ what }) => /iCE40UP5K counter|Icarus|Winograd/.test(what))).toBe(
      false,
    );
    expect(independent.some(({ what }) => /bcrypt on ZTEX/.test(what))).toBe(true);
    expect(judges.length).toBeLessThan(points.length);
  });

  test('the coefficients give back what they were taken from', () => {
    const counters = points.filter(({ what, role }) => /counter/.test(what) && role === 'fitted');
    expect(Math.max(...factorsOf(counters))).toBeLessThan(1.06);
    const one = (name: RegExp) => points.find(({ what }) => name.test(what))?.factor;
    expect(one(/X6500/)).toBeCloseTo(1, 1);
    expect(one(/regex design/)).toBeLessThan(1.1);
    expect(one(/dword reads/)).toBeCloseTo(1, 6);
  });

  test('a clock is that of the same path: delays of its levels, a net before each and at the end', () => {
    const one = (name: RegExp) => points.find(({ what }) => name.test(what));
    // 0.08 + 13 x 0.1 + 0.15 + 16 x 0.006 + 0.1 + 15 x 0.255 + 0.03 ns.
    expect(one(/verilog-axi/)?.predicted.value).toBeCloseTo(1000 / 5.581, 3);
    // 0.54 + 22 x 0.4 + 23 x 0.75 + 0.47 ns.
    expect(one(/littlesoc, HX8K/)?.predicted.value).toBeCloseTo(1000 / 27.06, 3);
    // What is at rest does not grow with the clock.
    expect(one(/MLAccel/)?.predicted.value).toBeCloseTo(0.104 + ((10.58 - 0.104) * 20) / 12, 6);
    expect(one(/MLAccel/)?.isJudge).toBe(true);
    // The range of the estimate was taken from these.
    const lakeroad = points.filter(({ source }) => /lakeroad/.test(source));
    expect(lakeroad.map(({ role }) => role)).toEqual(new Array(10).fill('fitted'));
  });

  test('half of the judges lie within 1.5, and a quarter beyond 2.5 at most', () => {
    const { medianFactor } = modelError(points);
    expect(medianFactor).toBeLessThan(1.5);
    const judges = factorsOf(points.filter(({ isJudge }) => isJudge));
    expect(judges.filter((factor) => factor > 2.5).length).toBeLessThan(judges.length / 4);
  });

  test('median and worst of an even and an odd number of points', () => {
    const some = (...factors: number[]) =>
      factors.map((factor) => ({
        ...(points[0] as ModelPoint),
        factor,
        isJudge: true,
        family: null,
      }));
    expect(modelError(some(4, 1, 2))).toEqual({ points: 3, medianFactor: 2, worstFactor: 4 });
    expect(modelError(some(4, 1, 3, 2)).medianFactor).toBe(2.5);
    const family = some(2, 9, 8).map((point) => ({ ...point, family: 'variants' }));
    expect(modelError([...some(1), ...family])).toEqual({
      points: 2,
      medianFactor: 4.5,
      worstFactor: 8,
    });
  });
});
