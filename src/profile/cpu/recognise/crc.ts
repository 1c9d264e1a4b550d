import type { AnyNode } from 'acorn';
import { type FunctionSyntax, lastName, nodesBelow, numberOf, numbersIn } from '../syntax.js';
import type { Operation, OwnOperation } from './operation.js';

/** Polynomials as code holds them (reflected where the algorithm is), and what `crc()` calls the algorithm. */
const POLYNOMIALS: readonly (readonly [number, string])[] = [
  [0xedb88320, 'crc-32'],
  [0x82f63b78, 'crc-32c'],
  [0x04c11db7, 'crc-32/bzip2'],
  [0xa001, 'crc-16/arc'],
  [0x8408, 'crc-16/kermit'],
  [0x1021, 'crc-16/ccitt-false'],
];

/** Entries 1 and 128 of a table that is written out: 128 is the reflected polynomial itself. */
const TABLE_ENTRIES: readonly (readonly [number, string])[] = [
  [0x77073096, 'crc-32'],
  [0xf26b8303, 'crc-32c'],
];

export function crcOperation(
  name: string | null,
  confidence: Operation['confidence'],
  evidence: readonly string[],
): Operation {
  return {
    kernel: 'crc',
    operation: name === null ? 'a CRC of a message' : `${name.toUpperCase()} of a message`,
    call: name === null ? "offload(crc('crc-32'))" : `offload(crc('${name}'))`,
    confidence,
    evidence,
  };
}

/** A CRC that the program computes itself, by a table or bit by bit. */
export function ownCrc(fn: FunctionSyntax): OwnOperation | null {
  const lookups = fn.nodes.map(({ node }) => node).filter(isTableStep);
  const own = numbersIn(fn.nodes.map(({ node }) => node));
  const inScript = numbersIn(fn.script.nodes);
  const known = [...POLYNOMIALS, ...TABLE_ENTRIES].find(([constant]) => inScript.has(constant));
  if (lookups.length > 0) {
    const what =
      'its text looks a table up by `& 0xff` and XORs it with a register shifted by 8 bits';
    return known === undefined
      ? {
          ...crcOperation(null, 'possible', [what, 'no polynomial was seen: name the algorithm']),
          nodes: lookups,
        }
      : {
          ...crcOperation(known[1], 'likely', [
            what,
            `its file holds 0x${known[0].toString(16)}, of ${known[1]}`,
          ]),
          nodes: lookups,
        };
  }
  const polynomial = POLYNOMIALS.find(([constant]) => own.has(constant));
  const bits = fn.nodes.filter(({ node, ancestors }) => isBitStep(node) && ancestors.some(isLoop));
  // What fills a table takes no message.
  if (polynomial === undefined || bits.length === 0 || fn.parameters.length === 0) return null;
  const [constant, name] = polynomial;
  return {
    ...crcOperation(name, 'likely', [
      `its text shifts a register bit by bit and XORs it with 0x${constant.toString(16)}, the polynomial of ${name}`,
    ]),
    nodes: bits.map(({ node }) => node),
  };
}

/**
 * `table[(crc ^ byte) & 0xff] ^ (crc >>> 8)`, either way round, or shifted left. What is XORed is the register itself, shifted by a
 * byte, and the register also chooses the entry: the rounds of AES shift inside the index of a table, and by another word.
 */
function isTableStep(node: AnyNode): boolean {
  if (node.type !== 'BinaryExpression' || node.operator !== '^') return false;
  const { left, right } = node;
  return isStepOf(shiftedRegister(left), right) || isStepOf(shiftedRegister(right), left);
}

function isStepOf(register: string | null, other: AnyNode): boolean {
  if (register === null) return false;
  return operandsOf(other).some((operand) => {
    if (operand.type !== 'MemberExpression' || !operand.computed) return false;
    const index = nodesBelow(operand.property);
    return (
      index.some((at) => isBinary(at, ['&', '>>>', '>>'], [0xff, 24, 8])) &&
      index.some((at) => isVariable(at) && lastName(at) === register)
    );
  });
}

/** Operands of a chain of XORs. */
function operandsOf(node: AnyNode): AnyNode[] {
  return node.type === 'BinaryExpression' && node.operator === '^'
    ? [...operandsOf(node.left), ...operandsOf(node.right)]
    : [node];
}

/** The variable that is shifted by a byte, of `crc >>> 8` and of `(crc << 8) & 0xffff`; `null` for anything else. */
function shiftedRegister(node: AnyNode): string | null {
  if (node.type !== 'BinaryExpression') return null;
  const { operator, left, right } = node;
  if (operator === '&') return shiftedRegister(numberOf(right) === null ? right : left);
  if (!['>>>', '>>', '<<'].includes(operator) || numberOf(right) !== 8) return null;
  return isVariable(left) ? lastName(left) : null;
}

function isVariable({ type }: AnyNode): boolean {
  return type === 'Identifier' || type === 'MemberExpression';
}

function isBitStep(node: AnyNode): boolean {
  return isBinary(node, ['>>>', '>>', '<<'], [1]);
}

function isBinary(node: AnyNode, operators: readonly string[], values: readonly number[]): boolean {
  if (node.type !== 'BinaryExpression' || !operators.includes(node.operator)) return false;
  const [left, right] = [numberOf(node.left), numberOf(node.right)];
  return values.some((value) => value === left || value === right);
}

export function isLoop({ type }: AnyNode): boolean {
  return /^(For|ForOf|ForIn|While|DoWhile)Statement$/.test(type);
}
