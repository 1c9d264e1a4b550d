import { expect, test } from 'vitest';
import { heldAgainst } from '../../../src/bench/suite/break-even.js';
import type { BreakEven, Comparison } from '../../../src/report/suite-report.js';

const size = { name: '64 B', bytes: 64 };
const place = { operation: 'crc', size, device: 'd', link: 'l', fits: true, rival: 'r' } as const;
const breakEven = (batch: number | null): BreakEven => ({
  ...place,
  batch,
  latencyBatch: batch,
  why: 'scaled',
});
const ratio = { value: 1, unit: '1', provenance: 'modelled' as const };
const at = (batch: number, value: number): Comparison => ({
  ...place,
  batch,
  performanceRatio: { ...ratio, value },
  powerRatio: ratio,
  energyRatio: ratio,
});

test('a break-even that a simulated batch contradicts moves behind it', () => {
  const comparisons = [at(1, 0.4), at(256, 0.9), at(4096, 1.5)];
  expect(heldAgainst([breakEven(1)], comparisons)).toMatchObject([
    { batch: 4096, latencyBatch: 4096 },
  ]);
  expect(heldAgainst([breakEven(300)], comparisons)).toEqual([breakEven(300)]);
  expect(heldAgainst([breakEven(1)], [at(1, 0.4)])).toMatchObject([{ batch: null }]);
  expect(heldAgainst([breakEven(null)], comparisons)).toEqual([breakEven(null)]);
  const elsewhere = comparisons.map((entry) => ({ ...entry, link: 'other' }));
  expect(heldAgainst([breakEven(1)], elsewhere)).toEqual([breakEven(1)]);
});
