import { BitSet } from '../../kernel/bit-set.js';
import { defineKernel, type Kernel } from '../../kernel/define-kernel.js';
import { type LiteralPattern, literalMatch } from '../../kernels/literal-match.js';
import { type AnyPlan, planOf } from '../plan.js';
import { Random } from '../random.js';

type Match = Kernel<Uint8Array, BitSet>;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

// Lengths 1 to 8, prefixes and suffixes of each other, letters in both cases and bytes next to letters, where a
// folded comparison goes wrong.
const PATTERNS: readonly LiteralPattern[] = [
  'a',
  'Ab',
  'aba',
  'abab',
  'babab',
  'ababab',
  'abababa',
  'abababab',
  { pattern: 'Zz[@`{', ignoreCase: true },
  { pattern: 'KEY', ignoreCase: true },
  Uint8Array.of(0),
  Uint8Array.of(0, 0),
  Uint8Array.of(0xff, 0, 0xff),
  Uint8Array.of(0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87),
  // What the lanes behind the end of a message carry.
  Uint8Array.of(0xa5),
  Uint8Array.of(0x61, 0xa5),
];

/** As many more, 1 to `longest` bytes: of few letters, so that they occur in each other, or of any; some twice in a row. */
function drawn(seed: number, count: number, longest: number): LiteralPattern[] {
  const random = new Random(seed);
  const patterns: LiteralPattern[] = [];
  while (patterns.length < count) {
    const size = 1 + random.below(longest);
    const letters = random.pick([encode('aAbB'), encode('Zz[{k'), random.bytes(64)]);
    const pattern = Uint8Array.from({ length: size }, () => random.pick([...letters]));
    const ignoreCase = random.below(2) === 0;
    for (let i = random.below(5); i < 6; i += 4) patterns.push({ pattern, ignoreCase });
  }
  return patterns.slice(0, count);
}

const bytesOf = (pattern: LiteralPattern): Uint8Array => {
  const literal =
    typeof pattern === 'string' || pattern instanceof Uint8Array ? pattern : pattern.pattern;
  return typeof literal === 'string' ? encode(literal) : literal;
};

/** The other case of a letter, and of bytes next to letters what a careless fold takes for it. */
const flipCase = (byte: number): number => ((byte & 0xc0) === 0x40 ? byte ^ 0x20 : byte);

/** A message in which patterns begin, are whole, or miss by one byte or one bit, at every offset of a beat. */
function message(random: Random, patterns: readonly LiteralPattern[]): Uint8Array {
  // Now and then so much that a good part of a set is found at once.
  if (random.below(4) === 0) {
    return new Uint8Array(
      Buffer.concat(Array.from({ length: 24 }, () => bytesOf(random.pick(patterns)))),
    );
  }
  const parts: Uint8Array[] = [];
  for (let i = random.below(10); i > 0; i--) {
    // The last slot as often as some others together: it is the top bit of everything.
    const pattern = random.below(8) === 0 ? patterns.at(-1) : random.pick(patterns);
    const whole = bytesOf(pattern as LiteralPattern).slice();
    const kind = random.below(6);
    if (kind === 0) parts.push(random.bytes(random.below(20)));
    if (kind === 1) parts.push(whole.subarray(0, random.below(whole.length + 1)));
    if (kind === 2) whole[random.below(whole.length)] = random.below(256);
    if (kind === 3) whole.set(whole.map((byte) => (random.below(2) === 0 ? flipCase(byte) : byte)));
    if (kind === 4) {
      const at = random.below(whole.length);
      whole[at] = (whole[at] ?? 0) ^ (1 << random.below(8));
    }
    if (kind >= 2) parts.push(whole);
  }
  return new Uint8Array(Buffer.concat(parts));
}

const FLOOR = new URL('../../../hdl/literal_match/coverage.json', import.meta.url);

const SLOTS = 64;
const GROUP = 32;

// hdl/literal_match/README.md, "Registers".
const COMMIT = 0x24;
const CLEAR = 0x28;

/** The kernel with other writes, of which patterns `from` and up are left; the patterns stay, for the golden model. */
function rewritten(kernel: Match, registers: readonly number[], from = SLOTS): Match {
  return defineKernel({
    ...kernel,
    golden: (message) =>
      BitSet.from(
        SLOTS,
        [...kernel.golden(message)].filter((i) => i >= from),
      ),
    registers: () => Uint32Array.from(registers),
  });
}

/** What a host may write that `literalMatch` itself does not. */
function otherWrites(kernel: Match): Match[] {
  const writes = [...(kernel.registers?.() ?? [])];
  const firstCommit = writes.findIndex((word, i) => i % 2 === 0 && word === COMMIT);
  // Without the CLEAR in front.
  const low = writes.slice(2, firstCommit);
  const high = writes.slice(firstCommit + 2, -2);
  return [
    rewritten(kernel, [CLEAR, 0]),
    rewritten(kernel, [COMMIT, 0, COMMIT, 1]),
    // Staged slots go with a CLEAR, so that the group that is committed has none.
    rewritten(kernel, [...low, CLEAR, 0, COMMIT, 0]),
    // A group again: the last patterns of it count, and those of the other stay.
    rewritten(kernel, [CLEAR, 0, ...low, COMMIT, 1, ...high, COMMIT, 1], GROUP),
    rewritten(kernel, [...writes, ...low, COMMIT, 0], 0),
  ];
}

function plan(longest: number, make: (patterns: readonly LiteralPattern[]) => Match): AnyPlan {
  // Two groups, so that a second one is loaded and cleared; the last set leaves most of it unused.
  const sets = [
    [...PATTERNS, ...drawn(1, SLOTS - 1 - PATTERNS.length, longest), 'q'.repeat(longest)],
    [...drawn(2, SLOTS - 1, longest), 'Q'.repeat(longest)],
    [...drawn(3, SLOTS - 1, longest), 'r'.repeat(longest)],
    [...drawn(4, GROUP, longest), 'R'.repeat(longest)],
  ];
  const kernels = sets.map(make);
  return planOf([...kernels, ...otherWrites(kernels[0] as Match)], {
    inputs: (random) => message(random, random.pick(sets)),
    floor: FLOOR,
  });
}

export const LITERAL_MATCH_PLANS: Readonly<Record<string, () => AnyPlan>> = {
  literalMatch: () => plan(8, (patterns) => literalMatch(patterns)),
  'literalMatch-16': () => plan(32, (patterns) => literalMatch(patterns, { bytesPerCycle: 16 })),
};
