import type { RtliftError } from '../errors.js';
import type { PathName } from '../paths/path.js';
import type { ChoiceKind, PathChoice } from './choice/chooser.js';
import { classKey, className } from './choice/size-class.js';
import { batches, faults, histograms } from './events.js';
import { BatchHistogramRecorder } from './histograms.js';
import type { StatsRecorder } from './stats.js';

/** Why a batch ran where it ran. */
export type RunReason = ChoiceKind | 'named' | 'fallback';

/** A batch from the choice of its path on. */
export interface BatchRun {
  /** `null` where the caller named the path. */
  readonly choice: PathChoice | null;
  /** Where it runs: the path that was chosen until that fails it or is wrong. */
  path: PathName;
  reason: RunReason;
  /** What the chosen path did that the batch ran elsewhere, or `null`. */
  failure: string | null;
  readonly beginMs: number;
}

interface Load {
  readonly messages: number;
  readonly bytes: number;
}

/** Histograms go out no more often than this, ms. */
const PUBLISH_MS = 1_000;

/** Counts what batches come to, and tells those who listen. One measurement is the source of all of it. */
export class BatchReporter {
  readonly histograms = new BatchHistogramRecorder();
  readonly #kernel: string;
  readonly #stats: StatsRecorder;
  #publishedMs = Number.NEGATIVE_INFINITY;

  constructor(kernel: string, stats: StatsRecorder) {
    this.#kernel = kernel;
    this.#stats = stats;
  }

  /** A path failed a batch, which is run on another one. */
  failed(path: PathName, { messages }: Load, restMs: number, error: unknown): void {
    this.#stats.fellBack(path, codeOf(error));
    this.#fault(path, messages, restMs, error);
  }

  /** A path failed when it was tried, before there was a batch. */
  troubled(path: PathName, restMs: number, error: unknown): void {
    this.#fault(path, 0, restMs, error);
  }

  #fault(path: PathName, messages: number, restMs: number, error: unknown): void {
    if (!faults.hasSubscribers) return;
    const { message } = error as Error;
    faults.publish({ kernel: this.#kernel, path, code: codeOf(error), message, messages, restMs });
  }

  settled(run: BatchRun, { messages, bytes: bytesIn }: Load, endMs: number, ok: boolean): void {
    const { choice, path, reason, beginMs } = run;
    this.#stats.ranOn(path, reason, messages);
    const key = choice?.key ?? classKey(messages, bytesIn);
    const hostNs = (endMs - beginMs) * 1e6;
    if (ok) this.histograms.record(path, reason, key, messages, hostNs);
    if (histograms.hasSubscribers && endMs - this.#publishedMs >= PUBLISH_MS) {
      this.#publishedMs = endMs;
      this.publishHistograms();
    }
    if (!batches.hasSubscribers) return;
    const chosen = choice?.path ?? path;
    const sizeClass = className(key);
    const of = { kernel: this.#kernel, path, chosen, sizeClass, reason };
    batches.publish({ ...of, messages, bytesIn, hostNs, ok });
  }

  publishHistograms(): void {
    if (!histograms.hasSubscribers) return;
    histograms.publish({ kernel: this.#kernel, histograms: this.histograms.figures() });
  }
}

function codeOf(error: unknown): string {
  return (error as Partial<RtliftError>).code ?? 'ERR_RTLIFT_INTERNAL';
}
