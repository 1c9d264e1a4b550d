import { SaxesParser } from 'saxes';
import { FlatNames } from './flat-names.js';

/** What a flattened design says about evaluation order. */
export interface Dependencies {
  /** True where any logic waits for a falling edge or for any change. */
  readonly hasOtherEdges: boolean;
  /** Signals whose rising edge some logic waits for. */
  readonly clocks: ReadonlySet<string>;
  /** Signals that are one and the same, by hierarchy. */
  readonly aliases: ReadonlyMap<string, ReadonlySet<string>>;
  /** Signals that some logic reads or writes, other than to wait for their edge. */
  readonly used: ReadonlySet<string>;
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
  const aliases = new Map<string, Set<string>>();
  const clocks = new Set<string>();
  const used = new Set<string>();
  const declared = new FlatNames();
  let senitemDepth = -1;
  let hasOtherEdges = false;
  let isUnclear = false;
  let depth = 0;
  let process: Process | null = null;
  // The assignments that are open; in Verilator's XML the target is the last child.
  const assignments: { readonly depth: number; lastChild: string[] }[] = [];

  const finish = ({ isAlias, isClocked, names, targets }: Process): void => {
    if (isAlias) for (const name of names) addAll(aliases, name, names);
    else for (const name of names) used.add(name);
    // A clocked process ends every dependency at its registers.
    if (isClocked) return;
    for (const target of isAlias ? names : targets) addAll(reads, target, names);
  };
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes: at }) => {
    depth++;
    if (name === 'var' && at.name) declared.declare(at.name);
    if (process === null && PROCESSES.has(name)) {
      const isAlias = name === 'assignalias';
      process = { depth, isAlias, names: new Set(), targets: new Set(), isClocked: false };
    }
    const parent = assignments.at(-1);
    if (parent?.depth === depth - 1) parent.lastChild = [];
    if (ASSIGNMENTS.has(name)) assignments.push({ depth, lastChild: [] });
    if (UNCLEAR.has(name)) isUnclear = true;
    if (name === 'senitem') {
      senitemDepth = depth;
      if (at.edgeType !== 'POS') hasOtherEdges = true;
      else if (process) process.isClocked = true;
    }
    if (name !== 'varref' || !at.name) return;
    const signal = declared.full(at.name);
    if (senitemDepth > 0) clocks.add(signal);
    else {
      process?.names.add(signal);
      assignments.at(-1)?.lastChild.push(signal);
    }
  });
  parser.on('closetag', () => {
    if (assignments.at(-1)?.depth === depth) {
      for (const target of assignments.pop()?.lastChild ?? []) process?.targets.add(target);
    }
    if (senitemDepth === depth) senitemDepth = -1;
    if (process?.depth === depth) {
      finish(process);
      process = null;
    }
    depth--;
  });
  parser.write(flatXml).close();
  return isUnclear ? null : { hasOtherEdges, clocks, aliases, used, reads };
}

function addAll(to: Map<string, Set<string>>, key: string, names: Iterable<string>): void {
  const known = to.get(key) ?? new Set<string>();
  for (const name of names) known.add(name);
  to.set(key, known);
}

/** Everything that is reached from `from` over `links`, those included. */
function reach(
  from: readonly string[],
  links: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> {
  const seen = new Set<string>(from);
  const queue = [...seen];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const next of links.get(name) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return seen;
}

/** The ports that decide whether a design may be evaluated once a cycle. */
export interface EvaluationPorts {
  readonly clock: string;
  /** Held while batches run, so an edge that waits for one never comes. */
  readonly resets: readonly string[];
  readonly sampledOutputs: readonly string[];
  readonly changingInputs: readonly string[];
}

/**
 * Whether one evaluation a cycle, in which the clock never shows its low level, gives the same run as two: all logic
 * waits for the rising edge of the clock itself, none reads the clock or derives another from it, and no output that
 * is sampled depends within the cycle on an input that changes.
 */
export function mayEvaluateOnce(
  dependencies: Dependencies | null,
  { clock, resets, sampledOutputs, changingInputs }: EvaluationPorts,
): boolean {
  if (dependencies === null || dependencies.hasOtherEdges) return false;
  const { clocks, aliases, used, reads } = dependencies;
  const clockNames = reach([clock], aliases);
  const resetNames = reach(resets, aliases);
  for (const name of clocks) if (!clockNames.has(name) && !resetNames.has(name)) return false;
  for (const name of clockNames) if (used.has(name)) return false;
  const behind = reach(sampledOutputs, reads);
  return !changingInputs.some((name) => behind.has(name));
}
