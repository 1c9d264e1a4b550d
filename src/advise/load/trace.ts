import { RtliftError } from '../../errors.js';
import { estimate, figure } from '../../figure.js';
import { Histogram } from '../../profile/calls/histogram.js';
import type { Load } from './load.js';

/** One call of a trace. */
export interface TraceEntry {
  readonly timeNs: number;
  readonly bytes: number;
}

/**
 * Reads a trace: a call a line, as JSON objects `{"time": ..., "bytes": ...}` or as CSV with a header of these names.
 * `time` is in seconds, or ISO 8601; `timeMs`, `timeUs` and `timeNs` say their unit.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_PROFILE` naming the line that is neither.
 */
export function parseTrace(text: string, where: string): TraceEntry[] {
  const lines = text.split(/\r?\n/);
  const isJson = text.trimStart().startsWith('{');
  const entries: TraceEntry[] = [];
  let heads: readonly string[] | null = null;
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const fail = (expected: string): RtliftError =>
      new RtliftError(
        'ERR_RTLIFT_INVALID_PROFILE',
        `${where}, line ${i + 1}: expected ${expected}, got ${line.slice(0, 80)}`,
        { file: where, line: i + 1 },
      );
    if (isJson) {
      entries.push(entryOf(jsonFields(line, fail), fail));
      return;
    }
    const cells = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    if (heads === null) {
      heads = cells;
      const hasTime = cells.some((name) => Object.hasOwn(TIME_UNITS, name));
      if (!hasTime || !cells.includes('bytes')) {
        throw fail('a header with time (or timeMs, timeUs, timeNs) and bytes');
      }
      return;
    }
    const names: readonly string[] = heads;
    entries.push(entryOf(Object.fromEntries(names.map((name, k) => [name, cells[k]])), fail));
  });
  if (entries.length < 2) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_PROFILE',
      `${where}: a trace needs two calls at least, got ${entries.length}`,
      { file: where },
    );
  }
  return entries.sort((a, b) => a.timeNs - b.timeNs);
}

const TIME_UNITS: Readonly<Record<string, number>> = {
  time: 1e9,
  timeMs: 1e6,
  timeUs: 1e3,
  timeNs: 1,
};

type Fields = Readonly<Record<string, unknown>>;
type Fail = (expected: string) => RtliftError;

function jsonFields(line: string, fail: Fail): Fields {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Fields;
  } catch {
    // Said below.
  }
  throw fail('a JSON object');
}

function entryOf(fields: Fields, fail: Fail): TraceEntry {
  const unit = Object.keys(TIME_UNITS).find((name) => fields[name] !== undefined);
  const given = unit === undefined ? undefined : fields[unit];
  const number = given === '' ? Number.NaN : Number(given);
  const timeNs =
    unit === 'time' && typeof given === 'string' && Number.isNaN(number)
      ? Date.parse(given) * 1e6
      : number * (TIME_UNITS[unit ?? ''] ?? Number.NaN);
  const bytes = fields.bytes === '' ? Number.NaN : Number(fields.bytes);
  if (!Number.isFinite(timeNs))
    throw fail('time in seconds or ISO 8601, or timeMs, timeUs, timeNs');
  if (!(bytes >= 0 && Number.isFinite(bytes))) throw fail('bytes, a number of 0 or more');
  return { timeNs, bytes };
}

/**
 * The load of a trace, every call of which is known: batches are formed from its own times.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_PROFILE` where it is no list of calls, or all bear one time.
 */
export function tracedLoad(trace: readonly TraceEntry[], name: string): Load {
  const isCall = (each: TraceEntry | null): boolean =>
    Number.isFinite(each?.timeNs) &&
    Number.isFinite(each?.bytes) &&
    (each as TraceEntry).bytes >= 0;
  const strange = Array.isArray(trace) ? trace.findIndex((each) => !isCall(each)) : 0;
  if (strange >= 0) {
    const got = Array.isArray(trace) ? JSON.stringify(trace[strange]) : String(trace);
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_PROFILE',
      `${name}: expected calls { timeNs, bytes }, got ${got} at ${strange}`,
      { file: name, got },
    );
  }
  const sorted = trace.toSorted((a, b) => a.timeNs - b.timeNs);
  const spanNs = (sorted.at(-1)?.timeNs ?? 0) - (sorted[0]?.timeNs ?? 0);
  if (!(spanNs > 0)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_PROFILE',
      `${name}: the calls of a trace lie apart in time, got ${sorted.length} with one time`,
      { file: name },
    );
  }
  const sizes = new Histogram();
  for (const { bytes } of sorted) sizes.add(bytes);
  return {
    name,
    source: `trace of ${sorted.length.toLocaleString('en-US')} calls over ${(spanNs / 1e9).toPrecision(3)} s`,
    messagesPerSecond: figure(((sorted.length - 1) * 1e9) / spanNs, '1/s', 'measured'),
    sizes: sizes
      .buckets()
      .map(({ count, sum }) => ({ bytes: Math.round(sum / count), weight: count })),
    batchWithin: (delayNs) => {
      const batch = sorted.length / windowsOf(sorted, delayNs);
      return estimate(batch, batch, batch, 'messages', 'measured');
    },
    cpuShare: null,
    hostTime: null,
    notes: [],
  };
}

function windowsOf(sorted: readonly TraceEntry[], delayNs: number): number {
  let windows = 0;
  let endsAt = Number.NEGATIVE_INFINITY;
  for (const { timeNs } of sorted) {
    if (timeNs <= endsAt) continue;
    windows++;
    endsAt = timeNs + delayNs;
  }
  return windows;
}
