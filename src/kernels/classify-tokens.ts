/** Kinds of a token, as bits: what its bytes are, and whether it is long. */
export const KIND = { lower: 1, upper: 2, digit: 4, long: 8 } as const;
/** Number of kinds; 0 and 8 are of no token, since a token has at least one letter or digit. */
export const KINDS = 16;
/** Bytes from which on a token is long. */
export const LONG_TOKEN_BYTES = 16;

/** What is known of a token: its hash, 16 bits, and its kind. */
export type TokenVisitor = (hash: number, kind: number) => void;

const within = (byte: number, first: string, last: string): boolean =>
  byte >= first.charCodeAt(0) && byte <= last.charCodeAt(0);

/** The kind of a byte: 0 where it separates tokens. */
function kindOf(byte: number): number {
  if (within(byte, 'a', 'z')) return KIND.lower;
  if (within(byte, 'A', 'Z')) return KIND.upper;
  return within(byte, '0', '9') ? KIND.digit : 0;
}

/**
 * Visits the tokens of a message in order: the longest runs of ASCII letters and digits.
 *
 * The hash of a token starts at 0; each byte rotates its 16 bits left by 5 and XORs a symbol of 6 bits in: 33 to 58 for
 * the letters in either case, 16 to 25 for the digits, which are the low five bits of the byte and a bit for a letter.
 */
export function visitTokens(message: Uint8Array, visit: TokenVisitor): void {
  let hash = 0;
  let kinds = 0;
  let length = 0;
  for (const byte of message) {
    const kind = kindOf(byte);
    if (kind !== 0) {
      const symbol = (byte & 31) | (kind === KIND.digit ? 0 : 32);
      hash = (((hash << 5) | (hash >>> 11)) & 0xffff) ^ symbol;
      kinds |= kind;
      length++;
    } else if (length > 0) {
      visit(hash, length >= LONG_TOKEN_BYTES ? kinds | KIND.long : kinds);
      hash = 0;
      kinds = 0;
      length = 0;
    }
  }
  if (length > 0) visit(hash, length >= LONG_TOKEN_BYTES ? kinds | KIND.long : kinds);
}

/** Entry of a table of `size` weights that a hash selects: the hash in words of log2(size) bits, XORed. */
export function tableIndex(hash: number, size: number): number {
  return (hash % size) ^ Math.floor(hash / size);
}
