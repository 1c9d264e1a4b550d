import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RtliftError } from '../errors.js';
import type { SuiteReport } from '../report/suite-report.js';

/** Where the last suite of a folder is kept; `rtlift report` reads it. */
export const LAST_SUITE = join('.rtlift', 'suite.json');

/**
 * Writes a report to where the user asked for it, and to {@link LAST_SUITE}.
 * @param json - a file, or `true` for standard output.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when the file cannot be written.
 */
export async function writeSuite(
  report: SuiteReport,
  json: string | true | undefined,
): Promise<void> {
  const text = `${JSON.stringify(report, null, 1)}\n`;
  if (json === true) process.stdout.write(text);
  else if (json !== undefined) await write(json, text);
  try {
    await mkdir(dirname(LAST_SUITE), { recursive: true });
    await writeFile(LAST_SUITE, text);
  } catch {
    // Nobody asked for it: a folder that cannot be written to is no reason to fail.
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `--json: expected a file that can be written, got ${file}: ${(cause as Error).message}`,
      { arg: 'json', file },
      { cause },
    );
  }
}
