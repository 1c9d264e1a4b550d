import type { RunArguments } from '../kernel-model.js';
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

/** Copies a batch to where its layout says. @returns what the child is told of it. */
export function fillRegion(
  id: number,
  batch: RunArguments,
  layout: BatchLayout,
  { memory, place }: Region,
): RunFrame {
  const { data, offsets, resultBytes } = batch;
  const messages = offsets.length - 1;
  const first = offsets[0] as number;
  const dataBytes = (offsets[messages] as number) - first;
  const shared = new Int32Array(memory, 0, messages + 1);
  shared.set(offsets);
  if (first !== 0) for (let i = 0; i <= messages; i++) shared[i] = (offsets[i] as number) - first;
  new Uint8Array(memory, layout.dataAt, dataBytes).set(data.subarray(first, first + dataBytes));
  return {
    type: 'run',
    id,
    region: place,
    messages,
    dataAt: layout.dataAt,
    dataBytes,
    resultsAt: layout.resultsAt,
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
