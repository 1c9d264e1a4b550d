import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readBundle, readBundleIndex, writeBundle } from '../../src/verify/bundle.js';
import { replay } from '../../src/verify/replay.js';
import { FULL_RATE, type Scenario } from '../../src/verify/scenario.js';
import type { Failure } from '../../src/verify/session.js';
import { type Counterexample, verify } from '../../src/verify/verify.js';
import { rejected } from '../support/errors.js';
import { hdl } from '../support/fixture-kernels.js';
import { temporaryFolder } from '../support/folders.js';
import { describeUnless, missingToolchain, missingVerilatorPath } from '../support/needs.js';
import { BAD_BYTE, tally, unreset } from './kernels.js';

const OPTIONS = { target: 'tally.ts', seed: 0x51, monitors: true, noProgressCycles: 20_000 };

const FAILURE: Failure = {
  batch: 1,
  kind: 'mismatch',
  messageIndex: 0,
  byteIndex: 0,
  cycle: 30,
  expected: '00000000',
  actual: '01000000',
  code: 'ERR_RTLIFT_RESULT_MISMATCH',
  rule: null,
  text: 'another result',
};

const SCENARIO: Scenario<Uint8Array> = {
  modelSeed: 7,
  batches: [
    {
      variant: 1,
      messages: [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(255)],
      drive: { ...FULL_RATE, bubble: 100, stall: 65_535, seed: 0x7fffffff, isolate: true },
    },
    {
      variant: 0,
      messages: [new Uint8Array(70).fill(9)],
      drive: { ...FULL_RATE, resetAt: 12, pattern: Uint8Array.of(0, 1, 0, 3, 2, 0x7e) },
    },
  ],
};
const VARIANTS = [tally('none'), tally('none', { offset: 7 })] as const;

async function written(): Promise<string> {
  const folder = join(temporaryFolder(), 'bundle');
  const counterexample = { scenario: SCENARIO, failure: FAILURE, shrunkFrom: 9 };
  await writeBundle(folder, VARIANTS[0], counterexample, OPTIONS);
  return folder;
}

describeUnless(await missingToolchain(), 'a bundle', () => {
  test('gives back what was written', async () => {
    const folder = await written();
    const { index, scenario, changedSources } = await readBundle(folder, VARIANTS);
    expect(scenario).toEqual(SCENARIO);
    expect(index).toMatchObject({ ...OPTIONS, kernel: 'tally', failure: FAILURE });
    expect(Object.keys(index.versions)).toEqual(['node', 'verilator', 'compiler']);
    expect(changedSources).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual([
      'messages-0.bin',
      'messages-1.bin',
      'replay.json',
      'stalls-1.txt',
    ]);
  });

  test('has its stalls as lines that a person can change', async () => {
    const folder = await written();
    const path = join(folder, 'stalls-1.txt');
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.slice(1)).toEqual(['1 s', '3 s0', '4 0', '5 012345']);
    await writeFile(path, '# by hand\n\n2 s\n');
    const { scenario } = await readBundle(folder, VARIANTS);
    expect(scenario.batches[1]?.drive.pattern).toEqual(Uint8Array.of(0, 0, 1));
  });

  test('names the sources that are not what they were, wherever the checkout lies', async () => {
    const folder = await written();
    const elsewhere = join(temporaryFolder(), 'tally.v');
    await cp(fileURLToPath(hdl('verify/tally.v')), elsewhere);
    const moved = [tally('none', { source: elsewhere }), VARIANTS[1]] as const;
    expect((await readBundle(folder, moved)).changedSources).toEqual([]);
    await writeFile(elsewhere, `${await readFile(elsewhere, 'utf8')}\n`);
    expect((await readBundle(folder, moved)).changedSources).toEqual(['tally.v']);
  });

  test('names an included file that is not what it was', async () => {
    const [source, folder, includes] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const text = await readFile(fileURLToPath(hdl('verify/tally.v')), 'utf8');
    await writeFile(join(source, 'tally.v'), `\`include "one.vh"\n${text}`);
    await writeFile(join(includes, 'one.vh'), '`include "two.vh"\n');
    await writeFile(join(includes, 'two.vh'), '`define TALLY_TWO 2\n');
    const kernel = (offset: number) => {
      const each = tally('none', { offset, source: join(source, 'tally.v') });
      return { ...each, rtl: { ...each.rtl, includes: [includes] } };
    };
    const variants = [kernel(0), kernel(7)] as const;
    const counterexample = { scenario: SCENARIO, failure: FAILURE, shrunkFrom: 9 };
    await writeBundle(folder, variants[0], counterexample, OPTIONS);
    expect((await readBundle(folder, variants)).changedSources).toEqual([]);
    await writeFile(join(includes, 'two.vh'), '`define TALLY_TWO 3\n');
    const { changedSources } = await readBundle(folder, variants);
    expect(changedSources).toEqual([relative(source, join(includes, 'two.vh'))]);
  });

  test('of another kernel or of settings that are not there is refused', async () => {
    const folder = await written();
    const other = { ...VARIANTS[0], name: 'other' };
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', readBundle(folder, [other, other]));
    expect(error.message).toMatch(/kernel other, got tally/);
    const alone = await rejected('ERR_RTLIFT_INVALID_ARG', readBundle(folder, [VARIANTS[0]]));
    expect(alone.message).toMatch(/settings 0\.\.0 of tally, got 1/);
  });

  describe('that was tampered with is refused', () => {
    type Index = Record<string, unknown> & { readonly batches: readonly object[] };
    type Change = (index: Index) => void;
    const whole = (patch: Record<string, unknown>): Change => {
      return (index) => void Object.assign(index, patch);
    };
    const batch = (patch: Record<string, unknown>): Change => {
      return ({ batches: [first] }) => void Object.assign(first ?? {}, patch);
    };
    test.each<[string, Change]>([
      ['messages of another folder', batch({ messages: '../../etc/passwd' })],
      ['messages by an absolute path', batch({ messages: '/etc/passwd' })],
      ['messages by no name', batch({ messages: 5 })],
      ['stalls of another folder', batch({ stalls: '../stalls-0.txt' })],
      ['stalls that are messages of elsewhere', batch({ stalls: 'x/messages-0.bin' })],
      ['offsets that are none', batch({ offsets: 'all' })],
      ['offsets beyond the data', batch({ offsets: [0, 1_000_000] })],
      ['offsets that fall', batch({ offsets: [0, 3, 1] })],
      ['a drive that is none', batch({ drive: null })],
      ['a chance that is no number', batch({ drive: { ...FULL_RATE, bubble: 'often' } })],
      ['a batch that is none', whole({ batches: [null] })],
      ['settings below the first', batch({ variant: -1 })],
      ['another format', whole({ format: 2 })],
      ['no target', whole({ target: undefined })],
      ['a seed that is none', whole({ modelSeed: -1 })],
      ['no failure', whole({ failure: null })],
      ['no sources', whole({ sources: null })],
    ])('%s', async (_name, change) => {
      const folder = await written();
      const path = join(folder, 'replay.json');
      const index = JSON.parse(await readFile(path, 'utf8'));
      change(index);
      await writeFile(path, JSON.stringify(index));
      await rejected('ERR_RTLIFT_INVALID_ARG', readBundle(folder, VARIANTS));
    });

    test.each(['x s', '3 q', '3', '-1 s', '999999999999 s'])('a stall %s', async (line) => {
      const folder = await written();
      await writeFile(join(folder, 'stalls-1.txt'), `1 s\n${line}\n`);
      await rejected('ERR_RTLIFT_INVALID_ARG', readBundle(folder, VARIANTS));
    });

    test('no replay.json, or one that is no JSON or no object', async () => {
      const folder = temporaryFolder();
      const error = await rejected('ERR_RTLIFT_INVALID_ARG', readBundleIndex(folder));
      expect(error.message).toContain('is no replay bundle');
      for (const text of ['{', 'null', '[]', '7']) {
        await writeFile(join(folder, 'replay.json'), text);
        await rejected('ERR_RTLIFT_INVALID_ARG', readBundleIndex(folder));
      }
    });
  });
});

describeUnless(await missingVerilatorPath(), 'replay', () => {
  /** A checkout of its own, whose RTL can be put right. */
  async function ownTally(): Promise<string> {
    const folder = join(temporaryFolder(), 'hdl');
    await mkdir(folder);
    const source = join(folder, 'tally.v');
    await cp(fileURLToPath(hdl('verify/tally.v')), source);
    return source;
  }

  async function found(fault: 'byteValue' | 'validDrops'): Promise<Counterexample<Uint8Array>> {
    const { counterexample } = await verify(tally(fault), { seed: 0x51, messages: 1_500 });
    if (counterexample === null) throw new Error(`${fault} was not found`);
    return counterexample;
  }

  test('fails as recorded and writes the cycles around the failure', async () => {
    const folder = join(temporaryFolder(), 'bundle');
    const counterexample = await found('validDrops');
    await writeBundle(folder, tally('validDrops'), counterexample, OPTIONS);
    const report = await replay(tally('validDrops'), folder);
    expect(report.failure).toEqual(counterexample.failure);
    expect(report.recorded).toEqual(counterexample.failure);
    expect(report.changedSources).toEqual([]);
    const cycle = counterexample.failure.cycle ?? Number.NaN;
    expect(report.waveform).toEqual({
      path: join(folder, 'wave.vcd'),
      from: Math.max(0, cycle - 64),
      to: cycle + 16,
    });
  });

  test('writes a waveform of the window alone, to its end', async () => {
    const folder = join(temporaryFolder(), 'bundle');
    const { failure } = await found('byteValue');
    // The message at fault is in the middle of many.
    const messages = Array.from({ length: 200 }, (_, i) =>
      new Uint8Array(8).fill(i === 100 ? BAD_BYTE : 1),
    );
    const scenario = { modelSeed: 1, batches: [{ variant: 0, messages, drive: FULL_RATE }] };
    await writeBundle(folder, tally('byteValue'), { scenario, failure, shrunkFrom: 1 }, OPTIONS);
    const options = { cyclesBefore: 10, cyclesAfter: 5 };
    const report = await replay(tally('byteValue'), folder, options);
    expect(report.failure).toMatchObject({ messageIndex: 100, kind: 'mismatch' });
    const cycle = report.failure?.cycle ?? Number.NaN;
    expect(report.waveform).toMatchObject({ from: cycle - 10, to: cycle + 5 });

    const vcd = await readFile(report.waveform?.path ?? '', 'utf8');
    const [header = '', body = ''] = vcd.split('$enddefinitions $end');
    const id = (name: string): string =>
      new RegExp(`\\$var wire +\\d+ (\\S+) ${name} `).exec(header)?.[1] ?? 'none';
    const [clock, result] = [id('clk'), id('m_axis_tdata')];
    expect(header).toMatch(/\$timescale +1ps +\$end/);
    expect(risingTimes(body, clock)).toEqual(
      Array.from({ length: 15 }, (_, i) => 10_000 * (cycle - 10 + i + 1)),
    );
    // The wrong result is in it, and so is what came before.
    const values = [...body.matchAll(/^b([01]+) (\S+)$/gm)]
      .filter(([, , signal]) => signal === result)
      .map(([, bits = '']) => Number.parseInt(bits, 2));
    expect(values).toContain(8 * BAD_BYTE + 8);
    expect(values).toContain(8);
    expect(body.endsWith('\n')).toBe(true);
  });

  test('starts what was never reset as the run that found it did', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const { counterexample } = await verify(unreset(), { seed, messages: 4_000 });
      if (counterexample === null) throw new Error('not found');
      const folder = join(temporaryFolder(), 'bundle');
      await writeBundle(folder, unreset(), counterexample, OPTIONS);
      const report = await replay(unreset(), folder);
      expect(report.failure).toEqual(counterexample.failure);
      expect(report).toMatchObject({ failsUntraced: null });
    }
  });

  test('says that RTL which was put right passes', async () => {
    const source = await ownTally();
    const kernel = tally('byteValue', { source });
    const folder = join(temporaryFolder(), 'bundle');
    await writeBundle(folder, kernel, await found('byteValue'), OPTIONS);
    const wrong = `s_axis_tdata[8*i +: 8] == 8'h5a ? 32'd1 : 32'd0`;
    const text = await readFile(source, 'utf8');
    expect(text.split(wrong)).toHaveLength(2);
    await writeFile(source, text.replace(wrong, `s_axis_tdata[8*i +: 8] == 8'h5a ? 32'd0 : 32'd0`));
    const report = await replay(kernel, folder);
    expect(report).toMatchObject({ failure: null, waveform: null, changedSources: ['tally.v'] });
    expect(report.recorded.kind).toBe('mismatch');
    await expect(rm(join(folder, 'wave.vcd'))).rejects.toThrow(/ENOENT/);
  });
});

/** When a signal rises, in the unit of the file; the first value shown is none. */
function risingTimes(body: string, id: string): number[] {
  const times: number[] = [];
  let time = 0;
  let isFirst = true;
  for (const line of body.split('\n')) {
    if (line.startsWith('#')) time = Number(line.slice(1));
    if (line === `1${id}` && !isFirst) times.push(time);
    if (line === `0${id}` || line === `1${id}`) isFirst = false;
  }
  return times;
}
