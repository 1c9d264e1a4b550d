import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTool, TOOLS, whichCommand } from '../scripts/lib/tools.mjs';
import type { DoctorReport } from '../src/cli/doctor-report.js';
import { ROOT, writeText } from './setup/fixture.js';

const run = promisify(execFile);

const SHA256_OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

const PROGRAM = `
import { offload, sha256 } from 'rtlift';
const hash = await offload(sha256(), { path: process.argv[2] });
const digest = await hash(new TextEncoder().encode('abc'));
console.log(Buffer.from(digest).toString('hex'));
await hash.close();
`;

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtlift-package-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: ROOT,
  });
  // The output of prepack comes before the JSON.
  const [{ filename }] = JSON.parse(stdout.slice(stdout.search(/^\[/m)));
  tarball = join(folder, filename);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A PATH with what npm needs to install a package, and nothing that compiles. */
async function pathWithoutTools(): Promise<string> {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['node', 'npm', 'npx', 'sh', 'env']) {
    const path = await whichCommand(name);
    if (path !== null) symlinkSync(realpathSync(path), join(bin, name));
  }
  return bin;
}

/** Installs the tarball in an empty folder, as another project would. */
async function install(name: string, env: NodeJS.ProcessEnv) {
  const project = join(folder, name);
  mkdirSync(project);
  writeText(join(project, 'package.json'), '{ "private": true }');
  const npm = (args: string[]) => run('npm', args, { cwd: project, env });
  const { stdout, stderr } = await npm([
    'install',
    '--ignore-scripts=false',
    '--foreground-scripts',
    '--prefer-offline',
    tarball,
  ]);
  const doctor = async (): Promise<DoctorReport> => {
    const answer = await npm(['exec', '--offline', '--', 'rtlift', 'doctor', '--json']);
    return JSON.parse(answer.stdout);
  };
  const digest = async (path: string) => {
    const program = join(project, 'program.mjs');
    writeText(program, PROGRAM);
    return (await run(process.execPath, [program, path], { cwd: project, env })).stdout.trim();
  };
  return { project, output: stdout + stderr, npm, doctor, digest };
}

/** npm's settings for the project under test must not leak into the one that installs it. */
function cleanEnvironment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([key]) => !/^(npm_(?!config_(registry|cache|userconfig))|RTLIFT_|NODE_ENV|VITEST)/i.test(key),
  );
  return { ...Object.fromEntries(own), RTLIFT_CACHE_DIR: join(folder, 'cache'), ...extra };
}

test('the tarball holds what runs and builds, and no sources or tests', async () => {
  const { stdout } = await run('tar', ['-tzf', tarball]);
  const files = stdout.trim().split('\n');
  for (const file of [
    'dist/index.js',
    'dist/index.d.ts',
    'dist/cli/main.js',
    'scripts/install.mjs',
    'scripts/lib/tools.json',
    'CMakeLists.txt',
    'native/CMakeLists.txt',
    'native/driver/kernel_abi.h',
    'hdl/sha256/sha256.v',
    'LICENSE',
  ]) {
    expect(files).toContain(`package/${file}`);
  }
  expect(
    files.filter((file) => /^package\/(src|test|bench|build|native\/test)\//.test(file)),
  ).toEqual([]);
});

describe('installed where no tool is', () => {
  test('works on the javascript path and says how to get the rest', async () => {
    const env = cleanEnvironment({ PATH: await pathWithoutTools() });
    const { project, output, doctor, digest } = await install('bare', env);
    expect(output).toContain('addon not built');
    expect(output).toContain('npx rtlift setup');
    expect(existsSync(join(project, 'node_modules/rtlift/build'))).toBe(false);

    const { checks, paths } = await doctor();
    expect(paths).toEqual({ javascript: true, verilator: false });
    const missing = checks.filter((check) => !check.ok).map((check) => check.name);
    expect(missing).toEqual(['addon', ...TOOLS.map((tool) => tool.name)]);

    expect(await digest('auto')).toBe(SHA256_OF_ABC);
    await expect(digest('verilator')).rejects.toThrow(/ERR_RTLIFT_/);
  });
});

describe('installed where the tools are', () => {
  test('builds the addon and runs a kernel on the verilator path', async ({ skip }) => {
    const needed = TOOLS.filter((tool) => tool.role === 'kernels' || tool.role === 'addon');
    const found = await Promise.all(needed.map((tool) => findTool(tool.name)));
    const missing = found.filter((tool) => !tool.ok).map((tool) => tool.tool);
    skip(missing.length > 0, `needs ${missing.join(', ')}`);
    const { project, output, npm, doctor, digest } = await install('full', cleanEnvironment({}));
    expect(output).toMatch(/rtlift: addon: built \(\d+\.\d s\)/);
    expect(existsSync(join(project, 'node_modules/rtlift/build/Release/rtlift.node'))).toBe(true);
    expect((await doctor()).paths).toEqual({ javascript: true, verilator: true });
    expect(await digest('verilator')).toBe(SHA256_OF_ABC);

    const again = await npm(['exec', '--offline', '--', 'rtlift', 'setup', '--no-apt']);
    expect(again.stderr).toContain('set-up: up to date');
  });

  test('leaves package.json of the project with the package and nothing else', ({ skip }) => {
    skip(!existsSync(join(folder, 'full')), 'the package was not installed');
    const manifest = JSON.parse(readFileSync(join(folder, 'full', 'package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies ?? {})).toEqual(['rtlift']);
  });
});
