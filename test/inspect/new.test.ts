import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { ROOT } from '../support/root.js';

const run = promisify(execFile);
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const CLI = join(ROOT, 'src', 'cli', 'main.ts');

const missing =
  (await missingVerilatorPath()) ??
  (existsSync(join(ROOT, 'dist', 'index.js')) ? null : 'dist is not built');

describeUnless(missing, 'rtlift new', () => {
  // Inside the checkout, where the package finds itself by its own name.
  let folder = '';
  beforeAll(() => {
    mkdirSync(join(ROOT, '.rtlift'), { recursive: true });
    folder = mkdtempSync(join(ROOT, '.rtlift', 'new-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const rtlift = (...args: string[]) =>
    run(process.execPath, ['--import', TSX, CLI, ...args], { cwd: folder });

  test('makes a kernel that verifies and benches, and says how', async () => {
    const { stdout } = await rtlift('new', 'fletcher');
    expect(stdout).toContain('npx rtlift verify fletcher/fletcher.mjs');
    expect(readFileSync(join(folder, 'fletcher', 'fletcher.v'), 'utf8')).toContain(
      'module fletcher (',
    );
    const verified = await rtlift(
      'verify',
      'fletcher/fletcher.mjs',
      '--messages',
      '1000',
      '--seed',
      '1',
    );
    expect(verified.stdout).toMatch(/^fletcher: passed; 1,\d+ messages/);
    const benched = await run(process.execPath, ['fletcher/bench.mjs'], { cwd: folder });
    expect(benched.stdout).toMatch(
      /javascript .* ns a message.*\nverilator .* kernel cycles a message/,
    );
  });

  test('refuses a name that is taken or is no name, and says what to do', async () => {
    mkdirSync(join(folder, 'taken'));
    await expect(rtlift('new', 'taken')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('choose another name'),
    });
    await expect(rtlift('new', '../out')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('lower-case letters'),
    });
  });

  test('rtlift inspect prints ports, streams and a descriptor', async () => {
    const { stdout } = await rtlift('inspect', join(ROOT, 'test/fixtures/hdl/byte_count.v'));
    expect(stdout).toContain('clock       aclk');
    expect(stdout).toContain("input: 'din',");
    await expect(rtlift('inspect', 'nothing.v')).rejects.toMatchObject({
      stderr: expect.stringContaining('cannot read'),
    });
  });

  test('the descriptor of a core in several folders, with flags, runs as it is printed', async () => {
    const text = readFileSync(join(ROOT, 'test/fixtures/hdl/byte_sum.v'), 'utf8');
    expect(text).toContain('module byte_sum');
    const write = (path: string, content: string): void => {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), content);
    };
    const ports = /module byte_sum[^;]*;/.exec(text)?.[0] ?? '';
    const names = [...ports.matchAll(/\b(?:input|output)\s+wire\s*(?:\[[^\]]*\])?\s*(\w+)/g)];
    const connections = names.map(([, name]) => `.${name}(${name})`).join(', ');
    write('split/inc/check.vh', '`ifdef RIGHT\n`define SUB byte_sum\n`endif\n');
    write(
      'split/core/outer.v',
      `\`include "check.vh"\n${ports.replace('byte_sum', 'outer')}\n\`SUB u_sub (${connections});\nendmodule\n`,
    );
    write('split/lib/byte_sum.v', `${text}\nmodule unused; endmodule\n`);
    const more = ['--include', 'split/inc', '--source', 'split/lib/byte_sum.v'];
    const { stdout } = await rtlift('inspect', 'split/core/outer.v', ...more, '--flag', '-DRIGHT');
    expect(stdout).toContain('module outer\n');
    const descriptor = stdout
      .slice(stdout.indexOf('import {'))
      .replace(/throw new Error.*;/, 'return message.reduce((sum, byte) => sum + byte, 0);');
    write('split/core/outer.mjs', descriptor);
    const verified = await rtlift('verify', 'split/core/outer.mjs', '--messages', '500');
    expect(verified.stdout).toMatch(/^outer: passed/);
    await expect(
      rtlift('inspect', 'split/core/outer.v', ...more, '--flag', '--exe'),
    ).rejects.toMatchObject({ stderr: expect.stringContaining('got --exe') });
  });
});
