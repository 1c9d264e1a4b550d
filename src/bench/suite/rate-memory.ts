import type { Measurement } from '../../report/suite-report.js';
import type { Point } from './point.js';
import { LEAST_BYTES } from './settings.js';

interface Seen {
  readonly bytes: number;
  readonly nsPerMessage: number;
}

/** Of a smaller batch what a call costs by itself, or what a busy machine makes it wait, hides what a message costs. */
const TELLING_BYTES = 16_384;

/** Remembers how fast each runner was, so that a batch which would take too long is left out rather than waited for. */
export class RateMemory {
  readonly #seen = new Map<string, Seen>();

  /** Points come with rising sizes, and with rising batches of each: the last is the nearest. */
  add({ operation, runner, size, batch, host }: Measurement): void {
    if (batch * Math.max(size.bytes, LEAST_BYTES) < TELLING_BYTES) return;
    this.#seen.set(`${operation}/${runner}`, {
      bytes: Math.max(size.bytes, LEAST_BYTES),
      nsPerMessage: host.nsPerMessageP50.value,
    });
  }

  /** Expected host time of a batch, ms, as if time went with bytes; 0 for a runner of which nothing tells. */
  batchMs({ operation, size, batch }: Point, runner: string): number {
    const seen = this.#seen.get(`${operation}/${runner}`);
    if (seen === undefined) return 0;
    const share = Math.max(size.bytes, LEAST_BYTES) / seen.bytes;
    return (seen.nsPerMessage * share * batch) / 1e6;
  }
}
