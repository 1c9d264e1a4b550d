/** What a token is; a keyword is a `name` to the tokenizer. */
export type TokenKind =
  | 'name'
  | 'number'
  | 'string'
  | 'operator'
  /** `$clog2`. */
  | 'system'
  /** A use of a macro: `` `WIDTH ``. */
  | 'macro'
  /** A compiler directive with what belongs to it: `` `ifdef X ``, a whole `` `define ``. */
  | 'directive';

/** A piece of Verilog text; comments, white space and attributes lie between tokens. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offsets into the text, in UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** 1-based; a tab is one column. */
  readonly line: number;
  readonly column: number;
}

/** Text that cannot be taken apart, or code whose structure is not understood. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

// IEEE 1800-2017, sections 5.7 (numbers), 5.6 (identifiers), 5.9 (strings), 11.3 (operators); longest first.
const PATTERNS: readonly (readonly [TokenKind | 'space', RegExp])[] = [
  ['space', /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  // An attribute, but not the `(*)` of a sensitivity list.
  ['space', /\(\*(?!\s*\))(?:"(?:[^"\\]|\\[\s\S])*"|[^"])*?\*\)/y],
  ['string', /"(?:[^"\\\n]|\\[\s\S])*"/y],
  ['number', /(?:\d[\d_]*\s*)?'[sS]?[bodhBODH]\s*[\da-fA-FxXzZ?][\da-fA-FxXzZ?_]*/y],
  ['number', /'[01xXzZ](?!\w)/y],
  ['number', /\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?(?:[munpf]?s\b|step\b)?/y],
  ['name', /\\\S+|[A-Za-z_][\w$]*/y],
  ['system', /\$[A-Za-z_$][\w$]*/y],
  [
    'operator',
    new RegExp(
      [
        '<<<=|>>>=',
        '===|!==|==\\?|!=\\?|<<<|>>>|<<=|>>=|\\|->|\\|=>|<->|&&&|->>|\\*->',
        '\\*\\*|\\+\\+|--|\\+=|-=|\\*=|/=|%=|&=|\\|=|\\^=|&&|\\|\\||==|!=|<=|>=|<<|>>',
        "~&|~\\||~\\^|\\^~|\\+:|-:|::|->|=>|:=|:/|\\.\\*|##|'\\{",
        "[-+*/%&|^~!<>=?:;,.@#$(){}\\[\\]']",
      ].join('|'),
      'y',
    ),
  ],
];

const WORD_AFTER_TICK = /`([A-Za-z_][\w$]*|\\\S+)/y;
const REST_OF_LINE = /[^\n]*/y;
// A backslash at the end of a line carries the body on; so does a comment that spans lines.
const MACRO_BODY = /(?:\/\*[\s\S]*?\*\/|\\\r?\n|\/\/[^\n]*|[^\n])*/y;
const ONE_NAME = /[ \t]*(?:\\\S+|[A-Za-z_][\w$]*)/y;

// What belongs to a directive beside its name; any other word after a tick is a use of a macro (IEEE 1800-2017, 22.1).
const DIRECTIVES: Readonly<Record<string, RegExp | null>> = {
  define: MACRO_BODY,
  undef: ONE_NAME,
  ifdef: ONE_NAME,
  ifndef: ONE_NAME,
  elsif: ONE_NAME,
  default_nettype: ONE_NAME,
  unconnected_drive: ONE_NAME,
  include: REST_OF_LINE,
  timescale: REST_OF_LINE,
  line: REST_OF_LINE,
  pragma: REST_OF_LINE,
  begin_keywords: REST_OF_LINE,
  else: null,
  endif: null,
  undefineall: null,
  resetall: null,
  celldefine: null,
  endcelldefine: null,
  end_keywords: null,
  nounconnected_drive: null,
};

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function matchDirective(text: string, at: number): [TokenKind, string] | null {
  const word = match(WORD_AFTER_TICK, text, at);
  if (word === null) return null;
  const name = word.slice(1);
  if (!Object.hasOwn(DIRECTIVES, name)) return ['macro', word];
  const rest = DIRECTIVES[name] ?? null;
  const more = rest && match(rest, text, at + word.length);
  return ['directive', word + (more ?? '')];
}

function matchToken(text: string, at: number): [TokenKind | 'space', string] | null {
  if (text[at] === '`') return matchDirective(text, at);
  for (const [kind, pattern] of PATTERNS) {
    const found = match(pattern, text, at);
    if (found) return [kind, found];
  }
  return null;
}

/**
 * Takes Verilog or SystemVerilog text apart, with the place of each token.
 * @throws {@link NotUnderstood} at a comment or string without an end, or a character that is neither language's.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let lineStart = 0;
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; ) {
    const found = matchToken(text, at);
    const unclosed = found?.[1] === '/' && text[at + 1] === '*';
    if (found === null || unclosed) {
      const what = unclosed ? 'a comment without an end' : `a stray ${JSON.stringify(text[at])}`;
      throw new NotUnderstood(what, line);
    }
    const [kind, piece] = found;
    if (kind !== 'space') {
      tokens.push({
        kind,
        text: piece,
        start: at,
        end: at + piece.length,
        line,
        column: at - lineStart + 1,
      });
    }
    for (let next = piece.indexOf('\n'); next >= 0; next = piece.indexOf('\n', next + 1)) {
      line++;
      lineStart = at + next + 1;
    }
    at += piece.length;
  }
  return tokens;
}
