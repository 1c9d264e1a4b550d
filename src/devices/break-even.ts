import type { Figure } from '../figure.js';
import { type Projection, type ProjectionInput, project } from './project.js';
import { checkFigure, checkNumber } from './range.js';

export interface BreakEvenInput extends ProjectionInput {
  /** Host time of a message on the software it is held against, ns. */
  readonly rivalNs: Figure;
  /** Cycles of `workload` that do not grow with the batch, such as the latency of a pipeline; default 0. */
  readonly fixedCycles?: number;
  /** Largest batch that is tried; default 2^24 messages. */
  readonly maxBatch?: number;
  /**
   * `total`: between batches in a steady stream of them; `latency`: one batch alone, as a caller that waits for each
   * sees it. Default `total`.
   */
  readonly measure?: 'total' | 'latency';
}

export interface BreakEven {
  /** The smallest batch at which the device takes no longer a message than the rival; `null`: none does. */
  readonly batch: number | null;
  /** The same where every part is at its best, and its worst. */
  readonly range: { readonly low: number | null; readonly high: number | null };
  /** What it rests on, or what stands in the way. */
  readonly why: string;
}

type Bound = 'low' | 'value' | 'high';

/**
 * Finds the smallest batch at which a device is no slower a message than software on the host.
 *
 * The workload is scaled: bytes, cycles and host time grow with the batch, `fixedCycles` do not.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` as {@link project} does.
 */
export function breakEven(input: BreakEvenInput): BreakEven {
  const { rivalNs, maxBatch = 2 ** 24, measure = 'total' } = input;
  checkNumber('maxBatch', maxBatch, 1);
  const rival = checkFigure('rivalNs', rivalNs);
  const at = (batch: number): Projection => project(scaled(input, batch));
  const nsPerMessage = (batch: number, bound: Bound): number => {
    const { totalNs, latencyNs } = at(batch).time;
    const time = measure === 'total' ? totalNs : latencyNs;
    return (time[bound] ?? time.value) / batch;
  };
  const smallest = (bound: Bound, limitNs: number): number | null => {
    if (!(nsPerMessage(maxBatch, bound) <= limitNs)) return null;
    // Time a message never grows with the batch, so the batches that beat the rival have no gap.
    let [low, high] = [1, maxBatch];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (nsPerMessage(middle, bound) <= limitNs) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const batch = smallest('value', rival.value);
  const range = { low: smallest('low', rival.high), high: smallest('high', rival.low) };
  const largest = at(batch ?? maxBatch);
  const ns = nsPerMessage(batch ?? maxBatch, 'value');
  const held = `${formatNs(ns)} a message against ${formatNs(rival.value)} of the rival`;
  const why =
    batch === null
      ? `never up to ${maxBatch} messages: ${held}; the bound is the ${largest.bound}`
      : `${held} at ${batch} messages, bound by the ${largest.bound}`;
  return { batch, range, why };
}

function scaled(input: BreakEvenInput, batch: number): ProjectionInput {
  const { workload, fixedCycles = 0 } = input;
  checkNumber('fixedCycles', fixedCycles);
  const factor = batch / workload.messages;
  const fixed = Math.min(fixedCycles, workload.cycles);
  const { hostNsPerBatch, stallCycles = 0 } = workload;
  return {
    ...input,
    workload: {
      messages: batch,
      bytesIn: workload.bytesIn * factor,
      bytesOut: workload.bytesOut * factor,
      cycles: fixed + (workload.cycles - fixed) * factor,
      // The same share of the cycles that grow.
      stallCycles: Math.min(stallCycles, workload.cycles - fixed) * factor,
      ...(hostNsPerBatch ? { hostNsPerBatch: scaledFigure(hostNsPerBatch, factor) } : {}),
    },
  };
}

function scaledFigure(given: Figure, factor: number): Figure {
  const { value, unit, provenance, low = value, high = value } = given;
  return { value: value * factor, unit, provenance, low: low * factor, high: high * factor };
}

const formatNs = (ns: number): string => `${Number(ns.toPrecision(3)).toLocaleString('en-US')} ns`;
