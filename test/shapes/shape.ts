import { fileURLToPath } from 'node:url';
import {
  type Kernel,
  type Offloaded,
  type OffloadOptions,
  offload,
  type StimulusOptions,
} from '../../src/index.js';
import { hdl } from '../support/fixture-kernels.js';
import { compare } from '../support/scoreboard.js';

/** A file of test/fixtures/hdl/shapes: cores as others write them. */
export const shape = (file: string): URL => hdl(`shapes/${file}`);
export const shapePath = (file: string): string => fileURLToPath(shape(file));

/** No core of these tests rests for as long. */
export const NO_PROGRESS_CYCLES = 20_000;

/** Bubbles, stalls, gaps and resets that every shape must stand. */
function stimuli(seed: number): StimulusOptions[] {
  const at = (i: number): bigint => BigInt(seed) + BigInt(i);
  return [
    { seed: at(1), bubbleProbability: 0.3, stallProbability: 0.3 },
    { seed: at(2), bubbleProbability: 0.02, stallProbability: 0.85 },
    { seed: at(3), bubbleProbability: 0.85, stallProbability: 0.02 },
    { seed: at(4), isolate: true, stallProbability: 0.3 },
    ...[1, 7, 23, 60].map((resetAtCycle, i) => ({
      seed: at(5 + i),
      bubbleProbability: 0.1,
      stallProbability: 0.4,
      resetAtCycle,
    })),
  ];
}

/** Runs a kernel's RTL on messages at full rate and under every stimulus, with and without monitors. */
export async function checkShape<I, O>(
  kernel: Kernel<I, O>,
  messages: readonly I[],
  seed: number,
  options: OffloadOptions = {},
): Promise<void> {
  const expected = messages.map(kernel.golden);
  const check = async (handle: Offloaded<I, O>, stimulus?: StimulusOptions): Promise<void> => {
    const actual = await handle.batch(messages, stimulus ? { stimulus } : {});
    compare({ expected, actual, messages, seed });
  };
  const path = { path: 'verilator', noProgressCycles: NO_PROGRESS_CYCLES, ...options } as const;
  await using bare = await offload(kernel, path);
  await using watched = await offload(kernel, { ...path, monitors: true });
  await check(bare);
  for (const stimulus of [undefined, ...stimuli(seed)]) await check(watched, stimulus);
  // What a batch leaves behind must not reach the next one.
  await check(bare, { seed: BigInt(seed), stallProbability: 0.5 });
  await check(bare);
}
