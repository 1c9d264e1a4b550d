import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeCheckout, fakeCommand, runNode, writeLock, writeText } from './fixture.js';

const ENV = { RTLIFT_SKIP_APT: '1' };

function setUp(root: string, bin: string, steps: string[], env: Record<string, string> = {}) {
  return runNode([join(root, 'scripts', 'setup.mjs'), ...steps], {
    env: { ...ENV, PATH: bin, ...env },
  });
}

/** An npm that notes its arguments and installs what the lock file asks for. */
function fakeNpm(root: string, bin: string, extra = ''): string {
  const calls = join(bin, 'npm-calls');
  const cp = `/bin/cp '${root}/package-lock.json' '${root}/node_modules/.package-lock.json'`;
  fakeCommand(bin, 'npm', `echo "$@" >> '${calls}'\n${extra}\n${cp}`);
  return calls;
}

describe('the npm step', () => {
  test('does nothing where node_modules holds what the lock file asks for', async () => {
    const { root, bin } = fakeCheckout();
    const calls = fakeNpm(root, bin);
    const first = await setUp(root, bin, ['npm']);
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toMatch(/^set-up: up to date \(\d+\.\d s\)\n$/);
    expect(existsSync(calls)).toBe(false);
  });

  test('runs npm ci once after the lock file has changed', async () => {
    const { root, bin } = fakeCheckout();
    const calls = fakeNpm(root, bin);
    await setUp(root, bin, ['npm']);
    writeLock(join(root, 'package-lock.json'), '2.0.0');
    const changed = await setUp(root, bin, ['npm']);
    expect(changed.stderr).toMatch(/npm packages: installed \(\d+\.\d s\)/);
    expect(readFileSync(calls, 'utf8')).toMatch(/^ci --include=dev .*\n$/);
    const again = await setUp(root, bin, ['npm']);
    expect(again.stderr).toMatch(/up to date/);
  });

  test('fails with the last lines of npm and what to do', async () => {
    const { root, bin } = fakeCheckout();
    fakeNpm(root, bin, 'echo "npm error network" >&2; exit 7');
    writeLock(join(root, 'package-lock.json'), '2.0.0');
    const { code, stderr } = await setUp(root, bin, ['npm']);
    expect(code).toBe(1);
    expect(stderr).toContain('npm error network');
    expect(stderr).toContain('check the network');
  });
});

describe('the build step', () => {
  test('follows content, not times', async () => {
    const { root, bin } = fakeCheckout();
    const main = join(root, 'src', 'cli', 'main.ts');
    expect((await setUp(root, bin, ['build'])).stderr).toContain('dist: built');
    utimesSync(main, new Date(), new Date());
    expect((await setUp(root, bin, ['build'])).stderr).toMatch(/^set-up: up to date/);
    writeFileSync(main, `${readFileSync(main, 'utf8')}\nexport const more = 1;\n`);
    expect((await setUp(root, bin, ['build'])).stderr).toContain('dist: built');
  });

  test('drops the output of a source that is gone', async () => {
    const { root, bin } = fakeCheckout();
    const left = join(root, 'dist', 'gone.js');
    writeText(left, '');
    await setUp(root, bin, ['build']);
    expect(existsSync(left)).toBe(false);
  });

  test('fails on a type error and shows it', async () => {
    const { root, bin } = fakeCheckout();
    writeText(join(root, 'src', 'wrong.ts'), 'export const n: number = "text";\n');
    const { code, stderr } = await setUp(root, bin, ['build']);
    expect(code).toBe(1);
    expect(stderr).toContain('TS2322');
    expect((await setUp(root, bin, ['build'])).code).toBe(1);
  });
});

describe('the lock', () => {
  const lockOf = (root: string) => join(root, '.rtlift', 'setup.lock');

  test('lets one of two set-ups work and the other find it done', async () => {
    const { root, bin } = fakeCheckout();
    const calls = fakeNpm(root, bin, '/bin/sleep 1');
    writeLock(join(root, 'package-lock.json'), '2.0.0');
    const both = await Promise.all([setUp(root, bin, ['npm']), setUp(root, bin, ['npm'])]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(both.map(({ stderr }) => stderr).join('')).toContain('waiting for another set-up');
    expect(existsSync(lockOf(root))).toBe(false);
  });

  test.each([
    ['of a process that is gone', { pid: 2 ** 22 + 1, host: hostname(), token: 'x' }, 0],
    ['of another host that was not touched', { pid: 1, host: 'elsewhere', token: 'x' }, 120],
    ['that was cut short', null, 120],
  ])('is taken over where it is one %s', async (_what, holder, ageSeconds) => {
    const { root, bin } = fakeCheckout();
    writeText(lockOf(root), holder === null ? '{' : JSON.stringify(holder));
    const then = new Date(Date.now() - ageSeconds * 1000);
    utimesSync(lockOf(root), then, then);
    expect((await setUp(root, bin, ['npm'])).code).toBe(0);
    expect(existsSync(lockOf(root))).toBe(false);
  });
});

describe('the addon step', () => {
  test('is left out without tools, and the set-up still succeeds', async () => {
    const { root, bin } = fakeCheckout();
    const { code, stderr } = await setUp(root, bin, ['addon']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^set-up: up to date/);
  });
});

describe('scripts/start.mjs', () => {
  test('passes its arguments to the benchmark and keeps its own words off stdout', async () => {
    const { root, bin } = fakeCheckout();
    const { code, stdout } = await runNode([join(root, 'scripts', 'start.mjs'), '--json', 'a b'], {
      env: { ...ENV, PATH: bin },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(['bench', '--page', '--json', 'a b']);
  });

  test('ends with the exit code of the benchmark', async () => {
    const { root, bin } = fakeCheckout();
    writeText(
      join(root, 'src', 'cli', 'main.ts'),
      'export {};\ndeclare const process: { exit(n: number): void };\nprocess.exit(3);\n',
    );
    const script = join(root, 'scripts', 'start.mjs');
    expect((await runNode([script], { env: { ...ENV, PATH: bin } })).code).toBe(3);
  });
});

describe('an unsuitable call', () => {
  test('names the steps', async () => {
    const { root, bin } = fakeCheckout();
    const { code, stderr } = await setUp(root, bin, ['everything']);
    expect(code).toBe(1);
    expect(stderr).toContain('npm, tools, addon, build');
  });

  test('says when Node is too old', async () => {
    const { root, bin } = fakeCheckout();
    writeText(join(root, 'package.json'), JSON.stringify({ engines: { node: '>=999.1' } }));
    const { code, stderr } = await setUp(root, bin, ['npm']);
    expect(code).toBe(1);
    expect(stderr).toContain('older than 999.1');
  });
});
