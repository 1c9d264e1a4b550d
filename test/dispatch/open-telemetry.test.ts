import { metrics, trace } from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import { faults, mismatches } from '../../src/dispatch/events.js';
import { offload, reportToOpenTelemetry } from '../../src/index.js';
import { SUM } from './scripted-path.js';

interface Recorded {
  readonly name: string;
  readonly value: unknown;
  readonly attributes: Record<string, unknown>;
}

/** Providers of the API that keep what they are told. */
function record(): Recorded[] {
  const recorded: Recorded[] = [];
  const instrument = (name: string) => {
    const keep = (value: number, attributes: Record<string, unknown>): void => {
      recorded.push({ name, value, attributes });
    };
    return { record: keep, add: keep };
  };
  metrics.setGlobalMeterProvider({
    getMeter: () => ({ createHistogram: instrument, createCounter: instrument }),
  } as never);
  trace.setGlobalTracerProvider({
    getTracer: () => ({
      startSpan: (
        name: string,
        options: { attributes: Record<string, unknown>; startTime: number },
      ) => ({
        setStatus: (status: unknown) =>
          recorded.push({ name: `${name} status`, value: status, attributes: {} }),
        end: (at: number) =>
          recorded.push({ name, value: at - options.startTime, attributes: options.attributes }),
      }),
    }),
  } as never);
  return recorded;
}

afterEach(() => {
  metrics.disable();
  trace.disable();
});

test('batches become metrics and spans, until the reports are stopped', async () => {
  const recorded = record();
  const stop = await reportToOpenTelemetry();
  await using run = await offload(SUM, { path: 'javascript' });
  await run.batch([Uint8Array.of(1, 2), Uint8Array.of(3)]);
  const attributes = {
    'rtlift.kernel': 'sum',
    'rtlift.path': 'javascript',
    'rtlift.reason': 'named',
    'rtlift.size_class': '1 B x 2..3',
    'rtlift.ok': true,
  };
  expect(recorded).toMatchObject([
    { name: 'rtlift.batch.duration', value: expect.any(Number), attributes },
    { name: 'rtlift.batch.size', value: 2, attributes },
    { name: 'rtlift.messages', value: 2, attributes },
    { name: 'rtlift.io', value: 3, attributes },
    {
      name: 'rtlift.batch',
      attributes: {
        ...attributes,
        'rtlift.chosen_path': 'javascript',
        'rtlift.messages': 2,
        'rtlift.bytes': 3,
      },
    },
  ]);
  expect(recorded[0]?.value).toBeLessThan(10);
  stop();
  await run.batch([Uint8Array.of(1)]);
  expect(recorded).toHaveLength(5);
});

test('a batch that fails is a span with that status', async () => {
  const recorded = record();
  const stop = await reportToOpenTelemetry({ metrics: false });
  await using run = await offload({ ...SUM, golden: () => Number.NaN }, { path: 'javascript' });
  await run.batch([1 as never]).catch(() => undefined);
  await run.batch([Uint8Array.of(1)], { signal: AbortSignal.abort() }).catch(() => undefined);
  const controller = new AbortController();
  const running = run.batch([Uint8Array.of(1)], { signal: controller.signal });
  controller.abort();
  await running.catch(() => undefined);
  stop();
  expect(recorded.map(({ name }) => name)).toContain('rtlift.batch status');
});

test('faults and mismatches of a path are counted by code', async () => {
  const recorded = record();
  const stop = await reportToOpenTelemetry({ spans: false });
  faults.publish({ kernel: 'k', path: 'verilator', code: 'ERR_RTLIFT_KERNEL_STOP' });
  mismatches.publish({ kernel: 'k', path: 'verilator' });
  stop();
  const attributes = { 'rtlift.kernel': 'k', 'rtlift.path': 'verilator' };
  expect(recorded).toEqual([
    {
      name: 'rtlift.path.faults',
      value: 1,
      attributes: { ...attributes, 'error.type': 'ERR_RTLIFT_KERNEL_STOP' },
    },
    { name: 'rtlift.path.mismatches', value: 1, attributes },
  ]);
});
