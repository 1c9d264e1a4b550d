import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtliftError } from '../../errors.js';
import type { Kernel } from '../../kernel/define-kernel.js';
import { type BuildProgress, buildKernel, type KernelBuild } from '../../toolchain/build-kernel.js';
import { contentKey } from '../../toolchain/cache.js';
import { cacheDir } from '../../toolchain/cache-dir.js';
import { elaborateTree } from '../../toolchain/elaborate.js';
import { VERIFY_FLAGS } from '../../toolchain/flags.js';
import { findToolchain } from '../../toolchain/toolchain.js';
import { scenariosOf } from '../run-scenarios.js';
import { countMessages, type Scenario } from '../scenario.js';
import { type Failure, Session, type SessionOptions, type Variants } from '../session.js';
import type { MakeInput } from '../values.js';
import { readElaboratedMutants } from './elaborated.js';
import { instrumentMutants, MUTANT_PORT, type Mutant, type MutantDesign } from './schemata.js';

export interface MutateOptions<I, O> {
  readonly variants?: readonly Kernel<I, O>[];
  readonly inputs?: MakeInput<I>;
  readonly seed?: number;
  /** Messages that each mutant is given before it counts as a survivor; default 3,000. */
  readonly messages?: number;
  readonly onProgress?: (done: number, of: number) => void;
  readonly onBuild?: (progress: BuildProgress) => void;
}

/** What became of the mutants of a kernel. */
export interface MutationReport {
  readonly kernel: string;
  /** Those of the design as its parameters build it. */
  readonly mutants: number;
  readonly tried: readonly Mutant[];
  readonly caught: number;
  /** Of 1; 1 where there is none to catch. */
  readonly share: number;
  readonly survivors: readonly Mutant[];
  readonly notMutated: MutantDesign['notMutated'];
}

const DEFAULT_MESSAGES = 3_000;
const NO_PROGRESS_CYCLES = 20_000;

/**
 * Changes the RTL in one place at a time and counts how many of the changes verification notices.
 *
 * All mutants are in one library and a port selects one, so each costs a run and no build.
 * @throws {@link RtliftError} `ERR_RTLIFT_RESULT_MISMATCH` when the RTL fails as it is.
 */
export async function mutate<I, O>(
  kernel: Kernel<I, O>,
  options: MutateOptions<I, O> = {},
): Promise<MutationReport> {
  const { seed = 1, messages = DEFAULT_MESSAGES, inputs } = options;
  const design = await instrument(kernel);
  const mutated = withMutants(kernel, design);
  // The settings stay without the selecting port, which would reset the model with every change of them.
  const variants: Variants<I, O> = [kernel, ...(options.variants ?? [])];
  const build = await buildKernel(mutated, {
    flags: VERIFY_FLAGS,
    ...(options.onBuild ? { onProgress: options.onBuild } : {}),
  });
  const session = new Session(variants, build);
  const scenarios = takeScenarios(scenariosOf(variants, inputs, seed), messages);
  const select = (id: number): SessionOptions => ({
    monitors: true,
    noProgressCycles: NO_PROGRESS_CYCLES,
    extraSettings: [selector(build), id],
  });

  const unchanged = await firstFailure(session, scenarios, select(0));
  if (unchanged) {
    throw new RtliftError(
      'ERR_RTLIFT_RESULT_MISMATCH',
      `kernel ${kernel.name} fails as it is, so no change of it can be judged: ${unchanged.text}; run \`rtlift verify\` first`,
      { kernel: kernel.name },
    );
  }
  const present = await elaboratedMutants(mutated);
  const mutants = design.mutants.filter(({ id }) => present.has(id));
  const survivors: Mutant[] = [];
  for (const [i, mutant] of mutants.entries()) {
    if ((await firstFailure(session, scenarios, select(mutant.id))) === null)
      survivors.push(mutant);
    options.onProgress?.(i + 1, mutants.length);
  }
  const total = mutants.length;
  const caught = total - survivors.length;
  return {
    kernel: kernel.name,
    mutants: total,
    tried: mutants,
    caught,
    share: total === 0 ? 1 : caught / total,
    survivors,
    notMutated: design.notMutated,
  };
}

/** The rewritten sources stay in the cache: the library that is built from them is looked up by their content. */
async function instrument<I, O>({ name, rtl }: Kernel<I, O>): Promise<MutantDesign> {
  const texts = await Promise.all(rtl.sources.map((path) => readFile(path, 'utf8')));
  const folder = join(cacheDir(), 'mutants', `${name}-${contentKey([rtl.sources, texts])}`);
  const defines = rtl.verilatorFlags.flatMap(
    (flag) => /^(?:-D|\+define\+)(\w+)/.exec(flag)?.[1] ?? [],
  );
  return instrumentMutants(rtl.top, rtl.sources, folder, { defines, includes: rtl.includes });
}

/** Which mutants the parameters of a kernel leave in: a generate branch that is not built has none. */
async function elaboratedMutants<I, O>({ rtl }: Kernel<I, O>): Promise<ReadonlySet<number>> {
  const { verilator } = await findToolchain();
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-mutants-'));
  try {
    const { tree } = await elaborateTree(verilator, rtl, folder);
    return readElaboratedMutants(tree);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function withMutants<I, O>(kernel: Kernel<I, O>, design: MutantDesign): Kernel<I, O> {
  return {
    ...kernel,
    rtl: { ...kernel.rtl, sources: design.sources },
    statics: { ...kernel.statics, [MUTANT_PORT]: 0xffffffff },
  };
}

/** Address of the selecting port among the settings; see kernel_abi.h. */
function selector({ fit }: KernelBuild): number {
  const port = fit.held.find(({ name }) => name === MUTANT_PORT);
  if (!port || !('word' in port.from)) {
    throw new RtliftError('ERR_RTLIFT_INTERNAL', `no port ${MUTANT_PORT} in ${fit.top}`);
  }
  return 4 * port.from.word + 1;
}

/** Random scenarios before the edges: most mutants fall to the first of them, and they are shorter. */
function takeScenarios<I>(scenarios: Iterable<Scenario<I>>, messages: number): Scenario<I>[] {
  const taken: Scenario<I>[] = [];
  let total = 0;
  for (const scenario of scenarios) {
    taken.push(scenario);
    total += countMessages(scenario);
    if (total >= messages) break;
  }
  return taken.toSorted((a, b) => countMessages(a) - countMessages(b));
}

async function firstFailure<I, O>(
  session: Session<I, O>,
  scenarios: readonly Scenario<I>[],
  options: SessionOptions,
): Promise<Failure | null> {
  for (const scenario of scenarios) {
    const { failure } = await session.run(scenario, options);
    if (failure) return failure;
  }
  return null;
}
