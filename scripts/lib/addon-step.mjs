import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { run } from './run.mjs';
import { hashContent, readStamp, writeStamp } from './stamp.mjs';
import { findTool, TOOLS, toolByName } from './tools.mjs';

// A first build takes well under a minute; this bounds a compiler that hangs inside `npm install`.
const BUILD_TIMEOUT_MS = 10 * 60 * 1000;

const BUILD_PACKAGES = ['cmake-js', 'node-addon-api', 'node-api-headers'];

/** cmake-js may be hoisted above this package, so it is resolved as an import would be. */
function packageFolder(root, name) {
  try {
    return dirname(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

async function addonHash(root) {
  const versions = await Promise.all(
    BUILD_PACKAGES.map(async (name) => {
      const folder = packageFolder(root, name);
      if (folder === null) return `${name} missing`;
      return `${name} ${JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).version}`;
    }),
  );
  const sources = [
    'CMakeLists.txt',
    'native/addon',
    'native/driver',
    'native/host',
    'native/CMakeLists.txt',
  ];
  return hashContent(root, sources, [process.platform, process.arch, ...versions]);
}

/**
 * Builds build/Release/rtlift.node when it is missing or its sources changed.
 *
 * `state` is `built`, `current`, `tools-missing` (and `missing` says which) or `failed`; none of
 * them is an error, because the javascript path needs no addon.
 */
export async function addonStep({ root, env, log }) {
  const started = Date.now();
  const addon = join(root, 'build', 'Release', 'rtlift.node');
  const stampFile = join(root, '.rtlift', 'addon.json');
  const hash = await addonHash(root);
  if (existsSync(addon) && (await readStamp(stampFile))?.hash === hash) return { state: 'current' };

  const needed = TOOLS.filter((tool) => tool.role === 'addon' || tool.name === 'cxx');
  const results = await Promise.all(needed.map((tool) => findTool(tool.name, { env })));
  const missing = results.filter((result) => !result.ok).map((result) => result.tool);
  if (missing.length > 0) return { state: 'tools-missing', missing };

  const cmakeJs = packageFolder(root, 'cmake-js');
  if (cmakeJs === null) {
    log.line('addon: the npm package cmake-js is not installed; run npm install again');
    return { state: 'failed' };
  }
  const pathOf = (name) => results.find((result) => result.tool === name).path;
  const buildEnv = {
    ...env,
    // native/addon/CMakeLists.txt asks `node`, which need not be on PATH where this one was started
    // by its path. Last, so that it does not change which compiler is found.
    PATH: [env.PATH ?? '', dirname(process.execPath)].join(delimiter),
    // CMake reads the compiler from CXX; the user's own CXX stands where RTLIFT_CXX is not set.
    ...(env[toolByName('cxx').env] ? { CXX: pathOf('cxx') } : {}),
  };
  log.line('addon: compiling ...');
  const result = await run(
    process.execPath,
    [
      join(cmakeJs, 'bin', 'cmake-js'),
      'compile',
      ...['--directory', root, '--cmake-path', pathOf('cmake'), '--parallel', '2'],
    ],
    { cwd: root, env: buildEnv, log, label: 'addon', timeoutMs: BUILD_TIMEOUT_MS },
  );
  if (!result.ok || !existsSync(addon)) {
    log.line('addon: not built, the javascript path works. The last lines of the build:');
    log.lines(result.lines.slice(-20));
    log.line('addon: if the tools changed since the last build, delete build/ and run this again');
    return { state: 'failed' };
  }
  await writeStamp(stampFile, { hash });
  log.done('addon: built', started);
  return { state: 'built' };
}
