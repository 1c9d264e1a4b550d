import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Attributes } from '@opentelemetry/api';
import { RtliftError } from '../errors.js';
import {
  BATCH_CHANNEL,
  type BatchEvent,
  FAULT_CHANNEL,
  type FaultEvent,
  MISMATCH_CHANNEL,
  type MismatchEvent,
} from './events.js';

/** Which of the two are made; both by default. */
export interface OpenTelemetryOptions {
  readonly metrics?: boolean;
  readonly spans?: boolean;
}

const NAME = 'rtlift';

/**
 * Reports what the library does to the OpenTelemetry API, for all handles of this process, until the returned function is called.
 *
 * Metrics: `rtlift.batch.duration` (histogram, s), `rtlift.batch.size` (histogram, messages), `rtlift.messages`, `rtlift.io` (By),
 * `rtlift.path.faults`, `rtlift.path.mismatches` (counters), with the attributes `rtlift.kernel`, `rtlift.path`, and of batches
 * `rtlift.reason`, `rtlift.size_class` and `rtlift.ok`. `rtlift.path` is where the batch ran, after a fallback too. The histograms
 * get the measurements that `stats().histograms` is made of. Spans, with `rtlift.chosen_path` beside it: `rtlift.batch`, one a batch, children of nothing: a batch serves
 * calls of many requests.
 * @returns stops the reports.
 * @throws {@link RtliftError} `ERR_RTLIFT_TOOL_MISSING` where the package `@opentelemetry/api` is not installed.
 * @see OpenTelemetry specification 1.x, Metrics API; semantic conventions, "General guidelines" for names and units
 */
export async function reportToOpenTelemetry({
  metrics = true,
  spans = true,
}: OpenTelemetryOptions = {}): Promise<() => void> {
  const api = await import('@opentelemetry/api').catch((cause: unknown) => {
    throw new RtliftError(
      'ERR_RTLIFT_TOOL_MISSING',
      'OpenTelemetry needs the package @opentelemetry/api: npm install @opentelemetry/api',
      { package: '@opentelemetry/api' },
      { cause },
    );
  });
  const meter = api.metrics.getMeter(NAME);
  const tracer = api.trace.getTracer(NAME);
  const duration = meter.createHistogram('rtlift.batch.duration', {
    unit: 's',
    description: 'Host time of a batch, from its start to its results',
  });
  const size = meter.createHistogram('rtlift.batch.size', { unit: '{message}' });
  const messages = meter.createCounter('rtlift.messages', { unit: '{message}' });
  const io = meter.createCounter('rtlift.io', {
    unit: 'By',
    description: 'Encoded size of the messages',
  });
  const faults = meter.createCounter('rtlift.path.faults', { unit: '{batch}' });
  const mismatches = meter.createCounter('rtlift.path.mismatches', { unit: '{batch}' });

  const onBatch = (event: unknown): void => {
    const batch = event as BatchEvent;
    const attributes = {
      'rtlift.kernel': batch.kernel,
      'rtlift.path': batch.path,
      'rtlift.reason': batch.reason,
      'rtlift.size_class': batch.sizeClass,
      'rtlift.ok': batch.ok,
    };
    if (metrics) {
      duration.record(batch.hostNs / 1e9, attributes);
      size.record(batch.messages, attributes);
      messages.add(batch.messages, attributes);
      io.add(batch.bytesIn, attributes);
    }
    if (!spans) return;
    const end = Date.now();
    const span = tracer.startSpan('rtlift.batch', {
      root: true,
      startTime: end - batch.hostNs / 1e6,
      attributes: {
        ...attributes,
        'rtlift.chosen_path': batch.chosen,
        'rtlift.messages': batch.messages,
        'rtlift.bytes': batch.bytesIn,
      },
    });
    if (!batch.ok) span.setStatus({ code: api.SpanStatusCode.ERROR });
    span.end(end);
  };
  const pathOf = ({
    kernel,
    path,
  }: {
    readonly kernel: string;
    readonly path: string;
  }): Attributes => ({
    'rtlift.kernel': kernel,
    'rtlift.path': path,
  });
  const onFault = (event: unknown): void => {
    const fault = event as FaultEvent;
    faults.add(1, { ...pathOf(fault), 'error.type': fault.code });
  };
  const onMismatch = (event: unknown): void => mismatches.add(1, pathOf(event as MismatchEvent));

  subscribe(BATCH_CHANNEL, onBatch);
  if (metrics) {
    subscribe(FAULT_CHANNEL, onFault);
    subscribe(MISMATCH_CHANNEL, onMismatch);
  }
  return () => {
    unsubscribe(BATCH_CHANNEL, onBatch);
    unsubscribe(FAULT_CHANNEL, onFault);
    unsubscribe(MISMATCH_CHANNEL, onMismatch);
  };
}
