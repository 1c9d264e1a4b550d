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
  readonly #kernel: string;
  readonly #model: NativeModel;
  readonly #limitMs: number;
  /** Each rejects one that waits. Not a promise that all of them race with: it would remember every race for good. */
  readonly #waiting = new Set<(reason: RtliftError) => void>();
  #timer: NodeJS.Timeout | null = null;
  /** At the last look; `null` where what waits came after it. */
  #cycles: number | null = null;
  #stillLooks = 0;
  #hung: RtliftError | null = null;

  /** @param limitMs - longest host time of one clock cycle. */
  constructor(kernel: string, model: NativeModel, limitMs = DEFAULT_CYCLE_TIMEOUT_MS) {
    this.#kernel = kernel;
    this.#limitMs = limitMs;
    this.#model = model;
  }

  /** Settles as `job` does, or rejects with `ERR_RTLIFT_KERNEL_NO_PROGRESS` when the model hangs first. */
  guard<T>(job: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#hung) reject(this.#hung);
      if (this.#waiting.size === 0) this.#cycles = null;
      this.#waiting.add(reject);
      job.then(
        (value) => {
          this.#waiting.delete(reject);
          resolve(value);
        },
        (error: unknown) => {
          this.#waiting.delete(reject);
          reject(error);
        },
      );
      // It stays between batches that follow each other: a timer a batch would cost as much as the rest of this.
      this.#timer ??= setInterval(() => this.#look(), this.#limitMs / LOOKS).unref();
    });
  }

  #look(): void {
    if (this.#waiting.size === 0 || this.#hung) {
      this.#stop();
      return;
    }
    const cycles = this.#model.heartbeat();
    if (cycles !== this.#cycles) {
      this.#cycles = cycles;
      this.#stillLooks = 0;
      return;
    }
    if (++this.#stillLooks < LOOKS) return;
    this.#stop();
    // Batches that only waited behind the stuck one are cancelled by this, and get a model of their own.
    this.#model.close(true).catch(() => undefined);
    setTimeout(() => this.#giveUp(cycles), this.#limitMs / LOOKS);
  }

  #stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #giveUp(cycles: number): void {
    this.#hung = new RtliftError(
      'ERR_RTLIFT_KERNEL_NO_PROGRESS',
      `kernel ${this.#kernel}: clock cycle ${cycles} did not end in ${this.#limitMs / 1000} s of host time: the RTL has a loop that never ends. Its thread cannot be stopped; leave by process.exit()`,
      { kernel: this.#kernel, cycle: cycles, hangMs: this.#limitMs },
    );
    for (const reject of this.#waiting) reject(this.#hung);
    this.#waiting.clear();
  }
}
