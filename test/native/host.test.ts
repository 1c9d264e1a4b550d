import { expect, test } from 'vitest';
import { runFile } from '../support/child.js';
import { describeUnless, missingTool } from '../support/needs.js';

describeUnless((await missingTool('cmake')) ?? (await missingTool('cxx')), 'native host', () => {
  test('passes its own tests under AddressSanitizer and UndefinedBehaviorSanitizer', async () => {
    const { code, stdout, stderr } = await runFile('scripts/test-native.mjs', {
      args: ['address'],
    });
    expect(code, `${stdout}${stderr}`).toBe(0);
    expect(stdout).toContain('0 failed checks');
    expect(stdout.match(/^ok /gm)?.length).toBeGreaterThanOrEqual(16);
  });
});
