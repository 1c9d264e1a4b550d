import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { OPERATIONS } from '../bench/operations.js';
import { type AssembleOptions, assembleReport } from '../bench/suite/assemble.js';
import { HOST_CLOCK } from '../bench/suite/clock.js';
import { parseFilter, type SuiteFilter } from '../bench/suite/filter.js';
import { lookAtLoad, machineOf } from '../bench/suite/machine.js';
import { sizeName } from '../bench/suite/messages.js';
import { type Plan, type PlannedPoint, planSuite } from '../bench/suite/plan.js';
import { pointId } from '../bench/suite/point.js';
import { type Journal, NO_JOURNAL, openJournal } from '../bench/suite/resume.js';
import { type RunSuiteOptions, runSuite } from '../bench/suite/run-suite.js';
import { FULL, QUICK, type SuiteSettings } from '../bench/suite/settings.js';
import {
  builtInOperations,
  type SuiteOperation,
  userOperation,
} from '../bench/suite/suite-operation.js';
import { waveOf } from '../bench/suite/wave.js';
import { DEVICES } from '../devices/catalogue.js';
import type { Device } from '../devices/device.js';
import { readDeviceFile } from '../devices/device-file.js';
import { RtliftError } from '../errors.js';
import { readSuite } from '../report/read-suite.js';
import type { SuiteReport } from '../report/suite-report.js';
import { suiteText } from '../report/suite-text.js';
import { type Assumptions, devicesWith, hostWith } from './assumptions.js';
import { checkAgainst } from './bench-baseline.js';
import { loadUserKernel } from './load-rivals.js';
import { PACKAGE_VERSION } from './package-info.js';
import { startSuiteProgress, timeText } from './suite-progress.js';
import { type SuiteOutput, writeSuite } from './write-suite.js';

export interface SuiteCommandOptions extends SuiteOutput, Assumptions {
  readonly quick?: boolean;
  readonly rounds?: number;
  readonly filter?: string;
  readonly kernels?: readonly string[];
  readonly kernel?: readonly string[];
  readonly device?: readonly string[];
  readonly baseline?: string;
  readonly journal?: string;
  readonly resume?: boolean;
  readonly seed?: number;
}

const DEFAULT_JOURNAL = join('.rtlift', 'suite-journal.jsonl');

/** A run of the suite, ready to go. */
interface Prepared {
  readonly operations: readonly SuiteOperation[];
  readonly plan: Plan;
  readonly filter: SuiteFilter;
  readonly settings: SuiteSettings;
  readonly reported: SuiteReport['settings'];
  readonly assemble: AssembleOptions;
}

/**
 * Runs the suite and writes what it found; with a baseline, holds it against the older report and measures again what
 * seems slower.
 * @throws {@link RtliftError} `ERR_RTLIFT_REGRESSION` for a regression that stays; `ERR_RTLIFT_INVALID_ARG` for a filter that
 *   leaves nothing, or a journal, device or kernel that cannot be used.
 */
export async function runSuiteCommand(options: SuiteCommandOptions): Promise<void> {
  const baseline = options.baseline === undefined ? null : await readSuite(options.baseline);
  const prepared = await prepare(options);
  const { plan, reported } = prepared;
  const journal = await openJournal(
    options.journal ?? DEFAULT_JOURNAL,
    {
      rtlift: PACKAGE_VERSION,
      cpu: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      settings: reported,
      plan: planHash(prepared),
    },
    { isRequired: options.resume ?? false },
  );
  announce(plan.points, journal);
  const report = await runOnce(prepared, plan.points, journal);
  if (report.complete === 1) await journal.finish();
  if (options.json !== true) process.stdout.write(`${suiteText(report)}\n`);
  await writeSuite(report, options);
  if (report.complete < 1) {
    process.stderr.write('The same command again goes on from here.\n');
    process.exitCode = 130;
    return;
  }
  if (options.baseline === undefined || baseline === null) return;
  const again = (isWanted: (point: PlannedPoint) => boolean): Promise<SuiteReport> =>
    runOnce(
      { ...prepared, settings: thorough(prepared.settings) },
      plan.points.filter(isWanted),
      NO_JOURNAL,
    );
  await checkAgainst(options.baseline, baseline, report, again, options.json === true);
}

/** Times as many rounds as usual, to judge what seems slower. */
const THOROUGH = 3;

function thorough(settings: SuiteSettings): SuiteSettings {
  return {
    ...settings,
    rounds: settings.rounds * THOROUGH,
    mostRunnerMs: settings.mostRunnerMs * THOROUGH,
  };
}

async function prepare(options: SuiteCommandOptions): Promise<Prepared> {
  const base = options.quick ? QUICK : FULL;
  const settings = { ...base, rounds: options.rounds ?? base.rounds };
  const own = await Promise.all((options.device ?? []).map((file) => readDeviceFile(file)));
  const devices: readonly Device[] = devicesWith([...DEVICES, ...own], options);
  const filter = parseFilter(
    options.filter ?? null,
    devices.map(({ id }) => id),
  );
  const names = (options.kernels ?? Object.keys(OPERATIONS)).filter(filter.hasOperation);
  const users = await Promise.all((options.kernel ?? []).map(loadUserKernel));
  const operations = [
    ...(await builtInOperations(names, settings)),
    ...users.map((user) => userOperation(user, settings)),
  ];
  const plan = planSuite(
    operations.map(({ operation, classes }) => ({
      name: operation.name,
      classes,
      rivals: operation.rivals.length,
    })),
    settings,
    filter,
  );
  if (plan.points.length === 0) throw nothingChosen(options, operations, settings);
  const { rounds, isQuick } = settings;
  return {
    operations: operations.filter(({ operation }) =>
      plan.points.some((point) => point.operation === operation.name),
    ),
    plan,
    filter,
    settings,
    reported: { rounds, isQuick, filter: options.filter ?? null, seed: options.seed ?? 1 },
    assemble: {
      devices,
      host: await hostWith(options),
      hasDevice: filter.hasDevice,
    },
  };
}

function nothingChosen(
  { filter, kernels = Object.keys(OPERATIONS) }: SuiteCommandOptions,
  operations: readonly SuiteOperation[],
  { batches }: SuiteSettings,
): RtliftError {
  const [some] = operations;
  const names = operations.length > 0 ? operations.map((each) => each.operation.name) : kernels;
  const sizes = some ? `; sizes ${some.classes.map(({ name }) => name).join(', ')}` : '';
  return new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `--filter ${filter ?? '*'} leaves nothing of operations ${names.join(', ')}${sizes}; batches ${batches.join(', ')}`,
    { arg: 'filter', got: filter },
  );
}

/** What is measured, so that a journal of another kernel, of other messages, or of other watts and prices is not gone on from. */
function planHash({ operations, plan, assemble }: Prepared): string {
  const kernels = operations.map(({ operation: { name, kernel, rivals } }) => [
    name,
    kernel.rtl.top,
    Object.entries(kernel.rtl.parameters).map(([key, value]) => [key, `${value}`]),
    rivals.map((rival) => rival.name),
  ]);
  const points = plan.points.map((point) => [pointId(point), point.size.bytes]);
  const { profile, corePrice, energy } = assemble.host;
  const { coreWatts } = profile;
  return (
    createHash('sha256')
      // Joules and USD are kept with each measurement.
      .update(JSON.stringify([kernels, points, coreWatts, corePrice?.usdPerHour, energy !== null]))
      .digest('hex')
  );
}

function announce(points: readonly PlannedPoint[], { entries, refused }: Journal): void {
  const done = entries.filter(({ kind }) => kind === 'point').length;
  const estimateMs = points.reduce((sum, point) => sum + point.estimateMs, 0);
  const lines = [
    `${points.length} points; on an idle machine with every library built roughly ${timeText(estimateMs)} in all`,
  ];
  if (refused !== null) lines.push(`starting anew, the journal cannot be gone on from: ${refused}`);
  if (done > 0) lines.push(`going on after ${done} of them, which an earlier run measured`);
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

async function runOnce(
  { operations, filter, settings, reported, assemble, plan }: Prepared,
  points: readonly PlannedPoint[],
  journal: Journal,
): Promise<SuiteReport> {
  const { seed } = reported;
  const progress = startSuiteProgress();
  const stop = new AbortController();
  // A second Ctrl-C ends the process: the first has taken its listener away.
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  const before = lookAtLoad();
  const options: RunSuiteOptions = {
    settings,
    filter,
    seed,
    host: assemble.host,
    clock: HOST_CLOCK,
    journal,
    wave: (operation) => waveOf(operation, { seed, mayBuild: !settings.isQuick }),
    onProgress: progress.show,
    signal: stop.signal,
  };
  try {
    const run = await runSuite(operations, points, options);
    return assembleReport(
      {
        ...run,
        rtlift: PACKAGE_VERSION,
        takenAt: new Date(),
        machine: machineOf(before, lookAtLoad(), assemble.host),
        settings: reported,
        operations: operations.map(({ operation }) => operation),
        skipped: [
          ...run.skipped,
          ...plan.leftOut.map(({ operation, points: n }) => ({
            operation,
            runner: 'all',
            reason: `${n} points beyond those measured: a batch above ${sizeName(settings.batchBytes)}`,
          })),
        ],
      },
      assemble,
    );
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    progress.stop();
  }
}
