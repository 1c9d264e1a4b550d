import { RtliftError } from '../errors.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { Difference } from '../kernel/difference.js';
import { CallOrder } from '../paths/order.js';
import type { Path, PathName, PathRun } from '../paths/path.js';
import { BatchReporter, type BatchRun } from './batch-run.js';
import type { Chooser } from './choice/chooser.js';
import { CostModel } from './choice/cost-model.js';
import { mismatches } from './events.js';
import type { BatchHistograms } from './histograms.js';
import type { Mismatch, MismatchKeeper } from './keep-mismatch.js';
import { isOfCaller } from './not-the-path.js';
import { type HealthOptions, PathHealth } from './path-health.js';
import type { StatsRecorder } from './stats.js';
import type { Work } from './work.js';

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
  /** What a path that may be used did when it was tried; it rests first, as after a batch. */
  readonly troubled?: ReadonlyMap<PathName, unknown>;
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

/** A path that batches may go to. */
interface Route<I, O> {
  readonly path: Path<I, O>;
  /** `null` of the golden model. */
  readonly health: PathHealth | null;
  /** Why it must not be used at all, or `null`. */
  readonly whyNever: string | null;
  /** When its last batch ended: the time of one that waited for it does not count as its own. */
  endedMs: number;
}

/**
 * Runs batches: takes a path for each, checks a share of them against the golden model, and runs one that its path failed
 * again on the golden model. Every accepted batch settles once; batches settle in the order in which they were given.
 */
export class Dispatcher<I, O> {
  readonly #options: DispatcherOptions<I, O>;
  readonly #routes: readonly Route<I, O>[];
  readonly #barred = (path: PathName): string | null => this.barred(path);
  readonly #order = new CallOrder();
  /** A path keeps its own order: there is none to keep where every batch goes to one, and comes back from it as it is. */
  readonly #keepsItself: boolean;
  readonly #random: () => number;
  readonly #report: BatchReporter;
  /** The last batch that was given to a path. */
  last: BatchRun | null = null;
  /** Kernel cycles of a batch, learnt from those that were simulated. */
  readonly cycles = new CostModel();

  constructor(options: DispatcherOptions<I, O>) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    const { paths, javascript, checkShare, kernel, stats } = options;
    this.#keepsItself = paths.length === 1 && (checkShare === 0 || paths[0] === javascript);
    this.#report = new BatchReporter(kernel.name, stats);
    this.#routes = paths.map((path) => ({
      path,
      // The golden model is what the others are held against; there is nothing to go to from it.
      health: path === javascript ? null : new PathHealth(options.health, options.now),
      whyNever: options.failed.get(path.name) ?? null,
      endedMs: 0,
    }));
    for (const [path, error] of options.troubled ?? []) {
      const health = this.health(path);
      if (health === null) continue;
      const restMs = health.fail(health.begin(), (error as Error).message);
      this.#report.troubled(path, restMs, error);
    }
  }

  /** Why a path takes no batches now, or `null`. */
  barred(path: PathName): string | null {
    const route = this.#routeOf(path);
    if (route === null) return null;
    return route.whyNever ?? route.path.whyNever ?? route.health?.barred() ?? null;
  }

  health(path: PathName): PathHealth | null {
    return this.#routeOf(path)?.health ?? null;
  }

  /** Threads that hung models keep for good. */
  lostThreads(): number {
    return this.#routes.reduce((sum, { path }) => sum + (path.lostThreads ?? 0), 0);
  }

  /** Of the batches so far, by path, reason and size class. */
  histograms(): BatchHistograms[] {
    return this.#report.histograms.figures();
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
    const { chooser } = this.#options;
    const choice =
      chooser === null ? null : chooser.choose(work.messages, work.bytes, this.#barred);
    const route = (choice === null ? this.#routes[0] : this.#routeOf(choice.path)) as Route<I, O>;
    const batch: BatchRun = {
      choice,
      path: route.path.name,
      reason: choice === null ? 'named' : choice.kind,
      failure: null,
      beginMs: performance.now(),
    };
    this.last = batch;
    return route.health === null
      ? this.#plain(route, work, batch)
      : this.#guarded(route, route.health, work, batch);
  }

  async close(): Promise<void> {
    await this.#order.idle();
    this.#report.publishHistograms();
    await this.#options.keeper?.idle();
    await Promise.all(this.#options.paths.map((path) => path.close()));
    await this.#options.javascript.close();
  }

  /** A handful: a look along them costs less than a map. */
  #routeOf(path: PathName): Route<I, O> | null {
    for (const route of this.#routes) if (route.path.name === path) return route;
    return null;
  }

  /** Runs a batch on the golden model, from which there is nowhere to go. */
  async #plain<R>(route: Route<I, O>, work: Work<I, O, R>, batch: BatchRun): Promise<PathRun<R>> {
    let run: PathRun<R>;
    try {
      run = await work.on(route.path);
    } catch (error) {
      this.#report.settled(batch, work, performance.now(), false);
      throw error;
    }
    const endMs = performance.now();
    this.#learn(route, batch, endMs);
    this.#report.settled(batch, work, endMs, true);
    return run;
  }

  /** Runs a batch on a path, and on the golden model where that fails it or is wrong. */
  async #guarded<R>(
    route: Route<I, O>,
    health: PathHealth,
    work: Work<I, O, R>,
    batch: BatchRun,
  ): Promise<PathRun<R>> {
    const { javascript, checkShare } = this.#options;
    const mustCheck = batch.choice !== null && health.mustCheck;
    const epoch = health.begin();
    let [endMs, ok] = [0, false];
    try {
      let run: PathRun<R>;
      try {
        run = await work.on(route.path);
      } catch (error) {
        if (batch.choice === null || isNotThePath(error, work)) {
          health.abandon(epoch);
          throw error;
        }
        const text = (error as Error).message;
        this.#report.failed(route.path.name, work, health.fail(epoch, text), error);
        fallBack(batch, javascript.name, text);
        run = await work.on(javascript);
        ok = true;
        return run;
      }
      endMs = performance.now();
      this.#learn(route, batch, endMs);
      if (run.counters) this.cycles.observe(work.messages, work.bytes, run.counters.cycles);
      if (mustCheck || (checkShare > 0 && this.#random() < checkShare)) {
        endMs = 0;
        run = (await this.#wrong(route.path, health, epoch, work, run, batch)) ?? run;
      }
      ok = true;
      return run;
    } finally {
      this.#report.settled(batch, work, endMs || performance.now(), ok);
    }
  }

  /** Compares results with the golden model's. @returns those where they differ, else `null`. */
  async #wrong<R>(
    path: Path<I, O>,
    health: PathHealth,
    epoch: number,
    work: Work<I, O, R>,
    run: PathRun<R>,
    batch: BatchRun,
  ): Promise<PathRun<R> | null> {
    const { kernel, javascript, chooser, stats, keeper } = this.#options;
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
    const told = {
      ...found,
      expected: bounded(found.expected),
      actual: bounded(found.actual),
    };
    const bundle = keeper?.keep(withMessages(work, found)) ?? null;
    if (mismatches.hasSubscribers) {
      mismatches.publish({ kernel: kernel.name, path: path.name, ...told, restMs, bundle });
    }
    if (chooser === null) throw mismatchError(kernel.name, path.name, told);
    stats.fellBack(path.name, 'ERR_RTLIFT_RESULT_MISMATCH');
    fallBack(batch, javascript.name, text);
    return { ...golden, results: await work.deliver(golden.results) };
  }

  /** @param endMs - of the batch, whose time does not begin before that of the one before it on its path had ended. */
  #learn(route: Route<I, O>, { choice, beginMs }: BatchRun, endMs: number): void {
    const startMs = Math.max(beginMs, route.endedMs);
    route.endedMs = endMs;
    if (choice !== null) this.#options.chooser?.observe(choice, (endMs - startMs) * 1e6);
  }
}

/** Bytes of a result that an event or a message shows. */
const SHOWN_BYTES = 1024;

/** The start of a long result in hexadecimal; {@link Difference.byteIndex} says where it differs, a bundle has the message. */
function bounded(hex: string): string {
  if (hex.length <= 2 * SHOWN_BYTES) return hex;
  return `${hex.slice(0, 2 * SHOWN_BYTES)}... (${hex.length / 2} bytes)`;
}

function fallBack(batch: BatchRun, path: PathName, failure: string): void {
  batch.path = path;
  batch.reason = 'fallback';
  batch.failure = failure;
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
  return options?.signal?.aborted === true || isOfCaller(error);
}
