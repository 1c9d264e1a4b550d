interface Literal {
  /** With the size and base in front of the digits. */
  readonly prefix: string;
  readonly digits: string;
  readonly radix: 2 | 8 | 10 | 16;
  readonly width: number;
  readonly value: bigint;
}

const RADIX = { b: 2, o: 8, d: 10, h: 16 } as const;
const MARK = { 2: '0b', 8: '0o', 10: '', 16: '0x' } as const;

/** A literal with a value that is known: not real, not `'0`, without x and z. */
function readLiteral(text: string): Literal | null {
  const compact = text.replace(/[\s_]/g, '');
  const [, size = '', sign, base = 'd', digits = ''] =
    /^(?:(\d+)?'([sS]?)([bodhBODH]))?([\da-fA-F]+)$/.exec(compact) ?? [];
  const radix = RADIX[base.toLowerCase() as keyof typeof RADIX];
  if (digits === '' || (radix === 10 && !/^\d+$/.test(digits))) return null;
  const width = size === '' ? 32 : Number(size);
  const value = BigInt.asUintN(width, BigInt(`${MARK[radix]}${digits}`));
  const prefix = sign === undefined ? '' : `${size}'${sign}${base}`;
  return { prefix, digits, radix, width, value };
}

/** The value of a literal; `null` where it has none: real, unbased, x or z. */
export function literalValue(text: string): bigint | null {
  return readLiteral(text)?.value ?? null;
}

/**
 * A literal that differs: one more, wrapped in its width, which for one bit is the other bit.
 * @returns the same size and base; `null` for literals without a value.
 */
export function nextLiteral(text: string): string | null {
  const literal = readLiteral(text);
  if (literal === null) return null;
  const { prefix, digits, radix, width, value } = literal;
  const next = BigInt.asUintN(width, value + 1n);
  // A plain decimal is signed and has no digits for what lies above.
  if (prefix === '' && next > 0x7fffffffn) return null;
  const least = radix === 10 ? 1 : digits.length;
  return prefix + next.toString(radix).padStart(least, '0');
}
