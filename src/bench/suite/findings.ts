import type { SuiteReport, Wave } from '../../report/suite-report.js';
import { type Point, type PointResult, pointId } from './point.js';
import type { Journal, JournalEntry } from './resume.js';

type SizeEntry = Extract<JournalEntry, { kind: 'size' }>;

/** What was found so far, each thing kept in the journal as soon as it is known. */
export class Findings {
  readonly #journal: Journal;
  readonly #points = new Map<string, PointResult>();
  readonly #sizes = new Map<string, SizeEntry>();
  readonly #closed = new Map<string, Extract<JournalEntry, { kind: 'operation' }>>();

  /** @param planned - what an earlier run measured beside these is left out. */
  constructor(journal: Journal, planned: readonly Point[]) {
    this.#journal = journal;
    const wanted = new Set(planned.map(pointId));
    for (const entry of journal.entries) {
      if (entry.kind === 'size') {
        this.#sizes.set(`${entry.operation}/${entry.size}`, entry);
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
    return [...this.#sizes.values()].flatMap(({ compared }) => compared);
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

  /** What was found of a size before any of its points; `null` where it was not looked at yet. */
  sizeOf(operation: string, size: string): SizeEntry | null {
    return this.#sizes.get(`${operation}/${size}`) ?? null;
  }

  /** Whether all of an operation was done: its waveform too. */
  isClosed(operation: string): boolean {
    return this.#closed.has(operation);
  }

  async addPoint(point: PointResult): Promise<void> {
    this.#points.set(pointId(point), point);
    await this.#journal.append({ kind: 'point', point });
  }

  async addSize(entry: SizeEntry): Promise<void> {
    this.#sizes.set(`${entry.operation}/${entry.size}`, entry);
    await this.#journal.append(entry);
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
