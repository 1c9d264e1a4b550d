import { type AnyNode, type Options, type Program, parse } from 'acorn';
import { full, fullAncestor } from 'acorn-walk';

type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

/** A node of a function, and what it lies in, the function itself first. */
export interface Placed {
  readonly node: AnyNode;
  readonly ancestors: readonly AnyNode[];
}

/** A function of a script. Functions without a name inside it are part of it; those with a name are not. */
export interface FunctionSyntax {
  readonly node: FunctionNode;
  readonly script: ParsedScript;
  /** Every node of it, itself included, without functions with a name inside it. */
  readonly nodes: readonly Placed[];
  /** Functions with a name inside it. */
  readonly inner: readonly AnyNode[];
  /** Names of its parameters, as far as they are plain. */
  readonly parameters: readonly string[];
  /** First and last line, from 1. */
  readonly lines: readonly [number, number];
}

/** The syntax of a script that ran. */
export class ParsedScript {
  readonly program: Program;
  /** Nodes outside every function. */
  readonly topLevel: AnyNode[] = [];
  readonly #functions: FunctionNode[] = [];
  readonly #lineStarts: number[];
  readonly #known = new Map<FunctionNode, FunctionSyntax>();
  readonly #text: string;
  readonly #names = new Map<FunctionNode, string>();
  readonly #byName = new Map<string, FunctionNode[]>();
  #nodes: readonly AnyNode[] | null = null;

  constructor(text: string, program: Program) {
    this.program = program;
    this.#lineStarts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.#lineStarts.push(at + 1);
    }
    this.#text = text;
    fullAncestor(program, (node, _, ancestors) => {
      if (!ancestors.some(isFunction)) this.topLevel.push(node);
      if (!isFunction(node)) return;
      this.#functions.push(node);
      const name = node.id?.name ?? givenName(ancestors.at(-2));
      if (name === null) return;
      this.#names.set(node, name);
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), node]);
    });
  }

  /**
   * The function that V8 places at a line and column (from 0): where its parameters begin, or an arrow function itself.
   * `null` where no function is there, or one of another name: then the text is not that of what ran.
   */
  functionAt(line: number, column: number, name: string): FunctionSyntax | null {
    const start = this.#lineStarts[line];
    if (start === undefined) return null;
    const at = start + column;
    // The module's own code is placed at its beginning, and no function with a word before its parameters is.
    if (at === 0) return null;
    const inside = this.#functions.filter((fn) => fn.start <= at && at < fn.body.end);
    const node = inside.sort((a, b) => b.start - a.start)[0];
    if (!node || at > node.body.start) return null;
    const own = node.id?.name;
    return own !== undefined && name !== '' && !name.endsWith(own) ? null : this.#syntaxOf(node);
  }

  /** Functions that are declared, or first assigned, under a name. */
  named(name: string): FunctionSyntax[] {
    return (this.#byName.get(name) ?? []).map((node) => this.#syntaxOf(node));
  }

  /** Name and place of a function as V8 would record them. */
  frameOf({ node }: FunctionSyntax): { name: string; line: number; column: number } {
    const isArrow = node.type === 'ArrowFunctionExpression';
    const at = isArrow ? node.start : this.#text.indexOf('(', node.id?.end ?? node.start);
    return { name: this.#names.get(node) ?? '', ...this.position(at) };
  }

  /** First and last line of a node, from 1. */
  linesOf({ start, end }: AnyNode): readonly [number, number] {
    return [this.position(start).line + 1, this.position(end).line + 1];
  }

  /** Line and column of an offset, both from 0. */
  position(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.#lineStarts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - (this.#lineStarts[low] ?? 0) };
  }

  /** Every node of the script. */
  get nodes(): readonly AnyNode[] {
    if (this.#nodes === null) {
      const found: AnyNode[] = [];
      full(this.program, (node) => found.push(node));
      this.#nodes = found;
    }
    return this.#nodes;
  }

  #syntaxOf(node: FunctionNode): FunctionSyntax {
    const known = this.#known.get(node);
    if (known) return known;
    const all: Placed[] = [];
    fullAncestor(node, (inner, _, ancestors) => {
      all.push({ node: inner, ancestors: [...ancestors] });
    });
    const isNamed = (at: AnyNode): boolean => at !== node && isFunction(at) && this.#names.has(at);
    const nodes = all.filter(({ ancestors }) => !ancestors.some(isNamed));
    const inner = all.map((placed) => placed.node).filter(isNamed);
    const made = {
      node,
      script: this,
      nodes,
      inner,
      parameters: node.params.flatMap((param) => (param.type === 'Identifier' ? [param.name] : [])),
      lines: this.linesOf(node),
    };
    this.#known.set(node, made);
    return made;
  }
}

/** `null` for text that is no JavaScript, such as TypeScript before it is compiled. */
export function parseScript(text: string): ParsedScript | null {
  const options: Options = {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowHashBang: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
  };
  for (const sourceType of ['module', 'script'] as const) {
    try {
      return new ParsedScript(text, parse(text, { ...options, sourceType }));
    } catch {
      // A sloppy script may hold what a module may not.
    }
  }
  return null;
}

/** The name a function gets from where it stands. */
function givenName(parent: AnyNode | undefined): string | null {
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : null;
    case 'AssignmentExpression':
      return lastName(parent.left);
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'Property':
      return parent.key.type === 'PrivateIdentifier' ? parent.key.name : lastName(parent.key);
    default:
      return null;
  }
}

function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** The name a call or a member ends with: `createHash` of `crypto.createHash(...)`. */
export function lastName(node: AnyNode): string | null {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'ChainExpression') return lastName(node.expression);
  if (node.type === 'CallExpression') return lastName(node.callee);
  if (node.type !== 'MemberExpression') return null;
  const { property, computed } = node;
  if (!computed) return property.type === 'PrivateIdentifier' ? property.name : lastName(property);
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : null;
}

/** A number that is written out, as an unsigned 32-bit integer where it is a negative one; `null` for anything else. */
export function numberOf(node: AnyNode): number | null {
  if (node.type === 'Literal' && typeof node.value === 'number') return node.value;
  if (node.type === 'Literal' && typeof node.value === 'bigint') return Number(node.value);
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const value = numberOf(node.argument);
    return value === null ? null : -value >>> 0;
  }
  return null;
}

/** Every number that is written out in some nodes. */
export function numbersIn(nodes: readonly AnyNode[]): Set<number> {
  const found = new Set<number>();
  for (const node of nodes) {
    const value = numberOf(node);
    if (value !== null) found.add(value);
  }
  return found;
}

/** Every node below one, itself included. */
export function nodesBelow(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  full(node, (inner) => found.push(inner));
  return found;
}
