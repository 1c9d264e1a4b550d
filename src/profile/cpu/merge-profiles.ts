import type { ProfileNode, ThreadProfile, V8Profile } from './v8-profile.js';

/**
 * One CPU profile for DevTools: that of the only thread as V8 wrote it, or those of several one after the other, each below a
 * node with its name.
 */
export function mergeProfiles(threads: readonly ThreadProfile[]): V8Profile {
  const [only] = threads;
  if (threads.length === 1 && only) return only.profile;
  const nodes: ProfileNode[] = [];
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  const tops: number[] = [];
  let used = 1;
  for (const { name, profile } of threads) {
    const ids = new Map(profile.nodes.map(({ id }, i) => [id, used + 1 + i]));
    const renumbered = (id: number): number => ids.get(id) ?? 1;
    for (const [i, node] of profile.nodes.entries()) {
      const { id, callFrame, children } = node;
      // The first is V8's root: it becomes the thread.
      const frame = i === 0 ? { ...callFrame, functionName: `(thread: ${name})` } : callFrame;
      nodes.push({
        ...node,
        id: renumbered(id),
        callFrame: frame,
        ...(children === undefined ? {} : { children: children.map(renumbered) }),
      });
    }
    tops.push(used + 1);
    used += profile.nodes.length;
    for (const id of profile.samples ?? []) samples.push(renumbered(id));
    for (const delta of profile.timeDeltas ?? []) timeDeltas.push(delta);
  }
  const root: ProfileNode = {
    id: 1,
    callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
    hitCount: 0,
    children: tops,
  };
  const span = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  return { nodes: [root, ...nodes], startTime: 0, endTime: span, samples, timeDeltas };
}
