import { RtliftError } from '../../errors.js';

/** A function as V8 names it; lines and columns count from 0. */
export interface CallFrame {
  readonly functionName: string;
  readonly scriptId: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly hitCount?: number;
  readonly children?: readonly number[];
  /** Samples by line of the function, from 1. */
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

/**
 * What V8's sampler writes: a call tree, and by sample the node that ran.
 * @see https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile
 */
export interface V8Profile {
  readonly nodes: readonly ProfileNode[];
  /** µs on V8's monotonic clock. */
  readonly startTime: number;
  readonly endTime: number;
  readonly samples?: readonly number[];
  /** µs between samples. */
  readonly timeDeltas?: readonly number[];
}

/** A script as it ran. */
export interface Script {
  readonly url: string;
  readonly sourceMapURL: string;
  readonly source: string;
}

/** What was sampled on one thread. */
export interface ThreadProfile {
  readonly name: string;
  readonly pid: number | null;
  readonly threadId: number | null;
  readonly profile: V8Profile;
  /** By V8's script id, as far as they were kept. */
  readonly scripts: Readonly<Record<string, Script>>;
}

/**
 * Checks that a value is a CPU profile of V8.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` with what is wrong.
 */
export function checkV8Profile(value: unknown, file: string): V8Profile {
  const wrong = (expected: string): never => {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `${file}: expected a CPU profile of V8 (node --cpu-prof, or saved by DevTools): ${expected}`,
      { arg: 'profile', file, expected },
    );
  };
  const profile = Object(value) as Partial<V8Profile>;
  const { nodes, samples, startTime, endTime } = profile;
  if (!Array.isArray(nodes) || nodes.length === 0) return wrong('`nodes` must be a list');
  if (typeof startTime !== 'number' || typeof endTime !== 'number') {
    return wrong('`startTime` and `endTime` must be numbers');
  }
  const ids = new Set<number>();
  for (const [i, node] of (nodes as readonly ProfileNode[]).entries()) {
    const why = wrongNode(node);
    if (why !== null) return wrong(`\`nodes[${i}]\` ${why}`);
    if (ids.has(node.id)) return wrong(`id ${node.id} is that of one node`);
    ids.add(node.id);
  }
  const tree = wrongTree(nodes, ids);
  if (tree !== null) return wrong(tree);
  const { timeDeltas } = profile;
  if (timeDeltas !== undefined && !isListOf(timeDeltas, Number.isFinite)) {
    return wrong('`timeDeltas` must be a list of numbers');
  }
  if (samples !== undefined) {
    if (!Array.isArray(samples)) return wrong('`samples` must be a list');
    const stray = samples.findIndex((id) => !ids.has(id));
    if (stray >= 0) return wrong(`\`samples[${stray}]\` names no node`);
  }
  return profile as V8Profile;
}

/** Deeper than any stack that V8 samples, and no deeper than what recursion over it takes. */
const MOST_DEEP = 1000;

function isListOf(value: unknown, is: (each: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(is);
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;

/** What is wrong with a node on its own. */
function wrongNode(value: unknown): string | null {
  const { id, callFrame, hitCount, children, positionTicks } = Object(
    value,
  ) as Partial<ProfileNode>;
  const frame = Object(callFrame) as Partial<CallFrame>;
  if (!Number.isInteger(id) || typeof frame.functionName !== 'string') {
    return 'must hold an id and a callFrame';
  }
  const { url, scriptId, lineNumber, columnNumber } = frame;
  if (typeof url !== 'string' || !['string', 'number'].includes(typeof scriptId)) {
    return 'must hold a url and a scriptId in its callFrame';
  }
  if (url.includes('\0') || (url.startsWith('file:') && !isFileUrl(url))) {
    return `has the url ${JSON.stringify(url)}, which is none`;
  }
  if (!Number.isInteger(lineNumber) || !Number.isInteger(columnNumber)) {
    return 'must hold a line and a column in its callFrame';
  }
  if (hitCount !== undefined && !isCount(hitCount)) return 'must have a count as hitCount';
  if (children !== undefined && !isListOf(children, Number.isInteger)) {
    return 'must have a list of ids as children';
  }
  const isTick = (each: unknown): boolean =>
    isCount(Object(each).line) && isCount(Object(each).ticks);
  return positionTicks === undefined || isListOf(positionTicks, isTick)
    ? null
    : 'must have lines and ticks as positionTicks';
}

/** A path of another machine is no error: its text is not found. A byte 0 is in no path. */
function isFileUrl(url: string): boolean {
  return URL.canParse(url) && !/%00/.test(url);
}

/** What is wrong with the nodes as a tree: each has one caller, and none calls itself by a detour. */
function wrongTree(nodes: readonly ProfileNode[], ids: ReadonlySet<number>): string | null {
  const callers = new Map<number, number>();
  for (const { id, children = [] } of nodes) {
    for (const child of children) {
      if (!ids.has(child)) return `a child of node ${id} is missing`;
      if (callers.has(child)) return `node ${child} has one caller`;
      callers.set(child, id);
    }
  }
  const depths = new Map<number, number>();
  for (const { id } of nodes) {
    const path: number[] = [];
    let at: number | undefined = id;
    // What has one caller and comes back to itself is longer than all nodes; what was walked before is not walked again.
    while (at !== undefined && !depths.has(at) && path.length <= nodes.length) {
      path.push(at);
      at = callers.get(at);
    }
    if (path.length > nodes.length) return `node ${id} must not be below itself`;
    let depth = at === undefined ? 0 : (depths.get(at) ?? 0);
    for (const each of path.reverse()) depths.set(each, ++depth);
    if (depth > MOST_DEEP) return `stacks of at most ${MOST_DEEP} calls`;
  }
  return null;
}

/** Samples by node id. */
export function hitsOf({ nodes, samples }: V8Profile): Map<number, number> {
  const hits = new Map<number, number>();
  if (samples === undefined) {
    for (const { id, hitCount = 0 } of nodes) if (hitCount > 0) hits.set(id, hitCount);
  } else {
    for (const id of samples) hits.set(id, (hits.get(id) ?? 0) + 1);
  }
  return hits;
}
