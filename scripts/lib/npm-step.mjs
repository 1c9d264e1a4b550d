import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { run } from './run.mjs';
import { hashContent, readStamp, writeStamp } from './stamp.mjs';

/** The npm that called us if one did, so that a version manager's choice is kept; else the one on PATH. */
function npmCommand(env) {
  const script = env.npm_execpath;
  if (script !== undefined && basename(script) === 'npm-cli.js' && existsSync(script)) {
    return [process.execPath, script];
  }
  return ['npm'];
}

async function readPackages(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for, by the list npm keeps in it. It spares
 * a reinstall after a plain `npm install`, which leaves no stamp of ours.
 */
async function matchesLock(root) {
  const wanted = await readPackages(join(root, 'package-lock.json'));
  const present = await readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === null || present === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const installed = present[path];
    // An optional package of another platform is in the lock file and rightly not on disk.
    if (installed === undefined) return entry.optional === true;
    return installed.version === entry.version && installed.integrity === entry.integrity;
  });
}

/** Installs npm packages when node_modules is missing or was installed from another lock file. */
export async function npmStep({ root, env, log }) {
  const started = Date.now();
  const stampFile = join(root, 'node_modules', '.rtlift-setup.json');
  const lockHash = await hashContent(root, ['package-lock.json']);
  if ((await readStamp(stampFile))?.lockHash === lockHash) return { ok: true };
  if (await matchesLock(root)) {
    await writeStamp(stampFile, { lockHash });
    return { ok: true };
  }

  const [command, ...args] = npmCommand(env);
  // NODE_ENV=production would leave out the compiler and the tests.
  const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = (verb) => {
    log.line(`npm packages: npm ${verb.join(' ')} ...`);
    const options = { cwd: root, env, log, label: `npm ${verb[0]}` };
    return run(command, [...args, ...verb, ...flags], options);
  };
  let result = await npm(['ci']);
  if (!result.ok && result.lines.some((line) => line.includes('EUSAGE'))) {
    // npm ci refuses a lock file that lacks optional packages of other platforms, as one does that was
    // written behind a registry without them. An install takes the same versions, and leaves the file alone.
    result = await npm(['install', '--no-save']);
  }
  if (!result.ok) {
    log.line('npm packages: npm failed:');
    log.lines(result.lines.slice(0, 15));
    log.line('npm packages: check the network and `npm config get registry`, then run this again');
    return { ok: false };
  }
  await writeStamp(stampFile, { lockHash });
  log.done('npm packages: installed', started);
  return { ok: true };
}
