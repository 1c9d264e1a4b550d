import { expect, test } from 'vitest';
import { parseMessages, runTool } from '../../src/toolchain/run-tool.js';
import { rejected } from '../support/errors.js';

const options = { failure: 'ERR_RTLIFT_COMPILE_FAILED', purpose: 'test a tool' } as const;
const node = (script: string): string[] => ['-e', script];

test('messages of Verilator and of compilers are read with file and line', () => {
  const output = [
    "%Error: /x/a.v:2:14: syntax error, unexpected ';'",
    '%Warning-WIDTH: /x/b.v:7:3: Operator ASSIGN expects 4 bits',
    '%Error: Exiting due to 1 error(s)',
    '/x/c.cpp:10:5: error: expected expression',
    '/x/c.cpp:11:5: warning: unused variable',
    '/x/c.h:1:1: fatal error: no such file',
    '        : ... In instance top',
    'make: nothing to do',
  ].join('\n');
  expect(parseMessages(output)).toEqual([
    { severity: 'error', text: "syntax error, unexpected ';'", file: '/x/a.v', line: 2 },
    { severity: 'warning', text: 'Operator ASSIGN expects 4 bits', file: '/x/b.v', line: 7 },
    { severity: 'error', text: 'Exiting due to 1 error(s)' },
    { severity: 'error', text: 'expected expression', file: '/x/c.cpp', line: 10 },
    { severity: 'warning', text: 'unused variable', file: '/x/c.cpp', line: 11 },
    { severity: 'error', text: 'no such file', file: '/x/c.h', line: 1 },
  ]);
});

test('a tool that is not there is an error that names it', async () => {
  const error = await rejected('ERR_RTLIFT_COMPILE_FAILED', runTool('/no/such/tool', [], options));
  expect(error.message).toContain('test a tool: cannot start /no/such/tool');
});

test('a tool that fails without a message shows the end of what it printed', async () => {
  const script = node('console.error("it broke"); process.exit(3)');
  const error = await rejected(
    'ERR_RTLIFT_COMPILE_FAILED',
    runTool(process.execPath, script, options),
  );
  expect(error.message).toContain('exited with status 3\nit broke');
  expect(error.details.status).toBe(3);
});

test('a tool that runs too long is ended', async () => {
  const run = runTool(process.execPath, node('setTimeout(() => {}, 60_000)'), {
    ...options,
    timeoutMs: 300,
  });
  expect((await rejected('ERR_RTLIFT_COMPILE_FAILED', run)).message).toContain(
    'was ended by SIGTERM',
  );
});

test('an abort ends the tool and rejects with its reason', async () => {
  const reason = new Error('changed my mind');
  const controller = new AbortController();
  const run = runTool(process.execPath, node('setTimeout(() => {}, 60_000)'), {
    ...options,
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(reason), 50);
  await expect(run).rejects.toBe(reason);
});
