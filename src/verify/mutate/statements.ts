import {
  ALWAYS,
  ASSERTIONS,
  ASSIGNMENTS,
  CASES,
  ENDS,
  NETS,
  PARAMETERS,
  PLAIN,
  QUALIFIERS,
  REGIONS,
  VARIABLES,
} from './keywords.js';
import type { LiveToken } from './preprocess.js';
import { CLOSING, closing, findEnd, isChangeable, OPENING, opening } from './token-ranges.js';
import { NotUnderstood } from './tokens.js';

/** A whole expression that runs: what a mutant replaces. `from` and `to` are indices of tokens. */
export interface Spot {
  /**
   * `value`: the right-hand side of an assignment, or what a function returns. `condition`: of an `if` statement.
   * `selector`: of a `case` statement. `connection`: what is connected to a named port of an instance.
   */
  readonly role: 'value' | 'condition' | 'selector' | 'connection';
  readonly from: number;
  readonly to: number;
  /** Names that a continuous assignment drives, else none. */
  readonly drives: readonly string[];
  /** The function in which it lies. */
  readonly inFunction: string | null;
}

/** Code that is not mutated, and why. */
export interface Omission {
  readonly line: number;
  readonly reason: string;
}

/** Reads the items of a module and the statements in them. */
export class BodyReader {
  readonly spots: Spot[] = [];
  readonly omissions: Omission[] = [];
  readonly functions = new Map<number, string>();
  readonly #tokens: readonly LiveToken[];
  readonly #end: number;
  #at: number;
  #function: string | null = null;
  /** Why what is read now is left alone. */
  #omitting: string | null = null;

  constructor(tokens: readonly LiveToken[], from: number, end: number) {
    this.#tokens = tokens;
    this.#at = from;
    this.#end = end;
  }

  readBody(): void {
    while (this.#at < this.#end) this.#item();
  }

  // ---- items of a module ----

  #item(): void {
    const { text, kind } = this.#token();
    if (text === ';') this.#at++;
    else if (text === 'generate') this.#generate();
    else if (text === 'begin') this.#block(() => this.#item());
    else if (text === 'if') this.#conditional(() => this.#item());
    else if (CASES.has(text)) this.#case(() => this.#item(), 'a generate condition');
    else if (text === 'for') this.#loop(() => this.#item(), 'a generate loop');
    else if (text === 'assign') this.#assign();
    else if (ALWAYS.has(text)) this.#procedure();
    else if (text === 'initial') this.#omit('an initial block', () => this.#procedure());
    else if (text === 'final') this.#omit('a final block', () => this.#procedure());
    else if (text === 'function' || text === 'task') this.#subroutine();
    else if (NETS.has(text)) this.#net();
    else if (kind === 'macro') this.#macroCall();
    else if (this.#isLabel()) this.#at += 2;
    else if (!this.#common() && !this.#instances()) this.#toSemicolon('a declaration');
  }

  /** What may be an item and a statement. */
  #common(): boolean {
    const { text } = this.#token();
    if (Object.hasOwn(REGIONS, text)) {
      this.#note(this.#at, this.#at + 1, `a ${text}`, true);
      this.#at = findEnd(this.#tokens, this.#at, REGIONS[text] as string) + 1;
      this.#label();
    } else if (ASSERTIONS.has(text)) {
      this.#omit('an assertion', () => this.#assertion());
    } else if (PARAMETERS.has(text)) {
      this.#toSemicolon('a parameter');
    } else if (VARIABLES.has(text)) {
      this.#toSemicolon('a declaration');
    } else if (PLAIN.has(text)) {
      this.#toSemicolon(`\`${text}\``);
    } else {
      return false;
    }
    return true;
  }

  #generate(): void {
    this.#at++;
    while (this.#text() !== 'endgenerate') this.#item();
    this.#at++;
  }

  #block(part: () => void): void {
    this.#at++;
    this.#label();
    while (this.#text() !== 'end') part();
    this.#at++;
    this.#label();
  }

  /** `: name` after `begin` or an `end...`. */
  #label(): void {
    if (this.#at < this.#end && this.#text() === ':') this.#at += 2;
  }

  #conditional(part: () => void): void {
    this.#at++;
    this.#brackets('a generate condition');
    part();
    if (this.#at < this.#end && this.#text() === 'else') {
      this.#at++;
      part();
    }
  }

  /** `case` with what `selectorReason` says about its selector, or a selector that runs where it is null. */
  #case(part: () => void, selectorReason: string | null): void {
    this.#at++;
    const close = closing(this.#tokens, this.#at);
    if (selectorReason !== null) this.#note(this.#at, close, selectorReason);
    else this.#spot('selector', this.#at + 1, close);
    this.#at = close + 1;
    if (this.#text() === 'inside' || this.#text() === 'matches') this.#at++;
    while (this.#text() !== 'endcase') {
      if (this.#text() === 'default') {
        this.#at++;
        if (this.#text() === ':') this.#at++;
      } else {
        const from = this.#at;
        this.#at = this.#scan(':') + 1;
        this.#note(from, this.#at - 1, 'a case label');
      }
      part();
    }
    this.#at++;
  }

  /** A statement or item behind a bracket of constants: `for (...)`, `while (...)`. */
  #loop(part: () => void, reason: string): void {
    this.#at++;
    this.#brackets(reason);
    part();
  }

  #assign(): void {
    this.#at++;
    if (this.#text() === '(') this.#at = closing(this.#tokens, this.#at) + 1;
    this.#delay();
    this.#assignments(true);
  }

  /** `a = b, c = d;`, where a part without `=` is a declaration. */
  #assignments(isDriven: boolean): void {
    const end = this.#scan(';');
    while (this.#at < end) {
      const comma = this.#scan(',', end);
      const equals = this.#scan('=', comma);
      if (equals < comma) {
        const drives = isDriven ? this.#namesOf(this.#at, equals) : [];
        this.#note(this.#at, equals, 'a left-hand side');
        this.#spot('value', equals + 1, comma, drives);
      }
      this.#at = comma + 1;
    }
    this.#at = end + 1;
  }

  /** Names outside of brackets on a left-hand side, and in its braces. */
  #namesOf(from: number, to: number): string[] {
    const names: string[] = [];
    let depth = 0;
    for (let i = from; i < to; i++) {
      const { kind, text } = this.#tokens[i] as LiveToken;
      if (text === '[') depth++;
      else if (text === ']') depth--;
      else if (kind === 'name' && depth === 0) names.push(text);
    }
    return names;
  }

  /** `wire [7:0] a = b, c;` */
  #net(): void {
    const end = this.#scan(';');
    const firstEquals = this.#scan('=', end);
    const firstComma = this.#scan(',', end);
    this.#note(this.#at, Math.min(firstEquals, firstComma), 'a range or delay');
    // The name of the first net stands right before its unpacked dimensions, `=`, `,` or `;`.
    let name = Math.min(firstEquals, firstComma) - 1;
    while (this.#tokens[name]?.text === ']') name = opening(this.#tokens, name) - 1;
    if (name <= this.#at || this.#tokens[name]?.kind !== 'name') throw this.#unexpected();
    this.#at = name;
    this.#assignments(true);
  }

  #procedure(): void {
    this.#at++;
    this.#statement();
  }

  #subroutine(): void {
    const word = this.#text();
    this.#at++;
    let name = this.#at;
    while (!['(', ';'].includes(this.#text())) {
      if (this.#text() === '[') this.#at = closing(this.#tokens, this.#at);
      else if (this.#token().kind === 'name') name = this.#at;
      this.#at++;
    }
    const outer = this.#function;
    if (word === 'function') {
      this.#function = this.#tokens[name]?.text ?? '';
      this.functions.set(name, this.#function);
    }
    this.#toSemicolon('a declaration');
    while (this.#text() !== `end${word}`) this.#statement();
    this.#at++;
    this.#label();
    this.#function = outer;
  }

  /** A macro in place of an item or statement, with or without a semicolon. */
  #macroCall(): void {
    this.#at++;
    if (this.#tokens[this.#at]?.text === '(') this.#at = closing(this.#tokens, this.#at) + 1;
    if (this.#tokens[this.#at]?.text === ';') this.#at++;
  }

  /** `name #(...) u_name (...), u_other (...);` */
  #instances(): boolean {
    if (this.#token().kind !== 'name') return false;
    let at = this.#at + 1;
    let afterParameters = at;
    if (this.#tokens[at]?.text === '#') {
      at++;
      at = this.#tokens[at]?.text === '(' ? closing(this.#tokens, at) + 1 : at + 1;
      afterParameters = at;
    }
    const lists: (readonly [from: number, to: number])[] = [];
    do {
      if (this.#tokens[at]?.kind !== 'name') return false;
      at++;
      while (this.#tokens[at]?.text === '[') at = closing(this.#tokens, at) + 1;
      if (this.#tokens[at]?.text !== '(') return false;
      const close = closing(this.#tokens, at);
      lists.push([at + 1, close]);
      at = close + 2;
    } while (this.#tokens[at - 1]?.text === ',');
    if (this.#tokens[at - 1]?.text !== ';') return false;
    this.#note(this.#at, afterParameters, 'a parameter');
    for (const [from, to] of lists) this.#connections(from, to);
    this.#at = at;
    return true;
  }

  #connections(from: number, to: number): void {
    for (let at = from; at < to; ) {
      const comma = this.#scan(',', to, at);
      const isNamed = this.#tokens[at]?.text === '.' && this.#tokens[at + 2]?.text === '(';
      const close = isNamed ? closing(this.#tokens, at + 2) : comma;
      if (isNamed && close === comma - 1 && this.#cannotBeDriven(at + 3, close)) {
        this.#spot('connection', at + 3, close);
      }
      if (!isNamed) this.#note(at, comma, 'an ordered port connection');
      at = comma + 1;
    }
  }

  /** Whether an expression is none that an output could be connected to: names, their selects, and their concatenations. */
  #cannotBeDriven(from: number, to: number): boolean {
    let depth = 0;
    for (let i = from; i < to; i++) {
      const { kind, text } = this.#tokens[i] as LiveToken;
      if (text === '[') depth++;
      else if (text === ']') depth--;
      else if (depth === 0 && kind === 'macro') return false;
      else if (depth === 0 && kind !== 'name' && !['{', '}', ',', '.', '::'].includes(text)) {
        return true;
      }
    }
    return false;
  }

  // ---- statements ----

  #statement(): void {
    while (QUALIFIERS.has(this.#text()) || this.#isLabel()) {
      this.#at += QUALIFIERS.has(this.#text()) ? 1 : 2;
    }
    const { text, kind } = this.#token();
    if (text === ';') this.#at++;
    else if (text === 'begin') this.#block(() => this.#statement());
    else if (text === 'fork') this.#fork();
    else if (text === 'if') this.#if();
    else if (CASES.has(text)) this.#case(() => this.#statement(), this.#omitting);
    else if (text === 'for') this.#loop(() => this.#statement(), 'a loop');
    else if (['while', 'repeat', 'wait', 'foreach'].includes(text)) {
      this.#loop(() => this.#statement(), 'a loop');
    } else if (text === 'forever') this.#procedure();
    else if (text === 'do') this.#doWhile();
    else if (text === '#' || text === '@' || text === '##') {
      this.#delay();
      this.#statement();
    } else if (text === 'return') this.#return();
    else if (text === 'assign') this.#toSemicolon('a procedural `assign`');
    else if (kind === 'macro') this.#macroStatement();
    else if (!this.#common()) this.#assignmentOrCall();
  }

  /** `name :` before a statement, and not `begin : name`. */
  #isLabel(): boolean {
    const { kind, text } = this.#token();
    const isName = kind === 'name' && text !== 'begin' && text !== 'fork';
    return isName && this.#tokens[this.#at + 1]?.text === ':';
  }

  #fork(): void {
    this.#at++;
    this.#label();
    while (!/^join(_any|_none)?$/.test(this.#text())) this.#statement();
    this.#at++;
    this.#label();
  }

  #if(): void {
    this.#at++;
    const close = closing(this.#tokens, this.#at);
    this.#spot('condition', this.#at + 1, close);
    this.#at = close + 1;
    this.#statement();
    if (this.#at < this.#end && this.#text() === 'else') {
      this.#at++;
      this.#statement();
    }
  }

  #doWhile(): void {
    this.#at++;
    this.#statement();
    if (this.#text() !== 'while') throw this.#unexpected();
    this.#toSemicolon('a loop');
  }

  #return(): void {
    const end = this.#scan(';');
    this.#spot('value', this.#at + 1, end);
    this.#at = end + 1;
  }

  #macroStatement(): void {
    const end = this.#scan(';', this.#end);
    const assignment = this.#assignmentIn(end);
    const isLeft = assignment < end && this.#isLeftHandSide(this.#at, assignment);
    if (isLeft) this.#assignmentOrCall();
    else this.#macroCall();
  }

  #assertion(): void {
    while (this.#text() !== '(') this.#at++;
    this.#at = closing(this.#tokens, this.#at) + 1;
    if (this.#text() !== 'else') this.#statement();
    if (this.#at < this.#end && this.#text() === 'else') {
      this.#at++;
      this.#statement();
    }
  }

  #assignmentIn(end: number): number {
    let depth = 0;
    for (let i = this.#at; i < end; i++) {
      const text = this.#tokens[i]?.text ?? '';
      if (OPENING.has(text)) depth++;
      else if (CLOSING.has(text)) depth--;
      else if (depth === 0 && ASSIGNMENTS.has(text)) return i;
    }
    return end;
  }

  #assignmentOrCall(): void {
    const end = this.#scan(';');
    const assignment = this.#assignmentIn(end);
    const isCall = assignment === end;
    if (isCall || !this.#isLeftHandSide(this.#at, assignment)) {
      this.#toSemicolon(isCall ? 'a call' : 'a declaration');
      return;
    }
    this.#note(this.#at, assignment, 'a left-hand side');
    this.#at = assignment + 1;
    this.#delay();
    this.#spot('value', this.#at, end);
    this.#at = end + 1;
  }

  /** Two names in a row are a declaration: `state_t next = IDLE`. */
  #isLeftHandSide(from: number, to: number): boolean {
    for (let i = from + 1; i < to; i++) {
      const isName = ['name', 'macro'].includes(this.#tokens[i]?.kind ?? '');
      const before = this.#tokens[i - 1];
      if (isName && (before?.kind === 'name' || [']', ')'].includes(before?.text ?? ''))) {
        return false;
      }
    }
    return true;
  }

  /** `#1`, `#(a:b:c)`, `##2`, `@(posedge clk)`, `@*`, `@event`, `repeat (2) @(posedge clk)`. */
  #delay(): void {
    for (;;) {
      const text = this.#text();
      if (text === 'repeat') {
        this.#at++;
        this.#brackets('a delay');
        continue;
      }
      if (text !== '#' && text !== '##' && text !== '@') return;
      this.#at++;
      if (text === '@' && this.#text() === '(') {
        this.#at = closing(this.#tokens, this.#at) + 1;
        continue;
      }
      if (this.#text() === '(') {
        this.#brackets('a delay');
        continue;
      }
      if (text !== '@') this.#note(this.#at, this.#at + 1, 'a delay');
      this.#at++;
      while (['.', '::'].includes(this.#text())) this.#at += 2;
      while (this.#text() === '[') this.#at = closing(this.#tokens, this.#at) + 1;
    }
  }

  // ---- shared ----

  #token(): LiveToken {
    const token = this.#tokens[this.#at];
    if (token === undefined || this.#at >= this.#end) throw this.#unexpected();
    if (ENDS.has(token.text)) throw this.#unexpected();
    return token;
  }

  #text(): string {
    if (this.#at >= this.#end) throw this.#unexpected();
    return this.#tokens[this.#at]?.text ?? '';
  }

  #unexpected(): NotUnderstood {
    const token = this.#tokens[Math.min(this.#at, this.#end)];
    return new NotUnderstood(`an unexpected \`${token?.text}\``, token?.line ?? 0);
  }

  /** The next `what` outside of brackets, or `limit`; without a limit it has to be there. */
  #scan(what: string, limit?: number, from = this.#at): number {
    let depth = 0;
    for (let i = from; i < (limit ?? this.#end); i++) {
      const text = this.#tokens[i]?.text ?? '';
      if (depth === 0 && text === what) return i;
      if (OPENING.has(text)) depth++;
      else if (CLOSING.has(text)) depth--;
    }
    if (limit !== undefined) return limit;
    const { line = 0, text = '' } = this.#tokens[from] ?? {};
    throw new NotUnderstood(`no \`${what}\` after \`${text}\``, line);
  }

  #toSemicolon(reason: string): void {
    const from = this.#at;
    this.#at = this.#scan(';') + 1;
    this.#note(from, this.#at, reason);
  }

  #brackets(reason: string): void {
    if (this.#text() !== '(') throw this.#unexpected();
    const from = this.#at;
    this.#at = closing(this.#tokens, from) + 1;
    this.#note(from, this.#at, reason);
  }

  #omit(reason: string, part: () => void): void {
    const outer = this.#omitting;
    const from = this.#at;
    this.#omitting = reason;
    part();
    this.#omitting = outer;
    this.#note(from, this.#at, reason);
  }

  #note(from: number, to: number, reason: string, always = false): void {
    if (this.#omitting !== null) return;
    if (!always && !isChangeable(this.#tokens, from, to)) return;
    this.omissions.push({ line: this.#tokens[from]?.line ?? 0, reason });
  }

  #spot(role: Spot['role'], from: number, to: number, drives: readonly string[] = []): void {
    if (this.#omitting !== null || from >= to) return;
    this.spots.push({ role, from, to, drives, inFunction: this.#function });
  }
}
