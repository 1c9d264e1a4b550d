import fc from 'fast-check';
import { RtliftError } from '../errors.js';
import { BitSet } from '../kernel/bit-set.js';
import type { Codec } from '../kernel/codec.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { Random } from './random.js';

/** Lengths at which padding, beats and counters of common kernels turn over, bytes. */
const EDGE_LENGTHS = [
  0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 55, 56, 57, 63, 64, 65, 111, 112, 119, 120,
  127, 128, 129, 191, 192, 255, 256, 257, 511, 512, 513,
];
const LONG_LENGTHS = [1023, 1024, 1025, 2047, 4096];
/** Where lengths in bits and in bytes leave 16 bits, and counters of beats leave 8 and 10. */
const LONGEST_LENGTHS = [8_191, 8_192, 65_535, 65_536];
/** A limit of a kernel above this is not tried out, bytes. */
const LONGEST_LIMIT = 1 << 20;
/** Most messages are about as long as this, bytes. */
const USUAL_LENGTH = 200;

type Fill = 'random' | 'zeros' | 'ones' | 'ramp' | 'text';

function fill(kind: Fill, size: number, seed: number): Uint8Array {
  const random = new Random(seed);
  if (kind === 'random') return random.bytes(size);
  return Uint8Array.from({ length: size }, (_, i) => {
    if (kind === 'zeros') return 0;
    if (kind === 'ones') return 0xff;
    if (kind === 'ramp') return i;
    return random.below(8) === 0 ? 0x20 : 0x61 + random.below(26);
  });
}

const seeds = fc.integer({ min: 0, max: 0x7fffffff });
const fills = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fill>('random') },
  { weight: 4, arbitrary: fc.constantFrom<Fill>('zeros', 'ones', 'ramp', 'text') },
);

function bytesOf(lengths: fc.Arbitrary<number>): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fills, lengths, seeds).map(([kind, size, seed]) => fill(kind, size, seed));
}

interface Range {
  readonly min: number;
  readonly max: number;
}

function lengths({ min, max }: Range): fc.Arbitrary<number> {
  const within = (items: readonly number[]): number[] =>
    [...items, min, ...(max < LONGEST_LIMIT ? [max, max - 1] : [])].filter(
      (size) => size >= min && size <= max,
    );
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...within(EDGE_LENGTHS)) },
    { weight: 5, arbitrary: fc.integer({ min, max: Math.min(max, min + USUAL_LENGTH) }) },
    { weight: 1, arbitrary: fc.constantFrom(...within([...EDGE_LENGTHS, ...LONG_LENGTHS])) },
  );
}

function integers(bits: number): fc.Arbitrary<number> {
  const max = 2 ** bits - 1;
  const edges = [0, 1, 2, max, max - 1, Math.floor(max / 2), Math.floor(max / 2) + 1];
  return fc.oneof(
    {
      weight: 1,
      arbitrary: fc.constantFrom(...edges.filter((value) => value >= 0 && value <= max)),
    },
    { weight: 3, arbitrary: fc.integer({ min: 0, max }) },
  );
}

const MOST_64 = 2n ** 64n - 1n;
const integers64 = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.constantFrom(0n, 1n, 2n ** 32n - 1n, 2n ** 32n, MOST_64 >> 1n, MOST_64),
  },
  { weight: 3, arbitrary: fc.bigInt({ min: 0n, max: MOST_64 }) },
);

function valuesOf(codec: Codec<unknown>, range: Range): fc.Arbitrary<unknown> {
  const { shape } = codec;
  if (shape === undefined) throw noShape(codec.name);
  switch (shape.kind) {
    case 'bytes':
      return bytesOf(lengths(range));
    case 'fixedBytes':
      return bytesOf(fc.constant(shape.size));
    case 'uint':
      return integers(shape.bits);
    case 'uint64':
      return integers64;
    case 'bitSet':
      return fc
        .tuple(fc.oneof(fc.constantFrom(0, 100), fc.integer({ min: 0, max: 100 })), seeds)
        .map(([percent, seed]) => bitSetOf(shape.size, percent, new Random(seed)));
    case 'record':
      return fc
        .tuple(...shape.fields.map(([, field]) => valuesOf(field, { min: 0, max: range.max })))
        .map((values) =>
          Object.fromEntries(shape.fields.map(([key], i) => [key, values[i]] as const)),
        );
    case 'optional':
      return valuesOf(shape.of, range);
  }
}

function bitSetOf(size: number, percent: number, random: Random): BitSet {
  const members = Array.from({ length: size }, (_, i) => i);
  return BitSet.from(
    size,
    members.filter(() => random.below(100) < percent),
  );
}

function noShape(name: string): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `verify cannot make up values of ${name}, a codec without a shape: give it inputs, a function of random values`,
    { codec: name },
  );
}

/** Gives an input of a kernel; the same for the same state of `random`. */
export type MakeInput<I> = (random: Random) => I;

/** Messages of a kernel: of its input codec, or made by the caller, within its limits. */
export function messageArbitrary<I, O>(
  kernel: Kernel<I, O>,
  makeInput: MakeInput<I> | undefined,
): fc.Arbitrary<I> {
  if (makeInput) return seeds.map((seed) => makeInput(new Random(seed)));
  const { minMessageBytes: min, maxMessageBytes: max } = kernel.limits;
  const arbitrary = valuesOf(kernel.input as Codec<unknown>, { min, max }) as fc.Arbitrary<I>;
  return arbitrary.filter((value) => {
    const size = kernel.input.sizeOf(value);
    return size >= min && size <= max;
  });
}

/** The edges of byte messages, one by one; other types have theirs among the drawn ones. */
export function edgeMessages<I, O>({ input, limits }: Kernel<I, O>): I[] {
  if (input.shape?.kind !== 'bytes') return [];
  const { minMessageBytes: min, maxMessageBytes: max } = limits;
  const own = [min, min + 1, max - 1, max].filter((size) => size <= Math.max(...LONG_LENGTHS));
  const sizes = new Set([...EDGE_LENGTHS, ...LONG_LENGTHS, ...own]);
  return [...sizes]
    .filter((size) => size >= min && size <= max)
    .flatMap((size) =>
      (['ramp', 'ones', 'random'] as const).map((kind) => fill(kind, size, size + 1)),
    ) as unknown as I[];
}

/** Byte messages that are long enough for wide counters to turn over; few, as each takes many cycles. */
export function longMessages<I, O>({ input, limits }: Kernel<I, O>): I[] {
  if (input.shape?.kind !== 'bytes') return [];
  const { minMessageBytes: min, maxMessageBytes: max } = limits;
  const own = [max - 1, max].filter(
    (size) => size > Math.max(...LONG_LENGTHS) && size <= LONGEST_LIMIT,
  );
  return [...new Set([...LONGEST_LENGTHS, ...own])]
    .filter((size) => size >= min && size <= max)
    .map((size) => fill('random', size, size + 1)) as unknown as I[];
}
