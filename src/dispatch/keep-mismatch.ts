import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kernel } from '../kernel/define-kernel.js';
import { cacheDir } from '../toolchain/cache-dir.js';
import { bundles } from './events.js';

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
/** A result is kept in hexadecimal up to this; of a longer one its start, its length and its SHA-256. */
const MOST_RESULT_DIGITS = 64 * 1024;

/** A result that differs from the golden model's, and the batch it is from. */
export interface Mismatch<I> {
  readonly messages: readonly I[];
  readonly messageIndex: number;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Keeps batches with a wrong result as bundles that `replay(kernel, folder)` runs again. What became of each is published on
 * {@link BUNDLE_CHANNEL}.
 */
export class MismatchKeeper<I, O> {
  readonly #kernel: Kernel<I, O>;
  readonly #folder: string;
  readonly #most: number;
  readonly #seed: bigint;
  #count = 0;
  #last: Promise<void> = Promise.resolve();

  /** @param seed - of the values that the model's registers without a reset started from. */
  constructor(kernel: Kernel<I, O>, seed: bigint, options: KeepOptions = {}) {
    this.#kernel = kernel;
    this.#folder = options.folder ?? join(cacheDir(), 'mismatches');
    this.#most = options.most ?? 16;
    this.#seed = seed;
  }

  /**
   * Makes a folder for a bundle and writes it in the background: a batch must not wait for a disk, nor fail because of one.
   * @returns the folder, or `null` where none is kept: there are enough already, the message is too large, or no folder can be
   *   made. Where writing fails later, the folder is removed.
   */
  keep(mismatch: Mismatch<I>): string | null {
    const { messages, messageIndex } = mismatch;
    const sizeBytes = this.#kernel.input.sizeOf(messages[messageIndex] as I);
    if (sizeBytes > MOST_BYTES) {
      // Part of a message replays to something else.
      return this.#notKept(`the message has ${sizeBytes} bytes, a bundle at most ${MOST_BYTES}`);
    }
    let folder: string | null;
    try {
      folder = this.#makeFolder();
    } catch (error) {
      return this.#notKept((error as Error).message);
    }
    if (folder === null) {
      return this.#notKept(`${this.#folder} holds ${this.#most} bundles already`);
    }
    const made = folder;
    // The caller may change its messages once it has its results, so they are copied now.
    const kept = this.#copy(mismatch);
    this.#last = this.#last.then(() =>
      this.#write(made, kept).then(
        () => this.#tell(made, null),
        async (error: Error) => {
          await rm(made, { recursive: true, force: true }).catch(() => undefined);
          this.#tell(null, `${made} could not be written: ${error.message}`);
        },
      ),
    );
    return folder;
  }

  /** Resolves when everything so far is written, or given up. */
  idle(): Promise<void> {
    return this.#last;
  }

  /** In step, because the folder's name is told before it is written; of a few entries, after a failure, it takes microseconds. */
  #makeFolder(): string | null {
    if (this.#most === 0) return null;
    mkdirSync(this.#folder, { recursive: true });
    if (readdirSync(this.#folder).length >= this.#most) return null;
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const name = `${this.#kernel.name}-${stamp}-${process.pid}-${++this.#count}`;
    const folder = join(this.#folder, name);
    mkdirSync(folder);
    // Another process may have done the same at the same time.
    if (readdirSync(this.#folder).length <= this.#most) return folder;
    rmdirSync(folder);
    return null;
  }

  #notKept(reason: string): null {
    // When whoever asked has told of the mismatch itself.
    this.#last = this.#last.then(() => this.#tell(null, reason));
    return null;
  }

  #tell(folder: string | null, reason: string | null): void {
    if (bundles.hasSubscribers) bundles.publish({ kernel: this.#kernel.name, folder, reason });
  }

  #copy({ messages, messageIndex, ...results }: Mismatch<I>): Mismatch<I> {
    const { input } = this.#kernel;
    const kept: I[] = [];
    let bytes = 0;
    for (let i = messageIndex; i >= 0 && kept.length < MOST_MESSAGES; i--) {
      const message = messages[i] as I;
      const size = input.sizeOf(message);
      bytes += size;
      if (bytes > MOST_BYTES) break;
      const encoded = new Uint8Array(size);
      input.encodeInto(message, encoded, 0);
      kept.unshift(input.decode(encoded, 0, size));
    }
    return { messages: kept, messageIndex: kept.length - 1, ...results };
  }

  async #write(folder: string, found: Mismatch<I>): Promise<void> {
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
      expected: shortened(expected),
      actual: shortened(actual),
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

/** A result in hexadecimal, or what tells it from others. */
function shortened(digits: string): string {
  if (digits.length <= MOST_RESULT_DIGITS) return digits;
  const hash = createHash('sha256').update(Buffer.from(digits, 'hex')).digest('hex');
  return `${digits.slice(0, MOST_RESULT_DIGITS)}... ${digits.length / 2} bytes, SHA-256 ${hash}`;
}
