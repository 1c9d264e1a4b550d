import { SaxesParser } from 'saxes';

/** What a flattened design says about evaluation order. */
export interface Dependencies {
  /** True where any logic waits for a falling edge, any edge, or time. */
  readonly hasOtherEdges: boolean;
  /** For each signal, the signals it depends on within the same cycle. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>;
}

const PROCESSES = new Set(['always', 'alwayspublic', 'contassign', 'assignalias', 'assignw']);
const UNCLEAR = new Set(['taskref', 'funcref', 'ccall', 'delay', 'timingcontrol', 'wait', 'fork']);

/**
 * Reads which signals depend on which without a register between, from `verilator --xml-only --flatten`.
 *
 * Conservative: within a process without a clock edge, every signal named is taken to depend on every other.
 * @returns `null` where the design holds something this reading does not cover (a call, a delay).
 */
export function readDependencies(flatXml: string): Dependencies | null {
  const reads = new Map<string, Set<string>>();
  let hasOtherEdges = false;
  let isUnclear = false;
  let processDepth = -1;
  let depth = 0;
  let hasPositiveEdge = false;
  let names = new Set<string>();

  const link = (): void => {
    for (const target of names) {
      const known = reads.get(target);
      if (known) for (const name of names) known.add(name);
      else reads.set(target, new Set(names));
    }
  };
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes: at }) => {
    depth++;
    if (processDepth < 0 && PROCESSES.has(name)) {
      processDepth = depth;
      hasPositiveEdge = false;
      names = new Set();
    }
    if (UNCLEAR.has(name)) isUnclear = true;
    if (name === 'senitem') {
      if (at.edgeType === 'POS') hasPositiveEdge = true;
      else hasOtherEdges = true;
    }
    if (processDepth >= 0 && name === 'varref' && at.name) names.add(at.name);
  });
  parser.on('closetag', () => {
    if (depth === processDepth) {
      // A clocked process ends every dependency at its registers.
      if (!hasPositiveEdge) link();
      processDepth = -1;
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
