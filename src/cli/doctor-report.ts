import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ADDON_PATH, loadAddon } from '../paths/native-addon.js';
import { cacheDir } from '../toolchain/cache-dir.js';
import { findTool, installCommands, TOOLS, type Tool } from '../toolchain/find-tools.js';
import { ENGINES, PACKAGE_ROOT, PACKAGE_VERSION, SETUP_COMMAND } from './package-info.js';

/** One thing that rtlift uses, as found on this machine. */
export interface Check {
  readonly name: string;
  readonly label: string;
  readonly ok: boolean;
  readonly path: string | null;
  readonly version: string | null;
  /** What is wrong, else null. */
  readonly reason: string | null;
  readonly neededFor: string;
  /** What works without it. */
  readonly without: string;
  /** Command that gets it on this system; null when it is there. */
  readonly get: string | null;
}

/** What `rtlift doctor --json` prints. */
export interface DoctorReport {
  readonly rtlift: string;
  readonly platform: string;
  readonly checks: readonly Check[];
  /** Which paths can run here. */
  readonly paths: { readonly javascript: boolean; readonly verilator: boolean };
  readonly cache: { readonly path: string; readonly sizeBytes: number };
  /** RTLIFT_* variables in effect. */
  readonly environment: Readonly<Record<string, string>>;
}

const require = createRequire(join(PACKAGE_ROOT, 'package.json'));

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function checkNode(): Check {
  return {
    name: 'node',
    label: 'Node',
    // package.json keeps npm from installing under an older one, so whoever gets here has it.
    ok: true,
    path: process.execPath,
    version: process.versions.node,
    reason: null,
    neededFor: `everything (${ENGINES.node})`,
    without: 'nothing',
    get: null,
  };
}

async function checkTool(tool: Tool): Promise<Check> {
  const { path, version, ok, reason } = await findTool(tool.name);
  const commands = installCommands([tool.name]).map(([system, command]) => `${system}: ${command}`);
  return {
    name: tool.name,
    label: tool.minimum === null ? tool.label : `${tool.label} >= ${tool.minimum}`,
    ok,
    path,
    version,
    reason,
    neededFor: tool.neededFor,
    without: tool.without,
    get: ok ? null : commands.join('\n'),
  };
}

function checkCmakeJs(): Check {
  const check = {
    name: 'cmake-js',
    label: 'cmake-js (npm)',
    neededFor: 'building the addon, once',
    without: 'an addon that is already built; else the javascript path',
  };
  try {
    const path = require.resolve('cmake-js/package.json');
    const { version } = require('cmake-js/package.json') as { version: string };
    return { ...check, ok: true, path, version, reason: null, get: null };
  } catch (error) {
    const reason = firstLine(error);
    return { ...check, ok: false, path: null, version: null, reason, get: 'npm install' };
  }
}

/** Loads the addon as a program would: a file that is there and does not load is as bad as none. */
function checkAddon(): Check {
  const check = {
    name: 'addon',
    label: 'rtlift addon',
    path: existsSync(ADDON_PATH) ? ADDON_PATH : null,
    version: null,
    neededFor: 'the verilator path: runs kernel libraries in this process',
    without: 'every kernel on the javascript path',
  };
  try {
    loadAddon();
    return { ...check, ok: true, reason: null, get: null };
  } catch (error) {
    const reason = check.path === null ? 'not built' : firstLine(error);
    return { ...check, ok: false, reason, get: SETUP_COMMAND };
  }
}

async function folderSize(folder: string): Promise<number> {
  // A cache that another process sweeps meanwhile loses files under our hands: they count as 0.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return folderSize(path);
    return stat(path).then(
      (info) => info.size,
      () => 0,
    );
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Looks at everything that rtlift uses on this machine. Changes nothing. */
export async function collectReport(): Promise<DoctorReport> {
  const checks = [
    checkNode(),
    checkAddon(),
    ...(await Promise.all(TOOLS.map(checkTool))),
    checkCmakeJs(),
  ];
  const isOk = (name: string) => checks.some((check) => check.name === name && check.ok);
  const cache = cacheDir();
  const variables = Object.entries(process.env).filter(([key]) => key.startsWith('RTLIFT_'));
  return {
    rtlift: PACKAGE_VERSION,
    platform: `${process.platform} ${process.arch}`,
    checks,
    paths: {
      javascript: true,
      verilator: ['verilator', 'cxx', 'addon'].every(isOk),
    },
    cache: { path: cache, sizeBytes: await folderSize(cache) },
    environment: Object.fromEntries(variables.map(([key, value]) => [key, value ?? ''])),
  };
}
