import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { type Corpus, sampleCorpus } from '../bench/mails.js';
import { type NamedOperation, OPERATIONS } from '../bench/operations.js';
import { runBench } from '../bench/run-bench.js';
import { RtliftError } from '../errors.js';
import type { BenchReport } from '../report/bench-report.js';
import { benchTables } from '../report/bench-tables.js';
import { startProgress } from './progress.js';

/** What `npm start` runs. */
const MAIN_JOB = ['sha256', 'literalMatch'];
const DEFAULT_ROUNDS = 3;
const DEFAULT_PATTERNS = 256;

interface Options {
  readonly rounds: number;
  readonly messages?: number;
  readonly patterns: number;
  readonly kernels: readonly string[];
  readonly json?: string | true;
}

function kernelNames(text: string): string[] {
  const names = text.split(',');
  const wrong = names.find((name) => !Object.hasOwn(OPERATIONS, name));
  if (wrong === undefined) return names;
  throw new InvalidArgumentError(`expected some of ${Object.keys(OPERATIONS).join(', ')}.`);
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
    .option(
      '--kernels <names>',
      `which, of ${Object.keys(OPERATIONS).join(', ')}`,
      kernelNames,
      MAIN_JOB,
    )
    .option('--json [file]', 'write the report as JSON, to standard output without a file')
    .action((options: Options) => run(options));
}

async function run({ rounds, messages, patterns, kernels, json }: Options): Promise<void> {
  const progress = startProgress('reading the messages');
  const reports: BenchReport[] = [];
  try {
    for (const [load, names] of byCorpus(kernels)) {
      const all = load();
      const corpus = messages === undefined ? all : sampleCorpus(all, messages);
      // Words of a filter come from all messages, so that fewer do not make it another filter.
      const operations = await Promise.all(
        names.map((name) => (OPERATIONS[name] as NamedOperation).make(all, patterns)),
      );
      const { report } = await runBench(corpus, operations, { rounds, onProgress: progress.show });
      reports.push(report);
    }
  } finally {
    progress.stop();
  }
  const data = reports.length === 1 ? reports[0] : reports;
  if (json === true) {
    process.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
    return;
  }
  for (const report of reports) process.stdout.write(`${benchTables(report)}\n`);
  if (json !== undefined) await writeReport(json, data);
}

function byCorpus(names: readonly string[]): Map<() => Corpus, string[]> {
  const groups = new Map<() => Corpus, string[]>();
  for (const name of names) {
    const { corpus } = OPERATIONS[name] as NamedOperation;
    groups.set(corpus, [...(groups.get(corpus) ?? []), name]);
  }
  return groups;
}

async function writeReport(file: string, report: unknown): Promise<void> {
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
