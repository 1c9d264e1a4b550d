import { expect, test } from 'vitest';
import { DEVICES } from '../../src/devices/catalogue.js';
import { withDeviceNames } from '../../src/report/page/device-names.js';
import { suiteFixture } from './suite-fixture.js';

test('ids of the catalogue become names, and other names stay', () => {
  const report = suiteFixture();
  const [projection] = report.projections;
  if (!projection) throw new Error('the fixture has no projection');
  const [device] = DEVICES;
  const named = withDeviceNames({
    ...report,
    projections: [
      { ...projection, device: device?.id ?? '' },
      { ...projection, device: 'my board' },
    ],
  });
  expect(named.projections.map((entry) => entry.device)).toEqual([device?.name, 'my board']);
});
