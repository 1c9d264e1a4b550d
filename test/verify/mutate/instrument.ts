import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  instrumentMutants,
  type Mutant,
  type MutantDesign,
  type MutantOptions,
} from '../../../src/verify/mutate/schemata.js';
import { temporaryFolder } from '../../support/folders.js';

/** Rewrites files given as text; the top module is `top`. Gives the texts that were written as well. */
export async function instrumentText(
  files: Readonly<Record<string, string>>,
  options?: MutantOptions,
): Promise<MutantDesign & { readonly texts: readonly string[]; readonly names: string[] }> {
  const folder = temporaryFolder();
  const names = Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
  const design = await instrumentMutants('top', names, join(folder, 'mutants'), options);
  const texts = design.sources.map((path) => readFileSync(path, 'utf8'));
  return { ...design, texts, names };
}

/** A mutant as one line. */
export const shown = ({ kind, before, after }: Mutant): string => `${kind} ${before} -> ${after}`;

/** The mutants of the items of one module, as lines. */
export async function mutantsOf(items: string, name = 'top.v'): Promise<string[]> {
  const text = `module top (input clk, input rst);\n${items}\nendmodule\n`;
  return (await instrumentText({ [name]: text })).mutants.map(shown);
}
