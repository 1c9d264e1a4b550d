import { cpus } from 'node:os';
import { estimate, type Figure, figure } from '../../figure.js';
import { batchOfWindows, EPISODE_CALLS, SAMPLE_EVERY } from './arrivals.js';
import { type Bucket, type Histogram, quantileOf } from './histogram.js';
import type { CallRecorder } from './recorder.js';
import type { CallProfileReport } from './schema.js';

type Distribution = NonNullable<CallProfileReport['sizes']>;

function distribution(histogram: Histogram, unit: string): Distribution | null {
  if (histogram.count === 0) return null;
  const buckets = histogram.buckets();
  return {
    mean: figure(histogram.mean, unit, 'measured'),
    p50: quantile(buckets, 0.5, unit),
    p90: quantile(buckets, 0.9, unit),
    p99: quantile(buckets, 0.99, unit),
    buckets,
  };
}

const quantile = (buckets: readonly Bucket[], share: number, unit: string): Figure =>
  figure(quantileOf(buckets, share), unit, 'measured');

/** A call that took so many times the 99th of a hundred was one in which something else ran. */
const INTERRUPTED = 20;

/**
 * Mean of what was sampled, with two standard errors either way. Calls that were interrupted count as the 99th of a hundred: the clock
 * ran on while the thread did not, and this is about its CPU time.
 */
function sampledMean({ hostTimes, calls }: CallRecorder): Figure | null {
  const buckets = hostTimes.buckets();
  const { count } = hostTimes;
  if (count === 0) return null;
  const p99 = quantileOf(buckets, 0.99);
  const timed = buckets.map((bucket) => {
    const mean = bucket.sum / bucket.count;
    return { count: bucket.count, mean: mean > INTERRUPTED * p99 ? p99 : mean };
  });
  const mean = timed.reduce((sum, each) => sum + each.count * each.mean, 0) / count;
  const squares = timed.reduce((sum, each) => sum + each.count * (each.mean - mean) ** 2, 0);
  // Where every call was timed there is no error of sampling.
  const error = count >= calls ? 0 : (2 * Math.sqrt(squares)) / count;
  return estimate(mean, Math.max(0, mean - error), mean + error, 'ns', 'measured');
}

const times = (of: Figure, factor: number, unit: string): Figure =>
  estimate(
    of.value * factor,
    (of.low ?? of.value) * factor,
    (of.high ?? of.value) * factor,
    unit,
    of.provenance,
  );

/** What a recorder has counted, as data. */
export function callReport(name: string, recorder: CallRecorder): CallProfileReport {
  const { calls, spanNs, processCpuNs, sizes, gaps, waits, windows } = recorder;
  const count = (value: number): Figure => figure(value, 'count', 'measured');
  const seconds = spanNs / 1e9;
  // Of what never began there is no rate.
  const perSecond = seconds > 0 ? calls / seconds : 0;
  const mean = sampledMean(recorder);
  const own = mean === null ? null : times(mean, calls, 'ns');
  // Little's law: calls under way are their rate times how long each is.
  const stay = waits.count > 0 ? waits.mean : mean?.value;
  return {
    schema: 'rtlift-call-profile-1',
    name,
    takenAt: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: Math.max(1, cpus().length),
      node: process.version,
    },
    span: figure(spanNs, 'ns', 'measured'),
    calls: count(calls),
    errors: count(recorder.errors),
    unsized: count(recorder.unsized),
    bytes: figure(sizes.sum, 'B', 'measured'),
    sizes: distribution(sizes, 'B'),
    callsPerSecond: figure(perSecond, '1/s', 'measured'),
    gaps: distribution(gaps, 'ns'),
    batches: windows.counts().map((of) => {
      const { low, value, high } = batchOfWindows(of, perSecond);
      return {
        delay: figure(of.delayNs, 'ns', 'assumed'),
        messages: estimate(value, low, high, 'messages', 'measured'),
      };
    }),
    concurrency: {
      max: count(recorder.mostActive),
      mean: stay === undefined ? null : figure((perSecond * stay) / 1e9, 'count', 'measured'),
    },
    hostTime: distribution(recorder.hostTimes, 'ns'),
    waited: distribution(waits, 'ns'),
    cpu: {
      process: figure(processCpuNs, 'ns', 'measured'),
      own,
      // The process' counters move in ms: a share needs some of them.
      share: own === null || processCpuNs <= 0 ? null : shareOf(own, processCpuNs),
    },
    sampled: {
      calls: count(recorder.hostTimes.count),
      every: SAMPLE_EVERY,
      runOf: EPISODE_CALLS,
      note: `calls, errors, bytes, sizes and the largest concurrency are of every call; times, gaps and batches of one call in ${SAMPLE_EVERY}, in runs of ${EPISODE_CALLS} with random gaps; strings are counted by their length, which is that of ASCII in bytes; ${Math.round(recorder.clockNs)} ns of each time taken off for reading the clock`,
    },
  };
}

function shareOf(own: Figure, processNs: number): Figure {
  const share = times(own, 1 / processNs, '1');
  const most = (value: number | undefined): number => Math.min(1, value ?? share.value);
  return estimate(most(share.value), most(share.low), most(share.high), '1', 'measured');
}
