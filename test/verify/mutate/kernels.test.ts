import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type Kernel, literalMatch, sha256 } from '../../../src/index.js';
import { designArgs } from '../../../src/toolchain/elaborate.js';
import { findTool } from '../../../src/toolchain/find-tools.js';
import { readElaboratedMutants } from '../../../src/verify/mutate/elaborated.js';
import { instrumentMutants, MUTANT_PORT } from '../../../src/verify/mutate/schemata.js';
import { temporaryFolder } from '../../support/folders.js';
import { describeUnless, missingTool } from '../../support/needs.js';

const run = promisify(execFile);
type AnyKernel = Pick<Kernel<never, unknown>, 'name' | 'rtl'>;

const KERNELS: readonly (readonly [string, AnyKernel])[] = [
  ['sha256 pipelined', sha256({ architecture: 'pipelined' })],
  ['sha256 with 1 lane', sha256({ lanes: 1, fifoBlocks: 2 })],
  ['sha256 with 3 lanes', sha256({ lanes: 3, fifoBlocks: 4 })],
  ['sha256 with 16 lanes', sha256({ lanes: 16 })],
  ['literal_match', literalMatch(['x'])],
  ['literal_match of 16 bytes and 5 offsets', literalMatch(['x'.repeat(5)], { bytesPerCycle: 16 })],
];

/** Why a Verilator cannot write XML; it was dropped after 5.030. */
async function missingXml(): Promise<string | null> {
  const missing = await missingTool('verilator');
  const { version } = await findTool('verilator');
  return missing ?? (Number(version) > 5.03 ? `Verilator ${version} writes no XML` : null);
}

async function elaborate(rtl: AnyKernel['rtl'], sources: readonly string[]): Promise<string> {
  const { path } = await findTool('verilator');
  const folder = temporaryFolder();
  const args = ['--xml-only', '--Mdir', folder, '-Wno-lint', ...designArgs({ ...rtl, sources })];
  await run(path as string, args, { maxBuffer: 64 << 20 });
  return readFileSync(join(folder, `V${rtl.top}.xml`), 'utf8');
}

/**
 * The elaborated design without places and names of files, and with widths and signs in place of the numbers of basic
 * types: `[0:0]` and no range at all are the same bit.
 */
function design(xml: string): string[] {
  const types = new Map<string, string>();
  for (const [tag, id = ''] of xml.matchAll(/<basicdtype [^>]*\bid="(\d+)"[^>]*>/g)) {
    const [left, right] = ['left', 'right'].map((key) => new RegExp(`${key}="(-?\\d+)"`).exec(tag));
    const width = Math.abs(Number(left?.[1] ?? 0) - Number(right?.[1] ?? 0)) + 1;
    types.set(id, `${width}${tag.includes('signed="true"') ? ' signed' : ''}`);
  }
  return xml
    .slice(xml.indexOf('<module '), xml.indexOf('<typetable'))
    .replace(/ loc="[^"]*"/g, '')
    .replace(/dtype_id="(\d+)"/g, (whole, id) => (types.has(id) ? `"${types.get(id)}"` : whole))
    .split('\n');
}

describeUnless(await missingXml(), 'rewritten kernels', () => {
  test.each(KERNELS)(
    '%s elaborates, with 150 to 500 mutants that are present',
    async (_, { rtl }) => {
      const { sources, mutants } = await instrumentMutants(rtl.top, rtl.sources, temporaryFolder());
      const present = readElaboratedMutants(await elaborate(rtl, sources));
      expect(present.size).toBeGreaterThan(150);
      expect(present.size).toBeLessThan(500);
      const files = mutants.filter(({ id }) => present.has(id)).map(({ file }) => basename(file));
      // The other architecture is in the list of files, and not in the design.
      const isPipelined = rtl.parameters.PIPELINED === 1;
      expect(files.includes('sha256_pipeline.v')).toBe(isPipelined);
      expect(files.includes('sha256_lanes.v')).toBe(rtl.top === 'sha256' && !isPipelined);
    },
  );

  // What is left after Verilator has folded the constants is the design as it was: widths, signs and order included.
  test.each(KERNELS)('%s is the original where the port is tied to 0', async (_, { rtl }) => {
    const folder = temporaryFolder();
    const { sources } = await instrumentMutants(rtl.top, rtl.sources, folder);
    mkdirSync(join(folder, 'tied'));
    const tied = sources.map((path) => {
      const text = readFileSync(path, 'utf8')
        .replace(`input wire [31:0] ${MUTANT_PORT}, `, '')
        .replaceAll(new RegExp(`(\\w+\\.)?${MUTANT_PORT}`, 'g'), "32'd0");
      const copy = join(folder, 'tied', basename(path));
      writeFileSync(copy, text);
      return copy;
    });
    const expected = design(await elaborate(rtl, rtl.sources));
    expect(expected.length).toBeGreaterThan(500);
    expect(design(await elaborate(rtl, tied))).toEqual(expected);
  });
});
