import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonStep } from './addon-step.mjs';
import { buildStep } from './build-step.mjs';
import { withLock } from './lock.mjs';
import { createLog } from './log.mjs';
import { npmStep } from './npm-step.mjs';
import { killRunning } from './run.mjs';
import { compareVersions } from './tools.mjs';
import { toolsStep } from './tools-step.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A checkout has the sources; an installed package has only what `files` lists. */
export function isCheckout(root = ROOT) {
  return existsSync(join(root, '.git')) || existsSync(join(root, 'src'));
}

export const STEPS = Object.freeze(['npm', 'tools', 'addon', 'build']);

function nodeIsTooOld(root) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const minimum = /(\d+(?:\.\d+)*)/.exec(engines?.node ?? '')?.[1];
  if (minimum === undefined || compareVersions(process.versions.node, minimum) >= 0) return null;
  return `Node ${process.versions.node} is older than ${minimum}: install a newer one, from your package manager or a version manager`;
}

/**
 * Runs the steps in order; a step whose input did not change does nothing.
 *
 * @param steps - of STEPS; an installed package has no `npm` and no `build` step.
 * @param withTestTools - also the tools that only the tests use.
 * @param isRetry - asks apt again for what it could not provide before.
 * @returns whether everything that must work works; tools and addon never count.
 */
export async function setUp({
  root = ROOT,
  env = process.env,
  steps = STEPS,
  withTestTools = false,
  isRetry = false,
} = {}) {
  const started = Date.now();
  const log = createLog();
  const tooOld = nodeIsTooOld(root);
  if (tooOld !== null) {
    log.line(tooOld);
    return false;
  }
  const has = (step) =>
    steps.includes(step) && (isCheckout(root) || !['npm', 'build'].includes(step));
  const stop = (signal) => {
    killRunning(signal);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await withLock(join(root, '.rtlift', 'setup.lock'), log, async () => {
      const context = { root, env, log };
      if (has('npm') && !(await npmStep(context)).ok) return false;
      if (has('tools')) {
        const roles = ['kernels', 'addon', ...(withTestTools ? ['tests'] : [])];
        const again = isCheckout(root) ? 'npm run setup' : 'npx rtlift setup';
        await toolsStep({ ...context, roles, again, isRetry });
        // Apart from the others: a release without such a package must not keep them from being installed.
        if (withTestTools) await toolsStep({ ...context, roles: ['browser'], again, isRetry });
        await toolsStep({ ...context, roles: ['speed'], again, isRetry, isOptional: true });
      }
      if (has('addon')) await addonStep(context);
      if (has('build') && !(await buildStep(context)).ok) return false;
      log.finish(started);
      return true;
    });
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
  }
}
