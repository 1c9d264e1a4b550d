import { LENGTH_BYTES } from '../bench/suite/point.js';
import type { Device } from '../devices/device.js';
import type { Link } from '../devices/link.js';
import { type Projection, project } from '../devices/project.js';
import { exactly, type Range, rangeOf, scale, sum, toFigure } from '../devices/range.js';
import { estimate, type Figure } from '../figure.js';
import type { Area } from './area.js';
import type { CyclesModel } from './cycles/model.js';
import { drawSizes, meanBytes, type SizeShare } from './load/load.js';
import type { Subject } from './subject.js';

/** Host time of a call beside its bytes: to enter the driver, ring, and be told of the end. No card was there to time it. */
export const CALL_NS: Figure = estimate(2000, 500, 10_000, 'ns', 'assumed');

/** Messages whose cycles are predicted; beyond them a batch grows in proportion. */
const MOST_PREDICTED = 1024;
/** Units over which a recurrence is run at most. */
const MOST_BYTES = 1 << 22;

/** Messages of a batch at which a card is taken to be as fast as it gets. */
const LARGE_BATCH = 4096;
const LARGE_BYTES = 1 << 23;

/** Messages of a large batch: as many as 8 MiB hold, up to 4,096. */
export function largeBatch(meanBytes: number): number {
  return Math.max(1, Math.min(LARGE_BATCH, Math.floor(LARGE_BYTES / Math.max(1, meanBytes))));
}

/** What all places of one piece of advice share. */
export interface Ground {
  readonly subject: Subject;
  readonly sizes: readonly SizeShare[];
  readonly cycles: CyclesModel;
  readonly packing: Figure;
  readonly coreWatts: Figure;
}

/** Cycles of batches of a load's sizes, each number of messages predicted once. */
export class BatchCycles {
  readonly #known = new Map<number, number>();
  readonly #most: number;

  constructor(
    private readonly model: CyclesModel,
    private readonly sizes: readonly SizeShare[],
  ) {
    const mean = Math.max(1, meanBytes(sizes));
    this.#most = Math.max(16, Math.min(MOST_PREDICTED, Math.floor(MOST_BYTES / mean)));
  }

  /** Cycles of a batch, between what the error of the model leaves. */
  of(messages: number): Range {
    const value =
      messages <= this.#most
        ? this.#exact(messages)
        : this.#exact(this.#most) +
          (messages - this.#most) *
            ((this.#exact(this.#most) - this.#exact(this.#most >> 1)) /
              (this.#most - (this.#most >> 1)));
    return { low: value * (1 - this.model.error), value, high: value * (1 + this.model.error) };
  }

  #exact(messages: number): number {
    const known = this.#known.get(messages);
    if (known !== undefined) return known;
    const cycles = Math.max(1, this.model.predict(drawSizes(this.sizes, messages)));
    this.#known.set(messages, cycles);
    return cycles;
  }
}

/** Bytes of a batch each way, with 4 bytes of length for each message of no fixed size. */
export function bytesOfBatch(
  { subject, sizes }: Ground,
  messages: number,
): { in: number; out: number } {
  const { input, output } = subject.kernel;
  const framed = (bytes: number, fixed: number | null): number =>
    bytes + (fixed === null ? LENGTH_BYTES : 0);
  const result = framed(output.fixedBytes ?? RESULT_BYTES, output.fixedBytes);
  return {
    in: messages * framed(input.fixedBytes ?? meanBytes(sizes), input.fixedBytes),
    out: messages * result * subject.copies,
  };
}

/** Of a result of no fixed size, that nobody ran. */
const RESULT_BYTES = 32;

/** A batch on a device, through a link: as {@link project}, with the ranges of cycles and area in it. */
export function projectBatch(
  ground: Ground,
  cycles: BatchCycles,
  device: Device,
  link: Link,
  area: Area,
  messages: number,
): Projection {
  const bytes = bytesOfBatch(ground, messages);
  const counted = cycles.of(messages);
  const host = sum(scale(rangeOf(ground.packing), messages), rangeOf(CALL_NS));
  return project({
    device,
    link,
    workload: {
      messages,
      bytesIn: bytes.in,
      bytesOut: bytes.out,
      cycles: counted.value,
      hostNsPerBatch: toFigure(host, 'ns'),
    },
    area: area.cells,
    // The error of the cycles is that of the clock as far as time goes.
    fmax: area.fmax && withError(area.fmax, ground.cycles.error),
    hostCoreWatts: ground.coreWatts,
  });
}

const withError = (of: Figure, error: number): Figure =>
  estimate(
    of.value,
    (of.low ?? of.value) * (1 - error),
    (of.high ?? of.value) * (1 + error),
    of.unit,
    of.provenance,
  );

const NOTHING = (unit: string): Figure => toFigure(exactly(0), unit);

/** A device that draws nothing at rest: what is left is the work of a batch and the host's part in it. */
export function withoutIdle(device: Device): Device {
  const { power } = device;
  return {
    ...device,
    power: {
      static: NOTHING('W'),
      shell: NOTHING('W'),
      coefficients: { ...power.coefficients, ffPj: NOTHING('pJ'), rootPj: NOTHING('pJ') },
    },
  };
}

export const withoutWatts = (link: Link): Link => ({ ...link, watts: NOTHING('W') });
