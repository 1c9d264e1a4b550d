import { type PackedBatch, pack, unpack } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { Timed } from './suite/time-runners.js';

/** Name of the runner that {@link packing} makes. */
export const PACKING = 'packing';

/** Packing a batch and unpacking its results, which every device needs, as a runner that is timed beside the others. */
export function packing<I, O>(
  { input, output }: Pick<Kernel<I, O>, 'input' | 'output'>,
  messages: readonly I[],
  results: PackedBatch,
): Timed {
  return {
    name: PACKING,
    isAsync: false,
    isThreaded: false,
    run: () => {
      pack(input, messages);
      unpack(output, results);
    },
  };
}
