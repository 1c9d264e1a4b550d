import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guideCommands, runCommand } from './guide-commands.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtlift-guide-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('docs/is-it-worth-it.md', () => {
  test('its first case runs as it is written: a profile, then advice with a page', async () => {
    const [profile = '', advise = ''] = guideCommands();
    const service = await runCommand(`${profile} 0.5`, folder);
    expect(service.code, service.stderr).toBe(0);
    expect(service.stdout).toMatch(
      /^tokens\.json: \d+ calls, \d+\/s, \d+ ns each, \d+ % of the CPU\n$/,
    );
    const advice = await runCommand(advise, folder);
    expect(advice.code, advice.stderr).toBe(0);
    expect(advice.stdout).toMatch(/^(Do not offload|Unsure, leaning to "do not")/m);
    expect(readFileSync(join(folder, 'tokens.html'), 'utf8')).toContain('your load');
  });
});
