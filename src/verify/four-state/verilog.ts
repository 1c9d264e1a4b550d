import type { ParameterValue } from '../../kernel/define-kernel.js';

/** A port by its name, whatever characters that has: every name may be written escaped (IEEE 1364-2005, 3.7.1). */
export function escaped(name: string): string {
  return `\\${name} `;
}

/** A value of a parameter, read as Verilator reads it: see parameterArg() of toolchain/elaborate.ts. */
export function parameterLiteral(value: ParameterValue): string {
  if (typeof value === 'string') return `"${value}"`;
  const isWide = value > 0x7fffffff || value < -0x80000000;
  return isWide ? `64'h${BigInt.asUintN(64, BigInt(value)).toString(16)}` : `${value}`;
}

/** Text as a string literal. */
export function stringLiteral(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

export const hex = (value: number, digits: number): string =>
  value.toString(16).padStart(digits, '0');

/** 32-bit words, lowest first, as a literal. */
export function wordsLiteral(words: readonly number[], width: number): string {
  const digits = words.map((word) => hex(word, 8)).reverse();
  return `${width}'h${digits.join('')}`;
}

/** Range of a vector in a declaration: nothing for a single bit. */
export function range(width: number): string {
  return width === 1 ? '' : `[${width - 1}:0] `;
}
