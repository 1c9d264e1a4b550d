import { type Expression, parseExpression, type Select } from './expressions.js';
import { literalValue, nextLiteral } from './literals.js';
import type { LiveToken } from './preprocess.js';
import { BINARY, OPPOSITE, REDUCTION } from './replacements.js';
import type { Omission, Spot } from './statements.js';
import { NotUnderstood } from './tokens.js';

/** What a mutant changes. */
export type MutantKind = 'operator' | 'constant' | 'index' | 'reset' | 'condition';

/** One change of one expression: the tokens `from`..`to` (exclusive) become `text`. */
export interface Site {
  readonly kind: MutantKind;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly before: string;
  readonly after: string;
}

/** The changes that an expression offers. */
export interface Sites {
  readonly sites: readonly Site[];
  readonly omissions: readonly Omission[];
  /** The tokens that name a function called where it may be changed, which is not in a constant. */
  readonly runtimeCalls: readonly number[];
}

const RESET =
  /^(?:\w*_)?(n|a|s|g|h|p|ap|sys|core)?(?:rst|reset)(?:_?([nblx]))?(?:_?(?:i|in|int|sync|q))*_?$/i;
const LONGEST_SHOWN = 40;
/** More mutants of one expression than these say nothing new and make the design large. */
const MOST_PER_SPOT = 100;

/** Whether a name is that of a reset by the usual customs, and the level at which it is not asserted. */
export function inactiveReset(name: string): 0 | 1 | null {
  const found = RESET.exec(name);
  if (found === null) return null;
  return found[2] !== undefined || found[1]?.toLowerCase() === 'n' ? 1 : 0;
}

/** Finds what can be changed in an expression, in the order of the text. */
export function findSites(tokens: readonly LiveToken[], spot: Spot): Sites {
  const finder = new SiteFinder(tokens, spot);
  const why = finder.whyNot();
  if (why === null) finder.find();
  else finder.omit(spot.from, why);
  const { omissions, runtimeCalls } = finder;
  const sites = finder.sites.toSorted((a, b) => a.from - b.from);
  if (sites.length <= MOST_PER_SPOT) return { sites, omissions, runtimeCalls };
  const reason = `only ${MOST_PER_SPOT} of ${sites.length} mutants of one expression are kept`;
  const line = tokens[spot.from]?.line ?? 0;
  return {
    sites: sites.filter((_, i) => (i * MOST_PER_SPOT) % sites.length < MOST_PER_SPOT),
    omissions: [...omissions, { line, reason }],
    runtimeCalls,
  };
}

/** The text of tokens on one line, without comments; the tokens of a site are replaced. */
export function printTokens(
  tokens: readonly LiveToken[],
  from: number,
  to: number,
  site?: Pick<Site, 'from' | 'to' | 'text'>,
): string {
  let text = '';
  for (let i = from; i < to; i++) {
    if (site && i === site.from) {
      // Spaces, so that `a & |b` does not become `a ||b`.
      text += ` ${site.text} `;
      i = site.to - 1;
      continue;
    }
    const token = tokens[i] as LiveToken;
    if (i > from && tokens[i - 1]?.end !== token.start) text += ' ';
    text += token.kind === 'string' ? token.text : token.text.replace(/\s*\n\s*/g, ' ');
    // An escaped name takes in all that follows up to a space.
    if (token.text.startsWith('\\')) text += ' ';
  }
  return text;
}

class SiteFinder {
  readonly sites: Site[] = [];
  readonly omissions: Omission[] = [];
  readonly runtimeCalls: number[] = [];
  readonly #tokens: readonly LiveToken[];
  readonly #spot: Spot;
  readonly #movedIndices = new Set<string>();

  constructor(tokens: readonly LiveToken[], spot: Spot) {
    this.#tokens = tokens;
    this.#spot = spot;
  }

  whyNot(): string | null {
    const { from, to } = this.#spot;
    const own = this.#tokens.slice(from, to);
    if (own.some(({ isSure }) => !isSure)) return 'a branch of `ifdef that may not be compiled';
    if (own.some(({ afterDirective }, i) => i > 0 && afterDirective)) {
      return 'a directive in an expression';
    }
    const isFloating = ({ kind, text }: LiveToken) =>
      kind === 'number' && /^\d*\s*'.*[zZ?]/.test(text);
    // Tools know a tristate driver by its form.
    return own.some(isFloating) ? 'high impedance' : null;
  }

  find(): void {
    const { role, from, to } = this.#spot;
    let expression: Expression;
    try {
      expression = parseExpression(this.#tokens, from, to);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      this.omit(from, error.message);
      // Whatever a condition says, it can be forced.
      if (role === 'condition') this.#force(from, to);
      return;
    }
    if (role === 'condition') this.#condition(expression);
    else if (role === 'selector') this.#selector(expression);
    else this.#walk(expression);
  }

  omit(at: number, reason: string): void {
    this.omissions.push({ line: this.#tokens[at]?.line ?? 0, reason });
  }

  #print(from: number, to: number, site?: Pick<Site, 'from' | 'to' | 'text'>): string {
    return printTokens(this.#tokens, from, to, site);
  }

  #text(at: number): string {
    return this.#tokens[at]?.text ?? '';
  }

  #add(kind: MutantKind, from: number, to: number, text: string, after = text): void {
    const before = shorten(this.#print(from, to));
    this.sites.push({ kind, from, to, text, before, after: shorten(after) });
  }

  #replaceToken(at: number, texts: readonly string[]): void {
    for (const text of texts) this.#add('operator', at, at + 1, text);
  }

  #force(from: number, to: number): void {
    this.#add('condition', from, to, "1'b0");
    this.#add('condition', from, to, "1'b1");
  }

  /**
   * The condition of an `if` or of `?:`.
   *
   * It is forced both ways, which takes more to notice than a negation: changes that negate the whole are left out. A
   * reset is only forced to be inactive; to be held in reset forever would not escape anyone.
   */
  #condition(expression: Expression): void {
    if (this.#resetValue(expression) !== null) {
      this.#reset(expression);
      return;
    }
    this.#force(expression.from, expression.to);
    this.#conditionPart(ungroup(expression), true);
  }

  #conditionPart(expression: Expression, isWhole: boolean): void {
    const { kind } = expression;
    if (this.#resetValue(expression) !== null) {
      this.#reset(expression);
    } else if (kind === 'group') {
      this.#conditionPart(expression.inner, isWhole);
    } else if (kind === 'unary' && ['!', '~'].includes(this.#text(expression.operator))) {
      if (!isWhole) this.#unary(expression);
      this.#conditionPart(expression.operand, false);
    } else if (kind === 'binary') {
      const operator = this.#text(expression.operator);
      const texts = BINARY[operator] ?? [];
      const opposite = isWhole ? OPPOSITE[operator] : undefined;
      this.#replaceToken(
        expression.operator,
        texts.filter((text) => text !== opposite),
      );
      this.#conditionPart(expression.left, false);
      this.#conditionPart(expression.right, false);
    } else {
      this.#walk(expression);
    }
  }

  /** The value that a test of a reset has while the reset is not asserted; `null`: it is no such test. */
  #resetValue(expression: Expression): 0 | 1 | null {
    if (expression.kind === 'group') return this.#resetValue(expression.inner);
    if (expression.kind === 'name' && expression.to === expression.from + 1) {
      return inactiveReset(this.#text(expression.from));
    }
    if (expression.kind === 'unary' && ['!', '~'].includes(this.#text(expression.operator))) {
      return invert(this.#resetValue(expression.operand));
    }
    if (expression.kind === 'binary' && expression.right.kind === 'literal') {
      const value = this.#resetValue(expression.left);
      const literal = literalValue(this.#text(expression.right.from));
      const operator = this.#text(expression.operator);
      if (value === null || literal === null) return null;
      const isEqual = literal === BigInt(value) ? 1 : 0;
      if (/^===?$/.test(operator)) return isEqual;
      if (/^!==?$/.test(operator)) return invert(isEqual);
    }
    return null;
  }

  #reset(expression: Expression): void {
    const { from, to } = expression;
    this.#add('reset', from, to, `1'b${this.#resetValue(expression)}`);
  }

  #selector(expression: Expression): void {
    const { from, to } = expression;
    if (expression.kind === 'literal' || expression.kind === 'opaque') {
      this.omit(from, 'a constant case selector');
      return;
    }
    const text = this.#print(from, to);
    this.#add('condition', from, to, `~(${text})`);
    this.#walk(expression);
  }

  #walk(expression: Expression): void {
    switch (expression.kind) {
      case 'literal': {
        const text = nextLiteral(this.#text(expression.from));
        if (text === null) this.omit(expression.from, 'a literal that has no neighbour');
        else this.#add('constant', expression.from, expression.to, text);
        return;
      }
      case 'opaque':
        return;
      case 'name':
        for (const select of expression.selects) this.#select(expression, select);
        return;
      case 'call':
        this.runtimeCalls.push(expression.callee);
        for (const item of expression.items) this.#walk(item);
        return;
      case 'unary':
        this.#unary(expression);
        this.#walk(expression.operand);
        return;
      case 'binary':
        this.#replaceToken(expression.operator, BINARY[this.#text(expression.operator)] ?? []);
        this.#walk(expression.left);
        this.#walk(expression.right);
        return;
      case 'ternary':
        this.#condition(expression.condition);
        this.#walk(expression.yes);
        this.#walk(expression.no);
        return;
      case 'replicate':
        this.#omitConstant(expression.count, 'a replication count');
        for (const item of expression.items) this.#walk(item);
        return;
      case 'concat':
        for (const item of expression.items) this.#walk(item);
        return;
      case 'group':
        this.#walk(expression.inner);
        return;
      case 'cast':
        this.#walk(expression.inner);
        return;
    }
  }

  #unary({ operator, operand, to }: Expression & { readonly kind: 'unary' }): void {
    const text = this.#text(operator);
    const reduction = REDUCTION[text];
    const operandText = this.#print(operand.from, operand.to);
    if (reduction !== undefined) {
      this.#replaceToken(operator, [reduction]);
    } else if (text === '!') {
      // Not the bare operand: it may be wider than the bit that `!` gives, and would widen the rest of the expression.
      this.#add('operator', operator, to, `!(!(${operandText}))`, operandText);
    } else if (text === '~' || text === '-') {
      this.#add('operator', operator, to, `(${operandText})`, operandText);
    }
  }

  #omitConstant(expression: Expression, reason: string): void {
    if (expression.kind !== 'name') this.omit(expression.from, reason);
  }

  #select(name: Expression, select: Select): void {
    const { from, to, operator, left, right } = select;
    const runs = operator === null || operator !== ':';
    if (runs) this.#callsIn(left);
    if (right !== null && operator !== ':') this.omit(right.from, 'the width of a part-select');
    if (select.isBeforeDot) {
      this.omit(from, 'an index in a path');
      return;
    }
    // A part of a vector that depends on another part of it: a neighbour may close a loop.
    if (this.#spot.drives.includes(this.#text(name.from))) {
      this.omit(from, 'an index of what is driven');
      return;
    }
    // `a[n] + b[n] + c[n]`: one of them stands for all, as a rule that keeps the number of mutants in bounds.
    const isBit = left.kind === 'literal' || operator === ':';
    const shown = this.#print(from, to);
    if (!isBit && this.#movedIndices.has(shown)) return;
    this.#movedIndices.add(shown);

    const step = this.#stepOf(select);
    const moved =
      operator === ':' && right !== null
        ? `${this.#move(left, step)}:${this.#move(right, step)}`
        : this.#hasLoopVariable(left)
          ? `(${this.#print(left.from, left.to)}) == 0 ? 1 : (${this.#print(left.from, left.to)}) - 1`
          : this.#move(left, step, "1'b1");
    const rest =
      operator === null || right === null || operator === ':'
        ? ''
        : ` ${operator} ${this.#print(right.from, right.to)}`;
    this.#add('index', from, to, `[${moved}${rest}]`);
  }

  /**
   * Whether an index is made of integers, as loops count by. Unrolled it is a constant, and one past the end is an error of
   * Verilator's and not a mutant: such an index goes down, and up from 0.
   */
  #hasLoopVariable({ from, to }: Expression): boolean {
    const names = integersOf(this.#tokens);
    return names.size > 0 && this.#tokens.slice(from, to).some(({ text }) => names.has(text));
  }

  /** Down where the lower bound is a literal that leaves room, else up. */
  #stepOf({ left, right, operator }: Select): 1 | -1 {
    const boundOf = (e: Expression | null) =>
      e?.kind === 'literal' ? literalValue(this.#text(e.from)) : null;
    const first = boundOf(left);
    const second = operator === ':' ? boundOf(right) : first;
    const lowest = first !== null && second !== null && first < second ? first : second;
    return lowest !== null && lowest > 0n ? -1 : 1;
  }

  /** An index one further; `one` is 1 in the width of the index, so that an address of n bits wraps in n bits. */
  #move(expression: Expression, step: 1 | -1, one = '1'): string {
    const text = this.#print(expression.from, expression.to);
    if (expression.kind === 'literal') {
      const value = literalValue(text);
      const isPlain = /^[\d_]+$/.test(text);
      if (value !== null && isPlain) return `${value + BigInt(step)}`;
    }
    const isSimple = ['name', 'literal', 'concat', 'group'].includes(expression.kind);
    return `${isSimple ? text : `(${text})`} ${step > 0 ? '+' : '-'} ${one}`;
  }

  #callsIn(expression: Expression): void {
    const inner = new SiteFinder(this.#tokens, this.#spot);
    inner.#walk(expression);
    this.runtimeCalls.push(...inner.runtimeCalls);
  }
}

const integers = new WeakMap<readonly LiveToken[], ReadonlySet<string>>();

/** Names that are declared as integers anywhere in the text. */
function integersOf(tokens: readonly LiveToken[]): ReadonlySet<string> {
  let names = integers.get(tokens);
  if (!names) {
    const found = new Set<string>();
    tokens.forEach(({ text }, i) => {
      if (text !== 'integer') return;
      for (let at = i + 1; at < tokens.length && tokens[at]?.text !== ';'; at++) {
        if (tokens[at]?.kind === 'name') found.add(tokens[at]?.text as string);
      }
    });
    names = found;
    integers.set(tokens, names);
  }
  return names;
}

function ungroup(expression: Expression): Expression {
  return expression.kind === 'group' ? ungroup(expression.inner) : expression;
}

function invert(value: 0 | 1 | null): 0 | 1 | null {
  return value === null ? null : value === 0 ? 1 : 0;
}

function shorten(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 3)}...`;
}
