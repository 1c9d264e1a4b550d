import { SaxesParser } from 'saxes';

/** What a flattened design says about evaluation order. */
export interface Dependencies {
  /** True where any logic waits for a falling edge, any edge, or time. */
  readonly hasOtherEdges: boolean;
  /** For each signal, the signals it depends on within the same cycle. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>;
}

const ASSIGNMENTS = new Set(['assign', 'assigndly', 'assignw', 'assignforce', 'contassign']);
const PROCESSES = new Set(['always', 'assignalias', 'contassign', 'assignw']);
const UNCLEAR = new Set(['taskref', 'funcref', 'ccall', 'delay', 'timingcontrol', 'wait', 'fork']);

/** What one process names: every signal, and those on the left of its assignments. */
interface Process {
  readonly depth: number;
  readonly isAlias: boolean;
  readonly names: Set<string>;
  readonly targets: Set<string>;
  isClocked: boolean;
}

/**
 * Reads which signals depend on which without a register between, from `verilator --xml-only --flatten`.
 *
 * Conservative: within a process without a clock edge, every target depends on every signal that the process names.
 * @returns `null` where the design holds something this reading does not cover (a call, a delay).
 */
export function readDependencies(flatXml: string): Dependencies | null {
  const reads = new Map<string, Set<string>>();
  let hasOtherEdges = false;
  let isUnclear = false;
  let depth = 0;
  let process: Process | null = null;
  // The assignments that are open; in Verilator's XML the target is the last child.
  const assignments: { readonly depth: number; lastChild: string[] }[] = [];

  const finish = ({ isAlias, isClocked, names, targets }: Process): void => {
    // A clocked process ends every dependency at its registers.
    if (isClocked) return;
    for (const target of isAlias ? names : targets) {
      const known = reads.get(target);
      if (known) for (const name of names) known.add(name);
      else reads.set(target, new Set(names));
    }
  };
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes: at }) => {
    depth++;
    if (process === null && PROCESSES.has(name)) {
      const isAlias = name === 'assignalias';
      process = { depth, isAlias, names: new Set(), targets: new Set(), isClocked: false };
    }
    const parent = assignments.at(-1);
    if (parent?.depth === depth - 1) parent.lastChild = [];
    if (ASSIGNMENTS.has(name)) assignments.push({ depth, lastChild: [] });
    if (UNCLEAR.has(name)) isUnclear = true;
    if (name === 'senitem') {
      if (at.edgeType !== 'POS') hasOtherEdges = true;
      else if (process) process.isClocked = true;
    }
    if (name === 'varref' && at.name) {
      process?.names.add(at.name);
      assignments.at(-1)?.lastChild.push(at.name);
    }
  });
  parser.on('closetag', () => {
    if (assignments.at(-1)?.depth === depth) {
      for (const target of assignments.pop()?.lastChild ?? []) process?.targets.add(target);
    }
    if (process?.depth === depth) {
      finish(process);
      process = null;
    }
    depth--;
  });
  parser.write(flatXml).close();
  return isUnclear ? null : { hasOtherEdges, reads };
}

/**
 * Whether one evaluation a cycle gives the same run as two: nothing waits for the falling edge, and no output that
 * is sampled depends within the cycle on an input that changes.
 */
export function mayEvaluateOnce(
  dependencies: Dependencies | null,
  sampledOutputs: readonly string[],
  changingInputs: readonly string[],
): boolean {
  if (dependencies === null || dependencies.hasOtherEdges) return false;
  const inputs = new Set(changingInputs);
  const seen = new Set<string>(sampledOutputs);
  const queue = [...seen];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (inputs.has(name)) return false;
    for (const next of dependencies.reads.get(name) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return true;
}
