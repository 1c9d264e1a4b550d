import type { SuiteReport } from '../report/suite-report.js';
import { startProgress } from './progress.js';
import { writeOutput } from './write-output.js';

/** Where the page goes where nobody says. */
export const DEFAULT_PAGE = 'rtlift-report.html';

/**
 * Writes a report as one HTML page, and its name to standard output.
 * @param option - the option that named the file, for the message.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when the file cannot be written; `ERR_RTLIFT_DATA_MISSING` where the
 *   packages that draw the charts are not installed.
 */
export async function writeReportPage(
  report: SuiteReport,
  file: string,
  option: string,
  output: NodeJS.WritableStream = process.stdout,
): Promise<void> {
  // Vega takes long to load; other commands do not need it.
  const { suitePage } = await import('../report/page/suite-page.js');
  const progress = startProgress('drawing the charts');
  const page = await suitePage(report).finally(progress.stop);
  await writeOutput(file, page, option);
  output.write(`${file} (${(Buffer.byteLength(page) / 1e6).toFixed(1)} MB)\n`);
}
