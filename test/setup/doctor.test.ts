import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DoctorReport } from '../../src/cli/doctor-report.js';
import { TOOLS } from '../../src/toolchain/find-tools.js';
import { fakeTools, ROOT, runNode, temporaryFolder, writeText } from './fixture.js';

function doctor(args: string[], env: Record<string, string>) {
  const main = join(ROOT, 'src', 'cli', 'main.ts');
  return runNode(['--import', 'tsx', main, 'doctor', ...args], { cwd: ROOT, env });
}

async function report(env: Record<string, string>): Promise<DoctorReport> {
  const { code, stdout, stderr } = await doctor(['--json'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('rtlift doctor', () => {
  test('lists every tool with what it is for, what works without it and how to get it', async () => {
    const { checks, paths } = await report({ PATH: temporaryFolder() });
    const names = ['node', 'addon', ...TOOLS.map((tool) => tool.name), 'cmake-js'];
    expect(checks.map((check) => check.name)).toEqual(names);
    for (const check of checks) {
      expect(check.neededFor, check.name).not.toBe('');
      expect(check.without, check.name).not.toBe('');
      expect(check.get === null, `${check.name}: a command unless it is there`).toBe(check.ok);
      expect(check.reason === null, `${check.name}: a reason unless it is there`).toBe(check.ok);
    }
    expect(paths).toEqual({ javascript: true, verilator: false });
  });

  test('finds what is on PATH', async () => {
    const bin = temporaryFolder();
    fakeTools(bin, ['verilator', 'g++', 'yosys']);
    const { checks } = await report({ PATH: bin });
    const found = checks.filter(({ name, ok }) => ok && TOOLS.some((tool) => tool.name === name));
    expect(found.map(({ name, version }) => [name, version])).toEqual([
      ['verilator', '5.020'],
      ['cxx', '12.2.0'],
      ['yosys', '0.23'],
    ]);
  });

  test('reports the cache, its size and the variables in effect', async () => {
    const cache = temporaryFolder();
    writeText(join(cache, 'kernels', 'a'), 'x'.repeat(1000));
    const { cache: reported, environment } = await report({
      PATH: temporaryFolder(),
      RTLIFT_CACHE_DIR: cache,
      RTLIFT_SKIP_APT: '1',
    });
    expect(reported).toEqual({ path: cache, sizeBytes: 1000 });
    expect(environment).toEqual({ RTLIFT_CACHE_DIR: cache, RTLIFT_SKIP_APT: '1' });
  });

  test('prints a table without colours off a terminal, and exits with 0', async () => {
    const { code, stdout } = await doctor([], { PATH: temporaryFolder() });
    expect(code).toBe(0);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toMatch(/Verilator >= 5\.006 +│ missing/);
    expect(stdout).toContain('javascript path: works, verilator path: off');
    expect(stdout).toContain('How to get what is missing');
    expect(stdout).toContain('then: npm run setup');
  });

  test('exits with 1 under --strict where the verilator path cannot run', async () => {
    expect((await doctor(['--strict'], { PATH: temporaryFolder() })).code).toBe(1);
  });
});
