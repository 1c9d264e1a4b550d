import { expect, test, vi } from 'vitest';
import { suitePage } from '../../src/report/page/suite-page.js';
import { emptySuite, suiteFixture } from './suite-fixture.js';

// What Node throws where an optional dependency was left out.
vi.mock('vega-lite', () => {
  throw new Error("Cannot find package 'vega-lite'");
});

test('says what to install where the packages that draw are left out', async () => {
  await expect(suitePage(suiteFixture())).rejects.toMatchObject({
    code: 'ERR_RTLIFT_DATA_MISSING',
    message: expect.stringContaining('npm install vega@6.4.0 vega-lite@6.4.3'),
    cause: expect.anything(),
  });
  // Without a chart nothing is missing.
  expect(await suitePage(emptySuite())).toContain('</html>');
});

test('names the versions that package.json pins', async () => {
  const manifest = await import('../../package.json', { with: { type: 'json' } });
  const { vega, 'vega-lite': vegaLite } = manifest.default.optionalDependencies;
  expect([vega, vegaLite]).toEqual(['6.4.0', '6.4.3']);
});
