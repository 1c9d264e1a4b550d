import { expect, test } from 'vitest';
import { runScript } from '../support/child.js';
import { missingAddon } from '../support/needs.js';

const CASES: readonly (readonly [string, Record<string, string>, RegExp])[] = [
  ['an empty PATH', { PATH: '', RTLIFT_VERILATOR: '', RTLIFT_CXX: '' }, /no verilator on PATH/],
  [
    'RTLIFT_VERILATOR that names nothing',
    { RTLIFT_VERILATOR: '/nonexistent' },
    /RTLIFT_VERILATOR is "\/nonexistent"/,
  ],
  [
    'RTLIFT_CXX that names nothing',
    { RTLIFT_CXX: '/nonexistent' },
    /RTLIFT_CXX is "\/nonexistent"|no verilator on PATH|RTLIFT_VERILATOR is/,
  ],
];

test.each(CASES)(
  '%s: the build and the named path say what is missing, auto runs on javascript',
  async (_, env, reason) => {
    const { code, stdout, stderr } = await runScript('without-tools.ts', { env });
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.build).toMatchObject({
      code: 'ERR_RTLIFT_TOOL_MISSING',
      message: expect.stringMatching(reason),
    });
    expect(report.build.message).toContain('npx rtlift doctor');
    expect(report.named.code).toBe('ERR_RTLIFT_PATH_UNAVAILABLE');
    if (missingAddon() === null) {
      expect(report.named).toMatchObject({
        why: 'ERR_RTLIFT_TOOL_MISSING',
        message: expect.stringMatching(reason),
      });
    }
    expect(report).toMatchObject({ path: 'javascript', result: 6 });
    expect(report.reason).toMatch(reason);
  },
);
