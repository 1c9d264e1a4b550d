import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RtliftError } from '../../errors.js';
import { type LiveToken, Macros } from './preprocess.js';
import { findSites, type MutantKind, printTokens, type Site } from './sites.js';
import type { Omission, Spot } from './statements.js';
import { type Module, readStructure } from './structure.js';
import { NotUnderstood, tokenize } from './tokens.js';

/** The input port of a rewritten design that selects a mutant; 0 selects none. */
export const MUTANT_PORT = 'rtlift_mutant';

/** One small change of the RTL. */
export interface Mutant {
  /** 1..n: the value of {@link MUTANT_PORT} that makes the change. */
  readonly id: number;
  /** The path that was given. */
  readonly file: string;
  /** Of the first character that changes, 1-based, in that file; a tab is one column. */
  readonly line: number;
  readonly column: number;
  readonly kind: MutantKind;
  /** The token or expression that changes, on one line and cut short where it is long. */
  readonly before: string;
  readonly after: string;
}

/** RTL in which every mutant is present. */
export interface MutantDesign {
  /** Paths of the rewritten files, in the order of the given ones. */
  readonly sources: readonly string[];
  readonly mutants: readonly Mutant[];
  /** Lines with code that could have been mutated and was not. */
  readonly notMutated: readonly {
    readonly file: string;
    readonly line: number;
    readonly reason: string;
  }[];
}

/** How a design is compiled, where it matters for what is compiled. */
export interface MutantOptions {
  /** Names of macros that are defined from outside (`-D`). */
  readonly defines?: readonly string[];
  /** Folders of included files, which are searched for `define only. */
  readonly includes?: readonly string[];
}

/** A replacement of a piece of a file's text; an insertion where `start` is `end`. */
interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly tokens: readonly LiveToken[];
  readonly modules: readonly Module[];
  readonly functions: ReadonlyMap<number, string>;
  readonly omissions: Omission[];
}

interface SpotSites {
  readonly spot: Spot;
  readonly sites: readonly Site[];
  readonly runtimeCalls: readonly number[];
}

/**
 * Writes copies of RTL in which every mutant is present and selected at run time, so that one model serves them all.
 *
 * Each expression that runs becomes `select ? changed : original`, always as a whole: within it, widths and signs stay
 * what they were. The top module gets an input `rtlift_mutant` of 32 bits as its first port, which all others read by
 * its hierarchical name. Lines keep their numbers. Files that are included and bodies of macros are left alone, and
 * so is code that is not understood, which `notMutated` says. The order and numbers of the mutants depend on the text
 * alone.
 * @param top - the top module.
 * @param files - paths of all files of the design, in the order in which they are compiled.
 * @param folder - where the copies go; it is made if it is not there.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when no file holds the top module in a form that can take a
 *   port, or it has something of that name already, or a file cannot be read.
 */
export async function instrumentMutants(
  top: string,
  files: readonly string[],
  folder: string,
  options: MutantOptions = {},
): Promise<MutantDesign> {
  const macros = new Macros(options.defines, options.includes);
  const sources: SourceFile[] = [];
  for (const file of files) sources.push(readSource(file, await readText(file), macros));
  checkTop(top, sources);

  const found = sources.map(({ tokens, modules, omissions }) =>
    modules.map(({ spots }) =>
      spots.map((spot): SpotSites => {
        const { sites, runtimeCalls, omissions: more } = findSites(tokens, spot);
        omissions.push(...more);
        return { spot, sites, runtimeCalls };
      }),
    ),
  );
  const constant = constantFunctions(sources, found);

  await mkdir(folder, { recursive: true });
  const mutants: Mutant[] = [];
  const written: string[] = [];
  for (const [i, source] of sources.entries()) {
    const edits = source.modules.flatMap((module, j) => {
      const mayChange = (found[i]?.[j] ?? []).filter(({ spot: { from, inFunction }, sites }) => {
        const isFixed = inFunction !== null && constant.has(inFunction);
        if (isFixed && sites.length > 0) {
          const reason = `function ${inFunction} is called in a constant`;
          source.omissions.push({ line: source.tokens[from]?.line ?? 0, reason });
        }
        return !isFixed;
      });
      return [
        ...(module.name === top ? portEdits(source.tokens, module) : []),
        ...mutate(source, selectorName(top, source.tokens, module), mayChange, mutants),
      ];
    });
    const path = join(folder, uniqueName(source.path, written));
    await writeFile(path, applyEdits(source.text, edits));
    written.push(path);
  }
  return { sources: written, mutants, notMutated: sources.flatMap(summarise) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const message = `a file of RTL cannot be read: ${(cause as Error).message}`;
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', message, { arg: 'files', file }, { cause });
  }
}

function readSource(path: string, text: string, macros: Macros): SourceFile {
  let tokens: LiveToken[] = [];
  try {
    tokens = macros.liveTokens(tokenize(text), text, path);
    const { modules, functions, omissions } = readStructure(tokens);
    return { path, text, tokens, modules, functions, omissions: [...omissions] };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    const reason = `the file is not understood: ${error.message}`;
    const omissions = [{ line: error.line, reason }];
    return { path, text, tokens, modules: [], functions: new Map(), omissions };
  }
}

function checkTop(top: string, sources: readonly SourceFile[]): void {
  const refuse = (why: string): RtliftError =>
    new RtliftError('ERR_RTLIFT_INVALID_ARG', `top module ${top} ${why}`, { arg: 'top', top });
  for (const { tokens, modules } of sources) {
    const module = modules.find(({ name }) => name === top);
    if (module === undefined) continue;
    const has = tokens.slice(module.from, module.to).some(({ text }) => text === MUTANT_PORT);
    if (has) throw refuse(`already has something named ${MUTANT_PORT}`);
    return;
  }
  const why = sources.flatMap(({ omissions }) => omissions.map(({ reason }) => reason));
  const hint = why.find((reason) => reason.startsWith('the file')) ?? '';
  throw refuse(`is in none of ${sources.length} files${hint && ` (${hint})`}`);
}

/**
 * Names of functions that are called where a constant is needed, and of those that these call: such a call is worked
 * out before there is a top module to ask.
 */
function constantFunctions(
  sources: readonly SourceFile[],
  found: readonly (readonly (readonly SpotSites[])[])[],
): ReadonlySet<string> {
  const declared = new Set(sources.flatMap(({ functions }) => [...functions.values()]));
  const constant = new Set<string>();
  const callsOf = new Map<string, Set<string>>();
  for (const [i, { tokens, functions }] of sources.entries()) {
    const running = new Set<number>(functions.keys());
    for (const { spot, runtimeCalls } of (found[i] ?? []).flat()) {
      for (const call of runtimeCalls) {
        running.add(call);
        if (spot.inFunction === null) continue;
        const calls = callsOf.get(spot.inFunction) ?? new Set();
        callsOf.set(spot.inFunction, calls.add(tokens[call]?.text ?? ''));
      }
    }
    for (const [at, { kind, text }] of tokens.entries()) {
      const isCall = kind === 'name' && declared.has(text) && tokens[at + 1]?.text === '(';
      if (isCall && !running.has(at)) constant.add(text);
    }
  }
  // A set visits what is added to it on the way.
  for (const name of constant) for (const called of callsOf.get(name) ?? []) constant.add(called);
  return constant;
}

function selectorName(top: string, tokens: readonly LiveToken[], module: Module): string {
  if (module.name === top) return MUTANT_PORT;
  const isHidden = tokens
    .slice(module.from, module.to)
    .some(({ kind, text }) => kind === 'name' && text === top);
  // Something in this module has the name of the top module; `$root` is SystemVerilog, so it is not used without need.
  return `${isHidden ? '$root.' : ''}${top}.${MUTANT_PORT}`;
}

const DIRECTIONS = new Set(['input', 'output', 'inout', 'ref']);

function portEdits(tokens: readonly LiveToken[], { header }: Module): TextEdit[] {
  const declaration = `input wire [31:0] ${MUTANT_PORT}`;
  const endOf = (index: number): number => tokens[index]?.end ?? 0;
  const insert = (at: number, text: string): TextEdit => ({ start: at, end: at, text });
  if (header.ports === null) {
    return [insert(tokens[header.semicolon]?.start ?? 0, ` (${declaration})`)];
  }
  const { open, close } = header.ports;
  const inside = tokens.slice(open + 1, close);
  if (inside.length === 0) return [insert(endOf(open), declaration)];
  // Two names in a row are an interface port: `bus_if.slave bus`.
  const isAnsi = inside.some(
    ({ kind, text }, i) =>
      DIRECTIONS.has(text) || (kind === 'name' && inside[i + 1]?.kind === 'name'),
  );
  if (isAnsi) return [insert(endOf(open), `${declaration}, `)];
  return [
    insert(endOf(open), `${MUTANT_PORT}, `),
    insert(endOf(header.semicolon), ` ${declaration};`),
  ];
}

/** Numbers the mutants of a module and gives the edits that put them into its text. */
function mutate(
  { path, text, tokens }: SourceFile,
  port: string,
  found: readonly SpotSites[],
  mutants: Mutant[],
): TextEdit[] {
  return found.flatMap(({ spot, sites }): TextEdit[] => {
    if (sites.length === 0) return [];
    const first = mutants.length + 1;
    for (const { from, kind, before, after } of sites) {
      const { line, column } = tokens[from] as LiveToken;
      mutants.push({ id: mutants.length + 1, file: path, line, column, kind, before, after });
    }
    const start = tokens[spot.from]?.start ?? 0;
    const end = tokens[spot.to - 1]?.end ?? 0;
    const copies = sites.map((site) => printTokens(tokens, spot.from, spot.to, site));
    // An escaped name takes in all that follows up to a space.
    const space = tokens[spot.to - 1]?.text.startsWith('\\') ? ' ' : '';
    const original = text.slice(start, end) + space;
    return [{ start, end, text: choose(port, first, copies, original) }];
  });
}

/**
 * An expression that is `original` unless the port selects one of the copies, which have the numbers from `first` on.
 *
 * One test of a range decides while none of them is selected. Every number is compared with the port somewhere, by
 * which {@link readElaboratedMutants} finds it.
 */
function choose(port: string, first: number, copies: readonly string[], original: string): string {
  const last = first + copies.length - 1;
  if (first === last) return `(${port} == 32'd${first}) ? (${copies[0]}) : (${original})`;
  const isOneOf = `${port} >= 32'd${first} && ${port} <= 32'd${last}`;
  const chain = copies
    .map((copy, i) =>
      first + i < last ? `(${port} == 32'd${first + i}) ? (${copy}) : ` : `(${copy})`,
    )
    .join('');
  return `(${isOneOf}) ? (${chain}) : (${original})`;
}

function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** The name of a file, with a number where another file has it already. */
function uniqueName(path: string, written: readonly string[]): string {
  const taken = new Set(written.map((file) => basename(file)));
  const name = basename(path);
  for (let i = 2; ; i++) {
    const candidate = i === 2 && !taken.has(name) ? name : `${i}_${name}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function summarise({ path, omissions }: SourceFile): MutantDesign['notMutated'] {
  const reasons = new Map<number, Set<string>>();
  for (const { line, reason } of omissions.toSorted((a, b) => a.line - b.line)) {
    reasons.set(line, (reasons.get(line) ?? new Set()).add(reason));
  }
  return [...reasons].map(([line, all]) => ({ file: path, line, reason: [...all].join(', ') }));
}
