import { uninitialised } from '../../kernel/batch.js';
import { copyInSlices } from '../../kernel/batch-slices.js';
import { inSlices } from '../../kernel/slices.js';
import type { RunArguments } from '../kernel-model.js';
import type { NativeReport } from '../native-addon.js';
import type { RunFrame } from './frames.js';
import type { Region } from './regions.js';

/** Where the parts of a batch lie in its region, bytes from its start. */
export interface BatchLayout {
  readonly dataAt: number;
  readonly resultsAt: number;
  readonly bytes: number;
}

/** A line of the cache: the model reads whole beats, and two processes write here. */
const align = (at: number): number => (at + 63) & ~63;

/**
 * Offsets of int32 first, then the payload, then room for results.
 * @param resultBytes - of one message; 0: any length, for which as much as the payload is set aside.
 */
export function layOut(messages: number, dataBytes: number, resultBytes: number): BatchLayout {
  const dataAt = align(4 * (messages + 1));
  // Whole beats are read, up to 64 bytes past the end.
  const resultsAt = align(dataAt + dataBytes + 64);
  const results =
    resultBytes > 0 ? messages * resultBytes : align(4 * (messages + 1)) + 2 * dataBytes + 4096;
  return { dataAt, resultsAt, bytes: resultsAt + results };
}

/** What the child is told of a batch in a region. */
export function runFrame(
  id: number,
  batch: RunArguments,
  { dataAt, resultsAt }: BatchLayout,
  { place }: Region,
): RunFrame {
  const { offsets, resultBytes } = batch;
  const messages = offsets.length - 1;
  return {
    type: 'run',
    id,
    region: place,
    messages,
    dataAt,
    dataBytes: (offsets[messages] as number) - (offsets[0] as number),
    resultsAt,
    resultBytes,
    maxResultBytes: batch.maxResultBytes ?? null,
    noProgressCycles: batch.noProgressCycles,
    bubble: batch.bubble,
    stall: batch.stall,
    stimulusSeed: `${batch.stimulusSeed}`,
    isolate: batch.isolate ?? false,
    resetAt: batch.resetAt ?? 0,
  };
}

/** Whether the memory of a payload has become smaller than the batch: its caller transferred or resized it. */
export function isPayloadGone({ data, offsets }: RunArguments): boolean {
  return data.length < (offsets[offsets.length - 1] as number);
}

/**
 * Copies a batch to where its layout says.
 * @returns undefined where that is done already, as with the smaller ones.
 * @throws (or rejects) a TypeError where {@link isPayloadGone}; rejects with `signal.reason`.
 */
export function fillRegion(
  batch: RunArguments,
  { dataAt }: BatchLayout,
  { memory }: Region,
  signal: AbortSignal | undefined,
): Promise<void> | undefined {
  const { data, offsets } = batch;
  const messages = offsets.length - 1;
  const first = offsets[0] as number;
  const shared = new Int32Array(memory, 0, messages + 1);
  if (isPayloadGone(batch)) throw new TypeError('the payload is gone');
  const payload = data.subarray(first, offsets[messages] as number);
  const copy = (): Promise<void> | undefined =>
    copyInSlices(new Uint8Array(memory), payload, dataAt, { signal });
  const laidOut = inSlices(
    messages + 1,
    (start, end) => {
      if (first === 0) shared.set(offsets.subarray(start, end), start);
      else for (let i = start; i < end; i++) shared[i] = (offsets[i] as number) - first;
    },
    { signal },
  );
  return laidOut === undefined ? copy() : laidOut.then(copy);
}

/** Results of any length as a report has them; of a fixed one they go where the batch says. */
interface ReadResults {
  readonly results: Pick<NativeReport, 'resultOffsets' | 'resultData'>;
  /** Until they are there; undefined where they are already. */
  readonly more: Promise<void> | undefined;
}

/**
 * Copies results out of shared memory.
 * @throws RangeError where they would lie outside.
 */
export function readResults(
  { offsets, results, resultBytes }: RunArguments,
  memory: ArrayBuffer,
  at: number,
): ReadResults {
  const messages = offsets.length - 1;
  if (results) {
    const from = new Uint8Array(memory, at, messages * resultBytes);
    return { results: {}, more: copySafely(results, from) };
  }
  const sharedOffsets = new Int32Array(memory, at, messages + 1);
  const size = sharedOffsets[messages] as number;
  const dataAt = at + 4 * (messages + 1);
  const room = memory.byteLength - dataAt;
  if (size < 0 || size > room) throw new RangeError(`results of ${size} bytes in ${room}`);
  const resultOffsets = new Int32Array(messages + 1);
  const resultData = uninitialised(size);
  const copy = (): Promise<void> | undefined =>
    copySafely(resultData, new Uint8Array(memory, dataAt, size));
  const laidOut = inSlices(messages + 1, (start, end) =>
    resultOffsets.set(sharedOffsets.subarray(start, end), start),
  );
  const more = laidOut === undefined ? copy() : laidOut.then(copy);
  return { results: { resultOffsets, resultData }, more };
}

/** Rejects, and does not throw, where the caller took the memory away: what the child gave is right. */
function copySafely(target: Uint8Array, from: Uint8Array): Promise<void> | undefined {
  try {
    return copyInSlices(target, from);
  } catch (error) {
    return Promise.reject(error);
  }
}
