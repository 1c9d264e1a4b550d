import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RtliftError } from '../../errors.js';
import type { SuiteReport, Wave } from '../../report/suite-report.js';
import type { CountedActivity } from './count-activity.js';
import type { PointResult } from './point.js';

const SCHEMA = 'rtlift-suite-journal-2';

/** What a run must share with one that was cut short, to go on from it. */
export interface RunKey {
  readonly rtlift: string;
  readonly cpu: string;
  readonly node: string;
  readonly settings: SuiteReport['settings'];
  /** What is measured: operations with their parameters, message classes, batches. */
  readonly plan: string;
}

/** One thing that was found, in the order in which it was. */
export type JournalEntry =
  | { readonly kind: 'point'; readonly point: PointResult }
  | {
      readonly kind: 'size';
      readonly operation: string;
      readonly size: string;
      readonly compared: SuiteReport['compared'];
      /** `null` where nothing was counted. */
      readonly activity: CountedActivity | null;
    }
  | {
      readonly kind: 'operation';
      readonly operation: string;
      readonly skipped: SuiteReport['skipped'];
      readonly wave: Wave | null;
    };

export interface Journal {
  /** What an earlier run left. */
  readonly entries: readonly JournalEntry[];
  /** Why nothing was taken from a journal that is there; `null` where nothing stood in the way. */
  readonly refused: string | null;
  readonly append: (entry: JournalEntry) => Promise<void>;
  /** Removes the journal: the run is whole. */
  readonly finish: () => Promise<void>;
}

/** A run that keeps nothing. */
export const NO_JOURNAL: Journal = {
  entries: [],
  refused: null,
  append: async () => undefined,
  finish: async () => undefined,
};

/**
 * Opens the journal of a run, a line of JSON for each thing found. What a run with the same key left is taken over; of
 * another key it is left behind, and the journal starts anew.
 * @param isRequired - whether a journal that cannot be gone on from is an error.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` where `isRequired` and there is none, or one of another run.
 */
export async function openJournal(
  file: string,
  key: RunKey,
  { isRequired = false }: { readonly isRequired?: boolean } = {},
): Promise<Journal> {
  const { entries, refused, isKept } = await readJournal(file, key);
  if (isRequired && !isKept) {
    const why = refused ?? 'there is none';
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `--resume: expected the journal of a run that was cut short in ${file}: ${why}`,
      { arg: 'resume', file },
    );
  }
  await mkdir(dirname(file), { recursive: true });
  // Written anew, so that a last line that was cut short does not join the next one.
  const lines = [{ schema: SCHEMA, key }, ...entries];
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return {
    entries,
    refused,
    append: (entry) => appendFile(file, `${JSON.stringify(entry)}\n`),
    finish: () => rm(file, { force: true }),
  };
}

async function readJournal(
  file: string,
  key: RunKey,
): Promise<{ entries: JournalEntry[]; refused: string | null; isKept: boolean }> {
  const none = { entries: [], isKept: false };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { ...none, refused: null };
    throw error;
  }
  const lines = text.split('\n').flatMap((line) => parse(line) ?? []);
  const head = lines[0] as { schema?: unknown; key?: RunKey } | undefined;
  if (head?.schema !== SCHEMA || head.key === undefined) {
    return { ...none, refused: 'it is no journal of this version' };
  }
  const different = differences(head.key, key);
  if (different.length > 0) {
    return { ...none, refused: `it is of a run with another ${different.join(' and ')}` };
  }
  return { entries: lines.slice(1) as JournalEntry[], refused: null, isKept: true };
}

/** A line that was cut short is no entry: its point is measured again. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const NAMES: Readonly<Record<keyof RunKey, string>> = {
  rtlift: 'version of rtlift',
  cpu: 'processor',
  node: 'version of Node',
  settings: 'settings',
  plan: 'plan',
};

function differences(a: RunKey, b: RunKey): string[] {
  return (Object.keys(NAMES) as (keyof RunKey)[])
    .filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]))
    .map((name) => NAMES[name]);
}
