import type { ProfileNode, ThreadProfile } from '../../src/profile/cpu/v8-profile.js';

/** A frame: its name, and where the function begins in which file, lines and columns from 0. */
export interface TestFrame {
  readonly name: string;
  readonly url?: string;
  readonly line?: number;
  readonly column?: number;
}

/** So many samples with one stack, callers first; `at`: the line that V8 counts them to, from 1. */
export interface TestSamples {
  readonly stack: readonly TestFrame[];
  readonly samples: number;
  readonly at?: number;
}

export interface TestScript {
  readonly url: string;
  readonly source: string;
  readonly sourceMapURL?: string;
}

/** The profile that V8 would write of some stacks. */
export function syntheticThread(
  stacks: readonly TestSamples[],
  scripts: readonly TestScript[] = [],
  name = 'test main',
): ThreadProfile {
  const ids = new Map(scripts.map(({ url }, i) => [url, String(100 + i)]));
  const nodes: (ProfileNode & {
    children: number[];
    positionTicks: { line: number; ticks: number }[];
  })[] = [];
  const make = ({ name: functionName, url = '', line = -1, column = -1 }: TestFrame) => {
    const scriptId = url === '' ? '0' : (ids.get(url) ?? '99');
    const callFrame = { functionName, scriptId, url, lineNumber: line, columnNumber: column };
    const node = {
      id: nodes.length + 1,
      callFrame,
      children: [] as number[],
      positionTicks: [] as { line: number; ticks: number }[],
    };
    nodes.push(node);
    return node;
  };
  const root = make({ name: '(root)' });
  const samples: number[] = [];
  for (const { stack, samples: count, at } of stacks) {
    let node = root;
    for (const frame of stack) {
      const found = node.children
        .map((id) => nodes[id - 1])
        .find(
          (child) =>
            child?.callFrame.functionName === frame.name &&
            child.callFrame.url === (frame.url ?? '') &&
            child.callFrame.lineNumber === (frame.line ?? -1),
        );
      if (found) {
        node = found;
        continue;
      }
      const made = make(frame);
      node.children.push(made.id);
      node = made;
    }
    if (at !== undefined) node.positionTicks.push({ line: at, ticks: count });
    for (let i = 0; i < count; i++) samples.push(node.id);
  }
  const kept = scripts.map(({ url, source, sourceMapURL = '' }) => [
    ids.get(url),
    { url, source, sourceMapURL },
  ]);
  return {
    name,
    pid: 1,
    threadId: 0,
    profile: {
      nodes,
      startTime: 0,
      endTime: samples.length * 1000,
      samples,
      timeDeltas: samples.map(() => 1000),
    },
    scripts: Object.fromEntries(kept),
  };
}

/** A frame for a function of a script, found by its text: V8 places it where its parameters begin. */
export function frameOf(
  { url, source }: TestScript,
  name: string,
  head = `function ${name}`,
): TestFrame {
  const start = source.indexOf(head);
  if (start < 0) throw new Error(`no ${head} in ${url}`);
  const at = head.startsWith('function') ? source.indexOf('(', start) : start + head.length;
  const before = source.slice(0, at).split('\n');
  return { name, url, line: before.length - 1, column: before.at(-1)?.length ?? 0 };
}
