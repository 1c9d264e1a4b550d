import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { readDesign } from '../../src/synthesis/map-design.js';
import { findYosys } from '../../src/synthesis/run-yosys.js';
import { drawSchematic } from '../../src/synthesis/schematic.js';
import { synthesise } from '../../src/synthesis/synthesise.js';
import { targetOf } from '../../src/synthesis/targets.js';
import { rejected, thrown } from '../support/errors.js';
import { temporaryFolder } from '../support/folders.js';
import { describeUnless, missingTool } from '../support/needs.js';
import { ROOT } from '../support/root.js';

const fixture = (top: string, WIDTH: number) => ({
  top,
  sources: [join(ROOT, `test/fixtures/synthesis/${top}.v`)],
  includes: [],
  parameters: { WIDTH },
});
const counter = (width = 16) => fixture('counter', width);
const registers = (width: number) => fixture('wide_register', width);

beforeEach(() => {
  vi.stubEnv('RTLIFT_CACHE_DIR', temporaryFolder());
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
});

const missingYosys = await missingTool('yosys');

describeUnless(missingYosys, 'Yosys on a counter of 16 bits', () => {
  test('UltraScale+: a register a bit, carry in cells of four, an estimate below the shell clock', async () => {
    const row = await synthesise('counter', counter(), targetOf('xcvu47p'));
    expect(row).toMatchObject({
      kernel: 'counter',
      parameters: { WIDTH: 16 },
      device: 'xcvu47p',
      fits: true,
      cells: { ff: 16, carry: 16, bram: 0, dsp: 0 },
      utilisation: { FF: { used: 16, available: 2_294_476 } },
      fmax: { unit: 'MHz', provenance: 'modelled' },
    });
    expect(row.fmax?.high).toBeLessThanOrEqual(500);
    expect(row.seeds).toBeUndefined();
    expect(row.sourceHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('ECP5: the same registers', async () => {
    const row = await synthesise('counter', counter(), targetOf('ecp5-85k'));
    expect(row.cells).toMatchObject({ ff: 16, carry: 16 });
    expect(row.critical?.to).toMatch(/^count/);
  });

  test('the netlist comes from the cache the second time', async () => {
    const target = targetOf('ecp5-85k');
    const first = await synthesise('counter', counter(), target);
    const second = { ...(await findYosys()), run: () => Promise.reject(new Error('ran again')) };
    await readDesign(counter(), target, await findYosys());
    await expect(readDesign(counter(), target, second)).resolves.toMatchObject({ top: 'counter' });
    expect(await synthesise('counter', counter(), target)).toEqual(first);
  });

  test('a module that Yosys does not read is refused with its message and line', async () => {
    const file = join(temporaryFolder(), 'wrong.v');
    writeFileSync(file, 'module wrong;\n  wire a = ;\nendmodule\n');
    const rtl = { top: 'wrong', sources: [file], includes: [], parameters: {} };
    const error = await rejected(
      'ERR_RTLIFT_SYNTHESIS_FAILED',
      synthesise('wrong', rtl, targetOf('xcvu47p')),
    );
    expect(error.message).toMatch(/wrong\.v:2: ERROR: syntax error/);
  });

  test('a parameter that the module does not have is refused by name', async () => {
    const rtl = { ...counter(), parameters: { DEPTH: 4 } };
    const error = await rejected(
      'ERR_RTLIFT_SYNTHESIS_FAILED',
      synthesise('counter', rtl, targetOf('xcvu47p')),
    );
    expect(error.message).toContain('DEPTH');
  });
});

describeUnless(missingYosys ?? (await missingTool('nextpnr')), 'nextpnr-ice40', () => {
  test('places and routes the counter with every seed: median and spread', async () => {
    const row = await synthesise('counter', counter(), targetOf('ice40-hx8k'), {
      seeds: [1, 2, 3],
    });
    const { fmax, seeds, utilisation, cells } = row;
    expect(fmax?.provenance).toBe('synthesised');
    const [low, value, high] = [fmax?.low ?? 0, fmax?.value ?? 0, fmax?.high ?? 0];
    expect(low).toBeLessThanOrEqual(value);
    expect(value).toBeLessThanOrEqual(high);
    // An HX8K runs no counter of 16 bits below 100 MHz and none above 400.
    expect(low).toBeGreaterThan(100);
    expect(high).toBeLessThan(400);
    expect(seeds).toEqual([1, 2, 3]);
    expect(cells).toMatchObject({ ff: 16, carry: 14 });
    // Without the harness: 16 bits, and a few logic cells for enable and the start of the chain.
    expect(utilisation.LC?.used).toBeGreaterThanOrEqual(16);
    expect(utilisation.LC?.used).toBeLessThan(24);
  });

  test('a design with more registers than the device is not placed, and says so', async () => {
    const row = await synthesise('wide', registers(5_400), targetOf('ice40-up5k'));
    expect(row).toMatchObject({ fits: false, fmax: null, critical: null });
    expect(row.reason).toMatch(
      /^needs more than iCE40 UP5K has: LC 5400 of 5280; LUTs not mapped$/,
    );
  });

  test('a design that fits is not refused for its harness', async () => {
    // 2,000 logic cells, and 4,000 with registers of their own for every port, which is more than there are.
    const row = await synthesise('wide', registers(2_000), targetOf('ice40-up5k'), { seeds: [1] });
    expect(row.fits).toBe(true);
    expect(row.utilisation.LC?.used).toBeGreaterThanOrEqual(2_000);
    expect(row.utilisation.LC?.used).toBeLessThan(2_010);
  });

  test('a design for which nextpnr finds no place gives its words', async () => {
    const row = await synthesise('wide', registers(5_270), targetOf('ice40-up5k'), { seeds: [1] });
    expect(row.fits).toBe(false);
    expect(row.reason).toMatch(/^nextpnr.*ICESTORM_LC', with 2416 LC of the harness$/);
  });
});

describe('what is refused before any tool runs', () => {
  test('no seed', async () => {
    await rejected(
      'ERR_RTLIFT_INVALID_ARG',
      synthesise('counter', counter(), targetOf('ice40-hx8k'), { seeds: [] }),
    );
  });

  test('a device that is not known, with those that are', () => {
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () => targetOf('ice40-hx1k'));
    expect(error.message).toContain('ice40-hx8k, ice40-up5k, ecp5-85k, xcvu47p');
    thrown('ERR_RTLIFT_INVALID_ARG', () => targetOf('toString'));
  });

  test('no Yosys at all, with both ways to get it', async () => {
    vi.stubEnv('RTLIFT_YOSYS', '/nowhere/yosys');
    const error = await rejected('ERR_RTLIFT_TOOL_MISSING', findYosys());
    expect(error.message).toContain('RTLIFT_YOSYS');
    expect(error.message).toContain('npm install @yowasp/yosys');
  });

  test('no nextpnr, for the devices that need it', async () => {
    vi.stubEnv('RTLIFT_NEXTPNR', '/nowhere/nextpnr');
    const error = await rejected(
      'ERR_RTLIFT_TOOL_MISSING',
      synthesise('counter', counter(), targetOf('ice40-up5k')),
    );
    expect(error.message).toContain('rtlift doctor');
  });
});

describeUnless(missingYosys, 'a schematic', () => {
  test('shows adder, multiplexer and register of the counter as SVG', async () => {
    const design = await readDesign(counter(4), targetOf('ice40-hx8k'), await findYosys());
    const svg = await drawSchematic(design);
    expect(svg).toMatch(/^<svg /);
    expect(svg).toContain('s:type="add"');
    for (const port of ['clk', 'rst', 'enable', 'count']) expect(svg).toContain(`>${port}<`);
  });

  test('of too many cells is refused with the limit', async () => {
    const cells = Object.fromEntries(
      Array.from({ length: 401 }, (_, i) => [`c${i}`, { type: 'LUT4', connections: {} }]),
    );
    const design = { top: 'big', module: { ports: {}, cells, netnames: {} }, yosys: '0.23' };
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', drawSchematic(design));
    expect(error.details).toMatchObject({ limit: 400, got: 401 });
  });
});
