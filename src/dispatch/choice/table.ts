import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { RtliftError } from '../../errors.js';
import type { PathName } from '../../paths/path.js';
import type { ChooserState } from './chooser.js';

/** What a handle has learnt, to be reviewed, kept and loaded: {@link ChoiceTable.state} is of one machine and kernel. */
export interface ChoiceTable {
  readonly schema: 'rtlift-choice-1';
  readonly kernel: string;
  /** Elaborated parameters of its RTL: others have other costs. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Timings are of this processor; `any`: of none, as with a table that was written by hand. */
  readonly cpu: string;
  readonly takenAt: string;
  readonly state: ChooserState;
}

type Subject = {
  readonly name: string;
  readonly rtl: { readonly parameters: Readonly<Record<string, unknown>> };
};

const parametersOf = ({ rtl }: Subject): Record<string, string> =>
  Object.fromEntries(Object.entries(rtl.parameters).map(([key, value]) => [key, String(value)]));

const thisCpu = (): string => cpus()[0]?.model ?? 'unknown';

export function makeTable(kernel: Subject, state: ChooserState): ChoiceTable {
  return {
    schema: 'rtlift-choice-1',
    kernel: kernel.name,
    parameters: parametersOf(kernel),
    cpu: thisCpu(),
    takenAt: new Date().toISOString(),
    state,
  };
}

function refuse(expected: string, got: unknown): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `choice.table: expected ${expected}, got ${String(got)}`,
    { arg: 'choice.table', expected, got: String(got) },
  );
}

/**
 * Reads a table, or the file that holds one.
 * @param otherCpu - what is done with a table that was learnt on another processor; `warn` leaves it to {@link cpuWarning}.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` where it is none, or of another kernel or other parameters.
 */
export async function readTable(
  table: ChoiceTable | string | URL,
  kernel: Subject,
  otherCpu: 'warn' | 'refuse' = 'warn',
): Promise<ChoiceTable> {
  const read = typeof table === 'string' || table instanceof URL ? await readJson(table) : table;
  if (read?.schema !== 'rtlift-choice-1') {
    throw refuse('schema rtlift-choice-1', (read as { schema?: unknown } | null)?.schema);
  }
  if (read.kernel !== kernel.name) throw refuse(`a table of kernel ${kernel.name}`, read.kernel);
  const [want, got] = [parametersOf(kernel), read.parameters];
  for (const key of new Set([...Object.keys(want), ...Object.keys(got ?? {})])) {
    if (want[key] === got?.[key]) continue;
    throw refuse(`parameter ${key} of ${want[key]}`, got?.[key]);
  }
  if (typeof read.cpu !== 'string') throw refuse('the processor as a string', read.cpu);
  checkState(read.state);
  if (otherCpu === 'refuse' && cpuWarning(read) !== null) {
    throw refuse(`a table learnt on ${thisCpu()}`, read.cpu);
  }
  return read;
}

/** What is wrong with the timings of a table on this machine, in words, or `null`. */
export function cpuWarning({ cpu }: ChoiceTable): string | null {
  if (cpu === 'any' || cpu === thisCpu()) return null;
  return `the table was learnt on another processor (${cpu}; this is ${thisCpu()})`;
}

async function readJson(file: string | URL): Promise<ChoiceTable> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ChoiceTable;
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `choice.table: expected a JSON file at ${String(file)}: ${(cause as Error).message}`,
      { arg: 'choice.table', file: String(file) },
      { cause },
    );
  }
}

const PATHS: readonly string[] = ['javascript', 'verilator'] satisfies PathName[];
const isAmount = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0;

function checkState(state: ChooserState | undefined): void {
  if (!isObject(state?.models) || !isObject(state.cells)) {
    throw refuse('models and cells', JSON.stringify(state));
  }
  for (const [path, model] of Object.entries(state.models)) {
    checkPath(path);
    const { coefficients, observations } = model ?? {};
    const isRight =
      Array.isArray(coefficients) &&
      coefficients.length === 3 &&
      coefficients.every(Number.isFinite);
    if (!isRight || !isAmount(observations)) {
      throw refuse(`a cost model of three finite coefficients for ${path}`, JSON.stringify(model));
    }
  }
  for (const [key, cell] of Object.entries(state.cells)) {
    if (!/^\d{1,4}$/.test(key)) throw refuse('size classes by number', key);
    if (!isObject(cell?.typical))
      throw refuse(`timings in size class ${key}`, JSON.stringify(cell));
    if (cell.current !== null) checkPath(cell.current);
    for (const [path, typical] of Object.entries(cell.typical)) {
      checkPath(path);
      const { messages, bytes, ns, timed } = typical ?? {};
      if (![messages, bytes, ns, timed].every(isAmount)) {
        throw refuse(`numbers of 0 or more in size class ${key}`, JSON.stringify(typical));
      }
      // Times are compared by their ratios.
      if (ns === 0) throw refuse(`a time above 0 ns in size class ${key}`, JSON.stringify(typical));
    }
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function checkPath(path: unknown): void {
  if (!PATHS.includes(path as string)) throw refuse(`a path, ${PATHS.join(' or ')}`, path);
}
