import type { AnyNode } from 'acorn';
import { type FunctionSyntax, lastName, numberOf, numbersIn } from '../syntax.js';
import type { Operation, OwnOperation } from './operation.js';

/** What a hash kernel is called, by the name of its algorithm. */
export function hashOperation(
  algorithm: 'sha256' | 'sha1' | 'siphash',
  confidence: Operation['confidence'],
  evidence: readonly string[],
): Operation {
  const names = { sha256: 'SHA-256', sha1: 'SHA-1', siphash: 'SipHash' };
  return {
    kernel: algorithm,
    operation: `${names[algorithm]} of a message`,
    call: algorithm === 'siphash' ? 'offload(siphash(key))' : `offload(${algorithm}())`,
    confidence,
    evidence,
  };
}

/** Distances of the rotations and shifts of SHA-256; FIPS 180-4, section 4.1.2. */
const SHA256_ROTATIONS = [2, 13, 22, 6, 11, 25, 7, 18, 17, 19];
/** Constants of SHA-1; FIPS 180-4, section 4.2.1. */
const SHA1_CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];
/** Initial state of SipHash as 32-bit halves and as 64-bit words; Aumasson and Bernstein, 2012, section 2.1. */
const SIPHASH_CONSTANTS = [
  0x736f6d65,
  0x70736575,
  0x646f7261,
  0x6e646f6d,
  0x6c796765,
  0x6e657261,
  0x74656462,
  0x79746573,
  ...[0x736f6d6570736575n, 0x646f72616e646f6dn, 0x6c7967656e657261n, 0x7465646279746573n].map(
    Number,
  ),
];
/** Its rotations, and what is left of 32 or 64 bits. */
const SIPHASH_SHIFTS = [13, 16, 17, 21];

/** SHA-256, SHA-1 or SipHash that the program computes itself. */
export function ownHash(fn: FunctionSyntax): OwnOperation | null {
  const { nodes } = fn;
  const rotations = nodes.flatMap(({ node }) => {
    const distance = rotation(node);
    return distance === null ? [] : [{ node, distance }];
  });
  const distances = new Set(rotations.map(({ distance }) => distance));
  const own = numbersIn(nodes.map(({ node }) => node));
  const rotating = rotations.map(({ node }) => node);
  const known = SHA256_ROTATIONS.filter((distance) => distances.has(distance));
  if (known.length >= 8) {
    return {
      ...hashOperation('sha256', 'likely', [
        `its text rotates 32-bit words by ${known.sort((a, b) => a - b).join(', ')}, the distances of SHA-256`,
      ]),
      nodes: rotating,
    };
  }
  const sha1 = SHA1_CONSTANTS.filter((constant) => own.has(constant));
  if (sha1.length >= 3 && (distances.has(27) || distances.has(5))) {
    return {
      ...hashOperation('sha1', 'likely', [
        `its text rotates by 5 and holds ${sha1.map(hex).join(', ')}, constants of SHA-1`,
      ]),
      nodes: rotating,
    };
  }
  const shifts = nodes.filter(({ node }) => isShift(node, SIPHASH_SHIFTS));
  const inScript = numbersIn(fn.script.nodes);
  const sip = SIPHASH_CONSTANTS.filter((constant) => inScript.has(constant));
  const isRound = SIPHASH_SHIFTS.every((by) => shifts.some(({ node }) => isShift(node, [by])));
  const calls = new Set(
    nodes.flatMap(({ node }) => (node.type === 'CallExpression' ? node.arguments : [])),
  );
  const isRotated = SIPHASH_SHIFTS.every((by) => [...calls].some((node) => numberOf(node) === by));
  if (sip.length >= 3 && (isRound || isRotated)) {
    return {
      ...hashOperation('siphash', 'likely', [
        `it rotates by 13, 16, 17 and 21, and its file holds ${sip.length} words of "somepseudorandomlygeneratedbytes", the initial state of SipHash`,
      ]),
      nodes: nodes
        .map(({ node }) => node)
        .filter((node) => node.type === 'CallExpression' || isShift(node, SIPHASH_SHIFTS)),
    };
  }
  return null;
}

/** The distance to the right of `x >>> n | x << 32 - n` and of `rotr(x, n)`. */
function rotation(node: AnyNode): number | null {
  if (node.type === 'BinaryExpression' && (node.operator === '|' || node.operator === '^')) {
    const [left, right] = [shift(node.left), shift(node.right)];
    if (!left || !right || left.operator === right.operator) return null;
    if (left.by + right.by !== 32) return null;
    return left.operator === '<<' ? right.by : left.by;
  }
  if (node.type === 'CallExpression' && /rot(ate)?_?r(ight)?/i.test(lastName(node) ?? '')) {
    const by = node.arguments.map(numberOf).find((value) => value !== null);
    return by ?? null;
  }
  return null;
}

function shift(node: AnyNode): { operator: string; by: number } | null {
  if (node.type !== 'BinaryExpression') return null;
  if (node.operator === '>>>' && numberOf(node.right) === 0) return shift(node.left);
  if (node.operator !== '<<' && node.operator !== '>>>') return null;
  const by = numberOf(node.right);
  return by === null ? null : { operator: node.operator, by };
}

function isShift(node: AnyNode, distances: readonly number[]): boolean {
  if (node.type !== 'BinaryExpression' || !['<<', '>>', '>>>'].includes(node.operator))
    return false;
  const by = numberOf(node.right);
  return by !== null && distances.some((d) => by === d || by === 32 - d || by === 64 - d);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
