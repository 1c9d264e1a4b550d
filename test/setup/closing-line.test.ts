import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, runNode, temporaryFolder, writeText } from './fixture.js';

type Status = 'passed' | 'failed' | 'pending' | 'todo';

const file = (status: 'passed' | 'failed', ...tests: Status[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

async function closingLine(testResults: unknown, ...failedSteps: string[]) {
  const report = join(temporaryFolder(), 'report.json');
  if (testResults !== null) writeText(report, JSON.stringify({ testResults }));
  const script = join(ROOT, '.ci', 'closing-line.mjs');
  const { code, stdout } = await runNode([script, report, ...failedSteps], { env: {} });
  return { code, last: stdout.trimEnd().split('\n').at(-1) };
}

test.each([
  [
    'counts tests',
    [file('passed', 'passed', 'passed', 'pending')],
    [],
    0,
    '2 passed, 0 failed, 1 skipped',
  ],
  [
    'fails on a failed test',
    [file('failed', 'passed', 'failed')],
    ['test'],
    1,
    '1 passed, 1 failed, 0 skipped',
  ],
  [
    'counts a file that does not load',
    [file('passed', 'passed'), file('failed')],
    ['test'],
    1,
    '1 passed, 1 failed, 0 skipped',
  ],
  ['fails where no test passed', [], [], 1, '0 passed, 0 failed, 0 skipped'],
  [
    'counts a failed lint',
    [file('passed', 'passed')],
    ['lint'],
    1,
    '1 passed, 1 failed, 0 skipped',
  ],
  [
    'counts an error outside every test',
    [file('passed', 'passed')],
    ['test'],
    1,
    '1 passed, 1 failed, 0 skipped',
  ],
  ['fails without a report', null, ['set-up', 'test'], 1, '0 passed, 2 failed, 0 skipped'],
] as const)('the closing line %s', async (_what, results, steps, code, last) => {
  expect(await closingLine(results, ...steps)).toEqual({ code, last });
});
