import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  compareVersions,
  detectSystem,
  findTool,
  installCommand,
  installCommands,
  TOOLS,
} from '../../scripts/lib/tools.mjs';
import {
  fakeCheckout,
  fakeCommand,
  fakeTools,
  runNode,
  temporaryFolder,
  VERSION_OUTPUT,
} from './fixture.js';

describe('findTool', () => {
  test.each([
    ['verilator', 'verilator', VERSION_OUTPUT.verilator, '5.020'],
    ['cxx', 'g++', VERSION_OUTPUT['g++'], '12.2.0'],
    ['cxx', 'clang++', 'Debian clang version 14.0.6\nTarget: x86_64-pc-linux-gnu', '14.0.6'],
    ['cxx', 'c++', 'Apple clang version 15.0.0 (clang-1500.3.9.4)', '15.0.0'],
    ['cxx', 'g++', 'g++ (GCC) 13.2.1 20230728 (Red Hat 13.2.1-1)', '13.2.1'],
    ['cmake', 'cmake', VERSION_OUTPUT.cmake, '3.25.1'],
    ['make', 'make', VERSION_OUTPUT.make, '4.3'],
    ['make', 'ninja', '1.11.1', '1.11.1'],
    ['iverilog', 'iverilog', VERSION_OUTPUT.iverilog, '11.0'],
    ['yosys', 'yosys', VERSION_OUTPUT.yosys, '0.23'],
    ['nextpnr', 'nextpnr-ice40', VERSION_OUTPUT['nextpnr-ice40'], '0.4'],
    [
      'nextpnr',
      'nextpnr-ice40',
      '"nextpnr-ice40" -- Next Generation Place and Route (Version nextpnr-0.8-50-g1234)',
      '0.8',
    ],
    ['chromium', 'chromium', VERSION_OUTPUT.chromium, '156.0.8078.108'],
    ['chromium', 'google-chrome', 'Google Chrome 148.0.7778.96', '148.0.7778.96'],
  ] as const)('reads the version of %s from %s', async (tool, command, output, version) => {
    const bin = temporaryFolder();
    const path = fakeCommand(bin, command, `echo '${output}'`);
    const found = await findTool(tool, { env: { PATH: bin } });
    expect(found).toEqual({ tool, path, version, ok: true, reason: null });
  });

  test('says which commands it looked for', async () => {
    const found = await findTool('cxx', { env: { PATH: temporaryFolder() } });
    expect(found).toMatchObject({ ok: false, path: null });
    expect(found.reason).toBe('no g++ or clang++ or c++ on PATH');
  });

  test('refuses a Verilator that is too old and says so', async () => {
    const bin = temporaryFolder();
    const path = fakeCommand(bin, 'verilator', 'echo "Verilator 4.038 2020-07-11"');
    const found = await findTool('verilator', { env: { PATH: bin } });
    expect(found).toMatchObject({ ok: false, path, version: '4.038' });
    expect(found.reason).toBe('version 4.038 is older than 5.006');
  });

  test('takes the override and nothing else', async () => {
    const bin = temporaryFolder();
    const other = temporaryFolder();
    fakeTools(bin, ['g++']);
    const path = fakeCommand(other, 'my-cxx', 'echo "clang version 17.0.1"');
    const named = await findTool('cxx', { env: { PATH: bin, RTLIFT_CXX: path } });
    expect(named).toMatchObject({ ok: true, path, version: '17.0.1' });
    const wrong = await findTool('cxx', { env: { PATH: bin, RTLIFT_CXX: join(other, 'none') } });
    expect(wrong.ok).toBe(false);
    expect(wrong.reason).toContain('RTLIFT_CXX');
  });

  test('passes over a file that is not executable and a relative PATH entry', async () => {
    const bin = temporaryFolder();
    chmodSync(fakeCommand(bin, 'cmake', 'echo "cmake version 3.30.0"'), 0o644);
    const found = await findTool('cmake', { env: { PATH: `${bin}:.:` } });
    expect(found.path).toBe(null);
  });

  test('gives up on a tool that does not answer', async () => {
    const bin = temporaryFolder();
    fakeCommand(bin, 'yosys', 'exec /bin/sleep 60');
    const found = await findTool('yosys', { env: { PATH: bin }, timeoutMs: 200 });
    expect(found.ok).toBe(false);
    expect(found.reason).toContain('no answer within 200 ms');
  });

  test('reports a tool that fails without a version', async () => {
    const bin = temporaryFolder();
    fakeCommand(bin, 'g++', 'echo "xcrun: error: invalid active developer path" >&2; exit 1');
    const found = await findTool('cxx', { env: { PATH: bin } });
    expect(found.ok).toBe(false);
    expect(found.reason).toContain('invalid active developer path');
  });
});

test('versions are compared number by number', () => {
  expect(compareVersions('5.006', '5.020')).toBe(-1);
  expect(compareVersions('5.100', '5.020')).toBe(1);
  expect(compareVersions('3.18', '3.18.0')).toBe(0);
});

describe('the command that installs', () => {
  test.each([
    ['debian', 'ID=debian'],
    ['debian', 'ID=ubuntu\nID_LIKE=debian'],
    ['debian', 'NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"'],
    ['fedora', 'ID=fedora'],
    ['fedora', 'ID="rocky"\nID_LIKE="rhel centos fedora"'],
    [null, 'ID=alpine'],
  ])('knows %s from os-release', (system, osRelease) => {
    expect(detectSystem({ platform: 'linux', osRelease })).toBe(system);
  });

  test('is one line for each system', () => {
    const names = ['verilator', 'cxx', 'cmake', 'make'] as const;
    const isRoot = false;
    expect(installCommand('debian', names, { isRoot })).toBe(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends verilator g++ cmake make',
    );
    expect(installCommand('fedora', names, { isRoot })).toBe(
      'sudo dnf install -y verilator gcc-c++ cmake make',
    );
    expect(installCommand('macos', names, { isRoot })).toBe(
      'xcode-select --install; brew install verilator cmake',
    );
    expect(installCommand('debian', ['yosys'], { isRoot: true })).not.toContain('sudo');
    expect(installCommand('macos', ['cxx'])).toBe('xcode-select --install');
  });

  test('is given for every system where this one is unknown', () => {
    const commands = installCommands(['verilator'], { system: null });
    expect(commands.map(([system]) => system)).toEqual(['Debian, Ubuntu', 'Fedora', 'macOS']);
  });

  test('exists for every tool on every system', () => {
    for (const { name } of TOOLS) {
      for (const system of ['debian', 'fedora', 'macos'] as const) {
        expect(installCommand(system, [name]), `${name} on ${system}`).toMatch(/install/);
      }
    }
  });
});

const isDebian = detectSystem() === 'debian';

describe('the tools step', () => {
  const NOBODY = 65_534;
  const isRoot = process.getuid?.() === 0;

  function toolsStep(
    { root, bin }: { root: string; bin: string },
    options: { args?: string[]; env?: Record<string, string>; uid?: number } = {},
  ) {
    const { args = [], env = {}, uid } = options;
    return runNode([join(root, 'scripts', 'setup.mjs'), 'tools', ...args], {
      env: { PATH: bin, ...env },
      ...(uid === undefined ? {} : { uid }),
    });
  }

  /** An apt-get that notes its calls and provides `tools`. */
  function fakeApt(bin: string, tools: readonly (keyof typeof VERSION_OUTPUT)[]): string {
    const calls = join(bin, 'apt-calls');
    const provide = tools.map((name) => {
      const file = join(bin, name);
      return `printf '#!/bin/sh\\necho "%s"\\n' '${VERSION_OUTPUT[name]}' > '${file}'; /bin/chmod 755 '${file}'`;
    });
    fakeCommand(
      bin,
      'apt-get',
      [`echo "$DEBIAN_FRONTEND $@" >> '${calls}'`, ...provide].join('\n'),
    );
    return calls;
  }

  test('is silent where every tool is there', async () => {
    const checkout = fakeCheckout();
    fakeTools(checkout.bin, ['verilator', 'g++', 'cmake', 'make']);
    const { code, stderr } = await toolsStep(checkout);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^set-up: up to date/);
  });

  test('prints what is missing and the command, and exits with 0', async () => {
    const checkout = fakeCheckout();
    fakeTools(checkout.bin, ['g++', 'make']);
    const { code, stderr } = await toolsStep(checkout, { env: { RTLIFT_SKIP_APT: '1' } });
    expect(code).toBe(0);
    expect(stderr).toContain('missing: Verilator, CMake: the verilator path is off');
    for (const [, command] of installCommands(['verilator', 'cmake'])) {
      expect(stderr).toContain(command);
    }
    expect(stderr).toContain('then: npm run setup');
    expect(stderr).not.toMatch(/Yosys|Chromium/);
  });

  test('asks for the tools of the tests only with --tests', async () => {
    const checkout = fakeCheckout();
    fakeTools(checkout.bin, ['verilator', 'g++', 'cmake', 'make', 'iverilog']);
    const { code, stderr } = await toolsStep(checkout, {
      args: ['--tests'],
      env: { RTLIFT_SKIP_APT: '1' },
    });
    expect(code).toBe(0);
    expect(stderr).toContain('missing: Yosys, nextpnr-ice40: tests that need them are skipped');
    expect(stderr).toContain('missing: Chromium: tests that need them are skipped');
  });

  test('installs the browser apart from the other tools of the tests', async ({ skip }) => {
    skip(!isDebian || !isRoot, 'needs root on a Debian or Ubuntu');
    const checkout = fakeCheckout();
    fakeTools(checkout.bin, ['verilator', 'g++', 'cmake', 'make']);
    const calls = fakeApt(checkout.bin, ['iverilog', 'yosys', 'nextpnr-ice40', 'chromium']);
    const { code } = await toolsStep(checkout, { args: ['--tests'] });
    expect(code).toBe(0);
    expect(readFileSync(calls, 'utf8')).toMatch(/recommends iverilog yosys nextpnr-ice40\n/);
  });

  test('installs through apt-get as root', async ({ skip }) => {
    skip(!isDebian || !isRoot, 'needs root on a Debian or Ubuntu');
    const checkout = fakeCheckout();
    fakeTools(checkout.bin, ['g++', 'make']);
    const calls = fakeApt(checkout.bin, ['verilator', 'cmake']);
    const { code, stderr } = await toolsStep(checkout);
    expect(code).toBe(0);
    expect(stderr).toMatch(/tools: installed \(\d+\.\d s\)/);
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toEqual([
      'noninteractive -o DPkg::Lock::Timeout=120 update',
      'noninteractive -o DPkg::Lock::Timeout=120 install -y --no-install-recommends verilator cmake',
      // Apart: a release without this package must not keep the others from being installed.
      'noninteractive -o DPkg::Lock::Timeout=120 update',
      'noninteractive -o DPkg::Lock::Timeout=120 install -y --no-install-recommends clang-19',
    ]);
  });

  test('does not ask apt-get again for what it lacks', async ({ skip }) => {
    skip(!isDebian || !isRoot, 'needs root on a Debian or Ubuntu');
    const checkout = fakeCheckout();
    fakeTools(checkout.bin, ['g++', 'make', 'cmake']);
    const calls = fakeApt(checkout.bin, []);
    const first = await toolsStep(checkout);
    const second = await toolsStep(checkout);
    expect([first.code, second.code]).toEqual([0, 0]);
    // update and install, once for what is needed and once for what is only faster
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toHaveLength(4);
    expect(second.stderr).toContain('apt-get was tried before');
    await toolsStep(checkout, { args: ['--retry'] });
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toHaveLength(8);
  });

  test('goes on where apt-get fails', async ({ skip }) => {
    skip(!isDebian || !isRoot, 'needs root on a Debian or Ubuntu');
    const checkout = fakeCheckout();
    fakeCommand(checkout.bin, 'apt-get', 'echo "E: no network" >&2; exit 100');
    const { code, stderr } = await toolsStep(checkout);
    expect(code).toBe(0);
    expect(stderr).toContain('E: no network');
    expect(stderr).toContain('missing: Verilator');
  });

  // Only root can run the child as somebody else; elsewhere the tests run as such a user already.
  const asUser = isRoot ? { uid: NOBODY } : {};

  test('does not call apt-get where sudo asks for a password', async ({ skip }) => {
    skip(!isDebian, 'needs a Debian or Ubuntu');
    const checkout = fakeCheckout();
    fakeCommand(checkout.bin, 'apt-get', 'exit 99');
    fakeCommand(checkout.bin, 'sudo', 'echo "sudo: a password is required" >&2; exit 1');
    const { code, stderr } = await toolsStep(checkout, asUser);
    expect(code).toBe(0);
    expect(stderr).toContain('sudo asks for a password');
    expect(stderr).toContain('sudo apt-get install');
  });

  test('installs through passwordless sudo', async ({ skip }) => {
    skip(!isDebian, 'needs a Debian or Ubuntu');
    const checkout = fakeCheckout();
    fakeTools(checkout.bin, ['g++', 'make', 'cmake']);
    const calls = fakeApt(checkout.bin, ['verilator']);
    fakeCommand(checkout.bin, 'sudo', '[ "$1" = -n ] || exit 1; shift; exec "$@"');
    fakeCommand(checkout.bin, 'true', 'exit 0');
    const { code, stderr } = await toolsStep(checkout, asUser);
    expect(code).toBe(0);
    expect(stderr).toContain('tools: installed');
    expect(readFileSync(calls, 'utf8')).toContain('install -y --no-install-recommends verilator');
  });
});
