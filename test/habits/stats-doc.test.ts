import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BatchHistogramRecorder } from '../../src/dispatch/histograms.js';
import { QueueCounters } from '../../src/dispatch/queue/queue-stats.js';
import { type OffloadStats, StatsRecorder } from '../../src/dispatch/stats.js';
import { fieldsOf } from '../support/flatten-stats.js';

/** Statistics in which nothing is null or empty. */
function fullStats(): OffloadStats {
  const stats = new StatsRecorder();
  stats.ranOn('verilator', 'fastest', 2);
  stats.fellBack('verilator', 'ERR_RTLIFT_KERNEL_STOP');
  const counters = {
    cycles: 1,
    inBeats: 1,
    inStalls: 1,
    inBubbles: 1,
    outBeats: 1,
    outStalls: 1,
    outBubbles: 1,
    latencyCycles: 1,
  };
  const groups = [
    { kind: 'registers' as const, clock: 'clk', bits: 1 },
    { kind: 'memories' as const, clock: 'clk', bits: 1 },
  ];
  const plan = { groups, misses: ['what is not counted'] } as never;
  const activity = { plan, samples: [1, 1], toggles: [1, 1] } as never;
  stats.settle({ bytesIn: 1, counters, activity, modelNs: 1 }, 1, 1);
  const histograms = new BatchHistogramRecorder();
  histograms.record('verilator', 'fastest', 0, 2, 1000);
  const counts = new QueueCounters();
  counts.batch(1);
  const queue = { ...counts, queuedMessages: 0, queuedBytes: 0, heldBack: 0, inFlight: 0 };
  return stats.snapshot({
    kernel: 'kernel',
    path: 'verilator',
    reason: 'why',
    queue: { ...queue, waitedMs: 0 },
    histograms: histograms.figures(),
    lostThreads: 0,
  });
}

test('docs/stats.md has every field of stats(), with its unit and provenance, and no other', () => {
  const page = readFileSync(new URL('../../docs/stats.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([^`]+)` \|([^|]*)\|([^|]*)\| \S/gm)];
  const documented = rows.map(([, field = '', unit = '', provenance = '']) => ({
    field,
    unit: unit.trim(),
    provenance: provenance.trim(),
  }));
  expect(documented).toEqual(fieldsOf(fullStats()));
});
