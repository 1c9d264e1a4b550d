import { type CallTree, type TreeNode, walk } from './call-tree.js';
import { findHits, type Hit, isProgram, samplesUnder } from './hits.js';
import { isLoop } from './recognise/crc.js';
import { type NoCandidate, packageOf } from './recognise/frames.js';
import { names } from './recognise/literals.js';
import type { Operation } from './recognise/operation.js';
import type { Candidate } from './report.js';
import { shareOf } from './shares.js';
import type { Sources } from './sources.js';
import { type FunctionSyntax, lastName, nodesBelow, type Placed } from './syntax.js';

/** How much of its time a function must spend in an operation to be just that. */
const JUST_THAT = {
  /** The operation is written in it: what is around it, a loop or a conversion, belongs to it. */
  written: 0.5,
  /** It calls what does the operation. */
  caller: 0.7,
  /** It is called by Node or by a package, as the handler of a request is, or calls a function that is the operation. */
  around: 0.9,
};
/** What takes less of the process is not worth a line. */
const LEAST_SHARE = 0.01;

/** Notes on hashing that is no candidate. */
const WHY_LEFT: Readonly<Record<NoCandidate, (share: string) => string>> = {
  'unknown algorithm': (share) =>
    `hashes took ${share} in code whose text does not say which algorithm: no candidate was made of them.`,
  HMAC: (share) =>
    `code that calls createHmac hashed for ${share}: no kernel does HMAC, and no candidate was made of it.`,
};

export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly notes: readonly string[];
  /** Index of the candidate that a node of the tree is the beginning of. */
  readonly marks: ReadonlyMap<TreeNode, number>;
}

interface Group {
  readonly operation: Operation;
  readonly fn: TreeNode['fn'];
  readonly isWhole: boolean;
  readonly hit: Hit;
  readonly nodes: Set<TreeNode>;
  samples: number;
}

/**
 * What of a profile a kernel could take over, each once.
 *
 * The candidate is the outermost function that is still just the operation ({@link JUST_THAT}), is no entry point (called by
 * Node or by a package), and does not run over many messages. Where the innermost function around the operation does other
 * things as well, the operation alone is the candidate, named by that function and its line there.
 */
export function findCandidates(tree: CallTree, sources: Sources): Candidates {
  const { hits, left } = findHits(tree, sources);
  const under = samplesUnder(hits);
  const edges = samplesOfCalls(tree);
  const isJust = ({ operation, owner, offset }: Hit): boolean => {
    const written = offset === null ? JUST_THAT.caller : JUST_THAT.written;
    const least = isEntry(owner) ? JUST_THAT.around : written;
    const samples = under.get(`${owner.fn.id} ${operation.call}`) ?? 0;
    return samples >= least * (tree.total[owner.fn.id] ?? 0);
  };
  const isJustCalling = (caller: TreeNode, callee: TreeNode): boolean =>
    (edges.get(`${caller.fn.id} ${callee.fn.id}`) ?? 0) >=
    JUST_THAT.around * (tree.total[caller.fn.id] ?? 0);
  const groups = new Map<string, Group>();
  for (const hit of hits) {
    const { operation, owner } = hit;
    const isWhole = isNamed(owner) && isJust(hit);
    const chosen = isWhole ? outermost(owner, sources, isJustCalling) : owner;
    const key = `${chosen.fn.id} ${isWhole} ${operation.call}`;
    const known = groups.get(key);
    const group = known ?? { operation, fn: chosen.fn, isWhole, hit, nodes: new Set(), samples: 0 };
    group.samples += hit.samples;
    group.nodes.add(isWhole ? chosen : hit.node);
    groups.set(key, group);
  }
  const found = [...groups.values()]
    .flatMap((group) => {
      const candidate = describe(group, tree, sources);
      return candidate === null ? [] : [{ candidate, group }];
    })
    .filter(({ candidate }) => candidate.totalShare.value >= LEAST_SHARE)
    .sort((a, b) => b.candidate.totalShare.value - a.candidate.totalShare.value);
  const marks = found.flatMap(({ group }, i) => [...group.nodes].map((node) => [node, i] as const));
  const notes = (Object.keys(left) as NoCandidate[]).flatMap((why) => {
    const share = shareOf(left[why], tree.busy).value;
    return share < LEAST_SHARE ? [] : [WHY_LEFT[why](`${(100 * share).toFixed(1)} % of the CPU`)];
  });
  return {
    candidates: unique(found.map(({ candidate }) => candidate)),
    notes,
    marks: new Map(marks),
  };
}

function describe(group: Group, tree: CallTree, sources: Sources): Candidate | null {
  const { operation, fn, isWhole, hit, samples } = group;
  const offset = isWhole ? null : (hit.offset ?? callOffset(fn, hit, sources));
  const script = sources.script(fn);
  const position = offset === null || !script ? null : script.position(offset);
  const place =
    position === null ? sources.place(fn) : sources.place(fn, position.line, position.column);
  if (place === null) return null;
  const whole = tree.total[fn.id] ?? 0;
  const total = isWhole ? whole : samples;
  const name = nameOf(fn);
  const rest = isWhole
    ? []
    : [
        `${name} does other things as well: ${Math.round((100 * samples) / Math.max(1, whole))} % of its time goes here`,
      ];
  return {
    id: `${operation.kernel}:${place.file}:${place.line}`,
    function: name,
    file: place.file,
    line: place.line,
    kernel: operation.kernel,
    operation: operation.operation,
    selfShare: shareOf(
      isWhole ? (tree.self[fn.id] ?? 0) : Math.min(samples, tree.self[fn.id] ?? 0),
      tree.busy,
    ),
    totalShare: shareOf(total, tree.busy),
    evidence: [...operation.evidence, ...rest],
    confidence: operation.confidence,
    call: operation.call,
  };
}

/** Two operations of one line are told apart by a number. */
function unique(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Map<string, number>();
  return candidates.map((candidate) => {
    const count = (seen.get(candidate.id) ?? 0) + 1;
    seen.set(candidate.id, count);
    return count === 1 ? candidate : { ...candidate, id: `${candidate.id}#${count}` };
  });
}

export function nameOf({ frame }: TreeNode['fn']): string {
  const isModule = frame.functionName === '' && frame.lineNumber === 0 && frame.columnNumber === 0;
  return frame.functionName || (isModule ? '(module)' : '(anonymous)');
}

function isNamed(node: TreeNode): boolean {
  return node.fn.frame.functionName !== '';
}

/** Whether Node or a package calls it: then it is a handler, and not a step of something. */
function isEntry({ parent }: TreeNode): boolean {
  return parent === null || !isProgram(parent) || packageOf(parent.fn.frame.url) !== null;
}

/** Samples of what one function calls another for, by both ids. */
function samplesOfCalls(tree: CallTree): Map<string, number> {
  const edges = new Map<string, number>();
  walk(tree.root, ({ fn, parent, total }) => {
    if (parent === null) return;
    const key = `${parent.fn.id} ${fn.id}`;
    edges.set(key, (edges.get(key) ?? 0) + total);
  });
  return edges;
}

function outermost(
  owner: TreeNode,
  sources: Sources,
  isJustCalling: (caller: TreeNode, callee: TreeNode) => boolean,
): TreeNode {
  let chosen = owner;
  for (;;) {
    const caller = chosen.parent;
    if (caller === null || !isProgram(caller) || !isNamed(caller) || isEntry(caller)) return chosen;
    if (!isJustCalling(caller, chosen)) return chosen;
    const syntax = sources.syntax(caller.fn);
    if (syntax === null || !isCalledOnce(syntax, chosen.fn.frame.functionName)) return chosen;
    chosen = caller;
  }
}

/** Whether a function calls another once a message: not in a loop, unless over the parts of a message. */
function isCalledOnce(syntax: FunctionSyntax, name: string): boolean {
  const own = name.split('.').at(-1) ?? name;
  const calls = syntax.nodes.filter(
    ({ node }) =>
      (node.type === 'CallExpression' || node.type === 'NewExpression') &&
      (lastName(node.callee) ?? '') === own,
  );
  return calls.length > 0 && calls.every((call) => !isPerMessage(call));
}

function isPerMessage({ node, ancestors }: Placed): boolean {
  if (node.type !== 'CallExpression') return false;
  // `crc = step(crc, byte)`: the parts of one message.
  const assigned = ancestors.find(
    (at) => at.type === 'AssignmentExpression' && at.left.type === 'Identifier',
  );
  if (assigned?.type === 'AssignmentExpression') {
    const [target] = names(assigned.left);
    const isFed = nodesBelow(node).some((at) => at.type === 'Identifier' && at.name === target);
    if (isFed) return false;
  }
  const loop = ancestors.find(isLoop);
  if (loop?.type === 'ForStatement') {
    // `compress(state, bytes, at)` steps through one message; `hash(messages[i])` takes one after the other.
    return node.arguments.some((at) => at.type === 'MemberExpression' && at.computed);
  }
  const isCallback = ancestors
    .slice(1)
    .some((at) => at.type === 'ArrowFunctionExpression' || at.type === 'FunctionExpression');
  return loop !== undefined || isCallback;
}

function callOffset(fn: TreeNode['fn'], { callees }: Hit, sources: Sources): number | null {
  const nodes =
    sources.syntax(fn)?.nodes.map(({ node }) => node) ?? sources.script(fn)?.nodes ?? [];
  for (const callee of callees) {
    const call = nodes.find((node) => node.type === 'CallExpression' && lastName(node) === callee);
    if (call) return call.start;
  }
  return null;
}
