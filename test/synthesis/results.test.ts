import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  findStale,
  readSynthesis,
  rowsOf,
  synthesisText,
  type WantedRow,
  withCapacity,
  withoutStale,
  writeRows,
} from '../../src/synthesis/results.js';
import type { SynthesisRow } from '../../src/synthesis/row.js';
import { sourceHash } from '../../src/synthesis/source-hash.js';
import { targetOf } from '../../src/synthesis/targets.js';
import { rejected, thrown } from '../support/errors.js';
import { temporaryFolder } from '../support/folders.js';
import { ROOT } from '../support/root.js';

const COUNTER = join(ROOT, 'test/fixtures/synthesis/counter.v');

async function rowOf(wanted: WantedRow): Promise<SynthesisRow> {
  const target = targetOf(wanted.device);
  return {
    kernel: wanted.kernel,
    parameters: { ...wanted.rtl.parameters } as Record<string, number>,
    device: wanted.device,
    tool: { yosys: '0.23' },
    sourceHash: await sourceHash(wanted.rtl, target),
    fits: true,
    cells: { lut: 1, ff: 2, carry: 3, bram: 0, dsp: 0, lutRam: 0, srl: 0 },
    utilisation: Object.fromEntries(
      Object.entries(target.capacity).map(([name, available]) => [name, { used: 2, available }]),
    ),
    fmax: null,
    critical: null,
  };
}

function counterIn(folder: string, width = 8): WantedRow {
  const file = join(folder, 'counter.v');
  copyFileSync(COUNTER, file);
  const rtl = { top: 'counter', sources: [file], includes: [], parameters: { WIDTH: width } };
  return { kernel: 'counter', rtl, device: 'xcvu47p' };
}

describe('staleness', () => {
  test('a row of the sources as they are is current, wherever they lie', async () => {
    const row = await rowOf(counterIn(temporaryFolder()));
    expect(await findStale([row], [counterIn(temporaryFolder())])).toEqual([]);
  });

  test('a change of one character of a source makes the row stale', async () => {
    const wanted = counterIn(temporaryFolder());
    const row = await rowOf(wanted);
    const [file = ''] = wanted.rtl.sources;
    writeFileSync(file, readFileSync(file, 'utf8').replace("count + 1'b1", "count + 2'd2"));
    const findings = await findStale([row], [wanted]);
    expect(findings.map(({ problem }) => problem.split(/[,:] | with/)[0])).toEqual([
      'no row of these sources',
      'a row of other sources',
    ]);
    expect(await withoutStale([row], [wanted])).toEqual([]);
  });

  test('line ends of Windows are no change', async () => {
    const wanted = counterIn(temporaryFolder());
    const row = await rowOf(wanted);
    const [file = ''] = wanted.rtl.sources;
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    expect(await findStale([row], [wanted])).toEqual([]);
  });

  test('a row of another capacity is stale, and follows the device as far as it can', async () => {
    const wanted = counterIn(temporaryFolder());
    const row = await rowOf(wanted);
    const grown = { ...row, utilisation: { ...row.utilisation, LUT: { used: 2, available: 3 } } };
    expect(await findStale([grown], [wanted])).toEqual([
      { kernel: 'counter', device: 'xcvu47p', problem: expect.stringContaining('capacity') },
    ]);
    expect(withCapacity(grown)).toEqual(row);
    const used = (row.utilisation.LUT?.available ?? 0) + 1;
    const large = { ...row, utilisation: { ...row.utilisation, LUT: { used, available: 2e6 } } };
    expect(withCapacity(large)).toMatchObject({
      fits: false,
      reason: `needs more than UltraScale+ VU47P (AWS F2) has: LUT ${used} of ${used - 1}`,
      utilisation: { LUT: { used, available: used - 1 } },
    });
    // Whether it fits now, nobody knows.
    const unfit = { ...grown, fits: false };
    expect(withCapacity(unfit)).toBe(unfit);
  });

  test('other parameters and other devices are other rows', async () => {
    const row = await rowOf(counterIn(temporaryFolder()));
    const wider = counterIn(temporaryFolder(), 9);
    const elsewhere: WantedRow = { ...counterIn(temporaryFolder()), device: 'ecp5-85k' };
    const findings = await findStale([row], [wider, elsewhere, counterIn(temporaryFolder())]);
    expect(findings).toEqual([
      { kernel: 'counter', device: 'xcvu47p', problem: expect.stringContaining('WIDTH=9') },
      { kernel: 'counter', device: 'ecp5-85k', problem: expect.stringContaining('WIDTH=8') },
    ]);
  });

  test('a source that cannot be read is refused with its name', async () => {
    const rtl = { top: 'x', sources: ['/nowhere/x.v'], includes: [], parameters: {} };
    const wanted: WantedRow = { kernel: 'x', rtl, device: 'xcvu47p' };
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', findStale([], [wanted]));
    expect(error.message).toContain('/nowhere/x.v');
  });
});

describe('synthesis.json', () => {
  test('has one order, numbers in it by their value', async () => {
    const folder = temporaryFolder();
    const rows = await Promise.all([8, 16, 2].map((width) => rowOf(counterIn(folder, width))));
    const text = synthesisText(rows);
    expect(readSynthesis(text, 'x').rows.map(({ parameters }) => parameters.WIDTH)).toEqual([
      2, 8, 16,
    ]);
    expect(synthesisText(rows.toReversed())).toBe(text);
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('takes a row in place of the one of the same kernel, parameters and device', async () => {
    const path = join(temporaryFolder(), 'synthesis.json');
    const row = await rowOf(counterIn(temporaryFolder()));
    await writeRows(path, [row]);
    await writeRows(path, [{ ...row, fits: false, reason: 'too large' }]);
    await writeRows(path, [await rowOf(counterIn(temporaryFolder(), 16))]);
    expect((await rowsOf(path)).map(({ fits }) => fits)).toEqual([false, true]);
  });

  test('that is not there has no rows', async () => {
    expect(await rowsOf(join(temporaryFolder(), 'synthesis.json'))).toEqual([]);
  });

  test.each([
    ['not JSON', '{', 'JSON'],
    ['another schema', '{"schema": "rtlift-synthesis-9", "rows": []}', 'rtlift-synthesis-9'],
    ['null', 'null', 'schema'],
    ['a row without cells', '{"schema": "rtlift-synthesis-1", "rows": [{"kernel": "x"}]}', 'rows'],
    ['rows that are none', '{"schema": "rtlift-synthesis-1", "rows": 3}', 'rows'],
  ])('with %s is refused', (_, text, said) => {
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () => readSynthesis(text, 'a/synthesis.json'));
    expect(error.message).toContain('a/synthesis.json');
    expect(error.message).toContain(said);
  });
});
