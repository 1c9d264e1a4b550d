import { channel } from 'node:diagnostics_channel';
import { type ErrorCode, RtliftError } from '../../errors.js';
import type { KernelModel, RunArguments } from '../kernel-model.js';
import { BesideModelError, lostItsModel } from '../model-errors.js';
import type { NativeAddon, NativeReport } from '../native-addon.js';
import { DISPLAY_CHANNEL } from '../verilator-model.js';
import { ChildLink } from './child-link.js';
import { ChildWatch } from './child-watch.js';
import type { ErrorFrame, FromChild, Report, StartFrame } from './frames.js';
import {
  type BatchLayout,
  fillRegion,
  isPayloadGone,
  layOut,
  readResults,
  runFrame,
} from './layout.js';
import { type Region, Regions } from './regions.js';
import type { RestartBackoff } from './restart-backoff.js';

const display = channel(DISPLAY_CHANNEL);

/** A child that was told to close and does not is killed after this: its model hangs in the RTL. */
const CLOSE_MS = 2_000;

/** A batch that has its region of the memory. */
interface Pending {
  readonly id: number;
  readonly region: Region;
  readonly batch: RunArguments;
  readonly layout: BatchLayout;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (report: NativeReport) => void;
  readonly reject: (error: unknown) => void;
  report: Report | null;
  /** Where results of any length were put that did not fit. */
  fetched: Region | null;
}

/**
 * A model in a process of its own: whatever its RTL or C code does, it costs that process and not this one.
 *
 * Batches and results go through memory that both processes map; frames of a line say where. Both are copied in slices, so that
 * the event loop turns in between. A batch that was alone in a child which died rejects as `ERR_RTLIFT_CHILD_EXITED`. Of several
 * it is not known which one did it: all reject as `ERR_RTLIFT_MODEL_DISCARDED`, to be run again, and the next child gets them one
 * at a time. So does one that died before it was ready, or was ended because the model was given up: of that no batch is to blame.
 */
export class IsolatedModel implements KernelModel {
  readonly settings: Promise<unknown>;
  readonly #kernel: string;
  readonly #regions: Regions;
  readonly #backoff: RestartBackoff;
  readonly #watch: ChildWatch;
  readonly #link: ChildLink;
  readonly #pending = new Map<number, Pending>();
  /** Batches on their way into their regions, the first one while it is copied. */
  #toFill: Pending[] = [];
  #isFilling = false;
  /** Batches that lie in their regions and wait for those that the child has. */
  #held: Pending[] = [];
  /** Batches that the child has. */
  readonly #told = new Set<number>();
  readonly #exited: Promise<void>;
  #settle: (error: unknown) => void = () => undefined;
  #onExit: () => void = () => undefined;
  #ended: string | null = null;
  #nextId = 1;
  #isReady = false;
  #isClosing = false;
  /** Whether this process ends the child, for which none of its batches is to blame. */
  #isGivenUp = false;
  /** Whether the child gets one batch at a time. */
  #isSerial: boolean;

  /**
   * @param timeoutMs - longest time that the process may give no sign of life while something is expected of it; 0: any.
   * @throws {@link RtliftError} `ERR_RTLIFT_NO_MEMORY` where no shared memory is to be had.
   */
  constructor(
    addon: NativeAddon,
    start: Omit<StartFrame, 'type'>,
    backoff: RestartBackoff,
    timeoutMs: number,
  ) {
    this.#kernel = start.kernel;
    this.#backoff = backoff;
    this.#isSerial = backoff.isSuspicious;
    this.#regions = new Regions(addon, {
      onRelease: ({ offset }) => this.#link.tell({ type: 'release', offset }),
    });
    this.#watch = new ChildWatch(timeoutMs, {
      isAwaited: () => !this.#isReady || this.#told.size > 0,
      ask: () => this.#link.tell({ type: 'ping' }),
      onSilent: () =>
        this.#link.kill(`gave no sign of life for ${timeoutMs / 1000} s and was ended`),
    });
    this.settings = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#exited = new Promise((resolve) => {
      this.#onExit = resolve;
    });
    const { delayMs } = backoff;
    this.#link = new ChildLink(this.#regions.fd, { type: 'start', ...start }, delayMs, {
      onStart: () => {
        this.#keepAlive();
        this.#watch.expect();
      },
      onFrame: (frame) => this.#hear(frame),
      onGone: (how) => this.#lost(how),
    });
    if (delayMs === 0) this.#link.spawn();
  }

  async run(batch: RunArguments, signal: AbortSignal | undefined): Promise<NativeReport> {
    this.#checkThere();
    const { offsets, resultBytes } = batch;
    const messages = offsets.length - 1;
    const dataBytes = (offsets[messages] as number) - (offsets[0] as number);
    const layout = layOut(messages, dataBytes, resultBytes);
    let cancel = (): void => undefined;
    try {
      return await new Promise<NativeReport>((resolve, reject) => {
        const id = this.#nextId++;
        const rest = { id, batch, layout, signal, resolve, reject, report: null, fetched: null };
        const withdraw = this.#regions.lend(
          layout.bytes,
          (region) => this.#submit({ region, ...rest }),
          (error) => reject(besideModel(error)),
        );
        cancel = () => {
          if (withdraw()) reject(signal?.reason);
          else this.#cancel(id, signal?.reason);
        };
        signal?.addEventListener('abort', cancel, { once: true });
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  #submit(pending: Pending): void {
    this.#pending.set(pending.id, pending);
    this.#keepAlive();
    this.#toFill.push(pending);
    void this.#fill();
  }

  /** Copies batches into their regions, one after the other, so that the child gets them in order; a small one at once. */
  async #fill(): Promise<void> {
    if (this.#isFilling) return;
    this.#isFilling = true;
    for (let next = this.#toFill[0]; next !== undefined; next = this.#toFill[0]) {
      try {
        const more = fillRegion(next.batch, next.layout, next.region, next.signal);
        if (more) await more;
        next.signal?.throwIfAborted();
        this.#checkThere();
        this.#toFill.shift();
        this.#held.push(next);
        this.#tellNext();
      } catch (error) {
        // Its caller took the payload's memory away, perhaps. That must not reach whoever gave the region back.
        this.#toFill.shift();
        this.#finish(next);
        next.reject(besideModel(isPayloadGone(next.batch) ? this.#payloadGone() : error));
      }
    }
    this.#isFilling = false;
  }

  #tellNext(): void {
    while (this.#held.length > 0) {
      if (this.#isSerial && (!this.#isReady || this.#told.size > 0)) return;
      const { id, batch, layout, region } = this.#held.shift() as Pending;
      this.#told.add(id);
      this.#link.tell(runFrame(id, batch, layout, region));
      this.#watch.expect();
    }
  }

  /** Ends a batch that the child has not been told of, and knows nothing to cancel of. */
  #cancel(id: number, reason: unknown): void {
    if (this.#told.has(id)) {
      this.#link.tell({ type: 'cancel', id });
      return;
    }
    const pending = this.#pending.get(id);
    // What is being copied notices by itself; what the child has finished has its results.
    if (!pending || pending === this.#toFill[0] || pending.report) return;
    this.#toFill = this.#toFill.filter((each) => each !== pending);
    this.#held = this.#held.filter((each) => each !== pending);
    this.#finish(pending);
    pending.reject(reason);
  }

  #checkThere(): void {
    if (!this.#isClosing && this.#ended === null) return;
    throw this.#discarded(this.#ended === null ? undefined : `its process ${this.#ended}`);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (!this.#link.isStarted) {
      this.#link.cancelStart();
      this.#isGivenUp = true;
      this.#lost('was closed before it was started');
    }
    // The child would refuse these; they get another one.
    this.#regions.refuseWaiting(this.#discarded());
    this.#refuseUntold(this.#discarded());
    this.#link.tell({ type: 'close' });
    // Or nothing would keep the loop alive until it has gone.
    this.#link.awaitExit();
    const kill = setTimeout(() => {
      this.#isGivenUp = true;
      this.#link.kill('was ended because the model was given up');
    }, CLOSE_MS);
    await this.#exited;
    clearTimeout(kill);
  }

  #hear(frame: FromChild): void {
    this.#watch.heard();
    if (frame.type === 'pong' || this.#ended !== null) return;
    if (frame.type === 'ready') {
      this.#isReady = true;
      this.#backoff.started();
      this.#settle(frame.error === null ? null : this.#errorOf(frame.error));
      this.#tellNext();
      return;
    }
    const pending = this.#pending.get(frame.id);
    if (!pending) return;
    if (frame.type === 'failed') {
      this.#publish(frame.error.details.log);
      this.#finish(pending);
      pending.reject(this.#errorOf(frame.error));
      return;
    }
    if (frame.type === 'done') {
      this.#backoff.succeeded();
      // Those that were under suspicion have run, each alone: it was something else.
      if (this.#held.length === 0 && this.#toFill.length === 0) this.#isSerial = false;
      pending.report = frame.report;
      this.#publish(frame.report.log);
      const need = 4 * pending.batch.offsets.length + (frame.resultBytes ?? 0);
      if (
        frame.resultBytes !== null &&
        need > pending.region.place.bytes - pending.layout.resultsAt
      ) {
        const { id } = frame;
        try {
          pending.fetched = this.#regions.take(need);
        } catch (error) {
          this.#finish(pending);
          pending.reject(besideModel(error));
          return;
        }
        this.#link.tell({ type: 'fetch', id, region: pending.fetched.place });
        return;
      }
      this.#deliver(pending, pending.region, pending.layout.resultsAt, frame.report);
      return;
    }
    if (pending.fetched && pending.report)
      this.#deliver(pending, pending.fetched, 0, pending.report);
  }

  /**
   * Copies the results out of the shared memory, which goes back; few of them at once. The child may be gone meanwhile.
   * @throws RangeError for a place that cannot be.
   */
  #deliver(pending: Pending, { memory }: Region, at: number, report: Report): void {
    // The child is done with it, and gets the next one while this one is copied.
    this.#told.delete(pending.id);
    const { results, more } = readResults(pending.batch, memory, at);
    const done = (): void => {
      this.#finish(pending);
      pending.resolve({ ...report, ...results });
    };
    if (more === undefined) {
      done();
      return;
    }
    this.#tellNext();
    more.then(done, (error: unknown) => {
      this.#finish(pending);
      pending.reject(besideModel(error));
    });
  }

  #finish({ id, region, fetched }: Pending): void {
    this.#pending.delete(id);
    this.#told.delete(id);
    this.#regions.give(region);
    if (fetched) this.#regions.give(fetched);
    this.#tellNext();
    this.#keepAlive();
  }

  /** Refuses what the child has not been told of, but for what is being copied, which notices by itself. */
  #refuseUntold(error: RtliftError): void {
    const untold = [...this.#held.splice(0), ...this.#toFill.splice(this.#isFilling ? 1 : 0)];
    for (const pending of untold) {
      this.#finish(pending);
      pending.reject(error);
    }
  }

  /** The child is gone, and with it what it had. */
  #lost(how: string): void {
    if (this.#ended !== null) return;
    this.#ended = how;
    this.#watch.stop();
    this.#regions.close();
    const had = [...this.#told];
    this.#told.clear();
    if (!this.#isGivenUp && (had.length > 0 || !this.#isReady)) {
      this.#backoff.failed(had.length, this.#isReady);
    }
    const error = (code: ErrorCode, text: string): RtliftError => this.#error(code, text, how);
    const blame = error('ERR_RTLIFT_CHILD_EXITED', `the process of its model ${how}`);
    const isItsStart = !this.#isReady && !this.#isGivenUp;
    this.#settle(isItsStart && !this.#backoff.mayStartAgain ? blame : null);
    this.#onExit();
    const discarded = this.#discarded(`its process ${how}`);
    this.#regions.refuseWaiting(discarded);
    this.#refuseUntold(discarded);
    const wasAlone = this.#isReady && !this.#isGivenUp && had.length === 1;
    for (const id of had) {
      const pending = this.#pending.get(id);
      if (!pending) continue;
      this.#finish(pending);
      pending.reject(
        wasAlone
          ? error(
              'ERR_RTLIFT_CHILD_EXITED',
              `the process of its model ${how} while it had this batch`,
            )
          : discarded,
      );
    }
  }

  #discarded(why = 'the model was given up'): RtliftError {
    return this.#error('ERR_RTLIFT_MODEL_DISCARDED', why);
  }

  #payloadGone(): RtliftError {
    return new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `kernel ${this.#kernel}: the memory of the payload stays as it is until the batch has settled; it was transferred or resized`,
      { kernel: this.#kernel, arg: 'batch' },
    );
  }

  #error(code: ErrorCode, text: string, how = text): RtliftError {
    return new RtliftError(code, `kernel ${this.#kernel}: ${text}`, { kernel: this.#kernel, how });
  }

  #errorOf({ code, message, details }: ErrorFrame): Error {
    return Object.assign(new Error(message), { code, details });
  }

  #publish(log: unknown): void {
    if (typeof log === 'string' && log !== '' && display.hasSubscribers) {
      display.publish({ kernel: this.#kernel, text: log });
    }
  }

  #keepAlive(): void {
    if (this.#ended === null) this.#link.keepAlive(this.#pending.size > 0);
  }
}

/** What the child is not to blame for, and knows nothing of; not that it is gone. */
function besideModel(error: unknown): unknown {
  const isOfModel = error instanceof RtliftError && lostItsModel(error.code);
  return isOfModel ? error : new BesideModelError(error);
}
