import type { BitSet } from '../../kernel/bit-set.js';
import type { Kernel } from '../../kernel/define-kernel.js';
import { type LiteralPattern, literalMatch } from '../../kernels/literal-match.js';
import { type AnyPlan, planOf } from '../plan.js';
import type { Random } from '../random.js';

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
];
const MORE: readonly LiteralPattern[] = Array.from({ length: 40 }, (_, i) => ({
  pattern: encode(`${String.fromCharCode(0x40 + i)}x${i}`).subarray(0, 1 + (i % 4)),
  ignoreCase: i % 3 === 0,
}));

const bytesOf = (pattern: LiteralPattern): Uint8Array => {
  const literal =
    typeof pattern === 'string' || pattern instanceof Uint8Array ? pattern : pattern.pattern;
  return typeof literal === 'string' ? encode(literal) : literal;
};

/** The other case of a letter, and of bytes next to letters what a careless fold takes for it. */
const flipCase = (byte: number): number => ((byte & 0xc0) === 0x40 ? byte ^ 0x20 : byte);

/** A message in which patterns begin, are whole, or miss by one byte or one bit, at every offset of a beat. */
function message(random: Random, patterns: readonly LiteralPattern[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let i = random.below(6); i > 0; i--) {
    const whole = bytesOf(random.pick(patterns)).slice();
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

function plan(make: (patterns: readonly LiteralPattern[]) => Match): AnyPlan {
  const sets = [
    [...PATTERNS, ...MORE.slice(0, 19)],
    [...MORE, 'qqqqqqqq'],
    PATTERNS.map((_, i) => `p${i}`).concat(new Array(20).fill('rrrrrrrr')),
  ];
  const all = sets.flat();
  return planOf(sets.map(make), { inputs: (random) => message(random, all), floor: FLOOR });
}

/** Two groups of patterns, so that loading and clearing of a second group is met. */
export const LITERAL_MATCH_PLANS: Readonly<Record<string, () => AnyPlan>> = {
  literalMatch: () => plan((patterns) => literalMatch(patterns)),
  'literalMatch-16': () => plan((patterns) => literalMatch(patterns, { bytesPerCycle: 16 })),
};
