import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { type Token, tokenize } from './tokens.js';

/** A token of code that is compiled. */
export interface LiveToken extends Token {
  /** False in a branch of which it is not known whether it is compiled: code there must not be changed. */
  readonly isSure: boolean;
  /** A directive lies between the token before and this one: the two must not be copied as one expression. */
  readonly afterDirective: boolean;
}

/** An `ifdef that is open. A macro that may or may not be defined is taken as not defined. */
interface Branch {
  /** This branch is compiled. */
  isLive: boolean;
  /** This branch or one before it is. */
  isTaken: boolean;
  isSure: boolean;
}

// Defined by Verilator 5.006 without being asked.
const VERILATOR_DEFINES = ['VERILATOR', 'SYSTEMVERILOG', 'verilator', 'verilator3'];
const DEEPEST_INCLUDE = 16;

/** The macros known at a point of the design: Verilator reads all files as one, in order. */
export class Macros {
  /** Whether a macro takes arguments. */
  readonly #known = new Map<string, boolean>();
  /** Folders in which an included file is looked for, beside that of the file itself. */
  readonly #folders: readonly string[];
  /** False once something could not be followed: a name that is not known may then be defined all the same. */
  #isComplete = true;

  constructor(defines: readonly string[] = [], folders: readonly string[] = []) {
    this.#folders = folders;
    for (const name of [...VERILATOR_DEFINES, ...defines]) this.#known.set(name, false);
  }

  isDefined(name: string): boolean {
    return this.#known.has(name);
  }

  /** Whether {@link isDefined} is certain. */
  isSureOf(name: string): boolean {
    return this.#isComplete || this.#known.has(name);
  }

  takesArguments(name: string): boolean {
    return this.#known.get(name) ?? false;
  }

  /**
   * Leaves the tokens that are compiled, without directives, and remembers the macros that a file defines.
   *
   * A macro that takes arguments becomes one token with them.
   */
  liveTokens(tokens: readonly Token[], text: string, file: string): LiveToken[] {
    return this.#filter(tokens, text, file, 0);
  }

  #filter(tokens: readonly Token[], text: string, file: string, depth: number): LiveToken[] {
    const live: LiveToken[] = [];
    const branches: Branch[] = [];
    let afterDirective = false;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as Token;
      if (token.kind === 'directive') {
        afterDirective = true;
        this.#directive(token, branches, file, depth);
        continue;
      }
      if (branches.some(({ isLive }) => !isLive)) continue;
      let last = token;
      if (token.kind === 'macro' && this.takesArguments(token.text.slice(1))) {
        i = endOfArguments(tokens, i);
        last = tokens[i] as Token;
      }
      const { end } = last;
      const isSure = branches.every((branch) => branch.isSure);
      live.push({ ...token, end, text: text.slice(token.start, end), isSure, afterDirective });
      afterDirective = false;
    }
    return live;
  }

  #directive({ text }: Token, branches: Branch[], file: string, depth: number): void {
    const [, word = '', name = '', argument = ''] =
      /^`(\w+)[ \t]*(\\\S+|[A-Za-z_][\w$]*)?(\(?)/.exec(text) ?? [];
    const branch = branches.at(-1);
    if (word === 'ifdef' || word === 'ifndef') {
      const isLive = this.isDefined(name) === (word === 'ifdef');
      branches.push({ isLive, isTaken: isLive, isSure: this.isSureOf(name) });
    } else if (word === 'elsif' && branch) {
      branch.isLive = !branch.isTaken && this.isDefined(name);
      branch.isTaken ||= branch.isLive;
      branch.isSure &&= this.isSureOf(name);
    } else if (word === 'else' && branch) {
      branch.isLive = !branch.isTaken;
    } else if (word === 'endif') {
      branches.pop();
    } else if (/^(define|undef|undefineall|include)$/.test(word)) {
      if (branches.some(({ isLive, isSure }) => isSure && !isLive)) return;
      if (branches.some(({ isSure }) => !isSure)) this.#isComplete = false;
      else if (word === 'define') this.#known.set(name, argument === '(');
      else if (word === 'undef') this.#known.delete(name);
      else if (word === 'undefineall') this.#known.clear();
      else this.#include(text, file, depth);
    }
  }

  #include(text: string, file: string, depth: number): void {
    const name = /["<](.+?)[">]/.exec(text)?.[1];
    const path = name && this.#find(name, dirname(file));
    if (!path || depth >= DEEPEST_INCLUDE) {
      this.#isComplete = false;
      return;
    }
    try {
      const included = readFileSync(path, 'utf8');
      this.#filter(tokenize(included), included, path, depth + 1);
    } catch {
      this.#isComplete = false;
    }
  }

  #find(name: string, folder: string): string | undefined {
    const places = isAbsolute(name) ? [''] : ['.', ...this.#folders, folder];
    return places.map((place) => resolve(place, name)).find((path) => existsSync(path));
  }
}

/** The index of the `)` that ends the arguments of the macro at `at`, or `at` where it is given none. */
function endOfArguments(tokens: readonly Token[], at: number): number {
  if (tokens[at + 1]?.text !== '(') return at;
  let depth = 0;
  for (let i = at + 1; i < tokens.length; i++) {
    const { text } = tokens[i] as Token;
    if (/^(\(|\[|'?\{)$/.test(text)) depth++;
    else if (/^[)\]}]$/.test(text) && --depth === 0) return i;
  }
  return at;
}
