import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchHistogramRecorder, type BatchHistograms } from '../../src/dispatch/histograms.js';
import {
  BATCH_CHANNEL,
  type BatchEvent,
  HISTOGRAM_CHANNEL,
  type HistogramEvent,
  offload,
} from '../../src/index.js';
import { SUM } from './scripted-path.js';

test('counts, bounds and percentiles are those of the values, whatever they are', () => {
  const ns = fc.oneof(
    fc.double({ min: 0.1, max: 2 ** 39, noNaN: true }),
    fc.integer({ min: 1, max: 100_000 }),
    fc.constantFrom(1, 2, 4, 1024, 2 ** 20),
  );
  fc.assert(
    fc.property(fc.array(ns, { minLength: 1, maxLength: 60 }), (values) => {
      const recorder = new BatchHistogramRecorder();
      for (const value of values) recorder.record('javascript', 'only', 3, 1, value);
      const [{ duration }] = recorder.figures() as [BatchHistograms];
      const sorted = [...values].sort((a, b) => a - b);
      expect(duration.count.value).toBe(values.length);
      expect(duration.least.value).toBe(Math.round(sorted[0] as number));
      expect(duration.most.value).toBe(Math.round(sorted.at(-1) as number));
      for (const [share, { low = 0, high = 0, value }] of [
        [0.5, duration.p50],
        [0.9, duration.p90],
        [0.99, duration.p99],
      ] as const) {
        const exact = sorted[Math.ceil(share * sorted.length) - 1] as number;
        expect(low - 1).toBeLessThanOrEqual(exact);
        expect(high + 1).toBeGreaterThanOrEqual(exact);
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
        expect(high - low).toBeLessThanOrEqual(low / 4 + 1);
      }
      for (const { from, below, count } of duration.buckets) {
        const within = values.filter((v) => Math.max(1, v) >= from && Math.max(1, v) < below);
        expect(count).toBe(within.length);
      }
    }),
  );
});

test('stand apart by path, reason and size class, and do not grow without end', () => {
  const recorder = new BatchHistogramRecorder();
  recorder.record('javascript', 'only', 0, 1, 10);
  recorder.record('javascript', 'fallback', 0, 1, 20);
  recorder.record('verilator', 'only', 0, 1, 30);
  recorder.record('javascript', 'only', 0, 1, 40);
  expect(
    recorder.figures().map(({ path, reason, duration }) => [path, reason, duration.sum.value]),
  ).toEqual([
    ['javascript', 'only', 50],
    ['javascript', 'fallback', 20],
    ['verilator', 'only', 30],
  ]);
  for (let key = 0; key < 1_000; key++) recorder.record('javascript', 'only', key, 1, 1);
  const all = recorder.figures();
  expect(all).toHaveLength(65);
  const total = all.reduce((sum, { size }) => sum + size.count.value, 0);
  expect(total).toBe(1_004);
  expect(all.at(-1)).toMatchObject({ sizeClass: 'others', size: { count: { value: 1_000 - 62 } } });
});

test('are in stats(), on their channel and made of what the batch events say', async () => {
  const [batches, events]: [BatchEvent[], HistogramEvent[]] = [[], []];
  const onBatch = (event: unknown): void => void batches.push(event as BatchEvent);
  const onHistogram = (event: unknown): void => void events.push(event as HistogramEvent);
  subscribe(BATCH_CHANNEL, onBatch);
  subscribe(HISTOGRAM_CHANNEL, onHistogram);
  const run = await offload(SUM, { path: 'javascript' });
  for (const n of [1, 2, 3, 2]) await run.batch(new Array(n).fill(Uint8Array.of(1)));
  await run.batch(['x' as never]).catch(() => undefined);
  const { histograms } = run.stats();
  await run.close();
  unsubscribe(BATCH_CHANNEL, onBatch);
  unsubscribe(HISTOGRAM_CHANNEL, onHistogram);
  expect(
    histograms.map(({ reason, sizeClass, size }) => [reason, sizeClass, size.sum.value]),
  ).toEqual([
    ['named', '1 B x 1', 1],
    ['named', '1 B x 2..3', 7],
  ]);
  const waited = batches.reduce((sum, { hostNs }) => sum + hostNs, 0);
  const summed = histograms.reduce((sum, { duration }) => sum + duration.sum.value, 0);
  expect(Math.abs(summed - waited)).toBeLessThanOrEqual(histograms.length);
  // With the first batch, and at the end.
  expect(events[0]).toMatchObject({ kernel: 'sum', histograms: [{ sizeClass: '1 B x 1' }] });
  expect(events.at(-1)?.histograms).toEqual(histograms);
  expect(events.length).toBeLessThan(batches.length);
});
