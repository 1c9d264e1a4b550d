import { pack } from '../../kernel/batch.js';
import type { Kernel } from '../../kernel/define-kernel.js';
import { firstDifference } from '../../kernel/difference.js';
import type { Path, PathName } from '../../paths/path.js';
import { isOfCaller } from '../not-the-path.js';
import type { Chooser } from './chooser.js';
import { classKey } from './size-class.js';

/** What became of the paths. */
export interface Trial {
  /** Those that must not be used, and why: they gave other results. */
  readonly failed: ReadonlyMap<PathName, string>;
  /** Those that failed, which may be a passing trouble. */
  readonly troubled: ReadonlyMap<PathName, unknown>;
}

/** Batches that tell what a batch, a message and a byte cost apart. */
const LOADS: readonly (readonly [messages: number, bytes: number])[] = [
  [1, 64],
  [64, 64],
  [64, 1024],
];
const ROUNDS = 3;

/**
 * Runs a few batches on every path, compares the results with the first path's and teaches the chooser what they took.
 *
 * A path that fails is not tried again here: each hang would take its whole timeout.
 */
export async function trial<I, O>(
  kernel: Kernel<I, O>,
  paths: readonly Path<I, O>[],
  chooser: Chooser | null,
): Promise<Trial> {
  const failed = new Map<PathName, string>();
  const troubled = new Map<PathName, unknown>();
  const found = { failed, troubled };
  const [reference] = paths;
  const loads = LOADS.flatMap(([count, size]) => {
    const message = messageOf(kernel, size);
    return message === null ? [] : [new Array<I>(count).fill(message)];
  });
  if (loads.length === 0 || reference === undefined) return found;
  // Interleaved, and the first round only warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const messages of loads) {
      const bytes = pack(kernel.input, messages).data.length;
      let golden: readonly O[] = [];
      for (const path of paths) {
        if (failed.has(path.name) || troubled.has(path.name)) continue;
        try {
          const begin = performance.now();
          const { results } = await path.run(messages);
          const ns = (performance.now() - begin) * 1e6;
          if (path === reference) golden = results;
          else if (firstDifference(pack(kernel.output, golden), pack(kernel.output, results))) {
            failed.set(path.name, 'its results differ from the golden model');
            continue;
          }
          if (round === 0) continue;
          const key = classKey(messages.length, bytes);
          const size = { messages: messages.length, bytes };
          chooser?.observe({ path: path.name, kind: 'only', key, ...size }, ns);
        } catch (error) {
          // A message that the golden model refuses says nothing of the others.
          if (path === reference) break;
          if (!isOfCaller(error)) troubled.set(path.name, error);
        }
      }
    }
  }
  return found;
}

/** A message of about this size, or `null` where bytes alone do not make one. */
function messageOf<I, O>({ input, limits }: Kernel<I, O>, sizeBytes: number): I | null {
  const size = Math.min(
    Math.max(input.fixedBytes ?? sizeBytes, limits.minMessageBytes),
    limits.maxMessageBytes,
  );
  // A fixed pattern is enough: the time of a hash or a match on it is that of any other bytes of this length.
  const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 167 + 13) & 0x7f);
  try {
    const message = input.decode(bytes, 0, bytes.length);
    pack(input, [message]);
    return message;
  } catch {
    return null;
  }
}
