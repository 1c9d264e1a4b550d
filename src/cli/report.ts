import { existsSync } from 'node:fs';
import { join, parse } from 'node:path';
import { Command } from 'commander';
import { RtliftError } from '../errors.js';
import { readSuite } from '../report/read-suite.js';
import { DEFAULT_PAGE, writeReportPage } from './write-page.js';
import { LAST_SUITE } from './write-suite.js';

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
      `the page; default beside the report, or ${DEFAULT_PAGE} where none was named`,
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
  const file = out ?? (suite === undefined ? DEFAULT_PAGE : besides(suite));
  await writeReportPage(report, file, 'out');
}

/** `run/suite.json` as `run/suite.html`. */
function besides(suite: string): string {
  const { dir, name } = parse(suite);
  return join(dir, `${name}.html`);
}
