import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import ts from 'typescript';
import { describe, expect, onTestFinished, test } from 'vitest';
import { analyse } from '../../src/profile/cpu/analyse.js';
import { attach } from '../../src/profile/cpu/attach.js';
import { exitThrough } from '../../src/profile/cpu/end-command.js';
import { record } from '../../src/profile/cpu/record.js';
import { rejected } from '../support/errors.js';
import { temporaryFolder } from '../support/folders.js';
import { ROOT } from '../support/root.js';

const FIXTURES = join(ROOT, 'test', 'fixtures', 'profile');
const PLANTED = join(ROOT, 'test', 'fixtures', 'scripts', 'planted.ts');
/** Enough for hundreds of samples on a busy machine. */
const MS = '1200';

async function profiled(command: readonly string[], options: { durationMs?: number } = {}) {
  const { threads, notes, status, isEnded } = await record(command, {
    intervalUs: 500,
    stdout: 'stderr',
    ...options,
  });
  const { report } = analyse(threads, { command: command.join(' '), notes });
  return { report, status, isEnded };
}

const fixture = (name: string, ...args: string[]) => ['node', join(FIXTURES, name), ...args];

/** Planted at 60 %: what is measured here is which function; how near, `npm run bench:profile` shows. */
function expectOne(
  report: Awaited<ReturnType<typeof profiled>>['report'],
  name: string,
  kernel: string,
): void {
  expect(report.candidates.map((found) => [found.function, found.kernel])).toEqual([
    [name, kernel],
  ]);
  expect(report.candidates[0]?.totalShare.value).toBeGreaterThan(0.2);
  expect(report.candidates[0]?.totalShare.value).toBeLessThan(0.9);
}

describe('rtlift profile -- a command', () => {
  test.each([
    ['fingerprint', 'sha256'],
    ['label', 'sha1'],
    ['isWanted', 'literalMatch'],
    ['accepts', 'recordFilter'],
  ])('finds %s in plain JavaScript', async (name, kernel) => {
    const { report, status } = await profiled(fixture('planted.mjs', name, '0.6', MS));
    expect(status).toBe(0);
    expectOne(report, name, kernel);
    expect(report.candidates[0]?.file).toBe(join('test', 'fixtures', 'profile', 'hot.mjs'));
  });

  test('finds a function in TypeScript that tsc compiled, where its author wrote it', async () => {
    const folder = temporaryFolder();
    const { outputText, sourceMapText = '' } = ts.transpileModule(readFileSync(PLANTED, 'utf8'), {
      fileName: 'planted.ts',
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        sourceMap: true,
      },
    });
    writeFileSync(
      join(folder, 'planted.mjs'),
      outputText.replace(/sourceMappingURL=.*/, 'sourceMappingURL=planted.mjs.map'),
    );
    writeFileSync(join(folder, 'planted.mjs.map'), sourceMapText);
    const { report } = await profiled(['node', join(folder, 'planted.mjs'), '0.6', MS]);
    expectOne(report, 'sealOf', 'crc');
    expect(report.candidates[0]).toMatchObject({
      file: join(folder, 'planted.ts'),
      call: "offload(crc('crc-32c'))",
    });
    expect(report.candidates[0]?.line).toBe(lineOf('function sealOf'));
  });

  test('finds a function in TypeScript that tsx runs, without tsx itself', async () => {
    const { report } = await profiled(['tsx', PLANTED, '0.6', MS]);
    expectOne(report, 'sealOf', 'crc');
    expect(report.candidates[0]?.line).toBe(lineOf('function sealOf'));
    expect(report.notes.join()).toContain('only starts other programs');
  });

  test('finds what npm runs', async () => {
    const folder = temporaryFolder();
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const script = `node ${join(FIXTURES, 'planted.mjs')} seal 0.6 ${MS}`;
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { hot: script } }));
    const { report } = await profiled(['npm', '--prefix', folder, 'run', 'hot']);
    expectOne(report, 'seal', 'crc');
    expect(report.threads.map(({ name }) => name)).toEqual(['planted.mjs main']);
  });

  test('adds up worker threads, also those that are ended from outside', async () => {
    const { report } = await profiled(fixture('planted-workers.mjs', 'seal', '0.6', MS));
    expectOne(report, 'seal', 'crc');
    expect(report.threads.map(({ threadId }) => threadId)).toEqual([0, 1, 2]);
    const busy = report.threads.map(({ samples, idleSamples }) => samples - idleSamples);
    expect(Math.min(...busy.slice(1))).toBeGreaterThan(100);
  });

  test('finds what the handler of a fastify service does, and reports its end by a signal', async () => {
    const { report, status } = await profiled(fixture('planted-server.mjs', 'seal', '0.6', MS));
    expect(status).toBe(128 + 15);
    expect(report.candidates.map(({ function: name, kernel }) => [name, kernel])).toContainEqual([
      'seal',
      'crc',
    ]);
  });

  test('finds nothing to offload in JSON and templates', async () => {
    const { report } = await profiled(fixture('nothing.mjs', MS));
    expect(report.samples).toBeGreaterThan(100);
    expect(report.candidates).toEqual([]);
  });

  test('is not misled by HMAC, words that are replaced, prefixes and the tables of AES', async () => {
    const { report } = await profiled(fixture('nothing-alike.mjs', MS));
    expect(report.samples).toBeGreaterThan(100);
    expect(report.candidates).toEqual([]);
    expect(report.notes.join()).toContain('no kernel does HMAC');
  });

  test('ends a service after the time that is given, with the profiles of its threads', async () => {
    const { report, isEnded } = await profiled(fixture('service.mjs'), { durationMs: 3000 });
    expect(isEnded).toBe(true);
    expect(report.threads.map(({ threadId }) => threadId)).toEqual([0, 1]);
    expect(report.candidates.map(({ kernel }) => kernel).sort()).toEqual(['crc', 'sha256']);
  });

  test('passes the exit status on', async () => {
    const { status } = await record(['node', '-e', 'process.exitCode = 7'], { intervalUs: 1000 });
    expect(status).toBe(7);
  });

  test('refuses a program that is not there, with what to do', async () => {
    const error = await rejected(
      'ERR_RTLIFT_INVALID_ARG',
      record(['no-such-program'], { intervalUs: 1000 }),
    );
    expect(error.message).toContain('no-such-program');
  });
});

describe('rtlift profile --attach', () => {
  test('samples a running service and its worker, which goes on', async () => {
    const child = spawn('node', ['--inspect=127.0.0.1:0', join(FIXTURES, 'service.mjs')]);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const port = await inspectorOf(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const { threads } = await attach(port, { intervalUs: 500, durationMs: 1500 });
    const { report } = analyse(threads, { command: port });
    expect(report.threads.map(({ pid, threadId }) => [pid, threadId])).toEqual([
      [child.pid, 0],
      [child.pid, 1],
    ]);
    expect(report.candidates.map(({ kernel }) => kernel)).toContain('sha256');
    expect(child.exitCode).toBe(null);
  });

  test.each([
    ['1', 'ERR_RTLIFT_ATTACH_FAILED', '--inspect'],
    ['192.0.2.1:9229', 'ERR_RTLIFT_ATTACH_FAILED', '--allow-remote'],
    ['somewhere', 'ERR_RTLIFT_INVALID_ARG', 'host:port'],
  ] as const)('refuses %s, with what to do', async (address, code, says) => {
    const error = await rejected(code, attach(address, { intervalUs: 1000, durationMs: 100 }));
    expect(error.message).toContain(says);
  });
});

describe('what does not end in time', () => {
  // That its own process is: slow-cpu-busy.test.ts.
  test('the inspector of another process ends nothing', async () => {
    const child = spawn('node', ['--inspect=127.0.0.1:0', '-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await exitThrough(Number(await inspectorOf(child)), process.pid);
    expect(await Promise.race([ended, delay(500, 'goes on')])).toBe('goes on');
  });
});

/** The port on which a program started with --inspect says that it listens. */
function inspectorOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stderr.on('data', (data) => {
      text += data;
      const [, found] = /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(text) ?? [];
      if (found) resolve(found);
    });
  });
}

function lineOf(text: string): number {
  return (
    readFileSync(PLANTED, 'utf8')
      .split('\n')
      .findIndex((line) => line.startsWith(text)) + 1
  );
}
