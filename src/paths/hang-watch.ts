import { RtliftError } from '../errors.js';
import type { NativeModel } from './native-addon.js';

/** A model that does not finish one clock cycle in this time is stuck in the RTL: cycles take microseconds. */
export const DEFAULT_CYCLE_TIMEOUT_MS = 10_000;
/** In the time that a cycle may take. */
const LOOKS = 10;

/**
 * Watches a model while batches wait for it, and gives up on it when its cycles stand still: a loop inside the RTL
 * that never ends reaches neither the cycle watchdog nor the cancel flag.
 */
export class HangWatch {
  /** Rejects when the model hangs; pending otherwise. */
  readonly hung: Promise<never>;
  readonly #kernel: string;
  readonly #model: NativeModel;
  readonly #limitMs: number;
  #reject: (reason: RtliftError) => void = () => undefined;
  #timer: NodeJS.Timeout | null = null;
  #waiting = 0;
  #cycles = 0;
  #stillLooks = 0;

  /** @param limitMs - longest host time of one clock cycle. */
  constructor(kernel: string, model: NativeModel, limitMs = DEFAULT_CYCLE_TIMEOUT_MS) {
    this.#kernel = kernel;
    this.#limitMs = limitMs;
    this.#model = model;
    this.hung = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // Nobody may be waiting when it happens.
    this.hung.catch(() => undefined);
  }

  /** Settles as `job` does, or rejects with `ERR_RTLIFT_KERNEL_NO_PROGRESS` when the model hangs first. */
  async guard<T>(job: Promise<T>): Promise<T> {
    this.#start();
    try {
      return await Promise.race([job, this.hung]);
    } finally {
      if (--this.#waiting === 0 && this.#timer) {
        clearInterval(this.#timer);
        this.#timer = null;
      }
    }
  }

  #start(): void {
    if (this.#waiting++ > 0) return;
    this.#cycles = this.#model.heartbeat();
    this.#stillLooks = 0;
    this.#timer = setInterval(() => this.#look(), this.#limitMs / LOOKS);
    // The native job keeps the process alive while it runs, and nothing else needs to.
    this.#timer.unref();
  }

  #look(): void {
    const cycles = this.#model.heartbeat();
    if (cycles !== this.#cycles) {
      this.#cycles = cycles;
      this.#stillLooks = 0;
      return;
    }
    if (++this.#stillLooks < LOOKS) return;
    if (this.#timer) clearInterval(this.#timer);
    // Batches that only waited behind the stuck one are cancelled by this, and get a model of their own.
    this.#model.close(true).catch(() => undefined);
    setTimeout(() => this.#giveUp(cycles), this.#limitMs / LOOKS);
  }

  #giveUp(cycles: number): void {
    this.#reject(
      new RtliftError(
        'ERR_RTLIFT_KERNEL_NO_PROGRESS',
        `kernel ${this.#kernel}: clock cycle ${cycles} did not end in ${this.#limitMs / 1000} s of host time: the RTL has a loop that never ends. Its thread cannot be stopped; leave by process.exit()`,
        { kernel: this.#kernel, cycle: cycles, hangMs: this.#limitMs },
      ),
    );
  }
}
