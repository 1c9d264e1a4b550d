import { expect, test } from 'vitest';
import { perMessage } from '../../../src/advise/software.js';
import { isDisturbed, quietTime } from '../../../src/bench/suite/quiet-time.js';

// A batch of seconds on a machine with three threads a core: every round is put aside, the fastest as well.
const LOADED = { best: 50_648, p50: 55_000, mad: 3000, cpu: 15_797 };

test('time is the fastest round, from the CPU time where every round was put aside', () => {
  expect(quietTime(LOADED)).toEqual({ low: 15_797, value: 50_648, high: 58_000 });
  expect(isDisturbed(LOADED)).toBe(true);
});

test('time of a quiet machine spreads as its timings do, by half at most', () => {
  const quiet = { best: 100, p50: 110, mad: 5, cpu: 99 };
  expect(quietTime(quiet)).toEqual({ low: 95, value: 100, high: 115 });
  expect(quietTime({ ...quiet, mad: 80 }).low).toBe(50);
  // A collector on another thread, where the CPU time is that of the process.
  expect(quietTime({ ...quiet, cpu: 300 }).low).toBe(95);
});

test('a fastest round of more than 1.2 times the CPU time is disturbed', () => {
  expect(isDisturbed({ best: 119, p50: 500, cpu: 100 })).toBe(false);
  expect(isDisturbed({ best: 121, p50: 500, cpu: 100 })).toBe(true);
});

test('advice takes software of a loaded machine from its CPU time as well', () => {
  const loaded = perMessage({ bestRoundNs: 500, cpuNsPerBatch: 200 }, 10);
  expect(loaded).toMatchObject({ value: 50, low: 18 });
  expect(loaded.high).toBeCloseTo(55, 9);
  expect(perMessage({ bestRoundNs: 500, cpuNsPerBatch: 520 }, 10).low).toBe(45);
});
