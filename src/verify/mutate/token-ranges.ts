import type { LiveToken } from './preprocess.js';
import { NotUnderstood } from './tokens.js';

export const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

export const OPENING = words("( [ { '{");
export const CLOSING = words(') ] }');
// The operators that a mutant may change.
const CHANGEABLE = /^(?:[-+*&|^~!<>=]|[=!]==?|[<>]=|<<<?|>>>?|&&|\|\||~\^|\^~|~&|~\|)$/;

/** The next `end` token from `at` on; for `;` the next one outside of brackets. */
export function findEnd(tokens: readonly LiveToken[], at: number, end: string): number {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    const text = tokens[i]?.text ?? '';
    if (text === end && (depth === 0 || end !== ';')) return i;
    if (OPENING.has(text)) depth++;
    else if (CLOSING.has(text)) depth--;
  }
  throw new NotUnderstood(`\`${tokens[at]?.text}\` without \`${end}\``, tokens[at]?.line ?? 0);
}

/** The bracket that closes the one at `open`. */
export function closing(tokens: readonly LiveToken[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const text = tokens[i]?.text ?? '';
    if (OPENING.has(text)) depth++;
    else if (CLOSING.has(text)) depth--;
    if (depth === 0) return i;
  }
  throw new NotUnderstood('a bracket that is not closed', tokens[open]?.line ?? 0);
}

/** The bracket that the one at `close` closes. */
export function opening(tokens: readonly LiveToken[], close: number): number {
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    const text = tokens[i]?.text ?? '';
    if (CLOSING.has(text)) depth++;
    else if (OPENING.has(text)) depth--;
    if (depth === 0) return i;
  }
  throw new NotUnderstood('a bracket that is not opened', tokens[close]?.line ?? 0);
}

/** Whether a range of tokens holds what would be mutated where it runs. */
export function isChangeable(tokens: readonly LiveToken[], from: number, to: number): boolean {
  return tokens
    .slice(from, to)
    .some(({ kind, text }) => kind === 'number' || (kind === 'operator' && CHANGEABLE.test(text)));
}
