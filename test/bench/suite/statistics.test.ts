import { expect, test } from 'vitest';
import { hostOf } from '../../../src/bench/suite/host.js';
import { hostFigures } from '../../../src/bench/suite/host-figures.js';
import { quantile, summarise } from '../../../src/bench/suite/statistics.js';
import { cpuProfile } from '../../../src/devices/cpu-profiles.js';

test('quantiles lie between neighbours by linear interpolation', () => {
  const sorted = [10, 20, 30, 40];
  expect([0, 1 / 3, 0.5, 0.99, 1].map((share) => quantile(sorted, share))).toEqual([
    10,
    20,
    25,
    expect.closeTo(39.7, 9),
    40,
  ]);
  expect(quantile([7], 0.99)).toBe(7);
});

test('a summary has the median, the 99th percentile and the median deviation, in any order of values', () => {
  // Deviations from 3: 2, 1, 0, 1, 97; their median is 1.
  expect(summarise([100, 1, 3, 2, 4])).toEqual({
    samples: 5,
    p50: 3,
    p99: expect.closeTo(96.16, 9),
    mad: 1,
  });
  expect(summarise([5])).toEqual({ samples: 1, p50: 5, p99: 5, mad: 0 });
});

test('host figures are of one message: rates, joules by the watts of a core, and the price of a known instance', () => {
  const profile = cpuProfile('Intel(R) Xeon(R) Platinum 8488C');
  const timings = {
    batchNs: [900, 1000, 1100],
    bestRoundNs: 900,
    cpuNsPerBatch: 2000,
    metered: null,
  };
  const host = hostFigures(timings, 10, 64, hostOf(profile), false);
  expect(host.nsPerMessageP50).toEqual({ value: 100, unit: 'ns', provenance: 'measured' });
  expect(host.nsPerMessageMad.value).toBe(10);
  expect(host.nsPerMessageBestRound?.value).toBe(90);
  expect(host.messagesPerSecond.value).toBe(1e7);
  expect(host.bytesPerSecond.value).toBe(6.4e8);
  // 200 ns of CPU time at the watts of a core.
  const watts = profile.coreWatts.value;
  expect(host.joulesPerMessage.value).toBeCloseTo(watts * 200e-9, 15);
  expect(host.messagesPerJoule.value).toBeCloseTo(1 / (watts * 200e-9), 3);
  expect(host.messagesPerJoule.low).toBeCloseTo(1 / ((profile.coreWatts.high ?? 0) * 200e-9), 3);
  // c7i.large: 0.0892 USD/h for a core.
  expect(host.usdPerBillion?.value).toBeCloseTo((0.0892 / 3600) * 100, 9);
  const unknown = hostOf(cpuProfile('some processor'));
  expect(hostFigures(timings, 10, 64, unknown, false).usdPerBillion).toBeNull();
  // What a simulation costs says nothing of what the kernel would.
  expect(hostFigures(timings, 10, 64, hostOf(profile), true).usdPerBillion).toBeNull();
});
