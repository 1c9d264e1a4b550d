import type { Measurement } from '../../report/suite-report.js';
import type { Point } from './point.js';

interface Seen {
  readonly bytes: number;
  readonly batch: number;
  readonly nsPerMessage: number;
}

/** Remembers how fast each runner was, so that a batch which would take too long is left out rather than waited for. */
export class RateMemory {
  readonly #seen = new Map<string, Seen>();

  /** Points come with rising sizes, and with rising batches of each: the last is the nearest. */
  add({ operation, runner, size, batch, host }: Measurement): void {
    this.#seen.set(`${operation}/${runner}`, {
      bytes: size.bytes,
      batch,
      nsPerMessage: host.nsPerMessageP50.value,
    });
  }

  /** Expected host time of a batch, ms; 0 for a runner that was not seen yet. */
  batchMs({ operation, size, batch }: Point, runner: string): number {
    const seen = this.#seen.get(`${operation}/${runner}`);
    if (seen === undefined) return 0;
    // Time of a message rises no faster than its size, and does not fall below what it took.
    const growth = Math.max(1, size.bytes / Math.max(seen.bytes, 1));
    const perMessage =
      size.bytes < seen.bytes
        ? seen.nsPerMessage * (size.bytes / seen.bytes)
        : seen.nsPerMessage * growth;
    return (perMessage * batch) / 1e6;
  }
}
