import { layOut, type PackedBatch, pack, uninitialised } from '../kernel/batch.js';
import { copyInSlices } from '../kernel/batch-slices.js';
import type { Codec } from '../kernel/codec.js';
import type { RunOptions } from './path.js';

// An array of messages is packed in pieces: while one runs on the model's thread, this thread unpacks the one before
// and packs the next, and never holds the event loop for long. Smaller ones would cost more in crossings; larger ones
// would lie in memory that is fresh each time, at 1.5 us a page (docs/simulation-speed.md).
const PIECE_MESSAGES = 2048;
const PIECE_BYTES = 1024 * 1024;

/** Where the piece ends that starts at `start`; at least one message further. */
export function pieceEnd<T>(codec: Codec<T>, messages: readonly T[], start: number): number {
  const most = Math.min(messages.length, start + PIECE_MESSAGES);
  if (codec.fixedBytes !== null) return most;
  let bytes = 0;
  for (let i = start; i < most; i++) {
    bytes += codec.isIdentity
      ? ((messages[i] as Uint8Array | null)?.length ?? 0)
      : sizeOr0(codec, messages[i] as T);
    // A message that is larger is a piece of its own.
    if (bytes > PIECE_BYTES) return Math.max(i, start + 1);
  }
  return most;
}

/** A value that the codec refuses is named when it is packed. */
function sizeOr0<T>(codec: Codec<T>, value: T): number {
  try {
    return codec.sizeOf(value);
  } catch {
    return 0;
  }
}

/** Memory for packed pieces, used over and over: one piece runs while the next is packed. */
export class PieceMemory {
  readonly #free: Uint8Array[] = [];

  /**
   * Packs messages `start` to `end`; {@link release} takes the memory back when they have run. One that is larger than a piece
   * is copied in slices.
   */
  pack<T>(
    codec: Codec<T>,
    messages: readonly T[],
    start: number,
    end: number,
  ): PackedBatch | Promise<PackedBatch> {
    const first = messages[start] as Uint8Array | null | undefined;
    if (codec.isIdentity && end - start === 1 && (first?.length ?? 0) > PIECE_BYTES) {
      return packLarge(codec, messages, start);
    }
    return pack(codec, messages, start, end, (sizeBytes) => {
      if (sizeBytes > PIECE_BYTES) return uninitialised(sizeBytes);
      return this.#free.pop() ?? uninitialised(PIECE_BYTES);
    });
  }

  release({ data }: PackedBatch): void {
    if (data.length === PIECE_BYTES && this.#free.length < 2) this.#free.push(data);
  }
}

async function packLarge<T>(
  codec: Codec<T>,
  messages: readonly T[],
  at: number,
): Promise<PackedBatch> {
  const offsets = new Int32Array(2);
  const data = uninitialised(layOut(codec, messages, at, at + 1, offsets, 0));
  await copyInSlices(data, messages[at] as Uint8Array);
  return { data, offsets };
}

/** Signal of the pieces of a batch: aborted with that of the batch, or when one of them has failed. */
export class PieceSignal {
  readonly #options: RunOptions;
  #controller: AbortController | null = null;
  readonly #follow = (): void => this.cancel(this.#options.signal?.reason);

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** Of a piece that is not the only one. */
  options(): RunOptions {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      const { signal } = this.#options;
      if (signal?.aborted) this.#follow();
      else signal?.addEventListener('abort', this.#follow, { once: true });
    }
    return { ...this.#options, signal: this.#controller.signal };
  }

  cancel(reason: unknown): void {
    this.#controller?.abort(reason);
  }

  release(): void {
    this.#options.signal?.removeEventListener('abort', this.#follow);
  }
}
