#!/usr/bin/env node
import { Command } from 'commander';
import { RtliftError } from '../errors.js';
import { adviseCommand } from './advise.js';
import { benchCommand } from './bench.js';
import { doctorCommand } from './doctor.js';
import { inspectCommand } from './inspect.js';
import { newCommand } from './new.js';
import { PACKAGE_VERSION } from './package-info.js';
import { profileCommand } from './profile.js';
import { replayCommand } from './replay.js';
import { reportCommand } from './report.js';
import { setupCommand } from './setup.js';
import { synthCommand } from './synth.js';
import { verifyCommand } from './verify.js';

const program = new Command('rtlift')
  .description('Offload hot operations of a Node service to Verilog kernels')
  .version(PACKAGE_VERSION)
  .addCommand(benchCommand())
  .addCommand(doctorCommand())
  .addCommand(setupCommand())
  .addCommand(inspectCommand())
  .addCommand(newCommand())
  .addCommand(verifyCommand())
  .addCommand(synthCommand())
  .addCommand(profileCommand())
  .addCommand(replayCommand())
  .addCommand(reportCommand())
  .addCommand(adviseCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof RtliftError)) throw error;
  process.stderr.write(`rtlift: ${error.message} (${error.code})\n`);
  process.exitCode = 1;
}
