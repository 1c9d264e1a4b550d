import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNode } from '../setup/fixture.js';
import { temporaryFolder } from '../support/folders.js';
import { describeUnless, missingTool } from '../support/needs.js';
import { ROOT } from '../support/root.js';

const COUNTER = join(ROOT, 'test/fixtures/synthesis/counter.v');

function synth(...args: readonly string[]) {
  const main = join(ROOT, 'src', 'cli', 'main.ts');
  return runNode(['--import', 'tsx', main, 'synth', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', RTLIFT_CACHE_DIR: temporaryFolder() },
  });
}

describeUnless(await missingTool('yosys'), 'rtlift synth', () => {
  test('prints cells, what they take and Fmax of Verilog files', async () => {
    const { code, stdout } = await synth(
      COUNTER,
      '--device',
      'ecp5-85k',
      '--parameter',
      'WIDTH=12',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^counter on ECP5 85K \(LFE5U-85F-6\)\n {2}parameters {2}WIDTH=12\n/);
    expect(stdout).toMatch(/cells +.*12 FF, 12 carry bits\n/);
    expect(stdout).toMatch(/Fmax +\d+ \(\d+\.\.\d+\) MHz, estimated from the mapped netlist\n/);
    expect(stdout).toMatch(/tools +Yosys \d/);
  });

  test('takes a kernel of a user with its own parameters', async () => {
    const kernel = join(ROOT, 'test/fixtures/scripts/tally-kernel.ts');
    const { code, stdout, stderr } = await synth(kernel, '--device', 'xcvu47p', '--json', '-');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kernel: 'tally', fits: true, device: 'xcvu47p' });
  });

  test('writes the row as JSON, and the schematic', async () => {
    const folder = temporaryFolder();
    const [json, svg] = [join(folder, 'row.json'), join(folder, 'counter.svg')];
    const options = ['--device', 'xcvu47p', '--json', json, '--schematic', svg];
    const { code, stderr } = await synth(COUNTER, ...options);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
      kernel: 'counter',
      device: 'xcvu47p',
      fits: true,
      cells: { ff: 8 },
    });
    expect(readFileSync(svg, 'utf8')).toContain('</svg>');
  });

  test.each([
    [
      ['nothing', '--device', 'xcvu47p'],
      'expected a built-in kernel (sha256,',
      'ERR_RTLIFT_INVALID_ARG',
    ],
    [[COUNTER, '--device', 'hx1k'], 'device is one of ice40-hx8k,', 'ERR_RTLIFT_INVALID_ARG'],
    [
      [COUNTER, '--device', 'xcvu47p', '--write'],
      '--write is for built-in kernels',
      'ERR_RTLIFT_INVALID_ARG',
    ],
    [[COUNTER, '--device', 'xcvu47p', '--top', 'other'], 'other', 'ERR_RTLIFT_SYNTHESIS_FAILED'],
  ])('refuses %j', async (args, said, errorCode) => {
    const { code, stderr } = await synth(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(said);
    expect(stderr).toContain(errorCode);
  });
});
