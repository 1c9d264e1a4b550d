import type { Analysis } from './analyse.js';
import { FunctionTable } from './call-tree.js';
import { nameOf } from './candidates.js';
import type { ProfileNode, ThreadProfile } from './v8-profile.js';

interface SpeedscopeFrame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
}

/** @see https://www.speedscope.app/file-format-schema.json */
export interface SpeedscopeFile {
  readonly $schema: 'https://www.speedscope.app/file-format-schema.json';
  readonly name: string;
  readonly exporter: string;
  readonly activeProfileIndex: number;
  readonly shared: { readonly frames: readonly SpeedscopeFrame[] };
  readonly profiles: readonly {
    readonly type: 'sampled';
    readonly name: string;
    readonly unit: 'microseconds';
    readonly startValue: number;
    readonly endValue: number;
    /** Frames of a stack, callers first. */
    readonly samples: readonly (readonly number[])[];
    readonly weights: readonly number[];
  }[];
}

/** The profile as speedscope reads it: a thread each, in order of time, places by the source maps. */
export function toSpeedscope(
  threads: readonly ThreadProfile[],
  { report: { command }, sources }: Pick<Analysis, 'report' | 'sources'>,
): SpeedscopeFile {
  const table = new FunctionTable();
  const profiles = threads.map(({ name, profile }, index) => {
    const stacks = stacksOf(profile.nodes, (node) => table.of(node.callFrame, index).id);
    const samples: (readonly number[])[] = [];
    const weights: number[] = [];
    let last = -1;
    const ids = profile.samples ?? [];
    for (const [i, id] of ids.entries()) {
      // A sample stands for the time until the next one.
      const weight = Math.max(0, profile.timeDeltas?.[i + 1] ?? 0);
      if (id === last) weights[weights.length - 1] = (weights.at(-1) ?? 0) + weight;
      else {
        samples.push(stacks.get(id) ?? []);
        weights.push(weight);
      }
      last = id;
    }
    return {
      type: 'sampled' as const,
      name,
      unit: 'microseconds' as const,
      startValue: 0,
      endValue: weights.reduce((sum, weight) => sum + weight, 0),
      samples,
      weights,
    };
  });
  const frames = table.functions.map((fn): SpeedscopeFrame => {
    const place = sources.place(fn);
    const { url, lineNumber } = fn.frame;
    if (place !== null) return { name: nameOf(fn), file: place.file, line: place.line };
    return { name: nameOf(fn), ...(url === '' ? {} : { file: url, line: lineNumber + 1 }) };
  });
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    name: command,
    exporter: 'rtlift',
    activeProfileIndex: 0,
    shared: { frames },
    profiles,
  };
}

/** Stack of every node, without the root. */
function stacksOf(
  nodes: readonly ProfileNode[],
  frameOf: (node: ProfileNode) => number,
): Map<number, readonly number[]> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stacks = new Map<number, readonly number[]>();
  const visit = (node: ProfileNode, stack: readonly number[]): void => {
    const own = node.callFrame.functionName === '(root)' ? stack : [...stack, frameOf(node)];
    stacks.set(node.id, own);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child) visit(child, own);
    }
  };
  const [root] = nodes;
  if (root) visit(root, []);
  return stacks;
}
