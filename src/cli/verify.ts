import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { counterexampleText, verifyText } from '../report/verify-text.js';
import { writeBundle } from '../verify/bundle.js';
import { toLcov } from '../verify/coverage/lcov.js';
import { coveragePage } from '../verify/coverage/page.js';
import { summarise } from '../verify/coverage/summary.js';
import type { AnyPlan } from '../verify/plan.js';
import { DEFAULT_NO_PROGRESS_CYCLES, type VerifyReport, verify } from '../verify/verify.js';
import { loadPlan } from './load-plan.js';
import { startProgress } from './progress.js';
import { mutantsText, runMutants } from './verify-mutants.js';

interface Options {
  readonly messages?: number;
  readonly seed?: number;
  readonly monitors: boolean;
  readonly fourState?: boolean;
  readonly coverage?: string;
  readonly mutate?: boolean;
  readonly bundle?: string;
  readonly json?: boolean;
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected an integer ${min}..${max}.`);
  };
}

/** `rtlift verify`: the RTL of a kernel against its golden model. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('check the RTL of a kernel against its golden model, under random stimulus')
    .argument(
      '<kernel>',
      'a built-in kernel, or a file that exports `kernel` (and `variants`, `inputs`)',
    )
    .option('--messages <n>', 'at least so many messages (default 10000)', integer(1, 1e9))
    .option('--seed <n>', 'repeat a run, 0x for hexadecimal', integer(0, 0x7fffffff))
    .option('--no-monitors', 'do not check the protocol of streams in every cycle')
    .option('--four-state', 'run some messages in Icarus Verilog, where unknown stays unknown')
    .option('--coverage <folder>', 'write line and toggle coverage: lcov.info and index.html')
    .option('--mutate', 'change the RTL in one place at a time and count what the run catches')
    .option(
      '--bundle <folder>',
      'where a counterexample goes (default rtlift-replays/<kernel>-<seed>)',
    )
    .option('--json', 'write the outcome as JSON to standard output')
    .action((target: string, options: Options) => run(target, options));
}

async function run(target: string, options: Options): Promise<void> {
  const plan = await loadPlan(target);
  const { kernel } = plan;
  const progress = startProgress(`building ${kernel.name}`);
  let report: VerifyReport<unknown>;
  try {
    report = await verify(kernel, {
      ...(plan.variants ? { variants: plan.variants } : {}),
      ...(plan.inputs ? { inputs: plan.inputs } : {}),
      ...(options.messages ? { messages: options.messages } : {}),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      monitors: options.monitors,
      fourState: options.fourState ?? false,
      coverage: options.coverage !== undefined,
      onBuild: ({ stage }) => progress.show(`building ${kernel.name}: ${stage}`),
      onProgress: (messages) =>
        progress.show(`${kernel.name}: round of messages, ${messages} done`),
    });
  } finally {
    progress.stop();
  }
  const summary = report.coverage ? summarise(report.coverage) : null;
  if (options.coverage && report.coverage) {
    await writeCoverage(options.coverage, kernel.name, report.coverage);
  }
  const bundle = await writeCounterexample(target, plan, report, options);
  const mutants =
    options.mutate && !report.counterexample ? await runMutants(plan, report.seed) : null;
  if (options.json) {
    const data = { ...asJson(report, summary), bundle, mutants };
    process.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
  } else {
    process.stdout.write(`${verifyText(report, summary)}\n`);
    if (mutants) process.stdout.write(`${mutantsText(mutants)}\n`);
  }
  if (bundle) {
    const text = failureText(target, plan, report, options, bundle);
    (options.json ? process.stderr : process.stdout).write(`${text}\n`);
  }
  const hasFindings = (report.fourState?.findings.length ?? 0) > 0;
  if (report.counterexample || hasFindings) process.exitCode = 1;
}

/** The folder that the counterexample is in, if there is one. */
async function writeCounterexample(
  target: string,
  { kernel }: AnyPlan,
  { counterexample, seed }: VerifyReport<unknown>,
  { bundle, monitors }: Options,
): Promise<string | null> {
  if (!counterexample) return null;
  const folder = bundle ?? join('rtlift-replays', `${kernel.name}-${seed.toString(16)}`);
  await writeBundle(folder, kernel, counterexample, {
    target,
    seed,
    monitors,
    noProgressCycles: DEFAULT_NO_PROGRESS_CYCLES,
  });
  return folder;
}

function failureText(
  target: string,
  { kernel }: AnyPlan,
  { counterexample, seed, messages }: VerifyReport<unknown>,
  { monitors }: Options,
  bundle: string,
): string {
  const flags = `--seed 0x${seed.toString(16)} --messages ${messages}${monitors ? '' : ' --no-monitors'}`;
  return [
    ...(counterexample ? [counterexampleText(kernel, counterexample)] : []),
    `  again     npx rtlift verify ${target} ${flags}`,
    `  waveform  npx rtlift replay ${bundle}`,
  ].join('\n');
}

async function writeCoverage(
  folder: string,
  kernel: string,
  data: NonNullable<VerifyReport<unknown>['coverage']>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const base = process.cwd();
  const sources = new Map<string, string>();
  for (const { file } of summarise(data).files) sources.set(file, await readFile(file, 'utf8'));
  await writeFile(join(folder, 'lcov.info'), toLcov(data, { base, testName: kernel }));
  await writeFile(join(folder, 'index.html'), coveragePage(data, sources, { title: kernel, base }));
}

function asJson(
  report: VerifyReport<unknown>,
  coverage: ReturnType<typeof summarise> | null,
): Record<string, unknown> {
  const { kernel, seed, messages, scenarios, cycles, cyclesPerSecond, fourState } = report;
  return {
    kernel,
    seed,
    messages,
    scenarios,
    cycles,
    cyclesPerSecond,
    failure: report.counterexample?.failure ?? null,
    lineCoverage: coverage?.line.share ?? null,
    toggleCoverage: coverage?.toggle.share ?? null,
    fourState,
  };
}
