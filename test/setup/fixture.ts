import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A temporary folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rtlift-test-'));
  // Some tests run a child as another user.
  chmodSync(folder, 0o777);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeText(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
}

/** An executable in `folder` that runs `script` with sh. */
export function fakeCommand(folder: string, name: string, script: string): string {
  const file = join(folder, name);
  writeText(file, `#!/bin/sh\n${script}\n`, 0o755);
  return file;
}

/** What each tool of tools.json answers when it is asked for its version. */
export const VERSION_OUTPUT = {
  verilator: 'Verilator 5.020 2024-01-01 rev v5.020',
  'g++': 'g++ (Debian 12.2.0-14+deb12u1) 12.2.0',
  cmake: 'cmake version 3.25.1',
  make: 'GNU Make 4.3',
  iverilog: 'Icarus Verilog version 11.0 (stable) ()',
  yosys: 'Yosys 0.23 (git sha1 7ce5011c24b)',
  'nextpnr-ice40': 'nextpnr-ice40 -- Next Generation Place and Route (Version 0.4-1+b1)',
  chromium: 'Chromium 156.0.8078.108 built on Debian GNU/Linux 12 (bookworm)',
} as const;

export function fakeTools(folder: string, names: readonly (keyof typeof VERSION_OUTPUT)[]): void {
  for (const name of names) fakeCommand(folder, name, `echo '${VERSION_OUTPUT[name]}'`);
}

/** A checkout with rtlift's own scripts and next to nothing to set up, and an empty PATH folder. */
export function fakeCheckout(): { root: string; bin: string } {
  const folder = temporaryFolder();
  const root = join(folder, 'checkout');
  const bin = join(folder, 'bin');
  cpSync(join(ROOT, 'scripts'), join(root, 'scripts'), { recursive: true });
  mkdirSync(bin);
  mkdirSync(join(root, 'node_modules'));
  const manifest = { name: 'fake', version: '1.0.0', type: 'module', engines: { node: '>=20' } };
  writeText(join(root, 'package.json'), JSON.stringify(manifest));
  writeLock(join(root, 'package-lock.json'), '1.0.0');
  writeLock(join(root, 'node_modules', '.package-lock.json'), '1.0.0');
  symlinkSync(join(ROOT, 'node_modules', 'typescript'), join(root, 'node_modules', 'typescript'));
  writeText(join(root, 'tsconfig.json'), '{}');
  const options = {
    module: 'nodenext',
    target: 'es2023',
    types: [],
    rootDir: 'src',
    outDir: 'dist',
  };
  writeText(
    join(root, 'tsconfig.build.json'),
    JSON.stringify({ compilerOptions: options, include: ['src'] }),
  );
  writeText(
    join(root, 'src', 'cli', 'main.ts'),
    'console.log(JSON.stringify(process.argv.slice(2)));\nexport {};\ndeclare const process: { argv: string[] };\ndeclare const console: { log(text: string): void };\n',
  );
  for (const path of [root, bin]) chmodSync(path, 0o777);
  return { root, bin };
}

/** A lock file that asks for one package in `version`. */
export function writeLock(file: string, version: string): void {
  const packages = { '': {}, 'node_modules/one': { version, integrity: `sha512-${version}` } };
  writeText(file, JSON.stringify({ lockfileVersion: 3, packages }));
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script with this node; only `env` is in its environment. */
export function runNode(
  args: readonly string[],
  options: { env: Record<string, string>; cwd?: string; uid?: number },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
