import { expect, test } from 'vitest';
import {
  areaCell,
  fmaxCell,
  kernelSynthesisTable,
  shownParameters,
} from '../../src/report/synthesis-table.js';
import type { SynthesisRow } from '../../src/synthesis/row.js';

const ROW: SynthesisRow = {
  kernel: 'crc',
  parameters: { POLY: 0x04c11db7, WIDTH: 32, DEPTH: 16 },
  device: 'xcvu47p',
  tool: { yosys: '0.23' },
  sourceHash: '00',
  fits: true,
  cells: { lut: 1_234, ff: 56, carry: 8, bram: 0.5, dsp: 0, lutRam: 24, srl: 2 },
  utilisation: {
    LUT: { used: 1_260, available: 1_303_680 },
    BRAM: { used: 0.5, available: 2_016 },
  },
  fmax: { value: 312.5, low: 243.8, high: 456.3, unit: 'MHz', provenance: 'modelled' },
  critical: {
    from: 'a_q[0]',
    to: 'a net without a name',
    levels: 3,
    text: '3 LUT, 3.20 ns of which 1.02 ns net',
  },
};
const SMALL: SynthesisRow = {
  ...ROW,
  parameters: { POLY: 0x1021, WIDTH: 16, DEPTH: 16 },
  device: 'ice40-up5k',
  tool: { yosys: '0.23', nextpnr: '0.4' },
  fits: false,
  reason: 'needs more than iCE40 UP5K has: LC 6000 of 5280; LUTs not mapped',
  cells: { ...ROW.cells, lut: 0 },
  fmax: null,
  critical: null,
};

test('parameters are those that differ, without what is data', () => {
  expect(shownParameters(ROW, [ROW, SMALL])).toBe('WIDTH 32');
  expect(shownParameters(ROW, [ROW])).toBe('WIDTH 32, DEPTH 16');
});

test('figures carry their bounds, areas their units', () => {
  expect(fmaxCell(ROW)).toBe('313 (244..456)');
  expect(fmaxCell({ ...ROW, fmax: { value: 46.73, unit: 'MHz', provenance: 'synthesised' } })).toBe(
    '46.7',
  );
  expect(areaCell(ROW)).toBe('1,234 LUT, 56 FF, 26 LUT as RAM or shift register, 0.5 BRAM');
});

test('a table has a line a row, why a design does not fit, and the tools', () => {
  const lines = kernelSynthesisTable([ROW, SMALL]).split('\n');
  expect(lines[2]).toBe(
    '| WIDTH 32 | UltraScale+ VU47P (AWS F2) | 1,234 | 56 | 8 | 0.5 | 0 | 26 | 0.10 % of LUT | 313 (244..456) | `a_q[0]` to a net without a name: 3 LUT, 3.20 ns of which 1.02 ns net |',
  );
  expect(lines[3]).toBe(
    '| WIDTH 16 | iCE40 UP5K | - | 56 | 8 | 0.5 | 0 | 26 | does not fit | - | needs more than iCE40 UP5K has: LC 6000 of 5280; LUTs not mapped |',
  );
  expect(lines[5]).toMatch(/^Yosys 0\.23, nextpnr-ice40 0\.4\. /);
});
