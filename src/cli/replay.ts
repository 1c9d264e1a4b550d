import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { Command } from 'commander';
import { RtliftError } from '../errors.js';
import { readBundleIndex } from '../verify/bundle.js';
import { replay } from '../verify/replay.js';
import { loadPlan } from './load-plan.js';
import { startProgress } from './progress.js';

/** `rtlift replay`: a counterexample again, with a waveform. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('run a counterexample of `rtlift verify` again and write its waveform (wave.vcd)')
    .argument('<folder>', 'the bundle that verify wrote')
    .option('--kernel <kernel>', 'the kernel, where it is not where it was')
    .action((folder: string, { kernel }: { readonly kernel?: string }) => run(folder, kernel));
}

/**
 * What verify was told, unless that is a program that came with the bundle: running it would be more than a replay.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG`
 */
function ownTarget(folder: string, target: string): string {
  if (!existsSync(target)) return target;
  const from = relative(realpathSync(folder), realpathSync(target));
  if (from.startsWith('..') || isAbsolute(from)) return target;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `${folder} names a kernel of its own, ${target}: give --kernel to load it all the same`,
    { folder, target },
  );
}

async function run(folder: string, target: string | undefined): Promise<void> {
  const index = await readBundleIndex(folder);
  const { kernel, variants } = await loadPlan(target ?? ownTarget(folder, index.target));
  const progress = startProgress(`building ${kernel.name} with waveforms`);
  const report = await replay(kernel, folder, variants ? { variants } : {}).finally(progress.stop);
  for (const source of report.changedSources) {
    process.stderr.write(`rtlift: ${source} is not what it was when this was found\n`);
  }
  if (report.failsUntraced !== null) {
    process.stdout.write(
      `${kernel.name}: ${report.failsUntraced.text}, cycle ${report.failsUntraced.cycle}\n  no waveform: the build that writes one passes, so the outcome depends on a start value or an order that the RTL leaves open\n`,
    );
    process.exitCode = 1;
    return;
  }
  if (report.failure === null || report.waveform === null) {
    process.stdout.write(`${kernel.name}: passes now; it was: ${index.failure.text}\n`);
    return;
  }
  const { path, from, to } = report.waveform;
  process.stdout.write(
    `${kernel.name}: ${report.failure.text}, cycle ${report.failure.cycle}\n  waveform  ${path}, cycles ${from} to ${to}\n`,
  );
  process.exitCode = 1;
}
