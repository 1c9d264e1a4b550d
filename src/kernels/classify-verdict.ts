import { RtliftError } from '../errors.js';
import type { Codec } from '../kernel/codec.js';

/** What a linear classifier says of a message. */
export interface Verdict {
  /** Bias plus the sum over the tokens of weight times value, exact: an integer. */
  readonly score: number;
  /** Whether the score reaches the threshold; spam, with the weights that come with the kernel. */
  readonly isPositive: boolean;
}

const SIZE_BYTES = 6;
const SCORE_LIMIT = 2 ** 46;
const WORD = 2 ** 32;

/**
 * A {@link Verdict} in 6 bytes, little-endian: bits 46:0 the score in two's complement, bit 47 whether it is positive.
 *
 * The kernel adds up in 47 bits, and they go out whole, so there is neither saturation nor a byte without meaning.
 */
export const VERDICT: Codec<Verdict> = {
  name: 'verdict',
  fixedBytes: SIZE_BYTES,
  isIdentity: false,
  sizeOf(value) {
    const { score, isPositive } = value ?? {};
    const isScore = Number.isInteger(score) && score >= -SCORE_LIMIT && score < SCORE_LIMIT;
    if (!isScore || typeof isPositive !== 'boolean') {
      throw new RtliftError(
        'ERR_RTLIFT_INVALID_ARG',
        `verdict encodes a score of -2^46..2^46-1 and a boolean, got ${String(score)} and ${typeof isPositive}`,
        { codec: 'verdict' },
      );
    }
    return SIZE_BYTES;
  },
  encodeInto({ score, isPositive }, target, offset) {
    const high = (Math.floor(score / WORD) & 0x7fff) | (isPositive ? 0x8000 : 0);
    for (let i = 0; i < 4; i++) target[offset + i] = score >>> (8 * i);
    target[offset + 4] = high;
    target[offset + 5] = high >>> 8;
  },
  decode(source, start, end) {
    if (end - start !== SIZE_BYTES) {
      throw new RtliftError(
        'ERR_RTLIFT_RESULT_MISMATCH',
        `verdict decodes ${SIZE_BYTES} bytes, got ${end - start}`,
        { codec: 'verdict', expected: SIZE_BYTES, actual: end - start },
      );
    }
    const at = (i: number): number => source[start + i] as number;
    const low = (at(0) | (at(1) << 8) | (at(2) << 16) | (at(3) << 24)) >>> 0;
    const high = at(4) | (at(5) << 8);
    // Bit 14 of the high half is the sign.
    return { score: ((high << 17) >> 17) * WORD + low, isPositive: high >= 0x8000 };
  },
};
