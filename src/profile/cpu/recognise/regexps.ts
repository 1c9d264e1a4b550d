import type { AnyNode } from 'acorn';
import { type FunctionSyntax, lastName, type ParsedScript } from '../syntax.js';
import { alternatives, matchOperation } from './literals.js';
import type { CalledOperation } from './operation.js';

/** What asks which words occur, and what does more with them. */
const SEARCHES = ['test', 'exec', 'match', 'matchAll', 'search'];
const OTHERS = ['replace', 'replaceAll', 'split'];

interface Use {
  readonly method: string;
  /** The expression that the method is of, or is given. */
  readonly pattern: AnyNode;
}

/**
 * The search that the frame of a regular expression is; `null` where the pattern says more than words, or where the caller's
 * text does not search by it: to replace words or to split at them is another operation.
 */
export function regexpOperation(
  pattern: string,
  caller: FunctionSyntax | null,
  script: ParsedScript | null,
): CalledOperation | null {
  const words = alternatives(pattern);
  if (words === null) return null;
  const evidence = `a regular expression of ${words.length} words and nothing else ran: /${cut(pattern)}/`;
  if (script === null) {
    const unseen =
      'the text of its caller was not there: it may replace the words, or split at them';
    return { operation: matchOperation(words, 'possible', [evidence, unseen]), callees: SEARCHES };
  }
  const uses = (caller?.nodes.map(({ node }) => node) ?? script.nodes).flatMap(useOf);
  const literal = literalOf(script.nodes, pattern);
  const own = literal === null ? uses : uses.filter((use) => isOf(use.pattern, literal, script));
  const isSearch =
    own.some(({ method }) => SEARCHES.includes(method)) &&
    !own.some(({ method }) => OTHERS.includes(method));
  const flags = literal === null ? '' : flagsOf(literal);
  // Sticky: only at a place that the program names.
  if (!isSearch || flags.includes('y')) return null;
  const found = matchOperation(words, literal === null ? 'likely' : 'certain', [
    `${evidence}${flags}`,
    ...(literal === null ? ['it is made at run time, and its flags were not seen'] : []),
  ]);
  const call = flags.includes('i')
    ? found.call.replace(/\)\)$/, ', { ignoreCase: true }))')
    : found.call;
  return { operation: { ...found, call }, callees: SEARCHES };
}

/** `pattern.test(text)` and `text.match(pattern)`. */
function useOf(node: AnyNode): Use[] {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
  const method = lastName(node.callee) ?? '';
  if (method === 'test' || method === 'exec') return [{ method, pattern: node.callee.object }];
  const [pattern] = node.arguments;
  return pattern !== undefined && (SEARCHES.includes(method) || OTHERS.includes(method))
    ? [{ method, pattern }]
    : [];
}

function literalOf(nodes: readonly AnyNode[], pattern: string): AnyNode | null {
  return (
    nodes.find(
      (node) => node.type === 'Literal' && 'regex' in node && node.regex?.pattern === pattern,
    ) ?? null
  );
}

function flagsOf(node: AnyNode): string {
  return node.type === 'Literal' && 'regex' in node ? (node.regex?.flags ?? '') : '';
}

/** Whether an expression is a literal of the same pattern, or a variable or field that holds it. */
function isOf(used: AnyNode, literal: AnyNode, { nodes }: ParsedScript): boolean {
  const source = (node: AnyNode): string | null =>
    node.type === 'Literal' && 'regex' in node ? (node.regex?.pattern ?? null) : null;
  if (source(used) !== null) return source(used) === source(literal);
  const name = lastName(used);
  return nodes.some((node) => {
    const value =
      node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === name
        ? node.init
        : (node.type === 'Property' || node.type === 'PropertyDefinition') &&
            lastName(node.key) === name
          ? node.value
          : node.type === 'AssignmentExpression' && lastName(node.left) === name
            ? node.right
            : null;
    return value === literal;
  });
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
