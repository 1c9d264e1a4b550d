import { describe, expect, test } from 'vitest';
import { alternatives } from '../../src/profile/cpu/recognise/literals.js';
import { ownOperation } from '../../src/profile/cpu/recognise/own.js';
import { parseScript } from '../../src/profile/cpu/syntax.js';

/** What the first function of a text is taken for. */
function recognised(source: string, name?: string): string | null {
  const script = parseScript(source);
  if (!script) throw new Error('no JavaScript');
  const [fn] = script.named(name ?? (/function (\w+)/.exec(source)?.[1] as string));
  if (!fn) throw new Error('no function');
  const found = ownOperation(fn, true);
  return found?.call ?? null;
}

const TABLE = 'const T = make(0xedb88320);\n';

describe('the text of a function', () => {
  test.each([
    [
      'a CRC by a table',
      `${TABLE}function a(b) { let c = -1; for (const x of b) c = T[(c ^ x) & 255] ^ (c >>> 8); return ~c; }`,
      "offload(crc('crc-32'))",
    ],
    [
      'a CRC by a table, the other way round',
      `const P = -306674912;\nfunction a(b) { let c = -1, i = 0; while (i < b.length) c = (c >>> 8) ^ T[(c & 0xff) ^ b[i++]]; return ~c; }`,
      "offload(crc('crc-32'))",
    ],
    [
      'a CRC of 16 bits, its register in a field',
      `const P = 0x1021;\nfunction a(b) { for (const x of b) this.crc = (T[((this.crc >> 8) ^ x) & 0xff] ^ (this.crc << 8)) & 0xffff; }`,
      "offload(crc('crc-16/ccitt-false'))",
    ],
    [
      'a CRC bit by bit',
      'function a(b) { let c = -1; for (const x of b) { c ^= x; for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1; } return ~c; }',
      "offload(crc('crc-32c'))",
    ],
    [
      'a chain of includes',
      `function a(m) { return m.includes('viagra') || m.includes('lottery') || m.indexOf('winner') >= 0; }`,
      "offload(literalMatch(['viagra', 'lottery', 'winner']))",
    ],
    [
      'a list of words',
      'function a(mail) { const m = mail.toLowerCase(); return WORDS.some((w) => m.includes(w)); }',
      'offload(literalMatch(patterns))',
    ],
    [
      'a loop over words',
      'function a(text) { const found = []; for (const w of WORDS) if (text.includes(w)) found.push(w); return found; }',
      'offload(literalMatch(patterns))',
    ],
    [
      'fields of fixed offsets',
      'function a(r) { return r.readUInt32LE(4) > 100 && r.readUInt8(8) === 66; }',
      'offload(recordFilter({ fields, rules }))',
    ],
    [
      'fields in variables, of a DataView',
      'function a(v, at) { const p = v.getUint32(at + 4, true); const q = v.getUint16(at + 8); return p > 5 && q < 9; }',
      'offload(recordFilter({ fields, rules }))',
    ],
    [
      'a sum of weights of tokens',
      'function a(text) { let s = 0; for (const t of text.split(/\\W+/)) s += WEIGHTS.get(t) ?? 0; return s > 3; }',
      'offload(classify())',
    ],
    [
      'a sum by reduce',
      'function a(text) { return text.split(" ").reduce((s, t) => s + (weights[t.toLowerCase()] ?? 0), 0) > 2; }',
      'offload(classify())',
    ],
    [
      'SHA-1',
      'function a(h, w) { let a = h[0]; for (let i = 0; i < 80; i++) { const k = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6; a = ((a << 5) | (a >>> 27)) + k + w[i]; } return a; }',
      'offload(sha1())',
    ],
    [
      'SHA-256',
      'function a(w) { const r = (x, n) => (x >>> n) | (x << (32 - n)); return rotr(w, 2) ^ rotr(w, 13) ^ rotr(w, 22) ^ rotr(w, 6) ^ rotr(w, 11) ^ rotr(w, 25) ^ rotr(w, 7) ^ rotr(w, 18) ^ rotr(w, 17) ^ rotr(w, 19); }',
      'offload(sha256())',
    ],
    [
      'SipHash',
      'const I = [0x736f6d6570736575n, 0x646f72616e646f6dn, 0x6c7967656e657261n, 0x7465646279746573n];\nfunction a(v) { v = rotl(v, 13n); v = rotl(v, 16n); v = rotl(v, 21n); return rotl(v, 17n); }',
      'offload(siphash(key))',
    ],
  ])('%s is recognised', (_, source, call) => {
    expect(recognised(source)).toBe(call);
  });

  test.each([
    ['a name', 'function crc32(text) { return text.length; }'],
    [
      'a hash of another kind',
      'function hashCode(s) { let h = 0; for (let i = 0; i < s.length; i++) h = (h * 31 + s.charCodeAt(i)) | 0; return h; }',
    ],
    [
      'FNV',
      'function sha256(s) { let h = 0x811c9dc5; for (const c of s) { h ^= c; h = Math.imul(h, 0x01000193); } return h >>> 0; }',
    ],
    [
      'what fills a table',
      'function makeTable() { for (let n = 0; n < 256; n++) { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; T[n] = c; } }',
    ],
    [
      'a round of AES by tables',
      'function a(s, k) { const [a, b, c, d] = s; return T0[a >>> 24] ^ T1[(b >>> 16) & 0xff] ^ T2[(c >>> 8) & 0xff] ^ T3[d & 0xff] ^ k[0]; }',
    ],
    [
      'a table and another word, shifted',
      'function a(v, w) { return T[(v ^ w[0]) & 0xff] ^ (w[1] >>> 8); }',
    ],
    ['two words', `function a(m) { return m.includes('a1') || m.includes('b2'); }`],
    ['one lookup in a list', 'function a(id) { return ALLOWED.includes(id); }'],
    [
      'a list that is asked for its members',
      'function a(list) { return list.filter((x) => x.tags.includes("new")); }',
    ],
    [
      'a parser',
      'function a(b) { if (b.readUInt32BE(0) !== MAGIC) throw new Error(); return { size: b.readUInt32BE(4), kind: b.readUInt8(8) }; }',
    ],
    [
      'a count of words',
      'function a(text) { const n = new Map(); for (const w of text.split(" ")) n.set(w, (n.get(w) ?? 0) + 1); return n; }',
    ],
    [
      'a sum of prices',
      'function a(items) { let s = 0; for (let i = 0; i < items.length; i++) s += items[i].price; return s; }',
    ],
    [
      'a template',
      'function a(o) { return "<li>" + o.items.map((i) => i.name.toUpperCase()).join() + "</li>"; }',
    ],
  ])('%s is no evidence', (_, source) => {
    expect(recognised(source)).toBe(null);
  });

  test('of a function inside another is not the outer one', () => {
    const source = `${TABLE}function outer(b) { function inner(x) { let c = -1; for (const y of x) c = T[(c ^ y) & 255] ^ (c >>> 8); return ~c; } return inner(b); }`;
    expect(recognised(source, 'outer')).toBe(null);
    expect(recognised(source, 'inner')).toBe("offload(crc('crc-32'))");
  });
});

test.each([
  ['message', '', 'likely'],
  ['t', 'const t = bytes.toString("latin1");', 'likely'],
  ['t', 'const t = request.body.toLowerCase();', 'likely'],
  ['header', '', 'possible'],
  ['accept', 'const accept = request.headers.accept.toLowerCase();', 'possible'],
])('a few words in `%s` (%s) are %s', (name, before, confidence) => {
  const script = parseScript(
    `function a(${before === '' ? name : 'of'}) { ${before} return ${name}.includes('ab') ? 1 : ${name}.includes('cd') ? 2 : ${name}.includes('ef'); }`,
  );
  const [fn] = script?.named('a') ?? [];
  expect(fn && ownOperation(fn, true)?.confidence).toBe(confidence);
});

test('the code of a module is no function, though its text begins with one', () => {
  const script = parseScript('function isJunk(t) { return t.length; }\nisJunk([]);');
  expect(script?.functionAt(0, 0, '')).toBe(null);
  expect(script?.functionAt(0, 15, 'isJunk')?.node.id?.name).toBe('isJunk');
});

describe('a regular expression', () => {
  test.each([
    ['viagra|lottery|free money', ['viagra', 'lottery', 'free money']],
    ['\\b(?:viagra|lottery|winner)\\b', ['viagra', 'lottery', 'winner']],
    ['(\\$1,000|cash\\.now|act\\snow)', ['$1,000', 'cash.now', 'act now']],
  ])('/%s/ is words', (pattern, words) => {
    expect(alternatives(pattern)).toEqual(words);
  });

  test.each([
    'viagra|lottery',
    '^viagra|lottery|winner',
    '^(?:/assets/|/static/|/public/)',
    'via.*gra|lottery|winner',
    '[a-z]+|foo|bar',
    '\\d\\d|foo|bar',
    '(a|b)c|foo|bar',
    'a|b|c',
    '\\W+',
  ])('/%s/ is more than words, or too few', (pattern) => {
    expect(alternatives(pattern)).toBe(null);
  });
});
