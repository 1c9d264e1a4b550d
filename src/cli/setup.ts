import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { PACKAGE_ROOT } from './package-info.js';

/** Runs scripts/setup.mjs, the same that `npm start` and `npm test` run in a checkout. */
function runSetup(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'scripts', 'setup.mjs'), ...args], {
      env,
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** `rtlift setup`: installs what is missing where that is permitted, and builds the addon. */
export function setupCommand(): Command {
  return new Command('setup')
    .description('install missing tools through apt if permitted, and build the addon')
    .option('--no-apt', 'install no system package; print the command instead')
    .option('--tests', 'also the tools that only the tests of rtlift use')
    .addHelpText(
      'after',
      '\nExits with 0 when a tool is missing: the javascript path works without any.',
    )
    .action(async (options: { apt: boolean; tests?: true }) => {
      const env = options.apt ? process.env : { ...process.env, RTLIFT_SKIP_APT: '1' };
      process.exitCode = await runSetup(['--retry', ...(options.tests ? ['--tests'] : [])], env);
    });
}
