import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alwaysVerilator } from '../../bench/support/always-verilator.js';
import { offload } from '../../src/index.js';
import { rejected, thrown } from '../support/errors.js';
import { byteSum, FAULT, firstByte } from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

const kernel = byteSum();
const faulty = firstByte('fault_stop');
const message = (n: number): Uint8Array => new Uint8Array(n).fill(1);
const folder = mkdtempSync(join(tmpdir(), 'rtlift-choice-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('auto without a library says so, and runs on JavaScript', async () => {
  await using run = await offload(byteSum({ name: 'never-built' }));
  expect(run.path).toBe('javascript');
  expect(run.reason).toMatch(/not built|cannot run/);
  expect(await run(message(5))).toBe(5);
  expect(run.stats().ran).toMatchObject([{ path: 'javascript', reason: 'only' }]);
});

test('an option that is none is refused', async () => {
  await rejected('ERR_RTLIFT_INVALID_ARG', offload(kernel, { checkShare: 2 }));
  await rejected('ERR_RTLIFT_INVALID_ARG', offload(kernel, { choice: { hysteresis: 0.5 } }));
  await rejected('ERR_RTLIFT_INVALID_ARG', offload(kernel, { choice: { trialShare: Number.NaN } }));
});

test.each([
  [{ path: 'javascript', isolation: 'nope' }, 'isolation'],
  [{ cycleTimeoutMs: -5 }, 'cycleTimeoutMs'],
  [{ path: 'javascript', seed: 3 }, 'seed'],
  [{ noProgressCycles: -1 }, 'noProgressCycles'],
  [{ choice: null }, 'choice'],
  [{ choice: [] }, 'choice'],
  [{ choice: { isFrozen: 'no' } }, 'choice.isFrozen'],
  [null, 'options'],
  ['auto', 'options'],
])('options %j are refused on every path, built or not', async (options, arg) => {
  const opening = offload(byteSum({ name: 'never-built' }), options as never);
  expect((await rejected('ERR_RTLIFT_INVALID_ARG', opening)).details.arg).toBe(arg);
});

describeUnless(await missingVerilatorPath(), 'auto over both paths', () => {
  beforeAll(async () => {
    for (const each of [kernel, faulty]) {
      await (await offload(each, { path: 'verilator' })).close();
    }
  });

  test('explains its choice in data and in words', async () => {
    await using run = await offload(kernel);
    await run.batch(new Array(100).fill(message(100)));
    const { path, candidates, batch, flips, reason, kind } = run.explain();
    expect(path).toBe(run.path);
    expect(kind).toBe('fastest');
    expect(batch).toEqual({ messages: 100, bytes: 10_000, sizeClass: '64..127 B x 64..127' });
    expect(candidates.map((candidate) => candidate.path)).toEqual(['javascript', 'verilator']);
    for (const { expected } of candidates) expect(expected.value).toBeGreaterThan(0);
    expect(flips.map(({ what }) => what)).toEqual(['messages a batch', 'bytes a message']);
    expect(reason).toMatch(/^(javascript|verilator) for a batch of 100 with 10000 bytes: \d+ ns/);
  });

  test('says what would be chosen with a card, and from which batch on', async () => {
    await using run = await offload(kernel, {
      choice: { table: alwaysVerilator(kernel), isFrozen: true },
    });
    const before = run.explain({ device: 'xcvu47p' }).device;
    expect(before).toMatchObject({ choice: null, device: 'AWS F2 (f2.6xlarge)' });
    expect(before?.reason).toContain('cycles were not counted');
    for (let i = 0; i < 8; i++) await run.batch(new Array(1 + 9 * i).fill(message(200)));
    const { device } = run.explain({ device: 'xcvu47p' });
    // The table says that JavaScript takes for ever.
    expect(device).toMatchObject({ choice: 'device', flipsAt: 1, hostTime: { unit: 'ns' } });
    expect(device?.deviceTime).toMatchObject({ unit: 'ns', provenance: 'modelled' });
    const { value, low = 0, high = 0 } = device?.deviceTime ?? { value: 0 };
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThanOrEqual(value);
    expect(value).toBeLessThanOrEqual(high);
    thrown('ERR_RTLIFT_INVALID_ARG', () => run.explain({ device: 'none' }));
  });

  test('answers a batch that its kernel stops on, and every one after it', async () => {
    const choice = { table: alwaysVerilator(faulty), isFrozen: true };
    await using run = await offload(faulty, { choice });
    let explained = 0;
    for (const first of [7, FAULT, 8, FAULT]) {
      const results = await run.batch([Uint8Array.of(1), Uint8Array.of(first, 5)]);
      expect(results).toEqual([1, first]);
      if (first !== FAULT || run.explain().kind === 'only') continue;
      // The first that it stops on: chosen was one path, and the results are of the other.
      expect(run.path).toBe('javascript');
      expect(run.reason).toMatch(/^javascript because verilator failed the batch \(.*stop/);
      expect(run.explain()).toMatchObject({
        path: 'javascript',
        chosen: 'verilator',
        kind: 'fallback',
        failure: expect.stringContaining('stop'),
      });
      expect(run.stats()).toMatchObject({ path: 'javascript', reason: run.reason });
      explained++;
    }
    expect(explained).toBe(1);
    const { fallbacks, ran } = run.stats();
    expect(fallbacks).toMatchObject([
      { path: 'verilator', code: 'ERR_RTLIFT_KERNEL_STOP', batches: { value: 1 } },
    ]);
    expect(ran).toMatchObject([
      { path: 'verilator', reason: 'fastest', batches: { value: 1 } },
      { path: 'javascript', reason: 'fallback', batches: { value: 1 } },
      { path: 'javascript', reason: 'only', batches: { value: 2 } },
    ]);
    expect(run.explain().reason).toContain('verilator rests for');
  });

  test('a table that was kept gives the same choices, and a frozen one does not change', async () => {
    await using first = await offload(kernel);
    for (let i = 0; i < 50; i++) await first.batch(new Array(1 + (i % 9)).fill(message(i)));
    const table = first.choiceTable();
    const file = join(folder, 'choice.json');
    writeFileSync(file, JSON.stringify(table));
    await using second = await offload(kernel, { choice: { table: file, isFrozen: true } });
    for (let i = 0; i < 50; i++) await second.batch(new Array(1 + (i % 9)).fill(message(i)));
    expect(second.choiceTable()?.state.models).toEqual(table?.state.models);
    expect(second.explain().isFrozen).toBe(true);
  });

  test('a table of another kernel, or of none, is refused with what was expected', async () => {
    await using run = await offload(kernel);
    const table = run.choiceTable();
    if (!table) throw new Error('no table');
    for (const wrong of [
      { ...table, schema: 'x' },
      { ...table, kernel: 'other' },
      { ...table, parameters: { DATA_BYTES: '99' } },
      { ...table, state: { models: { javascript: { coefficients: [1, null, 2] } }, cells: {} } },
      { ...table, state: undefined },
      { ...table, cpu: 7 },
      {
        ...table,
        state: { ...table.state, models: { carrier_pigeon: table.state.models.javascript } },
      },
      ...[{ ns: 0 }, { ns: -1 }, { messages: -1 }, { timed: '4' }].map((wrong) => ({
        ...table,
        state: {
          ...table.state,
          cells: {
            33: {
              current: 'javascript',
              typical: { javascript: { messages: 1, bytes: 1, ns: 1, timed: 1, ...wrong } },
            },
          },
        },
      })),
      { ...table, state: { ...table.state, cells: { 33: { current: 'here', typical: {} } } } },
      { ...table, state: { ...table.state, cells: { 33: null } } },
    ]) {
      const opened = offload(kernel, { choice: { table: wrong as unknown as typeof table } });
      const error = await rejected('ERR_RTLIFT_INVALID_ARG', opened);
      expect(error.message).toContain('choice.table');
    }
    const missing = join(folder, 'none.json');
    await rejected('ERR_RTLIFT_INVALID_ARG', offload(kernel, { choice: { table: missing } }));
  });

  test('a table of another processor is used with a warning, or refused', async () => {
    await using run = await offload(kernel);
    const table = run.choiceTable();
    if (!table) throw new Error('no table');
    const other = { ...table, cpu: 'Intel 8080' };
    await using warned = await offload(kernel, { choice: { table: other } });
    expect(warned.explain().warnings).toEqual([expect.stringContaining('Intel 8080')]);
    expect(warned.reason).toContain('learnt on another processor');
    const refused = offload(kernel, { choice: { table: other, otherCpu: 'refuse' } });
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', refused);
    expect(error.details.got).toBe('Intel 8080');
    await using same = await offload(kernel, { choice: { table, otherCpu: 'refuse' } });
    expect(same.explain().warnings).toEqual([]);
    const wrong = offload(kernel, { choice: { otherCpu: 'ignore' as never } });
    await rejected('ERR_RTLIFT_INVALID_ARG', wrong);
  });

  test('sync() runs beside it', async () => {
    await using run = await offload(kernel);
    expect(run.sync(message(7))).toBe(7);
  });
});
