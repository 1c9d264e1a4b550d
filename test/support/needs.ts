import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { ADDON_PATH } from '../../src/paths/native-addon.js';
import { findTool, type ToolName } from '../../src/toolchain/find-tools.js';
import { ROOT } from './root.js';

/** Why something that tests need is not here; `null` where it is. */
export type Missing = string | null;

/** Why a tool of scripts/lib/tools.json cannot be used. */
export async function missingTool(name: ToolName): Promise<Missing> {
  const tool = await findTool(name);
  return tool.ok ? null : (tool.reason ?? `no ${name}`);
}

/** Why kernel libraries cannot be built. */
export async function missingToolchain(): Promise<Missing> {
  return (await missingTool('verilator')) ?? (await missingTool('cxx'));
}

export function missingAddon(): Missing {
  return existsSync(ADDON_PATH) ? null : 'the native addon is not built';
}

/** Why the verilator path cannot run. */
export async function missingVerilatorPath(): Promise<Missing> {
  return missingAddon() ?? (await missingToolchain());
}

/** Shared data lies beside a checkout, not in it. */
export const DATA_FOLDER = join(ROOT, '..', 'shared', 'data');

export function missingData(file: string): Missing {
  return existsSync(join(DATA_FOLDER, file)) ? null : `no ../shared/data/${file}`;
}

/** `describe`, skipped under a name that says why when something is missing. */
export function describeUnless(missing: Missing, name: string, body: () => void): void {
  if (missing === null) describe(name, body);
  else describe.skip(`${name} [skipped: ${missing}]`, body);
}
