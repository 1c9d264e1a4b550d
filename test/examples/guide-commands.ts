import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, runFile } from '../support/child.js';
import { ROOT } from '../support/root.js';

/** Commands of the guide, in order: every line of its shell blocks. */
export function guideCommands(): string[] {
  const text = readFileSync(join(ROOT, 'docs/is-it-worth-it.md'), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line !== ''),
  );
}

/** Runs one of them in a folder, by the sources of the checkout in place of the built package. */
export function runCommand(command: string, cwd: string): Promise<Ended> {
  const [npx, tool = '', ...args] = command.split(/\s+/);
  if (npx === 'npx' && tool === 'rtlift') return runFile('src/cli/main.ts', { args, cwd });
  const [script = '', ...rest] = args;
  if (npx === 'npx' && tool === 'tsx') return runFile(script, { args: rest, cwd });
  throw new Error(`the guide has a command that its test does not know: ${command}`);
}
