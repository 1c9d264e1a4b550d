import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { Command } from 'commander';
import { RtliftError } from '../errors.js';
import { readSuite } from '../report/read-suite.js';
import { startProgress } from './progress.js';

/** Where the last suite of a folder is kept. */
const LAST_SUITE = join('.rtlift', 'suite.json');
const DEFAULT_OUT = 'rtlift-report.html';

interface Options {
  readonly out?: string;
}

/** `rtlift report`: a suite's report as one HTML page. */
export function reportCommand(): Command {
  return new Command('report')
    .description("write a suite's report as one HTML page that needs no network")
    .argument('[suite.json]', `what \`rtlift bench --suite --json\` wrote; default ${LAST_SUITE}`)
    .option(
      '--out <file.html>',
      `the page; default beside the report, or ${DEFAULT_OUT} where none was named`,
    )
    .action((suite: string | undefined, options: Options) => run(suite, options));
}

async function run(suite: string | undefined, { out }: Options): Promise<void> {
  if (suite === undefined && !existsSync(LAST_SUITE)) {
    throw new RtliftError(
      'ERR_RTLIFT_DATA_MISSING',
      `no report of a suite was named, and there is no ${LAST_SUITE} in this folder: \`npx rtlift bench --suite --json suite.json\` makes one, then \`npx rtlift report suite.json\` the page`,
      { file: LAST_SUITE },
    );
  }
  const report = await readSuite(suite ?? LAST_SUITE);
  // Vega and zod take long to load; other commands need neither.
  const { suitePage } = await import('../report/page/suite-page.js');
  const file = out ?? (suite === undefined ? DEFAULT_OUT : besides(suite));
  const progress = startProgress('drawing the charts');
  const page = await suitePage(report).finally(progress.stop);
  try {
    await writeFile(file, page);
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `--out: expected a file that can be written, got ${file}: ${(cause as Error).message}`,
      { arg: 'out', file },
      { cause },
    );
  }
  process.stdout.write(`${file} (${(Buffer.byteLength(page) / 1e6).toFixed(1)} MB)\n`);
}

/** `run/suite.json` as `run/suite.html`. */
function besides(suite: string): string {
  const { dir, name } = parse(suite);
  return join(dir, `${name}.html`);
}
