import { RtliftError } from '../errors.js';

/** Threads that a path may leave in loops that never end; nothing can stop one, and each takes a core for good. */
const MOST_LOST = 2;

/** Counts the threads of this process that a path has lost to hung models. */
export class LostThreads {
  readonly #kernel: string;
  readonly #models = new Set<object>();

  constructor(kernel: string) {
    this.#kernel = kernel;
  }

  get count(): number {
    return this.#models.size;
  }

  /** Takes the error of a model on a thread, which is counted once. */
  note(model: object, { code, details }: RtliftError): void {
    const isHang = code === 'ERR_RTLIFT_KERNEL_NO_PROGRESS' && details.hangMs !== undefined;
    if (isHang) this.#models.add(model);
  }

  /** Why the path runs nothing any more, or `null`. */
  get whyNever(): string | null {
    if (this.count < MOST_LOST) return null;
    return `has left ${this.count} threads in loops of the RTL that never end, each of which takes a core until the process exits; isolation: 'process' can end them`;
  }

  /** @throws {@link RtliftError} `ERR_RTLIFT_PATH_UNAVAILABLE` once it has lost too many. */
  check(): void {
    const why = this.whyNever;
    if (why === null) return;
    throw new RtliftError(
      'ERR_RTLIFT_PATH_UNAVAILABLE',
      `kernel ${this.#kernel}: path verilator ${why}`,
      { kernel: this.#kernel, path: 'verilator', lostThreads: this.count },
    );
  }
}
