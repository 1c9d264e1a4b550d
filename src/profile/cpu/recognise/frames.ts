import type { AnyNode } from 'acorn';
import type { TreeNode } from '../call-tree.js';
import type { KernelName } from '../report.js';
import type { Sources } from '../sources.js';
import { type FunctionSyntax, lastName, type ParsedScript } from '../syntax.js';
import { crcOperation } from './crc.js';
import { hashOperation } from './hashes.js';
import { matchOperation } from './literals.js';
import type { CalledOperation, Operation } from './operation.js';
import { regexpOperation } from './regexps.js';

const CRYPTO = 'node:internal/crypto/hash';
const CRYPTO_CALLS = ['createHash', 'hash'];
const REGEXP = 'RegExp: ';

/** Packages that do what a kernel does. `null`: which algorithm, the call has to say. */
const PACKAGES: Readonly<Record<string, KernelName | null>> = {
  '@noble/hashes': null,
  'hash-wasm': null,
  'hash.js': null,
  jssha: null,
  'sha.js': null,
  'js-sha256': 'sha256',
  'fast-sha256': 'sha256',
  'js-sha1': 'sha1',
  sha1: 'sha1',
  siphash: 'siphash',
  siphash24: 'siphash',
  crc: null,
  'crc-32': 'crc',
  'buffer-crc32': 'crc',
  'fast-crc32c': 'crc',
  '@node-rs/crc32': 'crc',
  ahocorasick: 'literalMatch',
  'modern-ahocorasick': 'literalMatch',
  bayes: 'classify',
  'wink-naive-bayes-text-classifier': 'classify',
};

/** Hashing that no candidate is made of. */
export type NoCandidate = 'unknown algorithm' | 'HMAC';

/** What a frame of Node, of a package or of a regular expression does, called by `caller`; `null` for any other frame. */
export function calledOperation(
  node: TreeNode,
  caller: TreeNode | null,
  sources: Sources,
): CalledOperation | NoCandidate | null {
  const { functionName, url } = node.fn.frame;
  const syntax = caller && sources.syntax(caller.fn);
  const script = caller && sources.script(caller.fn);
  if (functionName.startsWith(REGEXP)) {
    return regexpOperation(functionName.slice(REGEXP.length), syntax, script);
  }
  if (url === CRYPTO) return functionName === 'Hmac' ? 'HMAC' : cryptoHash(syntax, script);
  if (url === 'node:zlib' && functionName === 'crc32') {
    const evidence = ['zlib.crc32 of Node was on the stack'];
    return { operation: crcOperation('crc-32', 'certain', evidence), callees: ['crc32'] };
  }
  const name = packageOf(url);
  return name === null || !Object.hasOwn(PACKAGES, name)
    ? null
    : ofPackage(name, functionName, syntax, script);
}

/** The package that a script belongs to; `null` for the program's own. */
export function packageOf(url: string): string | null {
  const parts = url.split(/[\\/]node_modules[\\/]/);
  if (parts.length < 2) return null;
  const [first = '', second = ''] = (parts.at(-1) ?? '').split(/[\\/]/);
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function cryptoHash(
  syntax: FunctionSyntax | null,
  script: ParsedScript | null,
): CalledOperation | NoCandidate | null {
  // Hash and Hmac share their methods, and with them the name of a frame: where both are made, nothing tells them apart.
  if (callsHmac(syntax?.nodes.map(({ node }) => node) ?? [])) return 'HMAC';
  const inFunction = algorithms(syntax?.nodes.map(({ node }) => node) ?? [], script);
  if (inFunction.size === 0 && callsHmac(script?.nodes ?? [])) return 'unknown algorithm';
  const inScript = inFunction.size > 0 ? inFunction : algorithms(script?.nodes ?? [], script);
  const [algorithm] = inScript;
  if (algorithm === undefined || inScript.size > 1) return 'unknown algorithm';
  if (algorithm !== 'sha256' && algorithm !== 'sha1') return null;
  const where = inFunction.size > 0 ? 'its text' : 'its file';
  const evidence = [
    'Hash of node:crypto was on the stack',
    `${where} asks for '${algorithm}' by createHash or hash`,
  ];
  const confidence = inFunction.size > 0 ? 'certain' : 'likely';
  return {
    operation: hashOperation(algorithm, confidence, evidence),
    callees: [...CRYPTO_CALLS, 'digest', 'update'],
  };
}

function callsHmac(nodes: readonly AnyNode[]): boolean {
  return nodes.some(
    (node) => node.type === 'CallExpression' && /^(createHmac|Hmac)$/.test(lastName(node) ?? ''),
  );
}

/** Algorithms that calls of createHash and hash name, written out or by a constant of the file. */
function algorithms(nodes: readonly AnyNode[], script: ParsedScript | null): Set<string> {
  const found = new Set<string>();
  for (const node of nodes) {
    if (node.type !== 'CallExpression' || !CRYPTO_CALLS.includes(lastName(node) ?? '')) continue;
    const value = textOf(node.arguments[0], script);
    if (value !== null) found.add(value.toLowerCase().replace('-', ''));
  }
  return found;
}

function textOf(node: AnyNode | undefined, script: ParsedScript | null): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type !== 'Identifier') return null;
  const made = script?.nodes.find(
    (at) =>
      at.type === 'VariableDeclarator' && at.id.type === 'Identifier' && at.id.name === node.name,
  );
  return made?.type === 'VariableDeclarator' &&
    made.init?.type === 'Literal' &&
    typeof made.init.value === 'string'
    ? made.init.value
    : null;
}

/** Names of functions, and what they do. */
const NAMES: readonly (readonly [RegExp, KernelName])[] = [
  [/^(create)?_?sha-?256(sync)?$/i, 'sha256'],
  [/^(create)?_?sha-?1(sync)?$/i, 'sha1'],
  [/^(create)?siphash(_?2_?4)?$/i, 'siphash'],
  [/^(create)?crc-?32c?(sync)?$/i, 'crc'],
];

function ofPackage(
  name: string,
  functionName: string,
  syntax: FunctionSyntax | null,
  script: ParsedScript | null,
): CalledOperation | 'unknown algorithm' {
  const ran = `${functionName || 'a function'} of the package ${name} was on the stack`;
  const fixed = PACKAGES[name] ?? null;
  const called = calledNames(syntax?.nodes.map(({ node }) => node) ?? []);
  const named = called.length > 0 ? called : namesIn([functionName]);
  const imported = named.length > 0 ? named : namesIn(importedFrom(script, name));
  const kinds = [...new Set(imported.map(([, kernel]) => kernel))];
  const kernel = fixed ?? (kinds.length === 1 ? (kinds[0] as KernelName) : null);
  if (kernel === null) return 'unknown algorithm';
  const callees = imported.map(([callee]) => callee);
  const says = callees.length > 0 ? [`its caller names ${callees[0]}`] : [];
  return { operation: operationOf(kernel, callees, [ran, ...says]), callees };
}

function operationOf(
  kernel: KernelName,
  callees: readonly string[],
  evidence: readonly string[],
): Operation {
  switch (kernel) {
    case 'sha256':
    case 'sha1':
    case 'siphash':
      return hashOperation(kernel, 'certain', evidence);
    case 'crc':
      return crcOperation(
        callees.some((callee) => /32c/i.test(callee)) ? 'crc-32c' : 'crc-32',
        'likely',
        evidence,
      );
    case 'classify':
      return {
        kernel,
        operation: 'a score over the tokens of a message',
        call: 'offload(classify())',
        confidence: 'likely',
        evidence: [
          ...evidence,
          'classify() has weights of its own or yours: the scores are not the same ones',
        ],
      };
    default:
      return matchOperation([], 'certain', evidence);
  }
}

function calledNames(nodes: readonly AnyNode[]): (readonly [string, KernelName])[] {
  return namesIn(
    nodes.flatMap((node) => {
      if (node.type !== 'CallExpression') return [];
      // `sha256(message)` and `sha256.create()`
      const owner = node.callee.type === 'MemberExpression' ? lastName(node.callee.object) : null;
      return [lastName(node), owner].filter((found) => found !== null);
    }),
  );
}

function importedFrom(script: ParsedScript | null, name: string): string[] {
  return (script?.nodes ?? []).flatMap((node) => {
    if (node.type !== 'ImportDeclaration' || !String(node.source.value).startsWith(name)) return [];
    return node.specifiers.map(({ local }) => local.name);
  });
}

function namesIn(names: readonly string[]): (readonly [string, KernelName])[] {
  return names.flatMap((name) => {
    const found = NAMES.find(([pattern]) => pattern.test(name));
    return found ? [[name, found[1]] as const] : [];
  });
}
