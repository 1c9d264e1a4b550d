import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../../src/toolchain/find-tools.js';
import { instrumentMutants, type Mutant } from '../../../src/verify/mutate/schemata.js';
import { temporaryFolder } from '../../support/folders.js';
import { describeUnless, missingTool } from '../../support/needs.js';
import { ROOT } from '../../support/root.js';

const run = promisify(execFile);
const fixture = (name: string) => join(ROOT, 'test/fixtures/hdl/mutate', name);
const BENCH = fixture('mutate_bench.v');
const FILES = ['mutate_top.v', 'mutate_swap.v', 'mutate_table.v'].map(fixture);

/** Compiles with Icarus, warnings allowed: an index that leaves its range is one. */
async function compile(out: string, args: readonly string[], files: readonly string[]) {
  const { path } = await findTool('iverilog');
  await run(path as string, ['-g2005', '-s', 'mutate_bench', '-o', out, ...args, BENCH, ...files]);
}

async function simulate(program: string, mutant = 0): Promise<string> {
  return (await run('vvp', ['-n', program, `+mutant=${mutant}`])).stdout;
}

/** The file in which a mutant is made by hand: `before` replaced by `after` at its line and column. */
function mutatedByHand({ file, line, column, before, after }: Mutant): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  const text = lines[line - 1] as string;
  expect(text.slice(column - 1, column - 1 + before.length), `${file}:${line}`).toBe(before);
  lines[line - 1] = text.slice(0, column - 1) + after + text.slice(column - 1 + before.length);
  return lines.join('\n');
}

describe('places of mutants', () => {
  test('are where the text stands that changes', async () => {
    const { mutants } = await instrumentMutants('mutate_top', FILES, temporaryFolder());
    expect(mutants.length).toBeGreaterThan(50);
    for (const mutant of mutants) mutatedByHand(mutant);
  });
});

describeUnless(await missingTool('iverilog'), 'a rewritten design in Icarus', () => {
  test('runs like the original while no mutant is selected', async () => {
    const folder = temporaryFolder();
    const { sources } = await instrumentMutants('mutate_top', FILES, folder);
    await compile(join(folder, 'original'), [], FILES);
    await compile(join(folder, 'mutants'), ['-DMUTATED'], sources);
    const expected = await simulate(join(folder, 'original'));
    expect(expected.split('\n').length).toBeGreaterThan(300);
    expect(await simulate(join(folder, 'mutants'))).toBe(expected);
  });

  test('runs with each mutant like the original with that change made by hand', async () => {
    const folder = temporaryFolder();
    const { sources, mutants } = await instrumentMutants('mutate_top', FILES, folder);
    await compile(join(folder, 'mutants'), ['-DMUTATED'], sources);
    const original = await simulate(join(folder, 'mutants'));
    const survivors: string[] = [];
    for (const mutant of mutants) {
      const byHand = join(folder, `hand_${mutant.id}.v`);
      writeFileSync(byHand, mutatedByHand(mutant));
      const files = FILES.map((file) => (file === mutant.file ? byHand : file));
      await compile(join(folder, 'hand'), [], files);
      const got = await simulate(join(folder, 'mutants'), mutant.id);
      const { line, before, after } = mutant;
      const name = `${basename(mutant.file)}:${line} ${before} -> ${after}`;
      expect(got, name).toBe(await simulate(join(folder, 'hand')));
      if (got === original) survivors.push(name);
    }
    // The fixture is such that each change shows.
    expect(survivors).toEqual([]);
  }, 300_000);
});
