import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Bench, medianAbsoluteDeviation, type SortedSamples } from 'tinybench';

/** Something to be timed: `run` does all the work once. */
export interface Subject {
  readonly name: string;
  readonly run: () => unknown;
}

/** Times of one subject over the rounds, ms of host time. */
export interface Timing {
  readonly name: string;
  readonly samplesMs: readonly number[];
}

export interface MeasureOptions {
  readonly rounds: number;
  /** Rounds before those that count, default 1. */
  readonly warmUps?: number;
  readonly onRound?: (name: string, round: number) => void;
}

/** Runs the garbage collector, which Node shows to code only under a flag. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/**
 * Times subjects in interleaved rounds (A B C, A B C, ...), so that a machine that slows down slows all of them. The
 * first rounds warm up and are not counted. Garbage is collected before each run, outside its time.
 */
export async function measure(
  subjects: readonly Subject[],
  { rounds, warmUps = 1, onRound }: MeasureOptions,
): Promise<Timing[]> {
  const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 1 - warmUps; round <= rounds; round++) {
    for (const { name, run } of subjects) {
      onRound?.(name, round);
      // Or a subject would pay for what the one before it left behind.
      collectGarbage();
      // tinybench times one iteration; its own warm-up would run each subject apart from the others.
      const bench = new Bench({
        iterations: 1,
        time: 0,
        warmup: false,
        retainSamples: true,
        throws: true,
      });
      // Says that the function may return a promise, or tinybench would call it once more to find out.
      bench.add(name, async () => void (await run()), { async: true });
      const [task] = await bench.run();
      const result = task?.result;
      const sample = result && 'latency' in result ? result.latency.samples?.[0] : undefined;
      if (sample === undefined) throw new Error(`no sample of ${name} in round ${round}`);
      if (round > 0) samples.get(name)?.push(sample);
    }
  }
  return [...samples].map(([name, samplesMs]) => ({ name, samplesMs }));
}

/** Middle value, robust against a round that the machine disturbed. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Median absolute deviation: the spread that half of the values stay within. */
export function medianDeviation(values: readonly number[]): number {
  return medianAbsoluteDeviation([...values].sort((a, b) => a - b) as unknown as SortedSamples);
}
