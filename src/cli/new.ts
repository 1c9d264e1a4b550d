import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { RtliftError } from '../errors.js';

/** Files of a new kernel; NAME in names and texts becomes the kernel's. */
const TEMPLATES = fileURLToPath(new URL('../../templates/kernel', import.meta.url));
const FILES = ['NAME.v', 'NAME.mjs', 'bench.mjs', 'README.md'];

/** `rtlift new`: a kernel folder that builds, verifies and benches. */
export function newCommand(): Command {
  return new Command('new')
    .description('make a folder with a kernel that builds, verifies and benches, to start from')
    .argument('<name>', 'name of the kernel and its module: lower-case letters, digits and _')
    .action(run);
}

async function run(name: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `expected a name of 1..40 lower-case letters, digits and _, a letter first, got ${name}`,
      { arg: 'name', got: name },
    );
  }
  const folder = resolve(name);
  try {
    await mkdir(folder);
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `cannot make ${folder}: ${(cause as NodeJS.ErrnoException).code === 'EEXIST' ? 'it is there already; choose another name' : (cause as Error).message}`,
      { arg: 'name', folder },
      { cause },
    );
  }
  for (const file of FILES) {
    const text = await readFile(join(TEMPLATES, file), 'utf8');
    await writeFile(join(folder, file.replace('NAME', name)), text.replaceAll('NAME', name));
  }
  const steps = [
    `made ${name}/: ${FILES.map((file) => file.replace('NAME', name)).join(', ')}`,
    `  npx rtlift verify ${name}/${name}.mjs`,
    `  node ${name}/bench.mjs`,
  ];
  process.stdout.write(`${steps.join('\n')}\n`);
}
