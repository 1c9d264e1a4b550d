import { type CallTree, chain, type SampledFunction, type TreeNode } from './call-tree.js';
import { calledOperation, type NoCandidate, packageOf } from './recognise/frames.js';
import type { Operation, OwnOperation } from './recognise/operation.js';
import { ownOperation } from './recognise/own.js';
import type { Sources } from './sources.js';

/** An operation at one place of the call tree. */
export interface Hit {
  readonly operation: Operation;
  /** The program's function that does it, or that calls what does. */
  readonly owner: TreeNode;
  /** Where it begins: a frame of Node or of a package, or the owner itself. */
  readonly node: TreeNode;
  /** Samples of the operation here, whatever else its owner does. */
  readonly samples: number;
  /** Names by which the owner calls it; none where the owner does it in its own code. */
  readonly callees: readonly string[];
  /** Offset of the operation in the owner's script, where its own code does it. */
  readonly offset: number | null;
}

export interface Hits {
  readonly hits: readonly Hit[];
  /** Samples of hashes that are no candidates, by why. */
  readonly left: Readonly<Record<NoCandidate, number>>;
}

/** Every place of the tree where an operation is done, none of it counted twice. */
export function findHits(tree: CallTree, sources: Sources): Hits {
  const hits: Hit[] = [];
  const left: Record<NoCandidate, number> = { 'unknown algorithm': 0, HMAC: 0 };
  const own = new Map<number, OwnOperation | null>();
  const ownOf = (fn: SampledFunction): OwnOperation | null => {
    const known = own.get(fn.id);
    if (known !== undefined) return known;
    const syntax = sources.syntax(fn);
    const found = syntax && ownOperation(syntax, packageOf(fn.frame.url) === null);
    own.set(fn.id, found);
    return found;
  };
  const visit = (node: TreeNode, within: string | null): void => {
    if (node.total === 0) return;
    const owner = programCaller(node);
    const called = calledOperation(node, owner, sources);
    if (called !== null) {
      if (typeof called === 'string') left[called] += node.total;
      else if (owner !== null && called.operation.kernel !== within) {
        hits.push({
          operation: called.operation,
          owner,
          node,
          samples: node.total,
          callees: called.callees,
          offset: null,
        });
      }
      return;
    }
    const found = isProgram(node) ? ownOf(node.fn) : null;
    if (found !== null && found.kernel !== within) {
      const samples = samplesOf(node, found, sources, ownOf);
      const [first] = found.nodes;
      hits.push({
        operation: found,
        owner: node,
        node,
        samples,
        callees: [],
        offset: first?.start ?? null,
      });
    }
    for (const child of node.children.values()) visit(child, found?.kernel ?? within);
  };
  visit(tree.root, null);
  return { hits, left };
}

/** Whether a frame is of a script, and not of Node or V8. */
export function isProgram({ fn: { frame } }: TreeNode): boolean {
  return frame.scriptId !== '0' && frame.url !== '' && !/^(node|wasm):/.test(frame.url);
}

function programCaller(node: TreeNode): TreeNode | null {
  const name = packageOf(node.fn.frame.url);
  return (
    chain(node)
      .slice(1)
      .find((at) => isProgram(at) && (name === null || packageOf(at.fn.frame.url) !== name)) ?? null
  );
}

/**
 * Samples of an operation that a function's own text does: its own code on the lines of the operation, functions written
 * inside it, readers of Buffer, and other functions that do the same.
 */
function samplesOf(
  node: TreeNode,
  operation: OwnOperation,
  sources: Sources,
  ownOf: (fn: SampledFunction) => OwnOperation | null,
): number {
  const syntax = sources.syntax(node.fn);
  if (syntax === null) return node.self;
  const lines = new Set<number>();
  for (const { start, end } of operation.nodes) {
    const [first, last] = [start, end].map((at) => syntax.script.position(at).line + 1);
    for (let line = first ?? 0; line <= (last ?? 0); line++) lines.add(line);
  }
  let [onLines, ticks] = [0, 0];
  for (const [line, count] of node.lines) {
    ticks += count;
    if (lines.has(line)) onLines += count;
  }
  let samples = ticks === 0 || lines.size === 0 ? node.self : (node.self * onLines) / ticks;
  for (const child of node.children.values()) {
    const inner = sources.syntax(child.fn);
    const isInside =
      inner?.script === syntax.script &&
      inner.node.start >= syntax.node.start &&
      inner.node.end <= syntax.node.end &&
      !syntax.inner.some(({ start, end }) => start <= inner.node.start && inner.node.end <= end);
    const isReader = child.fn.frame.url === 'node:internal/buffer';
    if (isInside || isReader || ownOf(child.fn)?.kernel === operation.kernel)
      samples += child.total;
  }
  return samples;
}

/** Samples by function of operations of each kind below it, an operation below two calls of one function counted once. */
export function samplesUnder(hits: readonly Hit[]): Map<string, number> {
  const under = new Map<string, number>();
  for (const { operation, owner, samples } of hits) {
    for (const fn of new Set(chain(owner).map((at) => at.fn.id))) {
      const key = `${fn} ${operation.call}`;
      under.set(key, (under.get(key) ?? 0) + samples);
    }
  }
  return under;
}
