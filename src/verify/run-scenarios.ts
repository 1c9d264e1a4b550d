import fc from 'fast-check';
import {
  edgeScenarios,
  FULL_RATE,
  fillingScenario,
  type Scenario,
  scenarioArbitrary,
} from './scenario.js';
import type { LiveModel, Session, SessionOptions, Variants } from './session.js';
import { type Found, foundIn } from './shrink.js';
import { edgeMessages, longMessages, type MakeInput, messageArbitrary } from './values.js';

/** More results than any kernel here holds when none is taken. */
const FILLING_MESSAGES = 400;

/** Scenarios drawn at once. */
const CHUNK = 16;

/**
 * All scenarios of a seed, edges first, without end.
 * @param withLong - also messages of up to 64 KiB, once: as many cycles as all other edges.
 */
export function* scenariosOf<I, O>(
  variants: Variants<I, O>,
  inputs: MakeInput<I> | undefined,
  seed: number,
  withLong = false,
): Generator<Scenario<I>> {
  const [kernel] = variants;
  yield* edgeScenarios(inputs ? [] : edgeMessages(kernel), variants.length);
  const long = withLong && !inputs ? longMessages(kernel) : [];
  if (long.length > 0) {
    yield { modelSeed: 0, batches: [{ variant: 0, messages: long, drive: FULL_RATE }] };
  }
  const messages = messageArbitrary(kernel, inputs);
  yield fillingScenario(fc.sample(messages, { seed, numRuns: FILLING_MESSAGES }));
  const arbitrary = scenarioArbitrary(messages, variants.length);
  for (let chunk = 0; ; chunk++) {
    yield* fc.sample(arbitrary, { seed: (seed + chunk) | 0, numRuns: CHUNK });
  }
}

/** The same scenarios again on a model that counts; one for all, as it takes seconds to make and to read. */
export interface CoverageRun<I, O> {
  readonly session: Session<I, O>;
  readonly model: LiveModel;
  /** Kernel cycles after which no more is counted: a model that counts is 10 to 50 times slower. */
  readonly cycles: number;
}

/** A scenario longer than this adds little to the coverage of shorter ones, and takes most of the time. */
const LONGEST_COVERED_CYCLES = 40_000;

export interface RunOptions<I, O> extends SessionOptions {
  /** At least so many messages. */
  readonly messages: number;
  readonly coverage: CoverageRun<I, O> | null;
  readonly onProgress?: ((messages: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a run of scenarios took, and the first that failed. */
export interface RunTotals<I> {
  readonly messages: number;
  readonly scenarios: number;
  readonly cycles: number;
  readonly elapsedMs: number;
  readonly found: Found<I> | null;
}

export async function runScenarios<I, O>(
  session: Session<I, O>,
  scenarios: Iterable<Scenario<I>>,
  options: RunOptions<I, O>,
): Promise<RunTotals<I>> {
  const { coverage } = options;
  const totals = { messages: 0, scenarios: 0, cycles: 0, elapsedMs: 0 };
  let covered = 0;
  for (const scenario of scenarios) {
    options.signal?.throwIfAborted();
    const begin = performance.now();
    const run = await session.run(scenario, options);
    totals.elapsedMs += performance.now() - begin;
    const found = foundIn(scenario, run);
    if (coverage && !found && covered < coverage.cycles && run.cycles < LONGEST_COVERED_CYCLES) {
      covered += run.cycles;
      await coverage.session.runOn(coverage.model, scenario, options);
    }
    totals.scenarios++;
    totals.messages += run.messages;
    totals.cycles += run.cycles;
    options.onProgress?.(totals.messages);
    if (found) return { ...totals, found };
    if (totals.messages >= options.messages) break;
  }
  return { ...totals, found: null };
}
