import { RtliftError } from '../errors.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { PathName } from '../paths/path.js';
import type { VerilatorPathOptions } from '../paths/verilator-options.js';
import { checkBundles, checkRest } from './check-policy.js';
import { Chooser } from './choice/chooser.js';
import { type ChoiceTable, cpuWarning, readTable } from './choice/table.js';
import { trial } from './choice/trial.js';
import { type KeepOptions, MismatchKeeper } from './keep-mismatch.js';
import { makeHandle } from './make-handle.js';
import type { Offloaded } from './offloaded.js';
import { openPaths } from './open-paths.js';
import type { HealthOptions } from './path-health.js';
import { type BatchingOptions, checkBatching } from './single-calls.js';

export type { Offloaded } from './offloaded.js';

/** How {@link offload} opens a kernel. */
export interface OffloadOptions extends VerilatorPathOptions {
  /** `auto` (default) chooses; a named path is required, and where it cannot run that is an error. */
  readonly path?: PathName | 'auto';
  /** How single calls are brought together; `false`: each is run alone and at once. */
  readonly batching?: BatchingOptions | false;
  /** How `auto` chooses. */
  readonly choice?: ChoiceOptions;
  /**
   * Share of the batches of a path that are computed on the golden model as well, 0 to 1; default 0.001 with `auto`, else 0.
   * With `auto` a difference bars the path for a while, and the caller gets the golden result; on a named path it is the error
   * `ERR_RTLIFT_RESULT_MISMATCH`.
   */
  readonly checkShare?: number;
  /** Where batches with a wrong result are kept to be replayed; `false` keeps none. */
  readonly bundles?: KeepOptions | false;
  /** How long a path rests after a failure under `auto`. */
  readonly rest?: HealthOptions;
}

/** How `path: 'auto'` chooses. */
export interface ChoiceOptions {
  /** How much faster another path must be before batches of a size class change to it, 1 or more; default 1.1. */
  readonly hysteresis?: number;
  /** Share of all host time that trials of a slower path may cost, 0 to 1; default 0.01. */
  readonly trialShare?: number;
  /** What was learnt before: a table of `handle.choiceTable()`, or the file that holds one. */
  readonly table?: ChoiceTable | string | URL;
  /**
   * What is done with a table that was learnt on another processor: `warn` (default) says so in `explain()`, `refuse` is
   * `ERR_RTLIFT_INVALID_ARG`.
   */
  readonly otherCpu?: 'warn' | 'refuse';
  /** Use the table and learn nothing further; default false. */
  readonly isFrozen?: boolean;
}

/**
 * Offloads an operation: opens a path for the kernel and returns it as a function.
 * @throws {@link RtliftError} `ERR_RTLIFT_PATH_UNAVAILABLE` when a named path cannot run; its `cause` says why.
 */
export async function offload<I, O>(
  kernel: Kernel<I, O>,
  options: OffloadOptions = {},
): Promise<Offloaded<I, O>> {
  if (typeof kernel?.golden !== 'function') {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `offload takes a kernel made by defineKernel, got ${kernel === null ? 'null' : typeof kernel}`,
      { arg: 'kernel' },
    );
  }
  checkObject('options', options);
  const {
    path: wanted = 'auto',
    choice = {},
    batching = {},
    checkShare,
    bundles,
    rest,
    ...pathOptions
  } = options;
  checkChoice(choice);
  checkShares({ ...choice, ...(checkShare === undefined ? {} : { checkShare }) });
  checkOtherCpu(choice.otherCpu);
  checkBatching(batching);
  if (rest !== undefined) checkRest(rest);
  if (bundles !== undefined) checkBundles(bundles);
  const table =
    choice.table === undefined ? null : await readTable(choice.table, kernel, choice.otherCpu);
  const open = await openPaths(kernel, wanted, pathOptions);
  const names = open.paths.map(({ name }) => name);
  const chooser = wanted === 'auto' ? new Chooser(names, choice, table?.state) : null;
  const tried =
    chooser !== null && names.length > 1
      ? // A frozen table must stay as it is, but a path with other results is caught all the same.
        await trial(kernel, open.paths, chooser)
      : {};
  const seed = pathOptions.seed ?? 1n;
  return makeHandle(kernel, open, batching, {
    chooser,
    failed: new Map(),
    ...tried,
    tableWarning: table === null ? null : cpuWarning(table),
    checkShare: checkShare ?? (chooser === null ? 0 : 0.001),
    ...(bundles === false ? {} : { keeper: new MismatchKeeper(kernel, seed, bundles) }),
    ...(rest ? { health: rest } : {}),
  });
}

function checkObject(arg: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  const got = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
  throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `${arg} is an object, got ${got}`, { arg, got });
}

function checkChoice(choice: ChoiceOptions): void {
  checkObject('choice', choice);
  const isFrozen: unknown = choice.isFrozen;
  if (isFrozen === undefined || typeof isFrozen === 'boolean') return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `choice.isFrozen is true or false, got ${String(isFrozen)}`,
    { arg: 'choice.isFrozen', got: isFrozen },
  );
}

function checkOtherCpu(otherCpu: unknown): void {
  if (otherCpu === undefined || otherCpu === 'warn' || otherCpu === 'refuse') return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `choice.otherCpu is warn or refuse, got ${String(otherCpu)}`,
    { arg: 'choice.otherCpu', got: otherCpu },
  );
}

function checkShares(values: Readonly<Record<string, unknown>>): void {
  for (const [arg, least, most] of [
    ['hysteresis', 1, Number.MAX_VALUE],
    ['trialShare', 0, 1],
    ['checkShare', 0, 1],
  ] as const) {
    const value = values[arg];
    if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) {
      continue;
    }
    const range = arg === 'hysteresis' ? '1 or more' : '0 to 1';
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `${arg} is a number, ${range}, got ${value}`, {
      arg,
      got: value,
    });
  }
}
