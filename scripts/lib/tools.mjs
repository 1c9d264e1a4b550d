// Finding external tools, and the command that installs them. Plain JavaScript, because set-up runs
// it before node_modules and dist exist; the library uses it through src/toolchain/find-tools.ts, so
// set-up, doctor and the toolchain cannot disagree about what is installed.
import { execFile } from 'node:child_process';
import { constants, readFileSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

// A tool that does not answer `--version` in this time hangs (a wrapper that waits for a licence, a
// dead network mount); a cold start of yosys on a loaded machine takes 2 s.
const VERSION_TIMEOUT_MS = 15_000;

export const TOOLS = Object.freeze(
  JSON.parse(readFileSync(new URL('./tools.json', import.meta.url), 'utf8')),
);

export function toolByName(name) {
  const tool = TOOLS.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new TypeError(`no tool is named ${name}`);
  return tool;
}

async function isExecutable(path) {
  try {
    if (!(await stat(path)).isFile()) return false;
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Absolute path of `command` on PATH, or null. A relative PATH entry is skipped: it would run a file of the current folder. */
export async function whichCommand(command, env = process.env) {
  if (command.includes('/')) return (await isExecutable(command)) ? resolve(command) : null;
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, command);
    if (await isExecutable(path)) return path;
  }
  return null;
}

/** Compares dotted versions part by part as numbers, so 5.006 < 5.020 < 5.100. */
export function compareVersions(a, b) {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function askVersion(path, args, env, timeoutMs) {
  return new Promise((settle) => {
    execFile(
      path,
      args,
      { env, timeout: timeoutMs, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        settle({ error, output: `${stdout}\n${stderr}` });
      },
    );
  });
}

/**
 * Finds one tool of tools.json: its environment override if set (and then nothing else), else the
 * first of its commands on PATH. Never rejects; `reason` says what is wrong.
 */
export async function findTool(name, { env = process.env, timeoutMs = VERSION_TIMEOUT_MS } = {}) {
  const tool = toolByName(name);
  const found = (fields) => ({
    tool: name,
    path: null,
    version: null,
    ok: false,
    reason: null,
    ...fields,
  });

  const override = tool.env === null ? undefined : env[tool.env];
  let path = null;
  if (override) {
    path = await whichCommand(override, env);
    if (path === null) {
      return found({ reason: `${tool.env} is "${override}", which is not an executable file` });
    }
  } else {
    for (const command of tool.commands) {
      path = await whichCommand(command, env);
      if (path !== null) break;
    }
    if (path === null) return found({ reason: `no ${tool.commands.join(' or ')} on PATH` });
  }

  const { error, output } = await askVersion(path, tool.versionArgs, env, timeoutMs);
  const version = new RegExp(tool.versionPattern).exec(output)?.[1] ?? null;
  // A version that was printed counts even when the exit code does not: iverilog 11 -V exits 1 where
  // its preprocessor is not installed.
  if (version === null && error !== null) {
    const why = error.killed
      ? `gave no answer within ${timeoutMs} ms`
      : `failed: ${output.trim().split('\n')[0] || error.message}`;
    return found({ path, reason: `${path} ${tool.versionArgs.join(' ')} ${why}` });
  }
  if (version !== null && tool.minimum !== null && compareVersions(version, tool.minimum) < 0) {
    return found({ path, version, reason: `version ${version} is older than ${tool.minimum}` });
  }
  return found({ path, version, ok: true });
}

/** The kind of system whose package names are in tools.json, or null. */
export function detectSystem({ platform = process.platform, osRelease = readOsRelease() } = {}) {
  if (platform === 'darwin') return 'macos';
  if (platform !== 'linux') return null;
  const field = (key) => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  const ids = `${field('ID')} ${field('ID_LIKE')}`.split(/\s+/);
  if (ids.includes('debian') || ids.includes('ubuntu')) return 'debian';
  if (ids.includes('fedora') || ids.includes('rhel')) return 'fedora';
  return null;
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

export const SYSTEM_LABELS = Object.freeze({
  debian: 'Debian, Ubuntu',
  fedora: 'Fedora',
  macos: 'macOS',
});

/** The one line a person types to get `names` on `system`. */
export function installCommand(system, names, { isRoot = process.getuid?.() === 0 } = {}) {
  const packages = names.map((name) => toolByName(name).packages[system]);
  const named = [...new Set(packages.filter((name) => name !== null))].join(' ');
  if (system === 'macos') {
    // On macOS the compiler and make are no brew package but part of the command line tools.
    const tools = packages.includes(null) ? ['xcode-select --install'] : [];
    return [...tools, ...(named ? [`brew install ${named}`] : [])].join('; ');
  }
  const sudo = isRoot ? '' : 'sudo ';
  if (system === 'fedora') return `${sudo}dnf install -y ${named}`;
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${named}`;
}

/** [system label, command] for this system, or for every known one where this one is unknown. */
export function installCommands(names, { system = detectSystem(), isRoot } = {}) {
  const systems = system === null ? Object.keys(SYSTEM_LABELS) : [system];
  return systems.map((key) => [
    SYSTEM_LABELS[key],
    installCommand(key, names, isRoot === undefined ? {} : { isRoot }),
  ]);
}
