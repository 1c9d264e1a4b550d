import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of package.json; the same from src/cli and dist/cli. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How set-up is called here: an installed package has no npm scripts of its own. */
export const SETUP_COMMAND = existsSync(join(PACKAGE_ROOT, 'src'))
  ? 'npm run setup'
  : 'npx rtlift setup';

function readManifest(): { version: string; engines: { node: string } } {
  return JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
}

export const { version: PACKAGE_VERSION, engines: ENGINES } = readManifest();
