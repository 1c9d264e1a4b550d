import type { EnergyMeter } from '../../devices/cpu-energy.js';
import { collectGarbage } from '../measure.js';
import type { Clock } from './clock.js';
import { middle } from './statistics.js';

/** One way to run a batch. */
export interface Timed {
  readonly name: string;
  /** Does all the work of one batch. Waited for only where `isAsync`: waiting for nothing would cost as much as a short message. */
  readonly run: () => unknown;
  readonly isAsync: boolean;
  /** Whether other threads do part of the work, so that their CPU time counts as well. */
  readonly isThreaded: boolean;
}

export interface TimeOptions {
  readonly rounds: number;
  readonly clock: Clock;
  /** Shortest time that a runner is timed for in a round, ms. */
  readonly leastRoundMs: number;
  /** After this a runner takes no further round, ms. */
  readonly mostRunnerMs: number;
  /** Whether all have run already, so that the first round need not warm up; default false. */
  readonly isWarm?: boolean;
  readonly onRound?: (name: string, round: number) => void;
  /** Starts to measure the energy of the processor; default nothing measures it. */
  readonly startEnergy?: () => Promise<EnergyMeter>;
}

/** What the processor's counters saw of a runner over all its rounds. */
export interface Metered {
  /** Of all packages, what the machine takes at rest included. */
  readonly joules: number;
  readonly ns: number;
  readonly batches: number;
}

/** Timings of one runner. */
export interface Timings {
  /** Host time of a batch, ns: a batch each, or the mean of as many as {@link LEAST_TIMING_NS} takes. */
  readonly batchNs: readonly number[];
  /** Median of the round in which it was lowest, ns. */
  readonly bestRoundNs: number;
  /** CPU time of a batch, the mean over all of them, ns. */
  readonly cpuNsPerBatch: number;
  /** `null` where nothing measured it, or a counter failed in a round. */
  readonly metered: Metered | null;
}

/** Reading the clock takes some 50 ns: a four-hundredth of the shortest timing. */
const LEAST_TIMING_NS = 20_000;

interface Tally {
  readonly timed: Timed;
  readonly batchNs: number[];
  bestRoundNs: number;
  cpuNs: number;
  batches: number;
  spentNs: number;
  /** `null` once a round could not be measured. */
  joules: number | null;
  /** Batches in one timing. */
  batchesATiming: number;
}

/**
 * Times runners in interleaved rounds (A B C, A B C, ...), so that a machine that slows down slows all of them. A round
 * of a short batch repeats it. Before them each warms up, which says how many of its batches one timing takes.
 */
export async function timeRunners(
  runners: readonly Timed[],
  options: TimeOptions,
): Promise<Map<string, Timings>> {
  const tallies = runners.map(
    (timed): Tally => ({
      timed,
      batchNs: [],
      bestRoundNs: Number.POSITIVE_INFINITY,
      cpuNs: 0,
      batches: 0,
      spentNs: 0,
      joules: options.startEnergy ? 0 : null,
      batchesATiming: 1,
    }),
  );
  if (!options.isWarm) for (const tally of tallies) await warmUp(tally, options);
  for (let round = 0; round < options.rounds; round++) {
    for (const tally of tallies) {
      if (round > 0 && tally.spentNs > options.mostRunnerMs * 1e6) continue;
      options.onRound?.(tally.timed.name, round + 1);
      // Or a runner would pay for what the one before it left behind.
      collectGarbage();
      await timeRound(tally, options);
    }
  }
  return new Map(
    tallies.map(({ timed, batchNs, bestRoundNs, cpuNs, batches, spentNs, joules }) => [
      timed.name,
      {
        batchNs,
        bestRoundNs,
        cpuNsPerBatch: cpuNs / batches,
        metered: joules === null ? null : { joules, ns: spentNs, batches },
      },
    ]),
  );
}

async function warmUp(tally: Tally, { clock, leastRoundMs }: TimeOptions): Promise<void> {
  const begin = clock.now();
  let batchNs = 0;
  do {
    const start = clock.now();
    await runBatches(tally.timed, tally.batchesATiming);
    batchNs = Math.max((clock.now() - start) / tally.batchesATiming, 1);
    tally.batchesATiming = Math.max(1, Math.ceil(LEAST_TIMING_NS / batchNs));
  } while (clock.now() - begin < leastRoundMs * 0.5e6);
}

async function timeRound(
  tally: Tally,
  { clock, leastRoundMs, startEnergy }: TimeOptions,
): Promise<void> {
  const { timed, batchesATiming } = tally;
  const meter = await startEnergy?.();
  const [begin, cpu] = [clock.now(), clock.cpu(timed.isThreaded)];
  const taken: number[] = [];
  let end = begin;
  do {
    const start = end;
    await runBatches(timed, batchesATiming);
    end = clock.now();
    taken.push((end - start) / batchesATiming);
    tally.batches += batchesATiming;
  } while (end - begin < leastRoundMs * 1e6);
  for (const ns of taken) tally.batchNs.push(ns);
  tally.bestRoundNs = Math.min(tally.bestRoundNs, middle(taken));
  tally.cpuNs += clock.cpu(timed.isThreaded) - cpu;
  tally.spentNs += end - begin;
  if (meter === undefined || tally.joules === null) return;
  const joules = await meter.stop();
  tally.joules = joules && tally.joules + joules.value;
}

/** Gives no promise for a runner that needs none, but its caller waits a turn once a timing all the same. */
function runBatches({ run, isAsync }: Timed, count: number): unknown {
  if (isAsync) return runAsync(run, count);
  for (let i = 0; i < count; i++) run();
  return undefined;
}

async function runAsync(run: () => unknown, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await run();
}
