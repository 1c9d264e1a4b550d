import { expect, test } from 'vitest';
import { DISPLAY_CHANNEL } from '../../src/index.js';
import { runScript } from '../support/child.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

describeUnless(await missingVerilatorPath(), 'what a model prints', () => {
  test('arrives on the diagnostics channel, by kernel, and not on stdout or stderr', async () => {
    expect(DISPLAY_CHANNEL).toBe('rtlift:kernel:display');
    const { code, stdout, stderr } = await runScript('display.ts');
    expect(code, stderr).toBe(0);
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length, stdout).toBe(1);
    const [talk, failure, ...rest] = JSON.parse(lines[0] ?? '') as {
      kernel: string;
      text: string;
    }[];
    expect(talk).toEqual({ kernel: 'talkative', text: 'hit 41\nhit 42\n' });
    expect(failure).toMatchObject({
      kernel: 'fault-error',
      text: expect.stringContaining('saw 0xee'),
    });
    expect(rest).toEqual([]);
  });
});
