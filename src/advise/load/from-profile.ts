import { RtliftError } from '../../errors.js';
import { estimate, type Figure } from '../../figure.js';
import type { CallProfileReport } from '../../profile/calls/schema.js';
import { formatNumber } from '../../report/format.js';
import { readable } from '../../report/page/readable.js';
import { evenBatches, type Load } from './load.js';

/**
 * The load that a call profile saw.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` where it saw no call, or none of a known size.
 */
export function profiledLoad(report: CallProfileReport): Load {
  const { sizes, calls, callsPerSecond, name, cpu, takenAt, unsized } = report;
  const isAsync = report.waited !== null;
  if (sizes === null || calls.value === 0) {
    const why =
      calls.value === 0
        ? 'saw no call'
        : `saw ${unsized.value} calls, none with a known size: give profile() a bytesOf`;
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `the call profile of ${name} ${why}`, {
      arg: 'load',
      name,
    });
  }
  return {
    name,
    source: `call profile of ${calls.value.toLocaleString('en-US')} calls, ${takenAt}`,
    messagesPerSecond: { ...callsPerSecond, unit: '1/s' },
    // The mean of a bucket: what is below 16 bytes is exact, the rest within the width of its bucket.
    sizes: sizes.buckets.map(({ count, sum }) => ({
      bytes: Math.round(sum / count),
      weight: count,
    })),
    batchWithin: (delayNs) => between(report, delayNs),
    // What was timed of an asynchronous call ends where it returns its promise: how much work comes after that nobody saw.
    cpuShare: isAsync ? null : cpu.share,
    hostTime: isAsync || cpu.own === null ? null : perCall(cpu.own, calls.value),
    notes: isAsync ? [asyncNote(report)] : [],
  };
}

function asyncNote({ waited, hostTime, cpu }: CallProfileReport): string {
  const least = [
    ...(hostTime === null ? [] : [`at least ${readable(hostTime.mean.value, 'ns')} a call`]),
    ...(cpu.share === null ? [] : [`${formatNumber(100 * cpu.share.value)} % of the CPU`]),
  ];
  return `the operation is asynchronous: its calls took ${readable(waited?.mean.value ?? 0, 'ns')} to settle on average, and only their part up to the promise was timed (${least.join(', ') || 'nothing'}); its host time and share of the CPU are not known, and today's code is not judged`;
}

function perCall({ value, low = value, high = value }: Figure, calls: number): Figure {
  return estimate(value / calls, low / calls, high / calls, 'ns', 'measured');
}

/** Between the delays that were counted, by the logarithm of the delay; beyond them, by the rate. */
function between({ batches, callsPerSecond }: CallProfileReport, delayNs: number): Figure {
  const even = evenBatches(callsPerSecond)(delayNs);
  const above = batches.findIndex(({ delay }) => delay.value >= delayNs);
  const [upper, lower] = [batches[above], batches[above - 1]];
  if (upper === undefined) return even;
  if (upper.delay.value === delayNs) return upper.messages;
  if (lower === undefined) {
    const most = upper.messages;
    return estimate(Math.min(even.value, most.value), 1, most.high ?? most.value, 'messages');
  }
  const share =
    Math.log(delayNs / lower.delay.value) / Math.log(upper.delay.value / lower.delay.value);
  const mix = (of: (figure: Figure) => number): number =>
    Math.exp((1 - share) * Math.log(of(lower.messages)) + share * Math.log(of(upper.messages)));
  return estimate(
    mix(({ value }) => value),
    mix(({ low, value }) => low ?? value),
    mix(({ high, value }) => high ?? value),
    'messages',
    'measured',
  );
}
