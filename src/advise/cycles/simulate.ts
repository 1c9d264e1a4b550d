import { countersBetween, countersOf } from '../../bench/counters.js';
import { type Offloaded, offload } from '../../dispatch/offload.js';
import { RtliftError } from '../../errors.js';
import type { Kernel } from '../../kernel/define-kernel.js';
import { Random } from '../../verify/random.js';
import { type CountedBatch, type CyclesModel, documentedModel, fitModel } from './model.js';
import type { Shape } from './shape.js';
import { knownShape, streamOfWidth } from './shapes.js';

// biome-ignore lint/suspicious/noExplicitAny: a kernel of whatever types; messages are made for its input.
export type AnyKernel = Kernel<any, any>;

/** Makes a message of so many bytes, of such contents as the kernel is for. */
export type MessageMaker = (bytes: number, index: number) => unknown;

export interface SimulateOptions {
  /** `simulate`: an error where it cannot; `documented`: build and run nothing; `auto`: simulate where it can. Default `auto`. */
  readonly cycles?: 'auto' | 'simulate' | 'documented';
  readonly onProgress?: (text: string) => void;
}

/**
 * A model of a kernel's cycles, fitted to a few small simulated batches; by the documented rates of a built-in kernel
 * where Verilator or the addon is not there.
 * @throws {@link RtliftError} `ERR_RTLIFT_PATH_UNAVAILABLE` where it cannot be simulated and no rate is documented; it says what
 *   to install.
 */
export async function cyclesOf(
  kernel: AnyKernel,
  make: MessageMaker,
  { cycles = 'auto', onProgress }: SimulateOptions = {},
): Promise<CyclesModel> {
  const shape = knownShape(kernel.rtl);
  if (cycles === 'documented') {
    if (shape !== null) return documentedModel(shape);
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `no cycles are documented of ${kernel.name}: cycles: 'documented' is for built-in kernels`,
      { arg: 'cycles', kernel: kernel.name },
    );
  }
  let handle: Offloaded<unknown, unknown>;
  try {
    onProgress?.(`${kernel.name}: opening its model`);
    handle = await offload<unknown, unknown>(kernel as Kernel<unknown, unknown>, {
      path: 'verilator',
      ...(onProgress ? { onProgress: ({ stage }) => onProgress(`${kernel.name}: ${stage}`) } : {}),
    });
  } catch (error) {
    const isMissing = error instanceof RtliftError && error.code === 'ERR_RTLIFT_PATH_UNAVAILABLE';
    if (isMissing && shape !== null && cycles === 'auto') return documentedModel(shape);
    throw error;
  }
  try {
    return await fitBy(handle, shape, make);
  } finally {
    await handle.close();
  }
}

/** A handle's batches, counted one by one. */
export function batchCounter(
  handle: Offloaded<unknown, unknown>,
  make: MessageMaker,
): (sizes: readonly number[]) => Promise<CountedBatch & { readonly inBeats: number }> {
  return async (sizes) => {
    const before = countersOf(handle);
    await handle.batch(sizes.map(make));
    const counted = countersBetween(before, countersOf(handle));
    return { sizes, cycles: counted?.cycles ?? 0, inBeats: counted?.inBeats ?? 0 };
  };
}

const repeat = (count: number, bytes: number): number[] => new Array(count).fill(bytes);

async function fitBy(
  handle: Offloaded<unknown, unknown>,
  known: Shape | null,
  make: MessageMaker,
): Promise<CyclesModel> {
  const { limits, input } = handle.kernel;
  const fixed = input.fixedBytes;
  const clamp = (bytes: number): number =>
    fixed ?? Math.max(limits.minMessageBytes, Math.min(limits.maxMessageBytes, bytes));
  const count = batchCounter(handle, make);
  // Settings are written before the first batch and would count with it.
  await count([clamp(8)]);
  const wide = await count([clamp(1024)]);
  const shape =
    known ?? streamOfWidth(Math.max(1, Math.ceil(clamp(1024) / Math.max(1, wide.inBeats))));
  const plans =
    shape.kind === 'lanes'
      ? [[0], [2000], repeat(6 * shape.lanes, 20), repeat(3 * shape.lanes, 300)]
      : [[0], repeat(64, 21), repeat(64, 64), repeat(32, 1000), [100, 16, 8, 70, 640, 3, 1500, 24]];
  const fitted: CountedBatch[] = [];
  for (const sizes of plans) fitted.push(await count(sizes.map(clamp)));
  const random = new Random(7);
  const mixed = Array.from({ length: 96 }, () =>
    clamp(random.below(random.below(8) === 0 ? 3000 : 300)),
  );
  const kept = [await count(mixed), await count(repeat(200, 48).map(clamp))];
  return fitModel(shape, fitted, kept);
}
