import type { Kernel } from '../kernel/define-kernel.js';
import type { MakeInput } from './values.js';

/** A kernel with what verification needs to know beside it. */
export interface Plan<I, O> {
  readonly kernel: Kernel<I, O>;
  /** The kernel with other settings: batches change between them. */
  readonly variants?: readonly Kernel<I, O>[];
  /** Makes messages, where what matters is not what the input codec's values look like. */
  readonly inputs?: MakeInput<I>;
  /** Where the floors of coverage and mutation are kept: a `coverage.json`. */
  readonly floor?: URL;
}

/** A plan of whatever types. */
// biome-ignore lint/suspicious/noExplicitAny: plans of unlike kernels stand in one table; each is used as a whole.
export type AnyPlan = Plan<any, any>;

/** A plan of one kernel with several settings, the first of which is the kernel's own. */
export function planOf(
  kernels: readonly AnyPlan['kernel'][],
  rest: Omit<AnyPlan, 'kernel' | 'variants'>,
): AnyPlan {
  const [kernel, ...variants] = kernels as [AnyPlan['kernel'], ...AnyPlan['kernel'][]];
  return { kernel, variants, ...rest };
}
