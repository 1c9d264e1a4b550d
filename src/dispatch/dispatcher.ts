import { type ErrorCode, RtliftError } from '../errors.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { Difference } from '../kernel/difference.js';
import { CallOrder } from '../paths/order.js';
import type { Path, PathName, PathRun } from '../paths/path.js';
import type { ChoiceKind, Chooser, PathChoice } from './choice/chooser.js';
import { CostModel } from './choice/cost-model.js';
import { classKey, className } from './choice/size-class.js';
import { batches, faults, mismatches } from './events.js';
import type { Mismatch, MismatchKeeper } from './keep-mismatch.js';
import { type HealthOptions, PathHealth } from './path-health.js';
import type { StatsRecorder } from './stats.js';
import type { Work } from './work.js';

/** Why a batch ran where it ran. */
export type RunReason = ChoiceKind | 'named' | 'fallback';

export interface DispatcherOptions<I, O> {
  readonly kernel: Kernel<I, O>;
  /** In the order of preference where nothing is known; one where the caller named it. */
  readonly paths: readonly Path<I, O>[];
  /** The golden model, for checks and as the fallback. */
  readonly javascript: Path<I, O>;
  /** `null` where the caller named the path: then a failure is an error, and not a reason to go elsewhere. */
  readonly chooser: Chooser | null;
  /** Paths that must not be used at all, and why. */
  readonly failed: ReadonlyMap<PathName, string>;
  /** Share of batches that are computed on the golden model too, 0 to 1. */
  readonly checkShare: number;
  readonly health?: HealthOptions;
  /** Keeps batches with a wrong result. */
  readonly keeper?: MismatchKeeper<I, O>;
  readonly stats: StatsRecorder;
  readonly random?: () => number;
  /** Clock of the rests, ms. */
  readonly now?: () => number;
}

/** Errors that are the caller's, or say nothing of the path: a rerun elsewhere would not help. */
const NOT_THE_PATH: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ERR_RTLIFT_INVALID_ARG',
  'ERR_RTLIFT_MESSAGE_TOO_LARGE',
  'ERR_RTLIFT_BATCH_TOO_LARGE',
  'ERR_RTLIFT_CLOSED',
]);

/**
 * Runs batches: takes a path for each, checks a share of them against the golden model, and runs one that its path failed
 * again on the golden model. Every accepted batch settles once; batches settle in the order in which they were given.
 */
export class Dispatcher<I, O> {
  readonly #options: DispatcherOptions<I, O>;
  readonly #health = new Map<PathName, PathHealth>();
  readonly #byName = new Map<PathName, Path<I, O>>();
  readonly #barred = (path: PathName): string | null => this.barred(path);
  readonly #order = new CallOrder();
  /** A path keeps its own order: there is none to keep where every batch goes to one, and comes back from it as it is. */
  readonly #keepsItself: boolean;
  readonly #random: () => number;
  /** When the last batch of a path ended, ms: the time of one that waited for it does not count as its own. */
  readonly #endedAt = new Map<PathName, number>();
  last: PathChoice | null = null;
  /** Kernel cycles of a batch, learnt from those that were simulated. */
  readonly cycles = new CostModel();

  constructor(options: DispatcherOptions<I, O>) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    const { paths, javascript, checkShare } = options;
    this.#keepsItself = paths.length === 1 && (checkShare === 0 || paths[0] === javascript);
    for (const path of options.paths) {
      this.#byName.set(path.name, path);
      // The golden model is what the others are held against; there is nothing to go to from it.
      if (path !== options.javascript) {
        this.#health.set(path.name, new PathHealth(options.health, options.now));
      }
    }
  }

  /** Why a path takes no batches now, or `null`. */
  barred(path: PathName): string | null {
    return this.#options.failed.get(path) ?? this.#health.get(path)?.barred() ?? null;
  }

  health(path: PathName): PathHealth | null {
    return this.#health.get(path) ?? null;
  }

  /** @param work - or what becomes it: later batches keep behind it. */
  run<R>(work: Work<I, O, R> | Promise<Work<I, O, R>>): Promise<PathRun<R>> {
    if (!(work instanceof Promise)) {
      return this.#keepsItself && this.#order.isIdle
        ? this.#start(work)
        : this.#order.run((handedOver) => {
            const run = this.#start(work);
            handedOver();
            return run;
          });
    }
    // Heard of below, when those before it have been handed over.
    work.catch(() => undefined);
    return this.#order.run(async (handedOver) => {
      const run = this.#start(await work);
      handedOver();
      return run;
    });
  }

  #start<R>(work: Work<I, O, R>): Promise<PathRun<R>> {
    const { chooser, paths } = this.#options;
    const choice = chooser?.choose(work.messages, work.bytes, this.#barred) ?? null;
    this.last = choice;
    const path = (choice ? this.#byName.get(choice.path) : paths[0]) as Path<I, O>;
    return this.#health.has(path.name)
      ? this.#guarded(path, work, choice)
      : this.#plain(path, work, choice);
  }

  async close(): Promise<void> {
    await this.#order.idle();
    await this.#options.keeper?.idle();
    await Promise.all(this.#options.paths.map((path) => path.close()));
    await this.#options.javascript.close();
  }

  /** Runs a batch on the golden model, from which there is nowhere to go. */
  async #plain<R>(
    path: Path<I, O>,
    work: Work<I, O, R>,
    choice: PathChoice | null,
  ): Promise<PathRun<R>> {
    const begin = performance.now();
    let ok = false;
    try {
      const run = await this.#timed(path, work, choice, begin);
      ok = true;
      return run;
    } finally {
      this.#settled(work, choice, path.name, choice?.kind ?? 'named', begin, ok);
    }
  }

  /** Runs a batch on a path, and on the golden model where that fails it or is wrong. */
  async #guarded<R>(
    path: Path<I, O>,
    work: Work<I, O, R>,
    choice: PathChoice | null,
  ): Promise<PathRun<R>> {
    const { javascript, checkShare } = this.#options;
    const health = this.#health.get(path.name) as PathHealth;
    const mustCheck = choice !== null && health.mustCheck;
    const epoch = health.begin();
    const begin = performance.now();
    let [ran, reason]: [PathName, RunReason] = [path.name, choice?.kind ?? 'named'];
    let ok = false;
    try {
      let run: PathRun<R>;
      try {
        run = await this.#timed(path, work, choice, begin);
      } catch (error) {
        if (choice === null || isNotThePath(error, work)) {
          health.abandon(epoch);
          throw error;
        }
        this.#failed(path, work, health.fail(epoch, (error as Error).message), error);
        [ran, reason] = [javascript.name, 'fallback'];
        run = await work.on(javascript);
        ok = true;
        return run;
      }
      if (mustCheck || (checkShare > 0 && this.#random() < checkShare)) {
        const golden = await this.#wrong(path, work, run, epoch);
        if (golden !== null) {
          [ran, reason] = [javascript.name, 'fallback'];
          run = golden;
        }
      }
      ok = true;
      return run;
    } finally {
      this.#settled(work, choice, ran, reason, begin, ok);
    }
  }

  /** Compares results with the golden model's. @returns those where they differ, else `null`. */
  async #wrong<R>(
    path: Path<I, O>,
    work: Work<I, O, R>,
    run: PathRun<R>,
    epoch: number,
  ): Promise<PathRun<R> | null> {
    const { kernel, javascript, chooser, stats, keeper } = this.#options;
    const health = this.#health.get(path.name) as PathHealth;
    let golden: PathRun<R>;
    try {
      golden = await work.golden(javascript);
    } catch (error) {
      health.abandon(epoch);
      throw error;
    }
    stats.checked(work.messages);
    const found = await work.difference(golden.results, run.results);
    if (found === null) {
      health.succeed(epoch);
      return null;
    }
    stats.mismatched();
    const text = `message ${found.messageIndex} differs from the golden model`;
    const restMs = health.fail(epoch, text);
    const bundle = keeper?.keep(withMessages(work, found)) ?? null;
    if (mismatches.hasSubscribers) {
      mismatches.publish({ kernel: kernel.name, path: path.name, ...found, restMs, bundle });
    }
    if (chooser === null) throw mismatchError(kernel.name, path.name, found);
    stats.fellBack(path.name, 'ERR_RTLIFT_RESULT_MISMATCH');
    return { ...golden, results: await work.deliver(golden.results) };
  }

  async #timed<R>(
    path: Path<I, O>,
    work: Work<I, O, R>,
    choice: PathChoice | null,
    begin: number,
  ): Promise<PathRun<R>> {
    const run = await work.on(path);
    if (run.counters) this.cycles.observe(work.messages, work.bytes, run.counters.cycles);
    if (choice === null) return run;
    const end = performance.now();
    const start = Math.max(begin, this.#endedAt.get(path.name) ?? 0);
    this.#endedAt.set(path.name, end);
    this.#options.chooser?.observe(choice, (end - start) * 1e6);
    return run;
  }

  #failed<R>(path: Path<I, O>, work: Work<I, O, R>, restMs: number, error: unknown): void {
    const { kernel, stats } = this.#options;
    const { code = 'ERR_RTLIFT_INTERNAL', message } = error as Partial<RtliftError> & Error;
    stats.fellBack(path.name, code);
    if (!faults.hasSubscribers) return;
    const { messages } = work;
    faults.publish({ kernel: kernel.name, path: path.name, code, message, messages, restMs });
  }

  #settled<R>(
    { messages, bytes: bytesIn }: Work<I, O, R>,
    choice: PathChoice | null,
    path: PathName,
    reason: RunReason,
    begin: number,
    ok: boolean,
  ): void {
    const { kernel, stats } = this.#options;
    stats.ranOn(path, reason, messages);
    if (!batches.hasSubscribers) return;
    const sizeClass = className(choice?.key ?? classKey(messages, bytesIn));
    const hostNs = (performance.now() - begin) * 1e6;
    batches.publish({
      kernel: kernel.name,
      path,
      sizeClass,
      reason,
      messages,
      bytesIn,
      hostNs,
      ok,
    });
  }
}

/** As many before the wrong one as any keeper keeps, at most. */
const KEPT_MESSAGES = 256;

function withMessages<I, O, R>(work: Work<I, O, R>, found: Difference): Mismatch<I> {
  const end = found.messageIndex + 1;
  const start = Math.max(0, end - KEPT_MESSAGES);
  return { ...found, messages: work.values(start, end), messageIndex: end - 1 - start };
}

function mismatchError(
  kernel: string,
  path: PathName,
  found: { readonly messageIndex: number; readonly expected: string; readonly actual: string },
): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_RESULT_MISMATCH',
    `kernel ${kernel}: ${path} differs from the golden model on message ${found.messageIndex}: expected ${found.expected}, got ${found.actual}`,
    { kernel, path, ...found },
  );
}

/** An abort by the caller, or a message that no path takes. */
function isNotThePath<I, O, R>(error: unknown, { options }: Work<I, O, R>): boolean {
  if (options?.signal?.aborted) return true;
  // Anything but the library's own errors is the path's as well: no memory, or a codec that cannot read what came back.
  return error instanceof RtliftError && NOT_THE_PATH.has(error.code);
}
