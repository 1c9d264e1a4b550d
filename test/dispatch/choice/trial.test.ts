import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { Chooser } from '../../../src/dispatch/choice/chooser.js';
import { trial } from '../../../src/dispatch/choice/trial.js';
import { FAULT_CHANNEL } from '../../../src/dispatch/events.js';
import { makeHandle } from '../../../src/dispatch/make-handle.js';
import { RtliftError } from '../../../src/index.js';
import { JavascriptPath } from '../../../src/paths/javascript.js';
import { ScriptedPath, SUM } from '../scripted-path.js';

const javascript = new JavascriptPath(SUM);
const makeChooser = () => new Chooser(['javascript', 'verilator']);

test('a path that fails is tried once; its handle opens with it at rest, and tells', async () => {
  const error = new RtliftError('ERR_RTLIFT_KERNEL_NO_PROGRESS', 'hangs', { kernel: 'sum' });
  const verilator = new ScriptedPath('verilator', ['right', error]);
  const chooser = makeChooser();
  const tried = await trial(SUM, [javascript, verilator], chooser);
  expect(verilator.batches).toBe(2);
  expect([...tried.failed]).toEqual([]);
  expect([...tried.troubled]).toEqual([['verilator', error]]);
  const faults: unknown[] = [];
  const note = (event: unknown): void => void faults.push(event);
  subscribe(FAULT_CHANNEL, note);
  const open = { javascript, paths: [javascript, verilator], missing: null };
  const policy = { chooser, tableWarning: null, checkShare: 0, ...tried };
  const run = makeHandle(SUM, open, {}, policy);
  unsubscribe(FAULT_CHANNEL, note);
  const { code } = error;
  const event = { kernel: 'sum', path: 'verilator', code, message: 'hangs', messages: 0 };
  expect(faults).toMatchObject([{ ...event, restMs: 1_000 }]);
  const candidate = run.explain().candidates.find(({ path }) => path === 'verilator');
  expect(candidate?.barred).toMatch(/rests for .* after: hangs/);
  expect(await run.batch([Uint8Array.of(1, 2)])).toEqual([3]);
  expect(verilator.batches).toBe(2);
  expect(run.stats().fallbacks).toEqual([]);
  await run.close();
});

test('a path that refuses a message is tried with the others, and one that is wrong is not used', async () => {
  const refusal = new RtliftError('ERR_RTLIFT_INVALID_ARG', 'not this one', { kernel: 'sum' });
  const verilator = new ScriptedPath('verilator', [refusal]);
  const tried = await trial(SUM, [javascript, verilator], makeChooser());
  expect([tried.failed.size, tried.troubled.size, verilator.batches]).toEqual([0, 0, 12]);
  const wrong = new ScriptedPath('verilator', ['wrong']);
  expect([...(await trial(SUM, [javascript, wrong], null)).failed.keys()]).toEqual(['verilator']);
  expect(wrong.batches).toBe(1);
});
