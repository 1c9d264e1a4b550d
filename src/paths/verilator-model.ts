import { channel } from 'node:diagnostics_channel';
import type { ErrorDetails } from '../errors.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { Fit } from '../toolchain/fit.js';
import { HangWatch } from './hang-watch.js';
import type { KernelModel, RunArguments } from './kernel-model.js';
import type {
  NativeJob,
  NativeLibrary,
  NativeModel,
  NativeModelOptions,
  NativeReport,
} from './native-addon.js';
import { settingsOf } from './settings.js';

/** What a model prints by `$display` and the like: `{ kernel, text }`. */
export const DISPLAY_CHANNEL = 'rtlift:kernel:display';
const display = channel(DISPLAY_CHANNEL);

/** One model of a kernel with its settings written, watched while batches wait for it. */
export class VerilatorModel implements KernelModel {
  /** Resolves with why the settings could not be written, or `null`. */
  readonly settings: Promise<unknown>;
  readonly #kernel: string;
  readonly #native: NativeModel;
  readonly #watch: HangWatch;

  constructor(
    kernel: Pick<Kernel<unknown, unknown>, 'name' | 'registers' | 'statics'>,
    fit: Pick<Fit, 'held'>,
    library: NativeLibrary,
    options: NativeModelOptions,
    cycleTimeoutMs: number,
  ) {
    this.#kernel = kernel.name;
    this.#native = library.createModel(options);
    this.#watch = new HangWatch(kernel.name, this.#native, cycleTimeoutMs);
    // Jobs run in order, so the settings are in place before the first batch.
    this.settings = this.configure(kernel, fit);
  }

  /** Writes the settings of a kernel of this library. Resolves with why they could not be written, or `null`. */
  configure(
    kernel: Pick<Kernel<unknown, unknown>, 'name' | 'registers' | 'statics'>,
    fit: Pick<Fit, 'held'>,
  ): Promise<unknown> {
    const writes = settingsOf(kernel, fit);
    if (writes === null) return Promise.resolve(null);
    // The RTL can loop for ever in the evaluation of a register write as well.
    return this.#watch.guard(this.#native.configure(writes).promise).then(
      (report) => {
        this.#publish(report);
        return null;
      },
      (error: unknown) => error,
    );
  }

  /** Hands a batch to the model's thread; it is running or queued when this returns. */
  run(batch: RunArguments, signal: AbortSignal | undefined): Promise<NativeReport> {
    return this.#report(settle(this.#native.run(batch), signal));
  }

  /** {@link run} for a caller who cancels by a call: a signal and its listener take as long as the rest of a small batch. */
  start(batch: RunArguments): NativeJob {
    const job = this.#native.run(batch);
    return { promise: this.#report(job.promise), cancel: () => job.cancel() };
  }

  /** Lets what is in flight settle. A model that hangs is left behind: its batches were rejected. */
  async close(): Promise<void> {
    await this.#watch.guard(this.#native.close(false)).catch(() => undefined);
  }

  async #report(job: Promise<NativeReport>): Promise<NativeReport> {
    try {
      const report = await this.#watch.guard(job);
      this.#publish(report);
      return report;
    } catch (error) {
      // What the model printed before it failed says why more often than the error does.
      this.#publish({ log: '', ...(error as { readonly details?: ErrorDetails }).details });
      throw error;
    }
  }

  #publish({ log }: { readonly log: string }): void {
    if (log !== '' && display.hasSubscribers) {
      display.publish({ kernel: this.#kernel, text: log });
    }
  }
}

async function settle(job: NativeJob, signal: AbortSignal | undefined): Promise<NativeReport> {
  if (!signal) return job.promise;
  const cancel = (): void => job.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await job.promise;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
