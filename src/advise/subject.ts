import { choosePatterns } from '../bench/choose-patterns.js';
import { loadMails } from '../bench/mails.js';
import { OPERATIONS } from '../bench/operations.js';
import { classifyRivals } from '../bench/rivals/classify.js';
import { crcRivals } from '../bench/rivals/crc.js';
import { literalMatchRivals } from '../bench/rivals/literal-match.js';
import { ADD_ORDER_FILTER, recordFilterRivals } from '../bench/rivals/record-filter.js';
import type { AnyRival, MissingRival } from '../bench/rivals/rival.js';
import { sha1Rivals } from '../bench/rivals/sha1.js';
import { sha256Rivals } from '../bench/rivals/sha256.js';
import { siphashRivals } from '../bench/rivals/siphash.js';
import { RtliftError } from '../errors.js';
import { classify, spamModel } from '../kernels/classify.js';
import { crc } from '../kernels/crc.js';
import { literalMatch, MAX_PATTERNS } from '../kernels/literal-match.js';
import { recordFilter } from '../kernels/record-filter.js';
import { sha1 } from '../kernels/sha1.js';
import { sha256 } from '../kernels/sha256.js';
import { siphash } from '../kernels/siphash.js';
import { Random } from '../verify/random.js';
import type { AnyKernel } from './cycles/simulate.js';
import type { SizeShare } from './load/load.js';

/** What is advised on: a kernel, how many of it a message passes, and the software that does the same. */
export interface Subject {
  readonly name: string;
  readonly kernel: AnyKernel;
  readonly rivals: readonly (AnyRival | MissingRival)[];
  /** Instances that each message has to pass, because one does not hold all of the work. */
  readonly copies: number;
  readonly notes: readonly string[];
}

export interface SubjectOptions {
  /** Words of a literalMatch by name, or how many: made from mails where they are installed. */
  readonly patterns?: number | readonly string[];
  /** Software to hold a kernel of one's own against. */
  readonly rivals?: readonly (AnyRival | MissingRival)[];
}

/** Words that one instance holds where they need several: as many as its area is known of. */
const PATTERNS_PER_COPY = 256;
/** Longest message of one block, bytes. */
const ONE_BLOCK = 55;
const KEY = Uint8Array.from({ length: 16 }, (_, i) => i);

/** Names that {@link subjectOf} knows. */
export const SUBJECT_NAMES: readonly string[] = Object.keys(OPERATIONS);

/**
 * Finds kernel and software for a name, or the software for a kernel.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a name that no built-in kernel has.
 */
export async function subjectOf(
  kernel: string | AnyKernel,
  sizes: readonly SizeShare[],
  options: SubjectOptions = {},
): Promise<Subject> {
  if (typeof kernel !== 'string') {
    if (typeof kernel?.golden !== 'function') {
      throw new RtliftError(
        'ERR_RTLIFT_INVALID_ARG',
        `kernel is a name (${SUBJECT_NAMES.join(', ')}) or made by defineKernel, got ${kernel === null ? 'null' : typeof kernel}`,
        { arg: 'kernel' },
      );
    }
    const rivals = options.rivals ?? (await rivalsOf(kernel));
    return { name: kernel.name, kernel, rivals, copies: 1, notes: [] };
  }
  const make = Object.hasOwn(MAKERS, kernel) ? MAKERS[kernel] : undefined;
  if (make === undefined) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `kernel must be one of ${SUBJECT_NAMES.join(', ')}, or a file that exports one; got ${kernel}`,
      { arg: 'kernel', expected: SUBJECT_NAMES, got: kernel },
    );
  }
  const made = await make(sizes, options);
  return { name: kernel, copies: 1, notes: [], ...made, rivals: options.rivals ?? made.rivals };
}

type Made = Pick<Subject, 'kernel' | 'rivals'> & Partial<Subject>;

const MAKERS: Readonly<
  Record<string, (sizes: readonly SizeShare[], options: SubjectOptions) => Promise<Made> | Made>
> = {
  sha256: async (sizes) => {
    const rivals = await sha256Rivals();
    const isShort = sizes.every(({ bytes }) => bytes <= ONE_BLOCK);
    if (!isShort) return { kernel: sha256(), rivals };
    return {
      kernel: sha256({ architecture: 'pipelined' }),
      rivals,
      notes: [`no message is above ${ONE_BLOCK} B, so the pipeline is taken: a message a cycle`],
    };
  },
  'sha256-pipelined': async () => ({
    kernel: sha256({ architecture: 'pipelined' }),
    rivals: await sha256Rivals(),
  }),
  sha1: async () => ({ kernel: sha1(), rivals: await sha1Rivals() }),
  siphash: () => ({ kernel: siphash(KEY), rivals: siphashRivals(KEY) }),
  crc: () => ({ kernel: crc('crc-32'), rivals: crcRivals() }),
  classify: () => ({ kernel: classify(), rivals: classifyRivals(spamModel()) }),
  recordFilter: () => ({
    kernel: recordFilter(ADD_ORDER_FILTER),
    rivals: recordFilterRivals(ADD_ORDER_FILTER),
  }),
  literalMatch: (_, { patterns = PATTERNS_PER_COPY }) => {
    const words = typeof patterns === 'number' ? wordsOf(patterns) : patterns;
    const copies = Math.max(1, Math.ceil(words.length / PATTERNS_PER_COPY));
    const all = Math.max(1, Math.ceil(words.length / 8));
    return {
      kernel: literalMatch(words.slice(0, PATTERNS_PER_COPY), { ignoreCase: true }),
      rivals: literalMatchRivals(words, Math.ceil(all / 4) * 4),
      copies,
      notes: [
        ...(words.length > MAX_PATTERNS
          ? [`${words.length} patterns are beyond the ${MAX_PATTERNS} of one kernel`]
          : []),
        ...(copies > 1
          ? [`every message passes ${copies} instances of ${PATTERNS_PER_COPY} patterns each`]
          : []),
      ],
    };
  },
};

/** Rivals of a built-in kernel that was handed over as such; none of a kernel of one's own. */
async function rivalsOf({ rtl: { top, parameters } }: AnyKernel): Promise<Subject['rivals']> {
  switch (top) {
    case 'sha256':
      return sha256Rivals();
    case 'sha1':
      return sha1Rivals();
    case 'siphash':
      return Number(parameters.OUT_BITS ?? 64) === 64 ? siphashRivals(KEY) : [];
    case 'crc':
      return Number(parameters.POLY) === 0x04c11db7 && Number(parameters.REFIN) === 1
        ? crcRivals()
        : [];
    default:
      return [];
  }
}

const known = new Map<number, string[]>();

/** Words that tell spam from ham, as the benchmark takes them, and made-up ones behind them. */
function wordsOf(count: number): string[] {
  if (!(Number.isInteger(count) && count >= 1 && count <= 100_000)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `patterns is a list of words or their number, 1..100,000, got ${count}`,
      { arg: 'patterns', got: count },
    );
  }
  const before = known.get(count);
  if (before !== undefined) return before;
  const mails = loadMails();
  const words = new Set(mails === null ? [] : choosePatterns(mails, count));
  const random = new Random(5);
  while (words.size < count) {
    const letters = Array.from({ length: 6 + random.below(9) }, () => 97 + random.below(26));
    words.add(String.fromCharCode(...letters));
  }
  known.set(count, [...words]);
  return [...words];
}
