import { Command, InvalidArgumentError, type OptionValueSource } from 'commander';
import { type Corpus, sampleCorpus } from '../bench/mails.js';
import { type NamedOperation, OPERATIONS } from '../bench/operations.js';
import { type BenchRun, runBench } from '../bench/run-bench.js';
import { assembleReport } from '../bench/suite/assemble.js';
import type { Host } from '../bench/suite/host.js';
import { lookAtLoad, machineOf } from '../bench/suite/machine.js';
import { DEVICES } from '../devices/catalogue.js';
import type { Device } from '../devices/device.js';
import { benchTables } from '../report/bench-tables.js';
import { pathDeviceTable } from '../report/path-device-table.js';
import type { SuiteReport } from '../report/suite-report.js';
import { bestCases } from '../report/suite-text.js';
import { coreWattsOption, devicesWith, hostWith, priceOption } from './assumptions.js';
import { runSuiteCommand, type SuiteCommandOptions } from './bench-suite.js';
import { PACKAGE_VERSION } from './package-info.js';
import { startProgress } from './progress.js';
import { writeSuite } from './write-suite.js';

/** What `npm start` runs. */
const MAIN_JOB = ['sha256', 'literalMatch'];
const DEFAULT_ROUNDS = 3;
const DEFAULT_PATTERNS = 256;

interface Options extends SuiteCommandOptions {
  readonly suite?: boolean;
  readonly messages?: number;
  readonly patterns?: number;
}

/** Options that only the suite has: naming one asks for it. */
const SUITE_ONLY = [
  'quick',
  'filter',
  'kernel',
  'device',
  'baseline',
  'journal',
  'resume',
] as const;

function kernelNames(text: string): string[] {
  const names = text.split(',');
  const wrong = names.find((name) => !Object.hasOwn(OPERATIONS, name));
  if (wrong === undefined) return names;
  throw new InvalidArgumentError(`expected some of ${Object.keys(OPERATIONS).join(', ')}.`);
}

function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`expected a whole number of ${least} or more.`);
  };
}

const also = (file: string, files: readonly string[] = []): string[] => [...files, file];

/**
 * `rtlift bench`: hashes and filters real e-mails on every path, compares all results, and says what each took; or, with
 * `--suite` or an option that only the suite has, runs the matrix of operations, sizes, batches, paths and devices.
 */
export function benchCommand(): Command {
  return new Command('bench')
    .description(
      'hash and filter 6,046 e-mails on every path and project them on every device; --suite: every operation, size, batch, path and device',
    )
    .option('--rounds <n>', 'counted rounds of each path and rival (3; --suite 5)', whole(1))
    .option('--kernels <names>', `which, of ${Object.keys(OPERATIONS).join(', ')}`, kernelNames)
    .option('--json [file]', 'write the report as JSON, to standard output without a file')
    .option('--page [file]', 'write the report as an HTML page (rtlift-report.html)')
    .option('--messages <n>', 'main job: take this many mails, spread evenly', whole(1))
    .option('--patterns <n>', 'main job: patterns of the filter (256)', whole(1))
    .option(
      '--core-watts <w>',
      'watts of a busy core, in place of counters or profile',
      coreWattsOption,
    )
    .option(
      '--price <what=usd>',
      'USD an hour of a device or of one core: xcvu47p=1.65, cpu=0.05; may be repeated',
      priceOption,
    )
    .option('--suite', 'run the matrix rather than the main job')
    .option('--quick', 'suite: fewer sizes, batches and rounds; about two minutes')
    .option('--filter <terms>', 'suite: operation/size/batch/what, * is all: sha256,crc/64B/256')
    .option('--kernel <file>', 'suite: a kernel of yours takes part; may be repeated', also)
    .option('--device <file>', 'suite: a device file takes part; may be repeated', also)
    .option('--baseline <old.json>', 'suite: fail on a regression against an older report')
    .option('--journal <file>', 'suite: where a run is kept until it is whole')
    .option('--resume', 'suite: fail rather than start anew where there is nothing to go on from')
    .option('--seed <n>', 'suite: of the messages (1)', whole(0))
    .action((options: Options, command: Command) => run(options, command));
}

async function run(options: Options, command: Command): Promise<void> {
  const isGiven = (name: string): boolean =>
    command.getOptionValueSource(name) === ('cli' satisfies OptionValueSource);
  if (!options.suite && !SUITE_ONLY.some(isGiven)) return runMainJob(options);
  const wrong = ['messages', 'patterns'].find(isGiven);
  if (wrong !== undefined) command.error(`error: --${wrong} is of the main job, not of the suite`);
  return runSuiteCommand(options);
}

async function runMainJob(options: Options): Promise<void> {
  const {
    rounds = DEFAULT_ROUNDS,
    messages,
    patterns = DEFAULT_PATTERNS,
    kernels = MAIN_JOB,
  } = options;
  const devices = devicesWith(DEVICES, options);
  const progress = startProgress('reading the messages');
  const host = await hostWith(options);
  const before = lookAtLoad();
  const runs: BenchRun[] = [];
  try {
    for (const [load, names] of byCorpus(kernels)) {
      const all = load();
      const corpus = messages === undefined ? all : sampleCorpus(all, messages);
      // Words of a filter come from all messages, so that fewer do not make it another filter.
      const operations = await Promise.all(
        names.map((name) => (OPERATIONS[name] as NamedOperation).make(all, patterns)),
      );
      runs.push(await runBench(corpus, operations, { rounds, host, onProgress: progress.show }));
    }
  } finally {
    progress.stop();
  }
  const machine = machineOf(before, lookAtLoad(), host);
  const report = suiteOf(runs, rounds, machine, { devices, host });
  if (options.json !== true) {
    for (const each of runs) process.stdout.write(`${benchTables(each.report)}\n`);
    for (const { points } of runs) {
      for (const { operation, size, batch } of points) {
        const place = { operation, size: size.name, batch };
        const lines = [pathDeviceTable(report, place), ...bestCases(report, operation)];
        process.stdout.write(`${lines.join('\n')}\n`);
      }
    }
  }
  await writeSuite(report, options);
}

/** The main job as a suite of one point an operation. */
function suiteOf(
  runs: readonly BenchRun[],
  rounds: number,
  machine: SuiteReport['machine'],
  options: { readonly devices: readonly Device[]; readonly host: Host },
): SuiteReport {
  return assembleReport(
    {
      rtlift: PACKAGE_VERSION,
      takenAt: new Date(),
      machine,
      settings: { rounds, isQuick: true, filter: null, seed: 0 },
      operations: runs.flatMap(({ operations }) => operations),
      points: runs.flatMap(({ points }) => points),
      waves: runs.flatMap(({ waves }) => waves),
      compared: runs.flatMap(({ report, points }) =>
        report.compared.map(({ operation, name, messages }) => ({
          operation,
          runner: name,
          messages,
          size: points[0]?.size.name ?? '',
        })),
      ),
      skipped: runs.flatMap(({ report }) =>
        report.skipped.map(({ operation, name, reason }) => ({ operation, runner: name, reason })),
      ),
      complete: 1,
    },
    options,
  );
}

function byCorpus(names: readonly string[]): Map<() => Corpus, string[]> {
  const groups = new Map<() => Corpus, string[]>();
  for (const name of names) {
    const { corpus } = OPERATIONS[name] as NamedOperation;
    groups.set(corpus, [...(groups.get(corpus) ?? []), name]);
  }
  return groups;
}
