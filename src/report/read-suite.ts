import { readFile } from 'node:fs/promises';
import { RtliftError } from '../errors.js';
import type { SuiteReport } from './suite-report.js';

const REMEDY = '`npx rtlift bench --suite --json <file>` of this version writes one';

/** Values longer than this are cut where an error shows them. */
const SHOWN_CHARACTERS = 60;

/**
 * Reads what `rtlift bench --suite --json` wrote, and checks it.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a file that cannot be read, is no JSON, or has not the shape of a
 *   suite's report; `details` then holds the `path` in the JSON, what was `expected` and what was `got`.
 */
export async function readSuite(file: string): Promise<SuiteReport> {
  return checkSuite(parse(await readText(file), file), file);
}

/** @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a value that has not the shape of a suite's report. */
export async function checkSuite(value: unknown, file: string): Promise<SuiteReport> {
  const { suiteSchema } = await import('./suite-schema.js');
  const checked = suiteSchema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const keys = issue?.path ?? [];
  const got = shown(keys.reduce<unknown>((at, key) => Object(at)[key], value));
  const expected = issue === undefined ? 'a report of a suite' : expectedBy(issue);
  const path = pathText(keys);
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `${file}: expected ${path === '' ? 'the file' : path} to be ${expected}, got ${got}; ${REMEDY}`,
    { arg: 'suite', file, path, expected, got },
  );
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `expected the report of a suite that can be read, got ${file}: ${(cause as Error).message}; ${REMEDY}`,
      { arg: 'suite', file },
      { cause },
    );
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `${file}: expected JSON, got text that is none: ${(cause as Error).message}; ${REMEDY}`,
      { arg: 'suite', file },
      { cause },
    );
  }
}

interface Issue {
  readonly message: string;
  readonly expected?: string;
  readonly values?: readonly unknown[];
}

function expectedBy({ message, expected, values }: Issue): string {
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' or ');
  return expected ?? message.charAt(0).toLowerCase() + message.slice(1);
}

/** `measurements[3].host.samples` */
function pathText(keys: readonly PropertyKey[]): string {
  const parts = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return parts.join('').replace(/^\./, '');
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}
