import type { CallProfileReport } from '../../src/index.js';

interface Made {
  readonly hostNs: number;
  readonly share: number;
  readonly perSecond?: number;
  readonly bytes?: number;
}

/** A call profile as profile().report() gives it, of calls of one size. */
export function callProfileOf({
  hostNs,
  share,
  perSecond = 20_000,
  bytes = 200,
}: Made): CallProfileReport {
  const measured = (value: number, unit: string) => ({
    value,
    unit,
    provenance: 'measured' as const,
  });
  const distribution = (value: number, unit: string) => ({
    mean: measured(value, unit),
    p50: measured(value, unit),
    p90: measured(value, unit),
    p99: measured(value, unit),
    buckets: [{ low: value, high: value, count: perSecond, sum: value * perSecond }],
  });
  return {
    schema: 'rtlift-call-profile-1',
    name: 'sha256',
    takenAt: '2026-01-01T00:00:00.000Z',
    machine: { cpu: 'made up', cores: 8, node: process.version },
    span: measured(1e9, 'ns'),
    calls: measured(perSecond, 'count'),
    errors: measured(0, 'count'),
    unsized: measured(0, 'count'),
    bytes: measured(bytes * perSecond, 'B'),
    sizes: distribution(bytes, 'B'),
    callsPerSecond: measured(perSecond, '1/s'),
    gaps: distribution(1e9 / perSecond, 'ns'),
    batches: [10_000, 1_000_000].map((delay) => ({
      delay: { value: delay, unit: 'ns', provenance: 'assumed' as const },
      messages: measured(1 + (perSecond * delay) / 1e9, 'messages'),
    })),
    concurrency: { max: measured(4, 'count'), mean: measured(0.5, 'count') },
    hostTime: distribution(hostNs, 'ns'),
    waited: null,
    cpu: {
      process: measured((hostNs * perSecond) / share, 'ns'),
      own: measured(hostNs * perSecond, 'ns'),
      share: measured(share, '1'),
    },
    sampled: { calls: measured(perSecond, 'count'), every: 16, runOf: 256, note: 'made up' },
  };
}
