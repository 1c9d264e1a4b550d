import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../../src/toolchain/find-tools.js';
import { instrumentMutants } from '../../../src/verify/mutate/schemata.js';
import { temporaryFolder } from '../../support/folders.js';
import { describeUnless, missingTool } from '../../support/needs.js';
import { ROOT } from '../../support/root.js';
import { shown } from './instrument.js';

const run = promisify(execFile);
const fixture = (name: string) => join(ROOT, 'test/fixtures/hdl/mutate', name);
const MODERN = ['modern_package.sv', 'modern_top.sv'].map(fixture);
const OLD = [fixture('non_ansi_top.v')];

async function lint(top: string, sources: readonly string[]): Promise<string> {
  const { path } = await findTool('verilator');
  const args = ['--lint-only', '-Wno-lint', '--top-module', top, ...sources];
  const { stdout, stderr } = await run(path as string, args);
  return `${stdout}${stderr}`;
}

describe('SystemVerilog', () => {
  test('is mutated where it is known, and the rest is said', async () => {
    const { mutants, notMutated } = await instrumentMutants(
      'modern_top',
      MODERN,
      temporaryFolder(),
    );
    expect(mutants.map((mutant) => `${mutant.line} ${shown(mutant)}`)).toMatchInlineSnapshot(`
      [
        "28 reset !rst_ni -> 1'b0",
        "33 operator ^ -> ~^",
        "33 constant 1'b1 -> 1'b0",
        "40 condition state_q -> ~(state_q)",
        "41 condition data_i inside {8'd1, [8'd4:8'd7]} -> 1'b0",
        "41 condition data_i inside {8'd1, [8'd4:8'd7]} -> 1'b1",
        "44 condition (limit > 8'd3) -> 1'b0",
        "44 condition (limit > 8'd3) -> 1'b1",
        "44 operator > -> >=",
        "44 constant 8'd3 -> 8'd4",
        "52 index [i] -> [i + 1'b1]",
        "52 operator - -> +",
        "53 condition bytes[i][0] -> 1'b0",
        "53 condition bytes[i][0] -> 1'b1",
        "53 index [i] -> [i + 1'b1]",
        "53 index [0] -> [1]",
        "53 operator | -> &",
        "58 operator && -> ||",
        "73 condition enable_i -> 1'b0",
        "73 condition enable_i -> 1'b1",
        "73 operator == -> !=",
      ]
    `);
    const reasons = notMutated.map(
      ({ file, line, reason }) => `${file === MODERN[0]} ${line} ${reason}`,
    );
    expect(reasons).toMatchInlineSnapshot(`
      [
        "true 3 a package",
        "false 8 a parameter",
        "false 10 a parameter",
        "false 11 a parameter",
        "false 16 the width of a port",
        "false 19 the width of a port",
        "false 24 a declaration",
        "false 25 a declaration",
        "false 30 \`'{\` in an expression",
        "false 39 \`'{\` in an expression",
        "false 41 \`inside\` in an expression",
        "false 43 a declaration",
        "false 51 a literal that has no neighbour",
        "false 52 a loop",
        "false 60 an assertion",
        "false 65 a parameter",
        "false 66 a parameter",
      ]
    `);
  });
});

describe('a header with names alone', () => {
  test('gets the port in the list and a declaration', async () => {
    const { mutants } = await instrumentMutants('non_ansi_top', OLD, temporaryFolder());
    expect(mutants.map(shown)).toEqual([
      "reset reset -> 1'b0",
      'constant 0 -> 1',
      'operator + -> -',
    ]);
  });
});

describeUnless(await missingTool('verilator'), 'Verilator', () => {
  test.each([
    ['modern_top', MODERN],
    ['non_ansi_top', OLD],
  ])('accepts the rewritten %s', async (top, files) => {
    expect(await lint(top, files)).toBe('');
    const { sources } = await instrumentMutants(top, files, temporaryFolder());
    expect(await lint(top, sources)).toBe('');
  });
});
