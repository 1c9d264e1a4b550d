import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RtliftError } from '../errors.js';
import type { SuiteReport } from '../report/suite-report.js';
import { writeOutput } from './write-output.js';
import { DEFAULT_PAGE, writeReportPage } from './write-page.js';

/** Where the last suite of a folder is kept; `rtlift report` reads it. */
export const LAST_SUITE = join('.rtlift', 'suite.json');

/** Where a report goes. */
export interface SuiteOutput {
  /** A file, or `true` for standard output. */
  readonly json?: string | true;
  /** The page: a file, or `true` for {@link DEFAULT_PAGE}. */
  readonly page?: string | true;
}

/**
 * Writes a report to where the user asked for it, and to {@link LAST_SUITE}. Without the packages that draw the page it says so
 * and goes on.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when a file cannot be written.
 */
export async function writeSuite(report: SuiteReport, { json, page }: SuiteOutput): Promise<void> {
  const text = `${JSON.stringify(report, null, 1)}\n`;
  if (json === true) process.stdout.write(text);
  else if (json !== undefined) await writeOutput(json, text, 'json');
  try {
    await mkdir(dirname(LAST_SUITE), { recursive: true });
    await writeFile(LAST_SUITE, text);
  } catch {
    // Nobody asked for it: a folder that cannot be written to is no reason to fail.
  }
  if (page === undefined) return;
  const output = json === true ? process.stderr : process.stdout;
  try {
    await writeReportPage(report, page === true ? DEFAULT_PAGE : page, 'page', output);
  } catch (error) {
    if (!(error instanceof RtliftError) || error.code !== 'ERR_RTLIFT_DATA_MISSING') throw error;
    process.stderr.write(`no page: ${error.message}\n`);
  }
}
