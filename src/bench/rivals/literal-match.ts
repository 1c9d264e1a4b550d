import { createRequire } from 'node:module';
import { compileByteDfa } from './byte-dfa.js';
import type { AnyRival, MissingRival, Rival } from './rival.js';

/** RegExp and the packages match strings; Latin-1 gives one character a byte, and its cost is a caller's to pay. */
const textOf = (message: Uint8Array): string =>
  Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');

function bitmapOf(bytes: number, members: Iterable<number>): Uint8Array {
  const bitmap = new Uint8Array(bytes);
  for (const i of members) bitmap[i >> 3] = (bitmap[i >> 3] as number) | (1 << (i & 7));
  return bitmap;
}

function regExps(words: readonly string[], bytes: number): Rival<number[]> {
  // An alternation finds one word at a place; the bitmap of all words takes an expression each.
  const expressions = words.map((word) => new RegExp(word, 'i'));
  return {
    name: 'V8 RegExp',
    note: `${words.length} expressions with flag i on a Latin-1 string`,
    run: (message) => {
      const text = textOf(message);
      const found: number[] = [];
      for (let i = 0; i < expressions.length; i++) if (expressions[i]?.test(text)) found.push(i);
      return found;
    },
    encode: (found) => bitmapOf(bytes, found),
  };
}

function byteDfa(words: readonly string[], bytes: number): Rival<Uint8Array> {
  return {
    name: 'byte DFA',
    note: 'plain JavaScript, one table look-up a byte',
    run: compileByteDfa(words, bytes),
    encode: (bitmap) => bitmap,
  };
}

/** What the package ahocorasick exports; it has no types of its own. */
type AhoCorasick = new (
  words: string[],
) => { search(text: string): [end: number, words: string[]][] };

function ahoCorasick(words: readonly string[], bytes: number): AnyRival | MissingRival {
  const name = 'ahocorasick';
  let Matcher: AhoCorasick;
  try {
    Matcher = createRequire(import.meta.url)(name) as AhoCorasick;
  } catch {
    return { name, missing: `package ${name} is not installed` };
  }
  const matcher = new Matcher([...words]);
  const indices = new Map(words.map((word, i) => [word, i]));
  const rival: Rival<[number, string[]][]> = {
    name,
    note: 'Aho-Corasick package, on a lower-cased Latin-1 string',
    run: (message) => matcher.search(textOf(message).toLowerCase()),
    encode: (matches) =>
      bitmapOf(
        bytes,
        matches.flatMap(([, found]) => found.map((word) => indices.get(word) ?? -1)),
      ),
  };
  return rival;
}

/** What else finds words in bytes in a Node process. */
export function literalMatchRivals(
  words: readonly string[],
  bitmapBytes: number,
): (AnyRival | MissingRival)[] {
  return [
    byteDfa(words, bitmapBytes),
    regExps(words, bitmapBytes),
    ahoCorasick(words, bitmapBytes),
  ];
}
