import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type ClaimData,
  claimDataOf,
  claimText,
  withClaim,
} from '../../bench/support/claim-document.js';
import { suiteFixture } from '../report/suite-fixture.js';
import { ROOT } from '../support/root.js';

const read = (file: string): string => readFileSync(join(ROOT, 'docs', file), 'utf8');
const data = JSON.parse(read('essay-claim.json')) as ClaimData;

test('the table of the claim is what its run found (npm run bench:claim writes both)', () => {
  const document = read('essay-claim.md');
  expect(withClaim(document, claimText(data))).toBe(document);
  expect(data.rows.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining(['sha256', 'sha256-pipelined', 'recordFilter', 'siphash', 'crc']),
  );
});

test('messages a joule are performance over power, by the CPU time of the software', () => {
  for (const { operation, performanceRatio, powerRatio, energyRatio, wallOverCpu } of data.rows) {
    const expected = performanceRatio.value / powerRatio.value / wallOverCpu;
    expect(energyRatio.value / expected, operation).toBeGreaterThan(0.98);
    expect(energyRatio.value / expected, operation).toBeLessThan(1.02);
  }
});

test('a row is disturbed where its time is above 1.2 times its CPU time', () => {
  for (const { operation, isDisturbed, wallOverCpu } of data.rows) {
    expect(isDisturbed ?? false, operation).toBe(wallOverCpu > 1.2);
  }
  const [first, ...rest] = data.rows;
  const rows = [...rest, { ...first, operation: 'loaded', isDisturbed: true as const }];
  const text = claimText({ ...data, rows: rows as ClaimData['rows'] });
  expect(text).toMatch(/Nothing is concluded .*`loaded` on/);
  expect(text).toMatch(/^\| `loaded` \|.*\| disturbed \|$/m);
});

test('of each operation and size the link counts through which it is fastest', () => {
  const report = suiteFixture();
  const device = 'AWS F2 (f2.6xlarge)';
  const { rows } = claimDataOf(report, device);
  const cases = new Set(
    rows.map(({ operation, size, batch }) => `${operation}/${size.name}/${batch}`),
  );
  expect(rows.length).toBe(cases.size);
  for (const row of rows) {
    const others = report.comparisons.filter(
      (each) =>
        each.device === device &&
        each.operation === row.operation &&
        each.size.name === row.size.name &&
        each.batch === row.batch,
    );
    const most = Math.max(...others.map(({ performanceRatio }) => performanceRatio.value));
    expect(row.performanceRatio.value).toBe(most);
  }
});
