// npm's install script. As a dependency it builds the addon if it can; it never fails an install,
// because everything works on the javascript path. In a checkout, scripts/setup.mjs does this.
import { join } from 'node:path';
import { addonStep } from './lib/addon-step.mjs';
import { withLock } from './lib/lock.mjs';
import { createLog } from './lib/log.mjs';
import { isCheckout, ROOT } from './lib/setup.mjs';
import { installCommands, toolByName } from './lib/tools.mjs';

async function buildAddon() {
  const log = createLog('rtlift');
  const context = { root: ROOT, env: process.env, log };
  const { state, missing } = await withLock(join(ROOT, '.rtlift', 'setup.lock'), log, () =>
    addonStep(context),
  );
  if (state !== 'tools-missing') return;
  const labels = missing.map((name) => toolByName(name).label).join(', ');
  const commands = installCommands(missing).map(([system, command]) => `${system}: ${command}`);
  log.line(
    `addon not built, no ${labels}: the javascript path works. Later: ${commands.join(' | ')}, then npx rtlift setup`,
  );
}

if (!isCheckout()) {
  try {
    await buildAddon();
  } catch (error) {
    process.stderr.write(`rtlift: addon not built, the javascript path works: ${error.message}\n`);
  }
}
