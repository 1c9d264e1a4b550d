import type { LiveToken } from './preprocess.js';
import { NotUnderstood } from './tokens.js';

/** An expression; `from` and `to` are indices of tokens, `to` is exclusive. */
export type Expression = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'literal' }
  /** What is copied as it is and not looked into: a string, a macro, the arguments of `$bits`. */
  | { readonly kind: 'opaque' }
  | { readonly kind: 'name'; readonly selects: readonly Select[] }
  /** `callee` is the index of its token. */
  | { readonly kind: 'call'; readonly callee: number; readonly items: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: number; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: number;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'ternary';
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly kind: 'concat'; readonly items: readonly Expression[] }
  | {
      readonly kind: 'replicate';
      readonly count: Expression;
      readonly items: readonly Expression[];
    }
  | { readonly kind: 'group'; readonly inner: Expression }
  | { readonly kind: 'cast'; readonly type: Expression; readonly inner: Expression }
);

/** `[left]`, `[left:right]`, `[left +: right]`; `from` and `to` take in the brackets. */
export interface Select {
  readonly from: number;
  readonly to: number;
  readonly operator: ':' | '+:' | '-:' | null;
  readonly left: Expression;
  readonly right: Expression | null;
  /** Part of the path `gen[i].name`, or a member of a structure. */
  readonly isBeforeDot: boolean;
}

// IEEE 1800-2017, table 11-2; a higher number binds tighter.
const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '~^': 4,
  '^~': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '===': 6,
  '!==': 6,
  '==?': 6,
  '!=?': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '<<<': 8,
  '>>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  '**': 11,
};

const UNARY = new Set(['+', '-', '!', '~', '&', '~&', '|', '~|', '^', '~^', '^~']);

/** Names of types before the `'(` of a cast. */
const CAST_TYPES = new Set(
  'signed unsigned logic bit reg byte shortint int longint integer time string'.split(' '),
);

const PURE_FUNCTIONS = new Set(
  ['$signed', '$unsigned', '$countones', '$countbits', '$onehot', '$onehot0', '$isunknown'].concat([
    '$itor',
    '$rtoi',
    '$bitstoreal',
    '$realtobits',
  ]),
);
/** Functions of types and constants: what is in the brackets is never run-time data. */
const CONSTANT_FUNCTIONS = new Set(
  ['$bits', '$clog2', '$size', '$left', '$right', '$high', '$low', '$increment'].concat([
    '$dimensions',
    '$unpacked_dimensions',
  ]),
);

/** Words that do not begin an expression this parser knows. */
const NOT_A_NAME = new Set(
  (
    'begin end if else case casez casex endcase for while repeat forever assign always initial ' +
    'module endmodule function endfunction task endtask generate endgenerate new tagged type ' +
    'inside matches with dist wire reg input output inout posedge negedge or'
  ).split(' '),
);

/** Reads the tokens `from`..`to` as one expression. */
export function parseExpression(
  tokens: readonly LiveToken[],
  from: number,
  to: number,
): Expression {
  let at = from;

  const textAt = (index: number): string => (index < to ? (tokens[index]?.text ?? '') : '');
  const fail = (): never => {
    const token = tokens[Math.min(at, to - 1)];
    throw new NotUnderstood(
      at < to ? `\`${token?.text}\` in an expression` : 'an expression that ends early',
      token?.line ?? 0,
    );
  };
  const eat = (text: string): boolean => {
    if (textAt(at) !== text) return false;
    at++;
    return true;
  };
  const expect = (text: string): void => {
    if (!eat(text)) fail();
  };

  function list(end: string): Expression[] {
    const items: Expression[] = [];
    do items.push(ternary());
    while (eat(','));
    expect(end);
    return items;
  }

  function ternary(): Expression {
    const start = at;
    const condition = binary(1);
    if (!eat('?')) return condition;
    const yes = ternary();
    expect(':');
    const no = ternary();
    return { kind: 'ternary', from: start, to: at, condition, yes, no };
  }

  function binary(lowest: number): Expression {
    const start = at;
    let left = unary();
    for (;;) {
      const precedence = PRECEDENCE[textAt(at)];
      if (precedence === undefined || precedence < lowest) return left;
      const operator = at++;
      const right = binary(precedence + 1);
      left = { kind: 'binary', from: start, to: at, operator, left, right };
    }
  }

  function unary(): Expression {
    const start = at;
    if (!UNARY.has(textAt(at))) return primary();
    const operator = at++;
    const operand = unary();
    return { kind: 'unary', from: start, to: at, operator, operand };
  }

  function primary(): Expression {
    const start = at;
    const base = atom();
    if (textAt(at) !== "'") return base;
    at++;
    expect('(');
    const inner = ternary();
    expect(')');
    return { kind: 'cast', from: start, to: at, type: base, inner };
  }

  function atom(): Expression {
    const start = at;
    const token = at < to ? tokens[at] : undefined;
    switch (token?.kind) {
      case 'number':
        at++;
        return { kind: 'literal', from: start, to: at };
      case 'string':
        at++;
        return { kind: 'opaque', from: start, to: at };
      case 'name':
        return name();
      case 'system':
        return systemCall();
      case 'macro':
        return macro();
      default:
        if (token?.text === '(') return group();
        if (token?.text === '{') return braces();
        return fail();
    }
  }

  function group(): Expression {
    const start = at++;
    const inner = ternary();
    expect(')');
    return { kind: 'group', from: start, to: at, inner };
  }

  function braces(): Expression {
    const start = at++;
    const first = ternary();
    if (eat('{')) {
      const items = list('}');
      expect('}');
      return { kind: 'replicate', from: start, to: at, count: first, items };
    }
    const items = [first];
    while (eat(',')) items.push(ternary());
    expect('}');
    // `{a, b}[3:0]` is SystemVerilog; no index of it is changed.
    selects();
    return { kind: 'concat', from: start, to: at, items };
  }

  function selects(): Select[] {
    const found: Select[] = [];
    while (textAt(at) === '[') {
      const start = at++;
      const left = ternary();
      const operator = ([':', '+:', '-:'] as const).find((text) => eat(text)) ?? null;
      const right = operator === null ? null : ternary();
      expect(']');
      const next = textAt(at);
      const isBeforeDot = next === '.';
      found.push({ from: start, to: at, operator, left, right, isBeforeDot });
    }
    return found;
  }

  function name(): Expression {
    const start = at;
    const first = textAt(at);
    if (CAST_TYPES.has(first) && textAt(at + 1) === "'") {
      at++;
      return { kind: 'opaque', from: start, to: at };
    }
    if (NOT_A_NAME.has(first)) fail();
    at++;
    const found: Select[] = [...selects()];
    while (textAt(at) === '.' || textAt(at) === '::') {
      at++;
      if (tokens[at]?.kind !== 'name' || at >= to) fail();
      at++;
      found.push(...selects());
    }
    if (textAt(at) !== '(') return { kind: 'name', from: start, to: at, selects: found };
    const callee = at - 1;
    const items = callArguments();
    return { kind: 'call', from: start, to: at, callee, items };
  }

  function callArguments(): Expression[] {
    expect('(');
    if (eat(')')) return [];
    const items: Expression[] = [];
    do {
      if (!eat('.')) {
        items.push(ternary());
        continue;
      }
      at++;
      expect('(');
      items.push(ternary());
      expect(')');
    } while (eat(','));
    expect(')');
    return items;
  }

  function systemCall(): Expression {
    const start = at;
    const callee = textAt(at);
    if (CONSTANT_FUNCTIONS.has(callee)) {
      at++;
      skipBrackets();
      return { kind: 'opaque', from: start, to: at };
    }
    // Both branches of a conditional may be run by a simulator: what has a side effect must be there once.
    if (!PURE_FUNCTIONS.has(callee)) fail();
    at++;
    const items = callArguments();
    return { kind: 'call', from: start, to: at, callee: start, items };
  }

  function macro(): Expression {
    const start = at++;
    if (textAt(at).startsWith("'") && tokens[at]?.kind === 'number') at++;
    else if (textAt(at) === '(') skipBrackets();
    selects();
    while (eat('.')) {
      if (tokens[at]?.kind !== 'name') fail();
      at++;
      selects();
    }
    return { kind: 'opaque', from: start, to: at };
  }

  function skipBrackets(): void {
    let depth = 0;
    do {
      const text = textAt(at);
      if (text === '') fail();
      if (text === '(' || text === '[' || text === '{' || text === "'{") depth++;
      if (text === ')' || text === ']' || text === '}') depth--;
      at++;
    } while (depth > 0);
  }

  const whole = ternary();
  if (at !== to) fail();
  return whole;
}
