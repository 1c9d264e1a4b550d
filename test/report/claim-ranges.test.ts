import { expect, test } from 'vitest';
import { estimate } from '../../src/figure.js';
import { claimSection } from '../../src/report/page/claim.js';
import type { SuiteReport } from '../../src/report/suite-report.js';
import { emptySuite } from './suite-fixture.js';

type Bounds = readonly [low: number, value: number, high: number];

function reportOf(cases: readonly (readonly [name: string, performance: Bounds, power: Bounds])[]) {
  const ratio = ([low, value, high]: Bounds) => estimate(value, low, high, '1');
  const comparisons: SuiteReport['comparisons'] = cases.map(([operation, performance, power]) => ({
    operation,
    size: { name: 'mail', bytes: 5000 },
    batch: 256,
    device: 'card',
    link: 'link',
    fits: true,
    rival: 'native',
    performanceRatio: ratio(performance),
    powerRatio: ratio(power),
    energyRatio: ratio([1, 1, 1]),
  }));
  return { ...emptySuite(), comparisons };
}

const boldOf = async (report: SuiteReport): Promise<string> =>
  /box the power is lower still\. <b>(.*?)<\/b>/s.exec(
    (await claimSection(report)).body.text,
  )?.[1] ?? '';

test('the claim is judged by ranges: it holds, does not, or nobody can tell', async () => {
  const text = await boldOf(
    reportOf([
      ['surely', [10, 40, 90], [2, 5, 20]],
      ['perhaps', [5, 40, 90], [2, 5, 20]],
      ['hungry', [10, 40, 90], [5, 15, 21]],
      ['slow', [1, 5, 9.9], [1, 2, 3]],
      ['costly', [20, 40, 90], [20.1, 30, 60]],
    ]),
  );
  expect(text).toContain('It holds over the whole range of surely on card.');
  expect(text).toContain('Of perhaps on card, hungry on card the ranges cannot tell.');
  expect(text).toContain('It does not hold of 2 others.');
});

test('the value alone makes no claim', async () => {
  const text = await boldOf(reportOf([['perhaps', [9, 40, 90], [2, 5, 20]]]));
  expect(text).toContain('It holds of no case over its whole range.');
});

test('nothing is concluded from software that other work disturbed', async () => {
  const report = reportOf([
    ['sure', [10, 40, 90], [2, 5, 20]],
    ['slow', [1, 5, 9.9], [1, 2, 3]],
  ]);
  const comparisons = report.comparisons.map((at) => ({ ...at, isDisturbed: true as const }));
  const text = await boldOf({ ...report, comparisons });
  expect(text).toContain('It holds of no case');
  expect(text).toContain('Of sure on card, slow on card nothing is concluded');
  expect(text).toContain('It does not hold of no other.');
});
