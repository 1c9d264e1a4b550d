import { RtliftError } from '../../errors.js';
import { buildCallTree, type CallTree, FunctionTable, IDLE, type TreeNode } from './call-tree.js';
import { findCandidates, nameOf } from './candidates.js';
import { inlinedPaths } from './inlining.js';
import type { CpuReport, CpuThread, HotFunction } from './report.js';
import { shareOf } from './shares.js';
import { Sources } from './sources.js';
import type { ThreadProfile } from './v8-profile.js';

export interface Analysis {
  readonly report: CpuReport;
  readonly tree: CallTree;
  readonly sources: Sources;
  /** Index of the candidate that a node of the tree is the beginning of. */
  readonly marks: ReadonlyMap<TreeNode, number>;
}

export interface AnalyseOptions {
  /** What was profiled, as a reader would type it. */
  readonly command: string;
  /** Default: the median of what the profiles hold. */
  readonly intervalUs?: number;
  readonly notes?: readonly string[];
}

/** Below so many samples a share of 10 % is uncertain by more than two points. */
const FEW_SAMPLES = 1000;

/**
 * Hot functions and candidates of what was sampled on some threads.
 * @throws {@link RtliftError} `ERR_RTLIFT_NO_SAMPLES` where no thread used the CPU.
 */
export function analyse(
  threads: readonly ThreadProfile[],
  { command, intervalUs, notes = [] }: AnalyseOptions,
): Analysis {
  const sources = new Sources(threads);
  const table = new FunctionTable();
  const tree = buildCallTree(threads, table, inlinedPaths(sources, table));
  if (tree.busy === 0) {
    const taken = tree.threads.reduce((sum, { samples }) => sum + samples, 0);
    throw new RtliftError(
      'ERR_RTLIFT_NO_SAMPLES',
      `expected CPU samples of ${command}, got ${threads.length === 0 ? 'no profile of any thread' : `${taken} samples, all of them idle`}${notes.map((note) => `; ${note}`).join('')}; run it longer, put it under load, or lower --interval`,
      { threads: threads.length, samples: taken },
    );
  }
  const found = findCandidates(tree, sources);
  const few =
    tree.busy < FEW_SAMPLES
      ? [`only ${tree.busy} samples: the shares are rough; run it longer or lower --interval.`]
      : [];
  const collected = tree.threads.reduce((sum, { collector }) => sum + collector, 0) / tree.busy;
  const collector =
    collected < 0.05
      ? []
      : [
          `the garbage collector took ${(100 * collected).toFixed(0)} % of the CPU; V8 does not say whose garbage it was, and no candidate is credited with it.`,
        ];
  const report: CpuReport = {
    schema: 'rtlift-cpu-profile-1',
    command,
    durationMs: Math.max(
      ...threads.map(({ profile }) => (profile.endTime - profile.startTime) / 1e3),
    ),
    samples: tree.busy,
    intervalUs: intervalUs ?? medianInterval(threads),
    threads: threadRows(threads, tree),
    functions: functionRows(threads, tree, sources),
    candidates: [...found.candidates],
    notes: [...notes, ...found.notes, ...few, ...collector],
  };
  return { report, tree, sources, marks: found.marks };
}

function threadRows(threads: readonly ThreadProfile[], tree: CallTree): CpuThread[] {
  return threads.map(({ name, pid, threadId }, i) => {
    const { samples = 0, idle = 0, collector = 0, program = 0 } = tree.threads[i] ?? {};
    return {
      id: threadKey(i),
      name,
      pid,
      threadId,
      samples,
      idleSamples: idle,
      gcSamples: collector,
      programSamples: program,
      share: shareOf(samples - idle, tree.busy),
    };
  });
}

function threadKey(index: number): string {
  return `t${index}`;
}

function functionRows(
  threads: readonly ThreadProfile[],
  tree: CallTree,
  sources: Sources,
): HotFunction[] {
  return tree.functions
    .filter(
      ({ id, frame }) =>
        (tree.total[id] ?? 0) > 0 && frame.functionName !== '(root)' && frame.functionName !== IDLE,
    )
    .map((fn): HotFunction => {
      const [self, total] = [tree.self[fn.id] ?? 0, tree.total[fn.id] ?? 0];
      const place = sources.place(fn);
      const byThread = threads.map(
        (_, i) => [threadKey(i), tree.totalByThread[i]?.[fn.id] ?? 0] as const,
      );
      return {
        name: nameOf(fn),
        file: place?.file ?? (fn.frame.url || null),
        line: place?.line ?? (fn.frame.lineNumber < 0 ? null : fn.frame.lineNumber + 1),
        selfShare: shareOf(self, tree.busy),
        totalShare: shareOf(total, tree.busy),
        selfSamples: self,
        totalSamples: total,
        threads: Object.fromEntries(byThread.filter(([, count]) => count > 0)),
      };
    })
    .sort((a, b) => b.selfSamples - a.selfSamples || b.totalSamples - a.totalSamples);
}

function medianInterval(threads: readonly ThreadProfile[]): number {
  const deltas = threads.flatMap(({ profile }) => profile.timeDeltas ?? []).sort((a, b) => a - b);
  return Math.max(1, deltas[deltas.length >> 1] ?? 1000);
}
