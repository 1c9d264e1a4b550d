import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run } from './run.mjs';
import { hashContent, readStamp, writeStamp } from './stamp.mjs';

/** Compiles src/ to dist/ when its content changed. Fails on a type error. */
export async function buildStep({ root, env, log, isForced = false }) {
  const started = Date.now();
  const stampFile = join(root, '.rtlift', 'dist.json');
  const require = createRequire(join(root, 'package.json'));
  const typescript = require('typescript/package.json');
  const hash = await hashContent(
    root,
    ['src', 'tsconfig.json', 'tsconfig.build.json', 'scripts/lib/tools.d.mts'],
    [typescript.version],
  );
  const entry = join(root, 'dist', 'cli', 'main.js');
  const isCurrent = existsSync(entry) && (await readStamp(stampFile))?.hash === hash;
  if (isCurrent && !isForced) return { ok: true };

  log.line('dist: tsc -p tsconfig.build.json ...');
  // tsc leaves the output of deleted sources behind, and npm pack would ship it.
  await rm(join(root, 'dist'), { recursive: true, force: true });
  const tsc = join(require.resolve('typescript/package.json'), '..', 'bin', 'tsc');
  const args = [tsc, '-p', 'tsconfig.build.json', '--pretty', 'false'];
  const result = await run(process.execPath, args, { cwd: root, env, log, label: 'tsc' });
  if (!result.ok) {
    log.line('dist: tsc failed:');
    log.lines(result.lines.slice(0, 30));
    return { ok: false };
  }
  await writeStamp(stampFile, { hash });
  log.done('dist: built', started);
  return { ok: true };
}
