import { PACKING, packing } from '../bench/packing.js';
import { isMissing } from '../bench/rivals/rival.js';
import { HOST_CLOCK } from '../bench/suite/clock.js';
import { isDisturbed } from '../bench/suite/quiet-time.js';
import { type Timed, type Timings, timeRunners } from '../bench/suite/time-runners.js';
import { estimate, type Figure } from '../figure.js';
import { pack } from '../kernel/batch.js';
import { measurePassing } from './pool.js';
import type { Subject } from './subject.js';

/** One software way to do the operation, on one core of this machine. */
export interface SoftwareTime {
  readonly name: string;
  readonly note: string;
  /** ns of host time. */
  readonly nsPerMessage: Figure;
}

/** What advice needs of this machine. Give it to repeat advice with the same figures. */
export interface MeasuredHost {
  readonly software: readonly SoftwareTime[];
  /** Host time to pack a message and to unpack its result, ns. */
  readonly packing: Figure;
  /** Host time of this thread for a batch that goes to another thread and comes back, ns: the price of a worker pool. */
  readonly passing: Figure;
  readonly skipped: readonly string[];
}

/** Runs of a runner that is so much slower than the fastest are not worth the time. */
const TOO_SLOW = 8;
const LOOKS = 5;

/** Measures the software of a subject, the packing and the passing to a worker, on messages as the load has them. */
export async function measureHost(
  { kernel, rivals }: Subject,
  messages: readonly unknown[],
  onProgress?: (text: string) => void,
): Promise<MeasuredHost> {
  const skipped: string[] = [];
  const runners: { name: string; note: string; run: (message: unknown) => unknown }[] = [];
  for (const rival of rivals) {
    if (isMissing(rival)) skipped.push(`${rival.name}: ${rival.missing}`);
    else runners.push({ name: rival.name, note: rival.note, run: (message) => rival.run(message) });
  }
  const golden = 'golden model of rtlift';
  runners.push({
    name: golden,
    note: 'plain JavaScript',
    run: (message) => kernel.golden(message),
  });
  const once = runners.map(({ name, run }) => {
    onProgress?.(`looking at ${name}`);
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i <= LOOKS; i++) {
      const start = HOST_CLOCK.now();
      run(messages[i % messages.length]);
      if (i > 0) least = Math.min(least, HOST_CLOCK.now() - start);
    }
    return least;
  });
  const fastest = Math.min(...once);
  const chosen = runners.filter(({ name }, i) => {
    const isSlow = (once[i] as number) > TOO_SLOW * fastest + 20_000;
    if (isSlow) skipped.push(`${name}: ${TOO_SLOW} times slower than another, and more`);
    return !isSlow;
  });
  const results = pack(
    kernel.output,
    messages.map((message) => kernel.golden(message)),
  );
  onProgress?.(`measuring ${chosen.map(({ name }) => name).join(', ')}`);
  const timings = await timeRunners(
    [
      ...chosen.map(
        ({ name, run }): Timed => ({
          name,
          isAsync: false,
          isThreaded: false,
          run: () => {
            for (const message of messages) run(message);
          },
        }),
      ),
      packing(kernel, messages, results),
    ],
    { rounds: 7, clock: HOST_CLOCK, leastRoundMs: 4, mostRunnerMs: 600 },
  );
  onProgress?.('measuring the way to a worker thread');
  return {
    software: chosen.map(({ name, note }) => {
      const taken = timings.get(name) as Timings;
      return {
        name,
        note: noteOf(note, taken),
        nsPerMessage: perMessage(taken, messages.length),
      };
    }),
    packing: perMessage(timings.get(PACKING) as Timings, messages.length),
    passing: await measurePassing(),
    skipped,
  };
}

/**
 * The median of the fastest round, from the CPU time where that is less: other work on a machine makes a thread wait and its clock
 * run, but not its CPU time. A tenth either way is what runs of one program differ by.
 */
export function perMessage(
  { bestRoundNs, cpuNsPerBatch }: Pick<Timings, 'bestRoundNs' | 'cpuNsPerBatch'>,
  messages: number,
): Figure {
  const low = Math.min(bestRoundNs, cpuNsPerBatch) / messages;
  const high = Math.max(bestRoundNs, cpuNsPerBatch) / messages;
  return estimate(bestRoundNs / messages, low * 0.9, high * 1.1, 'ns', 'measured');
}

function noteOf(note: string, { bestRoundNs: best, cpuNsPerBatch: cpu }: Timings): string {
  return isDisturbed({ best, p50: best, cpu })
    ? `${note}; disturbed by other work, its CPU time is ${Math.round((100 * cpu) / best)} % of its time`
    : note;
}
