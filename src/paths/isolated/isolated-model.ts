import { type ChildProcess, spawn } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, RtliftError } from '../../errors.js';
import type { KernelModel, RunArguments } from '../kernel-model.js';
import type { NativeAddon, NativeReport } from '../native-addon.js';
import { DISPLAY_CHANNEL } from '../verilator-model.js';
import { ChildWatch } from './child-watch.js';
import {
  type ErrorFrame,
  type FromChild,
  type Report,
  type RunFrame,
  receive,
  type StartFrame,
  send,
  type ToChild,
} from './frames.js';
import { type BatchLayout, fillRegion, layOut } from './layout.js';
import { type Region, Regions } from './regions.js';
import type { RestartBackoff } from './restart-backoff.js';

const display = channel(DISPLAY_CHANNEL);

/** A child that was told to close and does not is killed after this: its model hangs in the RTL. */
const CLOSE_MS = 2_000;

/** A batch that the child has. */
interface Pending {
  readonly region: Region;
  readonly batch: RunArguments;
  readonly resolve: (report: NativeReport) => void;
  readonly reject: (error: unknown) => void;
  /** Where in the region the results go. */
  readonly resultsAt: number;
  report: Report | null;
  /** Where results of any length were put that did not fit. */
  fetched: Region | null;
}

/**
 * A model in a process of its own: whatever its RTL or C code does, it costs that process and not this one.
 *
 * Batches and results go through memory that both processes map; frames of a line say where. A batch that was alone in a child
 * which died rejects as `ERR_RTLIFT_CHILD_EXITED`. Of several it is not known which one did it: all reject as
 * `ERR_RTLIFT_MODEL_DISCARDED`, to be run again, and the next child gets them one at a time.
 */
export class IsolatedModel implements KernelModel {
  readonly settings: Promise<unknown>;
  readonly #kernel: string;
  readonly #regions: Regions;
  readonly #backoff: RestartBackoff;
  readonly #watch: ChildWatch;
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<void>;
  /** Frames for a child that is not there yet; `null` once it is. */
  #outbox: ToChild[] | null;
  #child: ChildProcess | null = null;
  /** Of a child that waits for its turn after others died. */
  #start: NodeJS.Timeout | null = null;
  #socket: Socket | null = null;
  #settle: (error: unknown) => void = () => undefined;
  #onExit: () => void = () => undefined;
  #ended: string | null = null;
  #nextId = 1;
  #isReady = false;
  #isClosing = false;
  /** Whether the child gets one batch at a time. */
  #isSerial: boolean;
  /** Batches that the child gets when those before them have settled. */
  readonly #held: RunFrame[] = [];

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
      onRelease: ({ offset }) => this.#tell({ type: 'release', offset }),
    });
    this.#watch = new ChildWatch(timeoutMs, {
      isAwaited: () => !this.#isReady || this.#pending.size > 0,
      ask: () => this.#tell({ type: 'ping' }),
      onSilent: () => this.#kill(`gave no sign of life for ${timeoutMs / 1000} s and was ended`),
    });
    this.settings = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#exited = new Promise((resolve) => {
      this.#onExit = resolve;
    });
    this.#outbox = [{ type: 'start', ...start }];
    const { delayMs } = backoff;
    if (delayMs === 0) this.#spawn();
    else this.#start = setTimeout(() => this.#spawn(), delayMs);
  }

  #spawn(): void {
    if (this.#ended !== null) return;
    let child: ChildProcess;
    try {
      child = spawn(process.execPath, [...LOADER, CHILD], {
        stdio: ['ignore', 'inherit', 'inherit', 'pipe', this.#regions.fd],
        shell: false,
        windowsHide: true,
      });
    } catch (error) {
      this.#lost(`could not be started: ${(error as Error).message}`);
      return;
    }
    this.#child = child;
    child.once('exit', (code, signal) =>
      this.#lost(signal === null ? `exited with code ${code}` : `was ended by ${signal}`),
    );
    child.once('error', (error) => this.#lost(`could not be started: ${error.message}`));
    // Without descriptors to spare there is no socket, and the error comes as an event.
    const socket = child.stdio?.[3] as Socket | null | undefined;
    if (!socket) return;
    this.#socket = socket;
    // What it writes to is closed first when the child dies; the exit says why.
    this.#socket.on('error', () => undefined);
    receive<FromChild>(
      socket,
      (frame) => this.#hear(frame),
      // Its memory, or its descriptors, are not its own any more.
      (error) => this.#kill(`gave an answer that makes no sense: ${(error as Error).message}`),
    );
    const frames = this.#outbox ?? [];
    this.#outbox = null;
    for (const frame of frames) this.#tell(frame);
    this.#keepAlive();
    this.#watch.expect();
  }

  #kill(why: string): void {
    // The one signal that a stopped process obeys as well.
    this.#child?.kill('SIGKILL');
    this.#lost(why);
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
        const settle = { resolve, reject };
        const use = (region: Region): void => this.#submit(id, batch, layout, region, settle);
        const withdraw = this.#regions.lend(layout.bytes, use, reject);
        cancel = () => {
          if (withdraw()) reject(signal?.reason);
          else if (!this.#dropHeld(id, signal?.reason)) this.#tell({ type: 'cancel', id });
        };
        signal?.addEventListener('abort', cancel, { once: true });
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Lays a batch out in its region, and tells the child. */
  #submit(
    id: number,
    batch: RunArguments,
    layout: BatchLayout,
    region: Region,
    settle: Pick<Pending, 'resolve' | 'reject'>,
  ): void {
    const { resultsAt } = layout;
    let frame: RunFrame;
    try {
      frame = fillRegion(id, batch, layout, region);
    } catch (error) {
      // Its caller took the payload's memory away while it waited. That must not reach whoever gave the region back.
      settle.reject(error);
      this.#regions.give(region);
      return;
    }
    this.#pending.set(id, { region, batch, ...settle, resultsAt, report: null, fetched: null });
    this.#keepAlive();
    this.#watch.expect();
    if (!this.#isSerial) this.#tell(frame);
    else if (this.#held.push(frame) === this.#pending.size && this.#isReady) this.#tellNext();
  }

  #checkThere(): void {
    if (!this.#isClosing && this.#ended === null) return;
    throw this.#error('ERR_RTLIFT_MODEL_DISCARDED', this.#ended ?? 'the model was given up');
  }

  async close(): Promise<void> {
    if (this.#start) clearTimeout(this.#start);
    if (this.#child === null) this.#lost('was closed before it was started');
    this.#isClosing = true;
    // The child would refuse these; they get another one.
    this.#regions.refuseWaiting(
      this.#error('ERR_RTLIFT_MODEL_DISCARDED', 'the model was given up'),
    );
    for (const { id } of this.#held.splice(0)) {
      const pending = this.#pending.get(id);
      if (!pending) continue;
      this.#finish(id, pending);
      pending.reject(this.#error('ERR_RTLIFT_MODEL_DISCARDED', 'the model was given up'));
    }
    this.#tell({ type: 'close' });
    // Or nothing would keep the loop alive until it has gone.
    this.#child?.ref();
    const kill = setTimeout(() => this.#child?.kill('SIGKILL'), CLOSE_MS);
    await this.#exited;
    clearTimeout(kill);
  }

  #tell(frame: ToChild): void {
    if (this.#outbox) this.#outbox.push(frame);
    else if (this.#socket?.writable) send(this.#socket, frame);
  }

  #hear(frame: FromChild): void {
    this.#watch.heard();
    if (frame.type === 'pong') return;
    if (frame.type === 'ready') {
      this.#isReady = true;
      this.#settle(frame.error === null ? null : this.#errorOf(frame.error));
      if (this.#isSerial) this.#tellNext();
      return;
    }
    const pending = this.#pending.get(frame.id);
    if (!pending) return;
    if (frame.type === 'failed') {
      this.#publish(frame.error.details.log);
      this.#finish(frame.id, pending);
      pending.reject(this.#errorOf(frame.error));
      return;
    }
    if (frame.type === 'done') {
      this.#backoff.succeeded();
      // Those that were under suspicion have run, each alone: it was something else.
      if (this.#isSerial && this.#held.length === 0) this.#isSerial = false;
      pending.report = frame.report;
      this.#publish(frame.report.log);
      const { region, batch } = pending;
      const messages = batch.offsets.length - 1;
      const need = 4 * (messages + 1) + (frame.resultBytes ?? 0);
      if (frame.resultBytes !== null && need > region.place.bytes - pending.resultsAt) {
        pending.fetched = this.#regions.take(need);
        this.#tell({ type: 'fetch', id: frame.id, region: pending.fetched.place });
        return;
      }
      this.#deliver(frame.id, pending, region, pending.resultsAt);
      return;
    }
    if (pending.fetched) this.#deliver(frame.id, pending, pending.fetched, 0);
  }

  /** Copies the results out of the shared memory, which goes back. */
  #deliver(id: number, pending: Pending, { memory }: Region, at: number): void {
    const { batch, report, resolve } = pending;
    const messages = batch.offsets.length - 1;
    if (batch.results) {
      batch.results.set(new Uint8Array(memory, at, messages * batch.resultBytes));
      this.#finish(id, pending);
      resolve(report as Report);
      return;
    }
    const resultOffsets = new Int32Array(memory, at, messages + 1).slice();
    const size = resultOffsets[messages] as number;
    const room = memory.byteLength - at - 4 * (messages + 1);
    if (size < 0 || size > room) throw new RangeError(`results of ${size} bytes in ${room}`);
    const resultData = new Uint8Array(memory, at + 4 * (messages + 1), size).slice();
    this.#finish(id, pending);
    resolve({ ...(report as Report), resultOffsets, resultData });
  }

  #finish(id: number, { region, fetched }: Pending): void {
    this.#pending.delete(id);
    this.#regions.give(region);
    if (fetched) this.#regions.give(fetched);
    this.#tellNext();
    this.#keepAlive();
  }

  /** Ends a batch that the child has not been told of, and knows nothing to cancel of. @returns whether it was one. */
  #dropHeld(id: number, reason: unknown): boolean {
    const at = this.#held.findIndex((frame) => frame.id === id);
    const pending = this.#pending.get(id);
    if (at < 0 || pending === undefined) return false;
    this.#held.splice(at, 1);
    // Not as one that has run: the next one waits for the one that runs.
    this.#pending.delete(id);
    this.#regions.give(pending.region);
    this.#keepAlive();
    pending.reject(reason);
    return true;
  }

  #tellNext(): void {
    const next = this.#held.shift();
    if (next) this.#tell(next);
  }

  /** The child is gone, and with it what it had. */
  #lost(how: string): void {
    const isFirst = this.#ended === null;
    this.#ended = how;
    const held = new Set(this.#held.splice(0).map(({ id }) => id));
    const had = [...this.#pending.keys()].filter((id) => !held.has(id));
    const error = (code: ErrorCode, text: string): RtliftError => this.#error(code, text, how);
    if (isFirst) {
      this.#watch.stop();
      this.#regions.close();
      if (had.length > 0) this.#backoff.failed(had.length);
      // A child that had batches may have died of them and not of its settings.
      const blame = error('ERR_RTLIFT_CHILD_EXITED', `the process of its model ${how}`);
      this.#settle(had.length > 0 ? null : blame);
      this.#onExit();
    }
    this.#regions.refuseWaiting(
      error('ERR_RTLIFT_MODEL_DISCARDED', `the process of its model ${how}`),
    );
    for (const [id, pending] of [...this.#pending]) {
      this.#finish(id, pending);
      const wasAlone = isFirst && had.length === 1 && id === had[0];
      pending.reject(
        wasAlone
          ? error(
              'ERR_RTLIFT_CHILD_EXITED',
              `the process of its model ${how} while it had this batch`,
            )
          : error('ERR_RTLIFT_MODEL_DISCARDED', `the process of its model ${how}`),
      );
    }
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

  /** Node stays while something is in flight, and may leave otherwise. */
  #keepAlive(): void {
    // A socket without a handle would remember each call for when it connects.
    if (this.#ended !== null || this.#socket?.destroyed) return;
    if (this.#pending.size > 0) {
      this.#child?.ref();
      this.#socket?.ref();
    } else {
      this.#child?.unref();
      this.#socket?.unref();
    }
  }
}

// In a checkout that runs its sources, the child does so as well.
const isSource = import.meta.url.endsWith('.ts');
const CHILD = fileURLToPath(
  new URL(isSource ? './child-main.ts' : './child-main.js', import.meta.url),
);
const LOADER = isSource ? ['--import', 'tsx'] : [];
