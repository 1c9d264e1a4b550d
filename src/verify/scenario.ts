import fc from 'fast-check';

/** How one batch is driven. */
export interface Drive {
  /** Chance of a bubble in a cycle, of 65,536. */
  readonly bubble: number;
  /** Chance of a stall in a cycle, of 65,536. */
  readonly stall: number;
  /** Of bubbles, stalls and gaps. */
  readonly seed: number;
  /** A message is sent only when the one before has its result. */
  readonly isolate: boolean;
  /** Cycles into the batch at which the kernel is reset; 0 never. */
  readonly resetAt: number;
  /** In place of the chances: a byte a cycle, bit 0 a stall, bit 1 + i a bubble of input i. */
  readonly pattern?: Uint8Array;
}

export interface Batch<I> {
  /** Which of the kernel's settings. */
  readonly variant: number;
  readonly messages: readonly I[];
  readonly drive: Drive;
}

/** What one model lives through: created from a seed, then batches. */
export interface Scenario<I> {
  /** Of the values that the RTL leaves open, 0 to 2^64-1. */
  readonly modelSeed: number | bigint;
  readonly batches: readonly Batch<I>[];
}

export const FULL_RATE: Drive = { bubble: 0, stall: 0, seed: 0, isolate: false, resetAt: 0 };

/** Longest random batch, messages. */
const LONGEST_BATCH = 48;
/** Now and then one long enough to fill the pipelines and FIFOs of a wide kernel behind a stalled output. */
const LONGEST_RARE_BATCH = 400;
/** A reset is tried up to this cycle of a batch. */
const LATEST_RESET = 400;

const chance = (share: number): number => Math.round(share * 65_536);
// The last is what fills a FIFO to the brim, and what empties it.
const CHANCES = [0, 0.1, 0.5, 0.9, 0.98].map(chance);

/** Messages at full rate, and hardly a result taken. */
const FILLING: Drive = { ...FULL_RATE, stall: chance(0.98), seed: 4 };

const drives: fc.Arbitrary<Drive> = fc.record({
  bubble: fc.oneof(fc.constant(0), fc.constantFrom(...CHANCES)),
  stall: fc.oneof(fc.constant(0), fc.constantFrom(...CHANCES)),
  seed: fc.integer({ min: 0, max: 0x7fffffff }),
  isolate: fc.oneof(
    { weight: 4, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  resetAt: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: LATEST_RESET }) },
  ),
});

function batchOf<I>(messages: fc.Arbitrary<I>, longest: number): fc.Arbitrary<I[]> {
  return fc.array(messages, { minLength: 1, maxLength: longest, size: 'max' });
}

/** Scenarios of a kernel with so many settings. */
export function scenarioArbitrary<I>(
  messages: fc.Arbitrary<I>,
  variants: number,
): fc.Arbitrary<Scenario<I>> {
  const variant = fc.integer({ min: 0, max: variants - 1 });
  const batch = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({ variant, messages: batchOf(messages, LONGEST_BATCH), drive: drives }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        variant,
        messages: batchOf(messages, LONGEST_RARE_BATCH),
        drive: fc.oneof(drives, fc.constant(FILLING)),
      }),
    },
  );
  return fc.record({
    modelSeed: fc.integer({ min: 0, max: 0x7fffffff }),
    batches: fc.array(batch, { minLength: 1, maxLength: 3, size: 'max' }),
  });
}

/** Edges first: all of them under each kind of drive, before anything is drawn. */
export function edgeScenarios<I>(edges: readonly I[], variants: number): Scenario<I>[] {
  if (edges.length === 0) return [];
  const hard: Drive = { ...FULL_RATE, bubble: chance(0.5), stall: chance(0.5), seed: 1 };
  const kinds: readonly Drive[] = [
    FULL_RATE,
    { ...FULL_RATE, stall: chance(0.9), seed: 2 },
    { ...FULL_RATE, bubble: chance(0.9), seed: 3 },
    hard,
    { ...FULL_RATE, isolate: true },
    { ...hard, resetAt: 25 },
  ];
  return kinds.map((drive, i) => ({
    modelSeed: i,
    batches: [{ variant: i % variants, messages: edges, drive }],
  }));
}

/** Fills every FIFO behind the output early in a run, whatever is drawn later. */
export function fillingScenario<I>(messages: readonly I[]): Scenario<I> {
  return { modelSeed: 0, batches: [{ variant: 0, messages, drive: FILLING }] };
}

export function countMessages<I>({ batches }: Scenario<I>): number {
  return batches.reduce((sum, { messages }) => sum + messages.length, 0);
}
