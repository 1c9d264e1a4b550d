import type { SuiteReport, Wave } from '../../report/suite-report.js';
import { type Point, type PointResult, pointId } from './point.js';
import type { Journal, JournalEntry } from './resume.js';

/** What was found so far, each thing kept in the journal as soon as it is known. */
export class Findings {
  readonly #journal: Journal;
  readonly #points = new Map<string, PointResult>();
  readonly #compared = new Map<string, SuiteReport['compared']>();
  readonly #closed = new Map<string, Extract<JournalEntry, { kind: 'operation' }>>();

  /** @param planned - what an earlier run measured beside these is left out. */
  constructor(journal: Journal, planned: readonly Point[]) {
    this.#journal = journal;
    const wanted = new Set(planned.map(pointId));
    for (const entry of journal.entries) {
      if (entry.kind === 'size') {
        this.#compared.set(`${entry.operation}/${entry.size}`, entry.compared);
      } else if (entry.kind === 'operation') {
        this.#closed.set(entry.operation, entry);
      } else if (wanted.has(pointId(entry.point))) {
        this.#points.set(pointId(entry.point), entry.point);
      }
    }
  }

  get points(): PointResult[] {
    return [...this.#points.values()];
  }

  get compared(): SuiteReport['compared'] {
    return [...this.#compared.values()].flat();
  }

  get skipped(): SuiteReport['skipped'] {
    return [...this.#closed.values()].flatMap(({ skipped }) => skipped);
  }

  get waves(): Wave[] {
    return [...this.#closed.values()].flatMap(({ wave }) => wave ?? []);
  }

  has(point: Point): boolean {
    return this.#points.has(pointId(point));
  }

  isCompared(operation: string, size: string): boolean {
    return this.#compared.has(`${operation}/${size}`);
  }

  /** Whether all of an operation was done: its waveform too. */
  isClosed(operation: string): boolean {
    return this.#closed.has(operation);
  }

  async addPoint(point: PointResult): Promise<void> {
    this.#points.set(pointId(point), point);
    await this.#journal.append({ kind: 'point', point });
  }

  async addCompared(
    operation: string,
    size: string,
    compared: SuiteReport['compared'],
  ): Promise<void> {
    this.#compared.set(`${operation}/${size}`, compared);
    await this.#journal.append({ kind: 'size', operation, size, compared });
  }

  async close(
    operation: string,
    skipped: SuiteReport['skipped'],
    wave: Wave | null,
  ): Promise<void> {
    const entry = { kind: 'operation', operation, skipped, wave } as const;
    this.#closed.set(operation, entry);
    await this.#journal.append(entry);
  }
}
