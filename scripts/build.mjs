// `npm run build`: a clean compile of src/ to dist/, whether or not it looks current.
import { join } from 'node:path';
import { buildStep } from './lib/build-step.mjs';
import { withLock } from './lib/lock.mjs';
import { createLog } from './lib/log.mjs';
import { ROOT } from './lib/setup.mjs';

const log = createLog('build');
const { ok } = await withLock(join(ROOT, '.rtlift', 'setup.lock'), log, () =>
  buildStep({ root: ROOT, env: process.env, log, isForced: true }),
);
process.exitCode = ok ? 0 : 1;
