import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BitSet,
  bitSet,
  bytes,
  type Codec,
  defineKernel,
  fixedBytes,
  type Kernel,
  type Limits,
  optional,
  record,
  streams,
  uint,
  uint8,
  uint32,
  uint64,
} from '../../src/index.js';
import { Random } from '../../src/verify/random.js';
import { scenariosOf } from '../../src/verify/run-scenarios.js';
import { countMessages, edgeScenarios, type Scenario } from '../../src/verify/scenario.js';
import { edgeMessages, longMessages, messageArbitrary } from '../../src/verify/values.js';
import { thrown } from '../support/errors.js';
import { testSeed } from '../support/seed.js';
import { tally } from './kernels.js';

/** Nothing is built of it. */
function kernelOf<I>(input: Codec<I>, limits: Limits = {}): Kernel<I, number> {
  return defineKernel({
    name: 'any',
    rtl: { top: 'any', sources: ['/any.v'] },
    input,
    output: uint8(),
    golden: () => 0,
    limits,
  });
}

function draw<I>(kernel: Kernel<I, number>, seed: number, count = 500): I[] {
  return fc.sample(messageArbitrary(kernel, undefined), { seed, numRuns: count });
}

const sized = (message: Uint8Array): number => message.length;

describe('values of a codec', () => {
  test.each<[string, Codec<unknown>]>([
    ['bytes', bytes() as Codec<unknown>],
    ['fixedBytes', fixedBytes(13) as Codec<unknown>],
    ['uint of a bit', uint(1) as Codec<unknown>],
    ['uint of 19 bits', uint(19) as Codec<unknown>],
    ['uint of 32 bits', uint32() as Codec<unknown>],
    ['uint64', uint64() as Codec<unknown>],
    ['bitSet', bitSet(37) as Codec<unknown>],
    ['record', record({ a: uint(5), b: fixedBytes(3), c: bytes() }) as Codec<unknown>],
    ['record of records', record({ a: record({ b: uint64() }), c: bitSet(9) }) as Codec<unknown>],
    ['streams', streams({ a: bytes(), b: uint32() }) as Codec<unknown>],
    ['optional', optional(uint32()) as Codec<unknown>],
  ])('%s are ones that it encodes', (_name, codec) => {
    const values = draw(kernelOf(codec), testSeed());
    for (const value of values) {
      const encoded = new Uint8Array(codec.sizeOf(value));
      codec.encodeInto(value, encoded, 0);
      expect(codec.decode(encoded, 0, encoded.length)).toEqual(value);
    }
    expect(new Set(values.map((value) => JSON.stringify(value, bigints))).size).toBeGreaterThan(1);
  });

  test('integers include the edges of their range', () => {
    const seed = testSeed();
    const small = draw(kernelOf(uint(19)), seed);
    expect(small).toEqual(expect.arrayContaining([0, 2 ** 19 - 1]));
    expect(draw(kernelOf(uint64()), seed)).toEqual(expect.arrayContaining([0n, 2n ** 64n - 1n]));
  });

  test('sets include the empty one and the full one', () => {
    const counts = draw(kernelOf(bitSet(37)), testSeed()).map((set: BitSet) => [...set].length);
    expect(counts).toEqual(expect.arrayContaining([0, 37]));
  });

  test.each<[number, number]>([
    [0, 0],
    [3, 20],
    [16, 16],
    [600, 700],
    [100, Number.POSITIVE_INFINITY],
  ])('bytes keep the limits %d to %d and reach them', (minMessageBytes, maxMessageBytes) => {
    const kernel = kernelOf(bytes(), { minMessageBytes, maxMessageBytes });
    const lengths = draw(kernel, testSeed(), 1000).map(sized);
    expect(Math.min(...lengths)).toBe(minMessageBytes);
    if (maxMessageBytes < Number.POSITIVE_INFINITY)
      expect(Math.max(...lengths)).toBe(maxMessageBytes);
  });

  test('records keep the limits of the kernel', () => {
    const codec = record({ a: uint32(), b: bytes() });
    const kernel = kernelOf(codec, { minMessageBytes: 8, maxMessageBytes: 40 });
    const lengths = draw(kernel, testSeed()).map((value) => codec.sizeOf(value));
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(40);
  });

  test('a codec without a shape needs inputs', () => {
    const { shape: _, ...shapeless } = uint8();
    const kernel = kernelOf(shapeless);
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () => messageArbitrary(kernel, undefined));
    expect(error.message).toMatch(/uint\(8, little\).*without a shape.*inputs/);
    const given = messageArbitrary(kernel, (random) => random.below(3));
    expect(new Set(fc.sample(given, { seed: 1, numRuns: 50 }))).toEqual(new Set([0, 1, 2]));
  });

  test('inputs give the same values for the same seed', () => {
    const arbitrary = messageArbitrary(kernelOf(bytes()), (random) => random.bytes(9));
    const [a, b] = [1, 1].map((seed) => fc.sample(arbitrary, { seed, numRuns: 20 }));
    expect(a).toEqual(b);
  });
});

const bigints = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}n` : value instanceof BitSet ? [...value] : value;

describe('edges', () => {
  test('of bytes are the lengths at which padding and counters turn over', () => {
    const lengths = new Set(edgeMessages(kernelOf(bytes())).map(sized));
    for (const length of [0, 1, 8, 55, 56, 63, 64, 65, 119, 120, 512, 1024, 4096])
      expect(lengths).toContain(length);
    expect(longMessages(kernelOf(bytes())).map(sized)).toEqual([8191, 8192, 65_535, 65_536]);
  });

  test('lie within the limits of the kernel, which are edges too', () => {
    const limits = { minMessageBytes: 6, maxMessageBytes: 70 };
    const lengths = edgeMessages(kernelOf(bytes(), limits)).map(sized);
    expect(Math.min(...lengths)).toBe(6);
    expect(Math.max(...lengths)).toBe(70);
    expect(longMessages(kernelOf(bytes(), limits))).toEqual([]);
    const long = kernelOf(bytes(), { maxMessageBytes: 10_000 });
    expect(longMessages(long).map(sized)).toEqual([8191, 8192, 9999, 10_000]);
  });

  test('come first, under every kind of drive, then what is drawn', () => {
    const kernels = [tally('none'), tally('none', { offset: 7 })] as const;
    const edges = edgeMessages(kernels[0]);
    const scenarios = take(scenariosOf(kernels, undefined, 5), 40);
    const first = edgeScenarios(edges, 2);
    expect(scenarios.slice(0, first.length)).toEqual(first);
    const drives = first.map(({ batches }) => batches[0]?.drive);
    expect(drives[0]).toMatchObject({ bubble: 0, stall: 0, isolate: false, resetAt: 0 });
    for (const kind of ['bubble', 'stall', 'resetAt'] as const)
      expect(drives.some((drive) => (drive?.[kind] ?? 0) > 0)).toBe(true);
    expect(drives.some((drive) => drive?.isolate)).toBe(true);
    const drawn = scenarios.slice(first.length).flatMap(({ batches }) => batches);
    expect(new Set(drawn.map(({ variant }) => variant))).toEqual(new Set([0, 1]));
    expect(drawn.some(({ drive }) => drive.stall > 0 && drive.bubble > 0)).toBe(true);
  });

  test('are left out where the caller makes the messages', () => {
    const [first] = take(
      scenariosOf([tally('none')], () => Uint8Array.of(1), 5, true),
      1,
    );
    for (const { messages } of first?.batches ?? [])
      for (const message of messages) expect(message).toEqual(Uint8Array.of(1));
  });

  test('the same seed gives the same scenarios, another seed others', () => {
    const of = (seed: number): Scenario<Uint8Array>[] =>
      take(scenariosOf([tally('none')], undefined, seed), 30);
    expect(of(9)).toEqual(of(9));
    expect(of(10)).not.toEqual(of(9));
    expect(of(9).reduce((sum, scenario) => sum + countMessages(scenario), 0)).toBeGreaterThan(1000);
  });

  test('random values repeat with their seed and fill a range', () => {
    const of = (seed: number): number[] => {
      const random = new Random(seed);
      return Array.from({ length: 1000 }, () => random.below(10));
    };
    expect(of(3)).toEqual(of(3));
    expect(new Set(of(3)).size).toBe(10);
  });
});

function take<T>(items: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length === count) break;
    taken.push(item);
  }
  return taken;
}
