import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kernel } from '../kernel/define-kernel.js';
import { cacheDir } from '../toolchain/cache-dir.js';

/** Where batches with a wrong result are kept. */
export interface KeepOptions {
  /** Default `mismatches` in the cache folder. */
  readonly folder?: string;
  /** Most bundles in the folder, 0 or more, default 16; once there are so many, further ones are not kept. */
  readonly most?: number;
}

/** The messages before the wrong one may matter, but not all of a million. */
const MOST_MESSAGES = 256;
const MOST_BYTES = 1024 * 1024;

/** A result that differs from the golden model's, and the batch it is from. */
export interface Mismatch<I> {
  readonly messages: readonly I[];
  readonly messageIndex: number;
  readonly expected: string;
  readonly actual: string;
}

/** Keeps batches with a wrong result as bundles that `replay(kernel, folder)` runs again. */
export class MismatchKeeper<I, O> {
  readonly #kernel: Kernel<I, O>;
  readonly #folder: string;
  readonly #most: number;
  readonly #seed: number;
  #kept = 0;
  #last: Promise<void> = Promise.resolve();

  /** @param seed - of the values that the model's registers without a reset started from. */
  constructor(kernel: Kernel<I, O>, seed: number, options: KeepOptions = {}) {
    this.#kernel = kernel;
    this.#folder = options.folder ?? join(cacheDir(), 'mismatches');
    this.#most = options.most ?? 16;
    this.#seed = seed;
  }

  /**
   * Writes a bundle, in the background: a batch must not wait for a disk, nor fail because of one.
   * @returns where it will lie, or `null` where there are enough already.
   */
  keep(mismatch: Mismatch<I>): string | null {
    if (this.#kept >= this.#most) return null;
    this.#kept++;
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const folder = join(this.#folder, `${this.#kernel.name}-${stamp}-${process.pid}-${this.#kept}`);
    // The caller may change its messages once it has its results, so they are copied now.
    const kept = this.#copy(mismatch);
    this.#last = this.#last.then(() => this.#write(folder, kept)).catch(() => undefined);
    return folder;
  }

  /** Resolves when everything so far is written. */
  idle(): Promise<void> {
    return this.#last;
  }

  #copy({ messages, messageIndex, ...results }: Mismatch<I>): Mismatch<I> {
    const { input } = this.#kernel;
    const kept: I[] = [];
    let bytes = 0;
    for (let i = messageIndex; i >= 0 && kept.length < MOST_MESSAGES; i--) {
      const message = messages[i] as I;
      const size = input.sizeOf(message);
      bytes += size;
      if (bytes > MOST_BYTES && kept.length > 0) break;
      const encoded = new Uint8Array(size);
      input.encodeInto(message, encoded, 0);
      kept.unshift(input.decode(encoded, 0, size));
    }
    return { messages: kept, messageIndex: kept.length - 1, ...results };
  }

  async #write(folder: string, found: Mismatch<I>): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    if ((await readdir(this.#folder)).length >= this.#most) return;
    const [{ writeBundle }, { FULL_RATE }] = await Promise.all([
      import('../verify/bundle.js'),
      import('../verify/scenario.js'),
    ]);
    const { messages, messageIndex, expected, actual } = found;
    const failure = {
      batch: 0,
      kind: 'mismatch' as const,
      messageIndex,
      byteIndex: firstByte(expected, actual),
      cycle: null,
      expected,
      actual,
      code: null,
      rule: null,
      text: `message ${messageIndex} differs from the golden model`,
    };
    await writeBundle(
      folder,
      this.#kernel,
      {
        scenario: {
          modelSeed: this.#seed,
          batches: [{ variant: 0, messages, drive: FULL_RATE }],
        },
        failure,
        shrunkFrom: messages.length,
      },
      { target: this.#kernel.name, seed: 0, monitors: true, noProgressCycles: 1_000_000 },
    );
  }
}

function firstByte(expected: string, actual: string): number {
  let i = 0;
  while (i < expected.length && expected[i] === actual[i]) i++;
  return i >> 1;
}
