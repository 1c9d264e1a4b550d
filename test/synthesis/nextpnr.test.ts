import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noFitReason, readReport } from '../../src/synthesis/nextpnr.js';
import { ROOT } from '../support/root.js';

// Written by nextpnr-ice40 0.4 for the counter of 4 bits behind its harness.
const REPORT = readFileSync(join(ROOT, 'test/fixtures/synthesis/counter.report.json'), 'utf8');

describe('the report of nextpnr', () => {
  test('gives the clock after routing, what is used, and the path by its names in the source', () => {
    const { fmaxMHz, used, critical } = readReport(REPORT);
    expect(fmaxMHz).toBeCloseTo(394.01, 2);
    expect(used).toMatchObject({ ICESTORM_LC: 14, ICESTORM_RAM: 0 });
    // 0.54 + 0.588 + 0.378 + 0.932 + 0.1
    expect(critical).toEqual({
      from: 'enable',
      to: 'count',
      levels: 1,
      text: '1 LUT, 2.54 ns of which 1.52 ns net',
    });
  });

  test('of several clocks gives the slowest', () => {
    const report = JSON.parse(REPORT);
    report.fmax.other = { achieved: 12.5, constraint: 250 };
    report.critical_paths.push({ from: 'posedge other', to: 'posedge other', path: [] });
    const { fmaxMHz, critical } = readReport(JSON.stringify(report));
    expect(fmaxMHz).toBe(12.5);
    expect(critical?.levels).toBe(0);
  });

  test('without a clock has no Fmax', () => {
    const report = { fmax: {}, utilization: {}, critical_paths: [] };
    expect(readReport(JSON.stringify(report))).toEqual({ fmaxMHz: null, used: {}, critical: null });
  });
});

describe('what nextpnr says of a design that is too large', () => {
  test.each([
    "ERROR: no BELs remaining to implement cell type 'ICESTORM_RAM'",
    'ERROR: Unable to find legal placement for all cells, design is probably at utilisation limit.',
    "ERROR: Unable to find a placement location for cell 'tdata[0]$sb_io'",
  ])('%s', (line) => {
    expect(noFitReason(`place and route: exited with status 255\nInfo: packing\n${line}`)).toBe(
      `nextpnr: ${line.replace('ERROR: ', '')}`,
    );
  });

  test('without the cell that happened to be the last', () => {
    const line =
      "Unable to place cell 'x_LC', no BELs remaining to implement cell type 'ICESTORM_LC'";
    expect(noFitReason(`ERROR: ${line}`)).toBe(
      "nextpnr: no BELs remaining to implement cell type 'ICESTORM_LC'",
    );
  });

  test('of a device that is all but full, how many cells there are', () => {
    const line = 'ERROR: Failed to expand region (0, 0) |_> (33, 33) of 7712 ICESTORM_LCs';
    expect(noFitReason(line)).toBe('nextpnr finds no place for 7712 LC');
  });

  test('another failure is none of that', () => {
    const unknown =
      "ERROR: Unable to place cell 'x', no BELs remaining to implement cell type 'DFF'";
    expect(noFitReason(unknown)).toBeNull();
    expect(noFitReason('ERROR: Failed to parse JSON file')).toBeNull();
  });
});
