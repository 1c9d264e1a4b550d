import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guideCommands, runCommand } from './guide-commands.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtlift-guide-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('every command of docs/is-it-worth-it.md', () => {
  test('there are some', () => expect(guideCommands().length).toBeGreaterThan(5));

  test.each(guideCommands())('%s', async (command) => {
    const { code, stderr } = await runCommand(command, folder);
    expect(code, stderr).toBe(0);
  });
});
