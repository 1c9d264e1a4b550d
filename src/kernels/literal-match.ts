import { RtliftError } from '../errors.js';
import { BitSet } from '../kernel/bit-set.js';
import { bitSet, bytes } from '../kernel/codecs.js';
import { defineKernel, type Kernel } from '../kernel/define-kernel.js';
import { literalMatchRegisters, type ResolvedPattern } from './literal-match-registers.js';

/** A pattern: text (encoded as UTF-8) or bytes, by itself or with its own case rule. */
export type LiteralPattern =
  | string
  | Uint8Array
  | { readonly pattern: string | Uint8Array; readonly ignoreCase?: boolean };

export interface LiteralMatchOptions {
  /** Whether ASCII letters match in either case, where a pattern does not say; default false. */
  readonly ignoreCase?: boolean;
  /** Bytes of a message that the kernel takes a cycle: 8 (default) or 16. */
  readonly bytesPerCycle?: 8 | 16;
}

/** Most patterns that one kernel holds. */
export const MAX_PATTERNS = 1024;
/** Longest pattern, bytes. */
export const MAX_PATTERN_BYTES = 32;

const hdl = (file: string): URL => new URL(`../../hdl/literal_match/${file}`, import.meta.url);
const SOURCES = [
  'literal_match.v',
  'literal_match_lanes.v',
  'literal_match_row.v',
  'literal_match_loader.v',
];

/**
 * Which of a list of byte patterns occur anywhere in a message.
 *
 * The result is a set of indices into `patterns`; its size is their number rounded up to a multiple of 32. The
 * patterns are loaded when the kernel opens: changing them takes another kernel of the same built library.
 * @param patterns - 1 to 1,024 patterns of 1 to 32 bytes.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when a pattern or their number is out of range.
 */
export function literalMatch(
  patterns: readonly LiteralPattern[],
  { ignoreCase = false, bytesPerCycle = 8 }: LiteralMatchOptions = {},
): Kernel<Uint8Array, BitSet> {
  if (!Array.isArray(patterns) || patterns.length < 1 || patterns.length > MAX_PATTERNS) {
    const got = Array.isArray(patterns) ? patterns.length : typeof patterns;
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `patterns is an array of 1..${MAX_PATTERNS}, got ${got}`,
      { arg: 'patterns', limit: MAX_PATTERNS, got },
    );
  }
  if (bytesPerCycle !== 8 && bytesPerCycle !== 16) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `bytesPerCycle is 8 or 16, got ${String(bytesPerCycle)}`,
      { arg: 'bytesPerCycle' },
    );
  }
  const resolved = patterns.map((pattern, i) => resolve(pattern, i, ignoreCase));
  const slots = Math.ceil(resolved.length / 32) * 32;
  const longest = Math.max(...resolved.map((pattern) => pattern.bytes.length));
  // Few lengths, so that lists of like patterns share one built library.
  const patternBytes = [4, 8, 16, 32].find((size) => size >= longest) ?? MAX_PATTERN_BYTES;
  const needles = resolved.map((pattern) => ({
    needle: Buffer.from(pattern.ignoreCase ? lower(pattern.bytes) : pattern.bytes),
    ignoreCase: pattern.ignoreCase,
  }));
  return defineKernel({
    name: 'literalMatch',
    rtl: {
      top: 'literal_match',
      sources: SOURCES.map(hdl),
      parameters: { DATA_BYTES: bytesPerCycle, PATTERNS: slots, PATTERN_BYTES: patternBytes },
    },
    input: bytes(),
    output: bitSet(slots),
    golden: (message) => matchByDefinition(message, needles, slots),
    registers: () => literalMatchRegisters(resolved),
  });
}

function resolve(pattern: LiteralPattern, index: number, ignoreCase: boolean): ResolvedPattern {
  const isPlain = typeof pattern === 'string' || pattern instanceof Uint8Array;
  const literal = isPlain ? pattern : pattern?.pattern;
  // Copied: the caller's buffer may change before the kernel opens.
  const copy =
    typeof literal === 'string'
      ? new TextEncoder().encode(literal)
      : literal instanceof Uint8Array
        ? Uint8Array.from(literal)
        : null;
  if (copy === null || copy.length < 1 || copy.length > MAX_PATTERN_BYTES) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `pattern ${index} is a string or Uint8Array of 1..${MAX_PATTERN_BYTES} bytes, got ${copy === null ? typeof literal : `${copy.length} bytes`}`,
      { arg: 'patterns', index, limit: MAX_PATTERN_BYTES },
    );
  }
  return { bytes: copy, ignoreCase: isPlain ? ignoreCase : (pattern.ignoreCase ?? ignoreCase) };
}

const isUpper = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;
const lower = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (isUpper(byte) ? byte + 0x20 : byte));

/** A pattern is found where the message contains it as a run of bytes; letters compare folded if it says so. */
function matchByDefinition(
  message: Uint8Array,
  needles: readonly { readonly needle: Buffer; readonly ignoreCase: boolean }[],
  slots: number,
): BitSet {
  const exact = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const folded = Buffer.from(lower(message).buffer);
  const found: number[] = [];
  needles.forEach(({ needle, ignoreCase }, i) => {
    if ((ignoreCase ? folded : exact).includes(needle)) found.push(i);
  });
  return BitSet.from(slots, found);
}
