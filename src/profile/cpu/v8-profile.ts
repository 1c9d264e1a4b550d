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
    const frame = Object(Object(node).callFrame) as Partial<CallFrame>;
    if (typeof node?.id !== 'number' || typeof frame.functionName !== 'string') {
      return wrong(`\`nodes[${i}]\` must hold an id and a callFrame`);
    }
    ids.add(node.id);
  }
  const strayChild = (nodes as readonly ProfileNode[]).find(({ children }) =>
    children?.some((id) => !ids.has(id)),
  );
  if (strayChild) return wrong(`a child of node ${strayChild.id} is missing`);
  if (samples !== undefined) {
    if (!Array.isArray(samples)) return wrong('`samples` must be a list');
    const stray = samples.findIndex((id) => !ids.has(id));
    if (stray >= 0) return wrong(`\`samples[${stray}]\` names no node`);
  }
  return profile as V8Profile;
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
