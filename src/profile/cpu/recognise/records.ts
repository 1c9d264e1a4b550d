import type { AnyNode } from 'acorn';
import { type FunctionSyntax, lastName, nodesBelow, numberOf } from '../syntax.js';
import { names } from './literals.js';
import type { OwnOperation } from './operation.js';

/** Readers of Buffer and DataView. */
const READS = /^(read(Big)?U?[iI]nt(8|16|32|64)?(LE|BE)?|get(Big)?U?[iI]nt(8|16|32|64))$/;
const COMPARISONS = ['<', '<=', '>', '>=', '==', '===', '!=', '!=='];

/** Records of fixed layout that are held against conditions: at least two fields are read and compared. */
export function ownRecordFilter(fn: FunctionSyntax): OwnOperation | null {
  const offsets = new Map<AnyNode, string>();
  const fields = new Map<string, string>();
  for (const { node } of fn.nodes) {
    const offset = readOffset(node);
    if (offset !== null) offsets.set(node, offset);
  }
  if (new Set(offsets.values()).size < 2) return null;
  for (const { node } of fn.nodes) {
    if (node.type !== 'VariableDeclarator' || !node.init) continue;
    const read = nodesBelow(node.init).find((inner) => offsets.has(inner));
    const [name] = names(node.id);
    if (read && name !== undefined) fields.set(name, offsets.get(read) ?? '');
  }
  const compared = new Map<string, AnyNode>();
  for (const { node } of fn.nodes) {
    if (node.type !== 'BinaryExpression' || !COMPARISONS.includes(node.operator)) continue;
    for (const inner of nodesBelow(node)) {
      const field = inner.type === 'Identifier' ? fields.get(inner.name) : offsets.get(inner);
      if (field !== undefined) compared.set(field, node);
    }
  }
  if (compared.size < 2) return null;
  const list = [...compared.keys()].join(', ');
  return {
    kernel: 'recordFilter',
    operation: 'which rules a record meets',
    call: 'offload(recordFilter({ fields, rules }))',
    confidence: 'likely',
    evidence: [
      `its text reads ${compared.size} fields of fixed offsets (${list}) and compares them`,
    ],
    nodes: [...offsets.keys(), ...compared.values()],
  };
}

/** Where a read of a fixed offset reads: `4`, `base + 4` or a constant's name; `null` for another node. */
function readOffset(node: AnyNode): string | null {
  if (node.type !== 'CallExpression' || !READS.test(lastName(node) ?? '')) return null;
  const [at] = node.arguments;
  if (at === undefined) return '0';
  const value = numberOf(at);
  if (value !== null) return String(value);
  if (at.type === 'Identifier') return /^[A-Z][A-Z0-9_]*$/.test(at.name) ? at.name : '0';
  if (at.type !== 'BinaryExpression' || at.operator !== '+') return null;
  const parts = [at.left, at.right].map(numberOf);
  const added = parts.find((part) => part !== null);
  return added === undefined || added === null ? null : String(added);
}
