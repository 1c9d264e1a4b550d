import type { SuiteFilter } from './filter.js';
import { type MessageClass, sizeName } from './messages.js';
import type { Point } from './point.js';
import { LEAST_BYTES, type SuiteSettings } from './settings.js';

/** A point of the matrix that is to be measured. */
export interface PlannedPoint extends Point {
  readonly size: MessageClass;
  /** Why the paths are not measured here; `null`: they are. */
  readonly pathsLeftOut: string | null;
  /** Rough host time, ms; what matters is one point's against another's. */
  readonly estimateMs: number;
}

export interface Plan {
  readonly points: readonly PlannedPoint[];
  /** Points of each operation that no runner is measured at, by rule. */
  readonly leftOut: readonly { readonly operation: string; readonly points: number }[];
}

/** An operation and the messages it can take. */
export interface PlanInput {
  readonly name: string;
  readonly classes: readonly MessageClass[];
  readonly rivals: number;
}

/** Rough rates for the estimate, bytes a ms: seen on one core of a server. */
const SIMULATOR_RATE = 5000;
const GOLDEN_RATE = 10_000;
const RIVAL_RATE = 150_000;
/** Opening, comparing and collecting garbage around a point, ms. */
const AROUND_MS = 150;

/** Lays out the matrix: sizes x batches of every operation, bounded by bytes, within the filter; small batches first. */
export function planSuite(
  operations: readonly PlanInput[],
  settings: SuiteSettings,
  filter: SuiteFilter,
): Plan {
  const points: PlannedPoint[] = [];
  const leftOut: { operation: string; points: number }[] = [];
  for (const operation of operations) {
    let count = 0;
    for (const size of operation.classes) {
      for (const batch of settings.batches) {
        const point: Point = { operation: operation.name, size, batch };
        if (!filter.hasPoint(point)) continue;
        const bytes = batch * Math.max(size.bytes, LEAST_BYTES);
        // One message is measured whatever its size.
        if (bytes > settings.batchBytes && batch > 1) {
          count++;
          continue;
        }
        const limit = size.isCorpus ? settings.corpusPathBytes : settings.pathBytes;
        const pathsLeftOut =
          bytes > limit && batch > 1
            ? `batches above ${sizeName(limit)} are not run on the paths (a message counts as ${LEAST_BYTES} B at least)`
            : null;
        points.push({
          operation: operation.name,
          size,
          batch,
          pathsLeftOut,
          estimateMs: estimate(bytes, pathsLeftOut === null, operation.rivals, settings),
        });
      }
    }
    if (count > 0) leftOut.push({ operation: operation.name, points: count });
  }
  return { points, leftOut };
}

function estimate(
  bytes: number,
  hasPaths: boolean,
  rivals: number,
  { rounds, leastRoundMs, mostRunnerMs }: SuiteSettings,
): number {
  const of = (rate: number): number => {
    const batchMs = bytes / rate;
    const all = (rounds + 0.5) * Math.max(leastRoundMs, batchMs);
    return Math.min(all, mostRunnerMs + 2 * batchMs);
  };
  // Packing takes a round as well.
  const paths = hasPaths ? of(SIMULATOR_RATE) + of(GOLDEN_RATE) + of(RIVAL_RATE) : 0;
  return AROUND_MS + paths + rivals * of(RIVAL_RATE);
}
