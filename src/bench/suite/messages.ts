import fc from 'fast-check';
import type { Codec } from '../../kernel/codec.js';
import type { AnyPlan } from '../../verify/plan.js';
import { Random } from '../../verify/random.js';
import { type MakeInput, messageArbitrary } from '../../verify/values.js';
import type { Corpus } from '../mails.js';
import type { SizeClass } from './point.js';

/** Messages that a batch of the suite is made of. */
export interface MessageClass extends SizeClass {
  /** Whether the messages are a corpus' own rather than made up in one size. */
  readonly isCorpus: boolean;
  /** Gives one batch; the same for the same seed. Beyond {@link POOL_BYTES} messages repeat. */
  readonly batch: (count: number, seed: number) => readonly unknown[];
}

/** Distinct bytes of a batch: more than the caches next to a core hold, little enough to keep. */
const POOL_BYTES = 8 << 20;
const POOL_MESSAGES = 4096;
/** Values drawn to learn their mean size. */
const DRAWN = 256;

const KIB = 1024;

/** A size in the largest unit of which it is a multiple, as size classes are named: `64 KiB`. */
export function sizeName(bytes: number): string {
  if (bytes >= KIB * KIB) return `${bytes / KIB / KIB} MiB`;
  return bytes >= KIB ? `${bytes / KIB} KiB` : `${bytes} B`;
}

/**
 * Messages of one size, cut from a text at random places; random bytes without one.
 *
 * Text matters to what looks for words: random bytes take other ways through a matcher than mails do.
 */
export function sizedClass(bytes: number, text: Uint8Array | null): MessageClass {
  const distinct = Math.max(
    1,
    Math.min(POOL_MESSAGES, Math.floor(POOL_BYTES / Math.max(bytes, 1))),
  );
  return {
    name: sizeName(bytes),
    bytes,
    isCorpus: false,
    batch: (count, seed) => {
      const random = new Random(seed);
      const one = (): Uint8Array => {
        if (text === null || text.length <= bytes) return random.bytes(bytes);
        const at = random.below(text.length - bytes);
        return text.slice(at, at + bytes);
      };
      return repeat(Array.from({ length: Math.min(count, distinct) }, one), count);
    },
  };
}

/** Messages of a corpus, of all sizes that it has in the shares that it has them. */
export function corpusClass({ sizeName: name, messages, sizeBytes }: Corpus): MessageClass {
  const bySize = [...messages].sort((a, b) => a.length - b.length);
  return {
    name,
    bytes: sizeBytes / messages.length,
    isCorpus: true,
    batch: (count, seed) => {
      const taken = Math.min(count, bySize.length);
      // The middle of each stratum: few messages, too, are neither all short nor all long.
      const strata = Array.from(
        { length: taken },
        (_, i) => bySize[Math.floor(((i + 0.5) * bySize.length) / taken)] as Uint8Array,
      );
      return repeat(shuffled(strata, new Random(seed)), count);
    },
  };
}

/** Values of a kernel whose messages are no plain bytes, or that its file makes itself. */
export function drawnClass(
  kernel: AnyPlan['kernel'],
  makeInput: MakeInput<unknown> | undefined,
): MessageClass {
  const draw = (count: number, seed: number): readonly unknown[] => {
    const distinct = Math.min(count, POOL_MESSAGES);
    if (makeInput) {
      const random = new Random(seed);
      return repeat(
        Array.from({ length: distinct }, () => makeInput(random)),
        count,
      );
    }
    const arbitrary = messageArbitrary<unknown, unknown>(kernel, undefined);
    return repeat(fc.sample(arbitrary, { numRuns: distinct, seed }), count);
  };
  const some = draw(DRAWN, 1);
  const input: Codec<unknown> = kernel.input;
  const bytes = some.reduce<number>((sum, value) => sum + input.sizeOf(value), 0) / some.length;
  return { name: makeInput ? 'inputs' : 'drawn', bytes, isCorpus: true, batch: draw };
}

function repeat<T>(pool: readonly T[], count: number): readonly T[] {
  if (pool.length === count) return pool;
  return Array.from({ length: count }, (_, i) => pool[i % pool.length] as T);
}

/** Fisher and Yates' shuffle. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
