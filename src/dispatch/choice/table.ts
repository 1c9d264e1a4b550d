import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { RtliftError } from '../../errors.js';
import type { ChooserState } from './chooser.js';

/** What a handle has learnt, to be reviewed, kept and loaded: {@link ChoiceTable.state} is of one machine and kernel. */
export interface ChoiceTable {
  readonly schema: 'rtlift-choice-1';
  readonly kernel: string;
  /** Elaborated parameters of its RTL: others have other costs. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Timings are of this processor. */
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

export function makeTable(kernel: Subject, state: ChooserState): ChoiceTable {
  return {
    schema: 'rtlift-choice-1',
    kernel: kernel.name,
    parameters: parametersOf(kernel),
    cpu: cpus()[0]?.model ?? 'unknown',
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
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` where it is none, or of another kernel or other parameters.
 */
export async function readTable(
  table: ChoiceTable | string | URL,
  kernel: Subject,
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
  checkState(read.state);
  return read;
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

function checkState(state: ChooserState | undefined): void {
  for (const [path, model] of Object.entries(state?.models ?? {})) {
    const { coefficients, observations } = model ?? {};
    const isRight =
      Array.isArray(coefficients) &&
      coefficients.length === 3 &&
      coefficients.every(Number.isFinite);
    if (!isRight || !Number.isFinite(observations)) {
      throw refuse(`a cost model of three finite coefficients for ${path}`, JSON.stringify(model));
    }
  }
  for (const [key, cell] of Object.entries(state?.cells ?? {})) {
    if (!/^\d+$/.test(key)) throw refuse('size classes by number', key);
    for (const typical of Object.values(cell?.typical ?? {})) {
      const { messages, bytes, ns, timed } = typical ?? {};
      if (![messages, bytes, ns, timed].every((value) => Number.isFinite(value))) {
        throw refuse(`finite numbers in size class ${key}`, JSON.stringify(typical));
      }
    }
  }
  if (!state?.models || !state.cells) throw refuse('models and cells', JSON.stringify(state));
}
