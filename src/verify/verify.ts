import fc from 'fast-check';
import { RtliftError } from '../errors.js';
import { type Figure, figure } from '../figure.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { type BuildProgress, buildKernel, type KernelBuild } from '../toolchain/build-kernel.js';
import { type BuildFlags, COVERAGE_FLAGS, VERIFY_FLAGS } from '../toolchain/flags.js';
import { CoverageCollector } from './coverage/collector.js';
import type { CoverageData } from './coverage/data.js';
import type { FourStateReport } from './four-state/report.js';
import { runFourState } from './four-state/run-four-state.js';
import { type CoverageRun, runScenarios, scenariosOf } from './run-scenarios.js';
import { countMessages, type Scenario } from './scenario.js';
import { type Failure, Session, type SessionOptions, type Variants } from './session.js';
import { type Found, foundIn, shrink } from './shrink.js';
import { type MakeInput, messageArbitrary } from './values.js';

/** How {@link verify} runs. */
export interface VerifyOptions<I, O> {
  /** The kernel with other settings, of the same RTL and parameters: batches change between them. */
  readonly variants?: readonly Kernel<I, O>[];
  /** Makes messages, where what matters is not what a codec's values look like; default: the input codec's values. */
  readonly inputs?: MakeInput<I>;
  /** At least so many messages; default 10,000. */
  readonly messages?: number;
  /** Repeats a run; default a new one. */
  readonly seed?: number;
  /** Whether the protocol of every stream is checked in every cycle; default true. */
  readonly monitors?: boolean;
  /** Cycles without a beat after which a model has hung; default 20,000. */
  readonly noProgressCycles?: number;
  /** Counts which lines ran and which bits toggled; default false. */
  readonly coverage?: boolean;
  /** Runs some messages in Icarus Verilog too, where what is unknown stays unknown; default false. */
  readonly fourState?: boolean;
  readonly flags?: BuildFlags;
  /** Longest time that a counterexample is made smaller, ms; default 15,000. */
  readonly shrinkMs?: number;
  readonly onProgress?: (messages: number) => void;
  readonly onBuild?: (progress: BuildProgress) => void;
  readonly signal?: AbortSignal;
}

/** The smallest failing run that was found. */
export interface Counterexample<I> {
  readonly scenario: Scenario<I>;
  readonly failure: Failure;
  /** Messages of the run that failed first. */
  readonly shrunkFrom: number;
}

/** What {@link verify} found. */
export interface VerifyReport<I> {
  readonly kernel: string;
  readonly seed: number;
  readonly messages: number;
  readonly scenarios: number;
  readonly cycles: Figure;
  /** Of the simulator with the checks that ran, on this machine. */
  readonly cyclesPerSecond: Figure;
  readonly counterexample: Counterexample<I> | null;
  readonly coverage: CoverageData | null;
  readonly fourState: FourStateReport | null;
  readonly build: KernelBuild;
}

const DEFAULT_MESSAGES = 10_000;
export const DEFAULT_NO_PROGRESS_CYCLES = 20_000;
const DEFAULT_SHRINK_MS = 15_000;
/** Icarus is hundreds of times slower. */
const FOUR_STATE_MESSAGES = 24;
/** Coverage of random runs levels off early, and a model that counts is slow. */
const COVERAGE_CYCLES = 150_000;

/**
 * Checks the RTL of a kernel against its golden model: messages drawn from the input codec, edges first, under random
 * bubbles, stalls, gaps, resets and changes of settings, compared bit for bit, the protocol of every stream watched.
 *
 * What fails is made as small as it stays failing. The same seed gives the same run.
 * @throws {@link RtliftError} of the toolchain; `ERR_RTLIFT_INVALID_ARG` when the input codec has no shape and there are no
 *   `inputs`. A failure of the RTL is no error: it is in the report.
 */
export async function verify<I, O>(
  kernel: Kernel<I, O>,
  options: VerifyOptions<I, O> = {},
): Promise<VerifyReport<I>> {
  const { seed = Math.floor(Math.random() * 0x7fffffff), inputs } = options;
  const variants: Variants<I, O> = [kernel, ...(options.variants ?? [])];
  checkVariants(variants);
  const build = await buildKernel(kernel, {
    flags: options.flags ?? VERIFY_FLAGS,
    ...(options.onBuild ? { onProgress: options.onBuild } : {}),
  });
  const session = new Session(variants, build);
  const sessionOptions: SessionOptions = {
    monitors: options.monitors ?? true,
    noProgressCycles: options.noProgressCycles ?? DEFAULT_NO_PROGRESS_CYCLES,
  };
  const coverage = options.coverage ? await openCoverage(variants, sessionOptions, options) : null;
  try {
    const totals = await runScenarios(session, scenariosOf(variants, inputs, seed, true), {
      ...sessionOptions,
      messages: options.messages ?? DEFAULT_MESSAGES,
      coverage: coverage?.run ?? null,
      onProgress: options.onProgress,
      signal: options.signal,
    });
    const { found } = totals;
    const isFourState = options.fourState === true && found === null;
    return {
      kernel: kernel.name,
      seed,
      messages: totals.messages,
      scenarios: totals.scenarios,
      cycles: figure(totals.cycles, 'cycles', 'simulated'),
      cyclesPerSecond: figure(totals.cycles / (totals.elapsedMs / 1e3), 'cycles/s', 'measured'),
      counterexample: found && (await makeSmall(session, found, sessionOptions, kernel, options)),
      coverage: coverage && !found ? await coverage.finish() : null,
      fourState: isFourState ? await runInFourStates(kernel, build, inputs, seed) : null,
      build,
    };
  } finally {
    await coverage?.remove();
  }
}

function checkVariants<I, O>([first, ...others]: Variants<I, O>): void {
  const identity = ({ rtl }: Kernel<I, O>): string =>
    JSON.stringify([rtl.top, rtl.sources, Object.entries(rtl.parameters).map(String), rtl.ports]);
  if (others.every((other) => identity(other) === identity(first))) return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    'verify: a variant differs from its kernel in settings only (registers, statics), got one of other RTL or parameters',
    { kernel: first.name, arg: 'variants' },
  );
}

/** A run that counts, and how its counts are had at its end. */
interface OpenCoverage<I, O> {
  readonly run: CoverageRun<I, O>;
  finish(): Promise<CoverageData>;
  remove(): Promise<void>;
}

async function openCoverage<I, O>(
  variants: Variants<I, O>,
  sessionOptions: SessionOptions,
  { onBuild }: VerifyOptions<I, O>,
): Promise<OpenCoverage<I, O>> {
  const build = await buildKernel(variants[0], {
    flags: COVERAGE_FLAGS,
    ...(onBuild ? { onProgress: onBuild } : {}),
  });
  const collector = await CoverageCollector.create();
  const session = new Session(variants, build);
  const model = session.open(0, { ...sessionOptions, coveragePath: collector.path });
  const close = once(() => session.close(model));
  return {
    run: { session, model, cycles: COVERAGE_CYCLES },
    finish: async () => {
      await close();
      return collector.take();
    },
    remove: async () => {
      await close();
      await collector.remove();
    },
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => {
    result ??= work();
    return result;
  };
}

function runInFourStates<I, O>(
  kernel: Kernel<I, O>,
  { fit }: KernelBuild,
  inputs: MakeInput<I> | undefined,
  seed: number,
): Promise<FourStateReport> {
  const messages = fc.sample(messageArbitrary(kernel, inputs), {
    seed,
    numRuns: FOUR_STATE_MESSAGES,
  });
  return runFourState(kernel, fit, messages, {
    seed,
    bubbleProbability: 0.3,
    stallProbability: 0.3,
  });
}

async function makeSmall<I, O>(
  session: Session<I, O>,
  found: Found<I>,
  sessionOptions: SessionOptions,
  kernel: Kernel<I, O>,
  { inputs, shrinkMs = DEFAULT_SHRINK_MS, signal }: VerifyOptions<I, O>,
): Promise<Counterexample<I>> {
  const attempt = async (scenario: Scenario<I>): Promise<Found<I> | null> => {
    signal?.throwIfAborted();
    try {
      return foundIn(scenario, await session.run(scenario, sessionOptions));
    } catch {
      // The golden model may refuse what shrinking made up.
      return null;
    }
  };
  const { scenario, failure } = await shrink(found, attempt, {
    codec: kernel.input,
    limits: kernel.limits,
    mayChangeBytes: inputs === undefined,
    inputs: session.build.fit.inputs.length,
    budgetMs: shrinkMs,
  });
  return { scenario, failure, shrunkFrom: countMessages(found.scenario) };
}
