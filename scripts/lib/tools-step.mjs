import { join } from 'node:path';
import { run } from './run.mjs';
import { readStamp, writeStamp } from './stamp.mjs';
import {
  detectSystem,
  findTool,
  installCommands,
  TOOLS,
  toolByName,
  whichCommand,
} from './tools.mjs';

// What apt could not provide a moment ago (no network, or a release with an old Verilator) it cannot
// provide on the next `npm test` either; an explicit set-up asks again at once.
const RETRY_AFTER_MS = 24 * 3600 * 1000;

async function findWanted(roles, env) {
  const wanted = TOOLS.filter((tool) => roles.includes(tool.role));
  return Promise.all(wanted.map((tool) => findTool(tool.name, { env })));
}

/** How apt-get may be run without asking anybody: a command prefix, or null and why not. */
async function aptPermission(env) {
  if (env.RTLIFT_SKIP_APT === '1') return { prefix: null, why: 'RTLIFT_SKIP_APT=1' };
  if (detectSystem() !== 'debian') return { prefix: null, why: 'not a Debian or Ubuntu' };
  const apt = await whichCommand('apt-get', env);
  if (apt === null) return { prefix: null, why: 'no apt-get' };
  const quiet = ['DEBIAN_FRONTEND=noninteractive', apt, '-o', 'DPkg::Lock::Timeout=120'];
  const envCommand = (await whichCommand('env', env)) ?? '/usr/bin/env';
  if (process.getuid?.() === 0) return { prefix: [envCommand, ...quiet], why: null };
  const sudo = await whichCommand('sudo', env);
  if (sudo === null) return { prefix: null, why: 'neither root nor sudo' };
  if (!(await run(sudo, ['-n', 'true'], { env, timeoutMs: 10_000 })).ok) {
    return { prefix: null, why: 'sudo asks for a password' };
  }
  return { prefix: [sudo, '-n', envCommand, ...quiet], why: null };
}

async function aptInstall(prefix, packages, { env, log }) {
  const [command, ...args] = prefix;
  for (const [label, verb] of [
    ['apt-get update', ['update']],
    ['apt-get install', ['install', '-y', '--no-install-recommends', ...packages]],
  ]) {
    const result = await run(command, [...args, ...verb], { env, log, label });
    if (!result.ok) {
      log.line(`tools: ${label} failed, its last lines:`);
      log.lines(result.lines.slice(-8));
      return false;
    }
  }
  return true;
}

function explain(missing, { log, why, again }) {
  const ofRoles = (...roles) =>
    missing.filter((result) => roles.includes(toolByName(result.tool).role));
  for (const [results, consequence] of [
    [ofRoles('kernels', 'addon'), 'the verilator path is off, the javascript path works'],
    [ofRoles('tests', 'browser'), 'tests that need them are skipped'],
  ]) {
    if (results.length === 0) continue;
    const names = results.map(({ tool, path, reason }) =>
      path === null ? toolByName(tool).label : `${toolByName(tool).label} (${reason})`,
    );
    log.line(`missing: ${names.join(', ')}: ${consequence}`);
  }
  const reason = why === null ? '' : ` (not done here: ${why})`;
  for (const [system, command] of installCommands(missing.map(({ tool }) => tool))) {
    log.line(`to get them on ${system}, type${reason}: ${command}`);
  }
  log.line(`then: ${again}`);
}

/**
 * Installs missing tools through apt where that needs nobody's password, else prints the command.
 * Never fails: without tools everything runs on the javascript path.
 */
export async function toolsStep({ root, env, log, roles, again, isRetry, isOptional = false }) {
  const started = Date.now();
  let results = await findWanted(roles, env);
  let missing = results.filter((result) => !result.ok);
  if (missing.length === 0) return { ok: true, results };

  const { prefix, why: refusal } = await aptPermission(env);
  let why = refusal;
  // An executable that an override names is the user's affair; a package would not change it.
  const installable = missing
    .map(({ tool }) => toolByName(tool))
    .filter(({ env: name }) => !env[name]);
  if (prefix !== null && installable.length > 0) {
    const packages = installable.map((tool) => tool.packages.debian);
    const stampFile = join(root, '.rtlift', `apt-${roles.join('-')}.json`);
    const last = await readStamp(stampFile);
    const wasTried =
      last?.packages?.join() === packages.join() && Date.now() - last.atMs < RETRY_AFTER_MS;
    if (wasTried && !isRetry) {
      why = 'apt-get was tried before and did not help';
    } else {
      log.line(`tools: apt-get install ${packages.join(' ')} ...`);
      const isInstalled = await aptInstall(prefix, packages, { env, log });
      await writeStamp(stampFile, { packages, atMs: Date.now() });
      results = await findWanted(roles, env);
      missing = results.filter((result) => !result.ok);
      if (missing.length === 0) log.done('tools: installed', started);
      else if (isInstalled) why = 'apt-get did not provide them';
    }
  }
  // What is only faster is left to doctor to mention.
  if (missing.length > 0 && !isOptional) explain(missing, { log, why, again });
  return { ok: true, results };
}
