import { describe, expect, test } from 'vitest';
import { claimSection } from '../../src/report/page/claim.js';
import { verdicts } from '../../src/report/page/verdict.js';
import { pathDeviceTable } from '../../src/report/path-device-table.js';
import type { SuiteReport } from '../../src/report/suite-report.js';
import { bestCases } from '../../src/report/suite-text.js';
import { suiteFixture } from './suite-fixture.js';

const F2 = 'AWS F2 (f2.6xlarge)';

/** The fixture with one device, or all, of which nobody knows whether they hold the kernels. */
function unknownOn(device: string | null): SuiteReport {
  const report = suiteFixture();
  const mark = <T extends { device: string; fits: boolean | null }>(entries: readonly T[]): T[] =>
    entries.map((entry) =>
      (device === null || entry.device === device) && entry.fits === true
        ? { ...entry, fits: null }
        : entry,
    );
  return {
    ...report,
    projections: mark(report.projections).map((entry) =>
      entry.fits === null ? { ...entry, reason: 'nobody synthesised it; area assumed' } : entry,
    ),
    comparisons: mark(report.comparisons),
    breakEvens: mark(report.breakEvens),
  };
}

describe('a device that is not known to hold a kernel', () => {
  test('gives no verdict, and is named apart', () => {
    const cards = verdicts(unknownOn(F2)).text.split('<li class="verdict ').slice(1);
    expect(cards.length).toBe(suiteFixture().operations.length);
    for (const card of cards) {
      expect(card).toMatch(/Not known to fit on AWS F2 \(f2.6xlarge\). If it does: /);
      expect(card.split('Not known to fit')[0]).not.toContain(F2);
    }
    // Of the fixture as it is, F2 gives most verdicts.
    expect(verdicts(suiteFixture()).text).toContain(`On ${F2}`);
    const none = verdicts(unknownOn(null)).text;
    expect(none).toMatch(/sha256: no verdict.*No device that is known to hold it/s);
    expect(none).not.toMatch(/verdict (yes|maybe|no)"/);
  });

  test('is no point of the claim, and stands in a table of its own', async () => {
    const { body } = await claimSection(unknownOn(F2));
    const [drawn = '', apart = ''] = body.text.split('Not drawn:');
    expect(drawn).not.toContain(F2);
    expect(apart).toContain(F2);
    expect(apart).toMatch(/^ 8 cases on devices of which nobody knows/);
    const { body: none } = await claimSection(unknownOn(null));
    expect(none.text).not.toContain('<svg');
    expect(none.text).toContain('no device that is known to hold a kernel');
  });

  test('is marked in the tables of a terminal', () => {
    const report = unknownOn(F2);
    const table = pathDeviceTable(report, { operation: 'crc32', size: 'mail', batch: 4096 });
    expect(table).toContain(`${F2} via sde (fit not known)`);
    expect(table).toContain(`Not known to fit on ${F2}: nobody synthesised it.`);
    const lines = bestCases(report, 'crc32');
    expect(lines.at(-1)).toContain(`if it fits on ${F2}, which is not known,`);
    expect(lines.filter((line) => line.includes('best of')).join()).not.toContain(F2);
  });
});
