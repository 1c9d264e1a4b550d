import { describe, expect, test } from 'vitest';
import { type ClockStep, clockSteps, mostSteps } from '../../src/toolchain/clock-steps.js';

const rises = (steps: readonly ClockStep[], clock: number): number =>
  steps.filter(({ rising }) => (rising >> clock) & 1).length;
const falls = (steps: readonly ClockStep[], clock: number): number =>
  steps.filter(({ falling }) => (falling >> clock) & 1).length;

describe('the edges of several clocks', () => {
  test('one clock rises and falls', () => {
    expect(clockSteps([[1, 1]])).toEqual([
      { rising: 1, falling: 0, phase: 0 },
      { rising: 0, falling: 1, phase: 0.5 },
    ]);
  });

  test('twice as fast: both rise together in every other period', () => {
    expect(
      clockSteps([
        [1, 1],
        [2, 1],
      ]),
    ).toEqual([
      { rising: 0b11, falling: 0, phase: 0 },
      { rising: 0, falling: 0b10, phase: 0.25 },
      { rising: 0b10, falling: 0b01, phase: 0.5 },
      { rising: 0, falling: 0b10, phase: 0.75 },
    ]);
  });

  test.each([
    [[1, 1], 1, 1],
    [[1, 2], 2, 1],
    [[3, 2], 2, 3],
    [[64, 63], 63, 64],
    [[1, 64], 64, 1],
    [[6, 4], 2, 3],
  ] as const)('a ratio of %j is as many edges to as many', (ratio, first, second) => {
    const steps = clockSteps([[1, 1], ratio]);
    expect([rises(steps, 0), rises(steps, 1)]).toEqual([first, second]);
    expect([falls(steps, 0), falls(steps, 1)]).toEqual([first, second]);
    expect(steps.length).toBeLessThanOrEqual(mostSteps([[1, 1], ratio]));
    expect(steps[0]).toEqual({ rising: 0b11, falling: 0, phase: 0 });
    for (const { rising, falling } of steps) {
      expect(rising | falling).not.toBe(0);
      expect(rising & falling).toBe(0);
    }
  });
});
