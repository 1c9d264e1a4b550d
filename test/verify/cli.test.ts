import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Ended, runFile } from '../support/child.js';
import { temporaryFolder } from '../support/folders.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import type { Fault } from './kernels.js';

const KERNEL = 'test/fixtures/scripts/tally-kernel.ts';
const SHORT = ['--seed', '0x51', '--messages', '1500'];

function rtlift(args: readonly string[], fault: Fault = 'none'): Promise<Ended> {
  return runFile('src/cli/main.ts', { args, env: { TALLY_FAULT: fault } });
}

describeUnless(await missingVerilatorPath(), 'rtlift verify', () => {
  test('says that RTL passes, and exits with 0', async () => {
    const { code, stdout, stderr } = await rtlift(['verify', KERNEL, ...SHORT]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const [first, second, ...rest] = stdout.trimEnd().split('\n');
    expect(first).toMatch(
      /^tally: passed; [\d,]+ messages in \d+ runs, [\d,]+ kernel cycles \(simulated\), seed 0x51$/,
    );
    expect(second).toMatch(/^ {2}speed +[\d.]+ M cycles\/s .*\(host time, measured\)$/);
    expect(rest).toEqual([]);
  });

  test('shows a counterexample, keeps it for replay, and exits with 1', async () => {
    const bundle = join(temporaryFolder(), 'bundle');
    const args = ['verify', KERNEL, ...SHORT, '--bundle', bundle];
    const { code, stdout } = await rtlift(args, 'byteValue');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^tally: FAILED; /);
    for (const line of [
      /^message 0: the RTL gives another result than the golden model, from byte 0 on$/m,
      /^ {2}code {6}ERR_RTLIFT_RESULT_MISMATCH$/m,
      /^ {2}where {5}message 0 of 1, byte 0, cycle \d+$/m,
      /^ {2}message {3}5a \(1 byte\)$/m,
      /^ {2}expected {2}5a000000 \(4 bytes\)$/m,
      /^ {2}got {7}5b000000 \(4 bytes\)$/m,
      /^ {2}driven {4}full rate$/m,
      /^ {2}shrunk {4}from \d+ messages to 1$/m,
    ])
      expect(stdout).toMatch(line);
    const [, again = ''] = /^ {2}again {5}npx rtlift (.*)$/m.exec(stdout) ?? [];
    expect(again).toMatch(/^verify \S+ --seed 0x51 --messages \d+$/);
    expect(stdout).toContain(`  waveform  npx rtlift replay ${bundle}\n`);

    const replayed = await rtlift(['replay', bundle], 'byteValue');
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toMatch(
      /^tally: message 0: the RTL gives another result .*, cycle \d+\n {2}waveform {2}.*wave\.vcd, cycles 0 to \d+\n$/,
    );
    expect((await readFile(join(bundle, 'wave.vcd'), 'utf8')).length).toBeGreaterThan(500);

    const fixed = await rtlift(['replay', bundle, '--kernel', KERNEL], 'none');
    expect(fixed).toMatchObject({ code: 0, stderr: expect.not.stringContaining('is not what') });
    expect(fixed.stdout).toMatch(/^tally: passes now; it was: message 0: the RTL gives another/);

    const moved = join(temporaryFolder(), 'gone.mjs');
    const gone = await rtlift(['replay', bundle, '--kernel', moved]);
    expect(gone.code).toBe(1);
    expect(gone.stderr).toMatch(/^rtlift: cannot load .*gone\.mjs.*\(ERR_RTLIFT_INVALID_ARG\)$/m);
  });

  test('--json writes one document and leaves the counterexample to standard error', async () => {
    const bundle = join(temporaryFolder(), 'bundle');
    const args = ['verify', KERNEL, ...SHORT, '--json', '--bundle', bundle];
    const { code, stdout, stderr } = await rtlift(args, 'byteValue');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      kernel: 'tally',
      seed: 0x51,
      failure: { kind: 'mismatch', expected: '5a000000', actual: '5b000000' },
      cycles: { unit: 'cycles', provenance: 'simulated' },
      cyclesPerSecond: { provenance: 'measured' },
      lineCoverage: null,
      fourState: null,
      bundle,
    });
    expect(stderr).toMatch(/^ {2}again {5}npx rtlift verify /m);
  });

  test('--no-monitors leaves the protocol alone', async () => {
    const args = ['verify', KERNEL, ...SHORT, '--no-monitors', '--json'];
    const { code, stdout } = await rtlift(args, 'validDrops');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ failure: null, bundle: null });
  });
});

describe('rtlift verify and replay', () => {
  test.each<[string, readonly string[], RegExp]>([
    [
      'no such kernel',
      ['verify', 'sha257'],
      /^rtlift: expected a built-in kernel \(.*sha256.*got sha257 /m,
    ],
    [
      'a file without a kernel',
      ['verify', 'src/figure.ts'],
      /expected an export `kernel`.*got estimate, figure/,
    ],
    [
      'a file that is not there',
      ['verify', './no-such.mjs'],
      /^rtlift: cannot load .*no-such\.mjs/m,
    ],
    ['no messages', ['verify', 'sha256', '--messages', '0'], /expected an integer 1\.\.1000000000/],
    [
      'a seed that is none',
      ['verify', 'sha256', '--seed', 'x'],
      /expected an integer 0\.\.2147483647/,
    ],
    ['no bundle', ['replay', 'no-such-folder'], /no-such-folder is no replay bundle: .*ENOENT/],
  ])('exit with 1 and say why: %s', async (_what, args, expected) => {
    const { code, stdout, stderr } = await rtlift(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('refuse a bundle that brings a program along', async () => {
    const folder = temporaryFolder();
    const program = join(folder, 'kernel.mjs');
    await writeFile(program, 'throw new Error("it ran")\n');
    const index = {
      format: 1,
      kernel: 'tally',
      target: program,
      modelSeed: 0,
      noProgressCycles: 1,
      monitors: true,
      batches: [],
      failure: { text: '' },
      sources: {},
    };
    await writeFile(join(folder, 'replay.json'), JSON.stringify(index));
    const { code, stderr } = await rtlift(['replay', folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/names a kernel of its own.*--kernel/);
    expect(stderr).not.toContain('it ran');
  });
});
