import type { AnyNode } from 'acorn';
import { type FunctionSyntax, lastName, nodesBelow } from '../syntax.js';
import { isLoop } from './crc.js';
import { names } from './literals.js';
import type { OwnOperation } from './operation.js';

const SPLITS = ['split', 'match', 'matchAll', 'exec'];

/** Text that is cut into tokens, each with a weight that a table holds, and the weights added up. */
export function ownScoring(fn: FunctionSyntax): OwnOperation | null {
  const cuts = fn.nodes
    .map(({ node }) => node)
    .filter((node) => node.type === 'CallExpression' && SPLITS.includes(lastName(node) ?? ''));
  const hashes = fn.nodes
    .map(({ node }) => node)
    .filter((node) => node.type === 'CallExpression' && lastName(node) === 'charCodeAt');
  if (cuts.length + hashes.length === 0) return null;
  const sums = fn.nodes.flatMap(({ node, ancestors }) => {
    const added = addedTo(node);
    const isRepeated = ancestors.some((at) => isLoop(at) || isReduction(at));
    const lookup = added === null || !isRepeated ? null : lookupIn(fn, added);
    return lookup === null ? [] : [{ node, lookup }];
  });
  const [sum] = sums;
  if (!sum) return null;
  const isThreshold = fn.nodes.some(
    ({ node }) => node.type === 'BinaryExpression' && /^[<>]=?$/.test(node.operator),
  );
  return {
    kernel: 'classify',
    operation: 'a score over the tokens of a message',
    call: 'offload(classify())',
    confidence: isThreshold && cuts.length > 0 ? 'likely' : 'possible',
    evidence: [
      cuts.length > 0
        ? `its text cuts the message into tokens by ${lastName(cuts[0] as AnyNode)}`
        : 'its text walks over the characters of the message',
      `it adds up what \`${sum.lookup}\` holds for each token`,
      'classify() has weights of its own or yours: the scores are not the same ones',
    ],
    nodes: [...cuts, ...hashes, ...sums.map(({ node }) => node)],
  };
}

/** What a node adds to a plain variable, or to what a reduction carries. */
function addedTo(node: AnyNode): AnyNode | null {
  if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier') {
    if (node.operator === '+=') return node.right;
    const { right, left } = node;
    const isSum = right.type === 'BinaryExpression' && right.operator === '+';
    return node.operator === '=' &&
      isSum &&
      nodesBelow(right).some((at) => at.type === 'Identifier' && at.name === left.name)
      ? right
      : null;
  }
  const isSum = node.type === 'ArrowFunctionExpression' && node.body.type === 'BinaryExpression';
  return isSum &&
    node.body.type === 'BinaryExpression' &&
    node.body.operator === '+' &&
    node.params.length >= 2
    ? node.body
    : null;
}

function isReduction(node: AnyNode): boolean {
  return node.type === 'CallExpression' && /^(reduce|forEach)$/.test(lastName(node) ?? '');
}

/** The table whose entry for a token is in a sum. */
function lookupIn(fn: FunctionSyntax, sum: AnyNode): string | null {
  for (const node of nodesBelow(sum)) {
    const table = tableOf(node);
    if (table !== null) return table;
    // `const weight = weights.get(token); if (weight !== undefined) score += weight;`
    if (node.type !== 'Identifier') continue;
    for (const { node: at } of fn.nodes) {
      if (at.type !== 'VariableDeclarator' || !at.init || !names(at.id).includes(node.name))
        continue;
      const found = nodesBelow(at.init)
        .map(tableOf)
        .find((name) => name !== null);
      if (found) return found;
    }
  }
  return null;
}

function tableOf(node: AnyNode): string | null {
  if (node.type === 'CallExpression' && lastName(node) === 'get' && node.arguments.length === 1) {
    return node.callee.type === 'MemberExpression'
      ? (lastName(node.callee.object) ?? 'a map')
      : null;
  }
  const isTable = node.type === 'MemberExpression' && node.computed;
  if (!isTable || node.property.type === 'Literal') return null;
  // `weights[i]` for a counter is no look-up of a token.
  return node.property.type === 'Identifier' && node.property.name.length === 1
    ? null
    : (lastName(node.object) ?? 'a table');
}
