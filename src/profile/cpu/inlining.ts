import type { AnyNode, CallExpression, NewExpression } from 'acorn';
import type { FunctionTable, InlinedPath, SampledFunction } from './call-tree.js';
import type { Sources } from './sources.js';
import { type FunctionSyntax, lastName, type ParsedScript } from './syntax.js';

/** V8 compiles calls of calls into a function; deeper than this the time stays with the last that was found. */
const DEEPEST = 5;

/**
 * Finds the function that time belongs to where V8 has compiled it into its caller.
 *
 * V8 counts such a sample to the caller, under the line of the inlined function: `{ functionName: 'handle', line of checksum }`.
 * The line is looked for in the functions that the caller calls by name, and in those that these call. Where all code stands on
 * one line (minified), nothing tells them apart, and the time stays with the caller.
 */
export function inlinedPaths(sources: Sources, table: FunctionTable): InlinedPath {
  const known = new Map<string, readonly SampledFunction[]>();
  return (fn, line) => {
    const key = `${fn.id}:${line}`;
    const found = known.get(key) ?? search(fn, line, sources, table);
    known.set(key, found);
    return found;
  };
}

/** Calls that cost next to nothing. */
const CHEAP = new Set(['Number', 'String', 'Boolean', 'push', 'min', 'max', 'abs', 'floor']);
const READER = /^(read|write)\w*(LE|BE|Int8)$/;

interface Step {
  readonly nodes: readonly AnyNode[];
  readonly script: ParsedScript;
  readonly fn: SampledFunction;
  readonly path: readonly SampledFunction[];
}

function search(
  fn: SampledFunction,
  line: number,
  sources: Sources,
  table: FunctionTable,
  depth = 0,
): readonly SampledFunction[] {
  const script = sources.script(fn);
  if (script === null) return [];
  const own = sources.syntax(fn);
  // Without a function at its place it is the module's own code, which no line of a function belongs to.
  if (own === null && fn.frame.functionName !== '') return [];
  const nodes = own === null ? script.topLevel : ownNodes(own);
  const first = { nodes, script, fn, path: [] };
  const find = (isThere: (syntax: FunctionSyntax, of: SampledFunction) => boolean) =>
    searchCalled(first, sources, table, isThere);
  if (own !== null && isItsOwn(own, line) && hasCode(script, nodes, line)) {
    // The line of that number in another file can be meant as well. It is, where what lies there is called and was seen to spend
    // its time on that very line before it was inlined.
    const seen = find(
      (syntax, of) =>
        syntax.script !== script && isItsOwn(syntax, line) && isHotLine(of, line, table),
    );
    if (seen !== null) return seen;
    const only = onlyCalled(first, line, sources, table);
    return only === null ? [] : [only];
  }
  // Lines of that number can be of several files: first what was seen to spend its time there, however far it is to it.
  const path =
    find((syntax, of) => isItsOwn(syntax, line) && isHotLine(of, line, table)) ??
    find((syntax) => isItsOwn(syntax, line));
  const last = path?.at(-1);
  if (!path || !last) return [];
  // The function on that line may be as little the last as the one that it was counted to.
  return [...path, ...(depth < DEEPEST ? search(last, line, sources, table, depth + 1) : [])];
}

/**
 * The one function of the program that a line calls. V8 counts parts of an inlined function to the line of its call; what else
 * such a line does is little, unless it calls what is written in C++.
 */
function onlyCalled(
  step: Step,
  line: number,
  sources: Sources,
  table: FunctionTable,
): SampledFunction | null {
  const { script } = step;
  const calls = step.nodes.filter((node) => isCall(node) && lineOf(script, node) === line);
  const names = calls.map((node) => (isCall(node) ? lastName(node.callee) : null));
  const named = calledByName({ ...step, nodes: calls }, sources, table);
  const known = new Set(named.map(({ of }) => of.frame.functionName));
  const unknown = names.filter((name) => name === null || !(known.has(name) || CHEAP.has(name)));
  if (named.length === 1 && unknown.length === 0) return named[0]?.of ?? null;
  if (named.length > 0 || unknown.length !== 1) return null;
  // Called under another name: what was seen to be called and is called by name nowhere else.
  const all = new Set(calledByName(step, sources, table).map(({ of }) => of.id));
  const seen = calledAsSeen(step, sources, table).filter(
    ({ of }) => !all.has(of.id) && !of.frame.url.startsWith('node:'),
  );
  return seen.length === 1 ? (seen[0]?.of ?? null) : null;
}

/** Of the functions that some code calls, directly or not, the nearest that fits, and the way to it. */
function searchCalled(
  from: Step,
  sources: Sources,
  table: FunctionTable,
  isThere: (syntax: FunctionSyntax, of: SampledFunction) => boolean,
): readonly SampledFunction[] | null {
  const seen = new Set<AnyNode>();
  let steps: Step[] = [from];
  for (let depth = 0; depth < DEEPEST && steps.length > 0; depth++) {
    const next: Step[] = [];
    for (const step of steps) {
      for (const { syntax, of } of calledBy(step, sources, table)) {
        if (seen.has(syntax.node)) continue;
        seen.add(syntax.node);
        const path = [...step.path, of];
        if (isThere(syntax, of)) return path;
        next.push({ nodes: ownNodes(syntax), script: syntax.script, fn: of, path });
      }
    }
    steps = next;
  }
  return null;
}

/** Whether a function itself was seen to spend a tenth of its time on a line. */
function isHotLine({ id }: SampledFunction, line: number, table: FunctionTable): boolean {
  const lines = table.lines.get(id);
  const all = [...(lines?.values() ?? [])].reduce((sum, ticks) => sum + ticks, 0);
  return (lines?.get(line) ?? 0) > 0.1 * all;
}

function lineOf(script: ParsedScript, { start }: AnyNode): number {
  return script.position(start).line + 1;
}

/** Whether a line is of a function and of no function with a name inside it, such as those of a wrapper around a module. */
function isItsOwn({ lines, inner, script }: FunctionSyntax, line: number): boolean {
  const isOn = ([first, last]: readonly [number, number]): boolean => first <= line && line <= last;
  return isOn(lines) && !inner.some((node) => isOn(script.linesOf(node)));
}

function isCall(node: AnyNode): node is CallExpression | NewExpression {
  return node.type === 'CallExpression' || node.type === 'NewExpression';
}

/** Whether anything is computed on a line; else time on a line of that number is of another file. */
function hasCode(script: ParsedScript, nodes: readonly AnyNode[], line: number): boolean {
  return nodes.some(
    (node) =>
      /^(Call|New|Binary|Logical|Member|Assignment|Update|Unary|Conditional|Object|Array|Template|Await|Yield)/.test(
        node.type,
      ) &&
      script.position(node.start).line + 1 <= line &&
      line <= script.position(node.end).line + 1,
  );
}

function ownNodes({ nodes }: FunctionSyntax): AnyNode[] {
  return nodes.map(({ node }) => node);
}

interface Called {
  readonly syntax: FunctionSyntax;
  readonly of: SampledFunction;
}

function calledBy(step: Step, sources: Sources, table: FunctionTable): Called[] {
  return [...calledByName(step, sources, table), ...calledAsSeen(step, sources, table)];
}

/** A function that is called under another name (`handler(message)`) was seen to be called before it was inlined. */
function calledAsSeen({ fn }: Step, sources: Sources, table: FunctionTable): Called[] {
  return [...(table.callees.get(fn.id) ?? [])].flatMap((of) => {
    const syntax = sources.syntax(of);
    return syntax === null ? [] : [{ syntax, of }];
  });
}

/** Functions that some code calls, or hands to what it calls, by name: of its own file, else sampled ones of others. */
function calledByName(
  { nodes, script, fn }: Step,
  sources: Sources,
  table: FunctionTable,
): Called[] {
  const names = new Set<string>();
  for (const node of nodes) {
    if (!isCall(node)) continue;
    const name = lastName(node.callee);
    if (name !== null) names.add(name);
    for (const given of node.arguments) if (given.type === 'Identifier') names.add(given.name);
  }
  return [...names].flatMap((name) => {
    const here = script.named(name);
    if (here.length > 0) {
      return here.map((syntax) => ({ syntax, of: sampled(syntax, fn, sources, table) }));
    }
    // `bytes.readUInt32LE(4)`: so short that it is inlined before a sample meets it.
    const reader = READER.test(name) ? sources.bufferReaders(fn) : null;
    const readers = reader === null ? [] : reader.script.named(name);
    if (reader !== null && readers.length > 0) {
      return readers.map((syntax) => ({ syntax, of: sampled(syntax, reader.fn, sources, table) }));
    }
    return table.functions
      .filter(({ frame }) => frame.functionName === name)
      .flatMap((of) => {
        const syntax = sources.syntax(of);
        return syntax === null ? [] : [{ syntax, of }];
      });
  });
}

/** A function as the profile knows it, if it was ever sampled by itself. */
function sampled(
  syntax: FunctionSyntax,
  { frame, thread }: SampledFunction,
  sources: Sources,
  table: FunctionTable,
): SampledFunction {
  const found = table.functions.find(
    (fn) => fn.frame.url === frame.url && sources.syntax(fn)?.node === syntax.node,
  );
  if (found) return found;
  const { name, line, column } = syntax.script.frameOf(syntax);
  return table.of({ ...frame, functionName: name, lineNumber: line, columnNumber: column }, thread);
}
