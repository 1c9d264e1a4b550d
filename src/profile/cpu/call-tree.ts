import { type CallFrame, hitsOf, type ProfileNode, type ThreadProfile } from './v8-profile.js';

/** Names that V8 gives to time outside JavaScript. */
export const IDLE = '(idle)';
export const PROGRAM = '(program)';
export const COLLECTOR = '(garbage collector)';
const ROOT = '(root)';

/** A function of the program, the same on all threads. */
export interface SampledFunction {
  /** Its index in {@link CallTree.functions}. */
  readonly id: number;
  /** As V8 recorded it on the first thread that ran it. */
  readonly frame: CallFrame;
  /** Index of that thread. */
  readonly thread: number;
}

/** A function at one place in the call tree. */
export interface TreeNode {
  readonly fn: SampledFunction;
  /** `null` at the root. */
  readonly parent: TreeNode | null;
  readonly children: Map<number, TreeNode>;
  /** Samples in the function's own code. */
  self: number;
  /** Samples in it and in what it calls. */
  total: number;
  /** Own samples by line, from 1, where V8 recorded it. */
  readonly lines: Map<number, number>;
}

export interface ThreadCounts {
  readonly samples: number;
  readonly idle: number;
  readonly collector: number;
  readonly program: number;
}

/** All threads' samples as one tree; idle time is in {@link CallTree.threads} only. */
export interface CallTree {
  readonly functions: readonly SampledFunction[];
  readonly root: TreeNode;
  readonly threads: readonly ThreadCounts[];
  /** Samples by function: own, and with what it calls, recursion counted once; the latter by thread as well. */
  readonly self: readonly number[];
  readonly total: readonly number[];
  readonly totalByThread: readonly (readonly number[])[];
  /** Samples that are not idle. */
  readonly busy: number;
}

/** The functions of all threads, each once. */
export class FunctionTable {
  readonly functions: SampledFunction[] = [];
  /** What a function was seen to call, by its id. */
  readonly callees = new Map<number, Set<SampledFunction>>();
  /** Samples by line that V8 recorded of a function itself, by its id. */
  readonly lines = new Map<number, Map<number, number>>();
  readonly #known = new Map<string, SampledFunction>();

  of(frame: CallFrame, thread: number): SampledFunction {
    const { url, lineNumber, columnNumber, functionName, scriptId } = frame;
    // Code without an address (eval) is told apart by its script, which only means something on its own thread.
    const where = url !== '' || scriptId === '0' ? url : `${thread}#${scriptId}`;
    const key = `${where}:${lineNumber}:${columnNumber}:${functionName}`;
    const found = this.#known.get(key);
    if (found) return found;
    const made = { id: this.functions.length, frame, thread };
    this.functions.push(made);
    this.#known.set(key, made);
    return made;
  }
}

/** Functions between a function and one of its lines that V8 has compiled into it; none where the line is its own. */
export type InlinedPath = (fn: SampledFunction, line: number) => readonly SampledFunction[];

export function buildCallTree(
  threads: readonly ThreadProfile[],
  table: FunctionTable,
  inlinedPath: InlinedPath,
): CallTree {
  const nowhere = { scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  const root = newNode(table.of({ functionName: ROOT, ...nowhere }, 0), null);
  // Before anything is looked up: what was compiled into another function may have been sampled elsewhere.
  for (const [index, { profile }] of threads.entries()) {
    const byId = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
    for (const { callFrame, children = [], positionTicks = [] } of profile.nodes) {
      const { id } = table.of(callFrame, index);
      const lines = table.lines.get(id) ?? new Map<number, number>();
      for (const { line, ticks } of positionTicks) lines.set(line, (lines.get(line) ?? 0) + ticks);
      table.lines.set(id, lines);
      const callees = table.callees.get(id) ?? new Set();
      for (const child of children) {
        const frame = byId.get(child);
        if (frame) callees.add(table.of(frame, index));
      }
      table.callees.set(id, callees);
    }
  }
  const counts: ThreadCounts[] = [];
  const totalByThread: number[][] = [];
  for (const [index, { profile }] of threads.entries()) {
    const hits = hitsOf(profile);
    const byId = new Map(profile.nodes.map((node) => [node.id, node]));
    const count = { samples: 0, idle: 0, collector: 0, program: 0 };
    const total: number[] = [];
    const add = (node: TreeNode, samples: number): void => {
      node.self += samples;
      const callers = chain(node);
      for (const caller of callers) caller.total += samples;
      for (const fn of new Set(callers.map((caller) => caller.fn.id))) {
        total[fn] = (total[fn] ?? 0) + samples;
      }
    };
    const merge = (node: ProfileNode, into: TreeNode): void => {
      const self = hits.get(node.id) ?? 0;
      count.samples += self;
      if (node.callFrame.functionName === IDLE) {
        count.idle += self;
        return;
      }
      if (node.callFrame.functionName === COLLECTOR) count.collector += self;
      if (node.callFrame.functionName === PROGRAM) count.program += self;
      let left = self;
      for (const { line, ticks } of node.positionTicks ?? []) {
        const at = inlinedPath(into.fn, line).reduce(childOf, into);
        at.lines.set(line, (at.lines.get(line) ?? 0) + ticks);
        const samples = Math.min(left, ticks);
        add(at, samples);
        left -= samples;
      }
      add(into, left);
      for (const id of node.children ?? []) {
        const child = byId.get(id);
        if (child) merge(child, childOf(into, table.of(child.callFrame, index)));
      }
    };
    const first = profile.nodes.find(({ callFrame }) => callFrame.functionName === ROOT);
    const top = first ?? profile.nodes[0];
    if (top) merge(top, root);
    counts.push(count);
    totalByThread.push(total);
  }
  const { functions } = table;
  const self: number[] = [];
  walk(root, (node) => {
    self[node.fn.id] = (self[node.fn.id] ?? 0) + node.self;
  });
  const total = functions.map(({ id }) =>
    totalByThread.reduce((sum, thread) => sum + (thread[id] ?? 0), 0),
  );
  const busy = counts.reduce((sum, { samples, idle }) => sum + samples - idle, 0);
  return { functions, root, threads: counts, self, total, totalByThread, busy };
}

/** Every node below a node and itself, callers first. */
export function walk(node: TreeNode, visit: (node: TreeNode) => void): void {
  visit(node);
  for (const child of node.children.values()) walk(child, visit);
}

/** A node, its caller, and so on to the root. */
export function chain(node: TreeNode): TreeNode[] {
  const found: TreeNode[] = [];
  for (let at: TreeNode | null = node; at !== null; at = at.parent) found.push(at);
  return found;
}

function childOf(parent: TreeNode, fn: SampledFunction): TreeNode {
  const found = parent.children.get(fn.id);
  if (found) return found;
  const made = newNode(fn, parent);
  parent.children.set(fn.id, made);
  return made;
}

function newNode(fn: SampledFunction, parent: TreeNode | null): TreeNode {
  return { fn, parent, children: new Map(), self: 0, total: 0, lines: new Map() };
}
