import { describe, expect, test } from 'vitest';
import { countCells, utilisationOf, whyTooLarge } from '../../src/synthesis/cells.js';
import {
  elaboratedParameters,
  type MappedModule,
  readMapped,
} from '../../src/synthesis/mapped-netlist.js';
import { targetOf } from '../../src/synthesis/targets.js';
import { thrown } from '../support/errors.js';

function moduleOf(types: Readonly<Record<string, number>>): MappedModule {
  const cells = Object.entries(types).flatMap(([type, count]) =>
    Array.from({ length: count }, (_, i) => [`${type}_${i}`, { type, connections: {} }] as const),
  );
  return { ports: {}, cells: Object.fromEntries(cells), netnames: {} };
}

describe('cells of a mapped netlist', () => {
  test('of iCE40', () => {
    const types = { SB_LUT4: 7, SB_DFF: 2, SB_DFFESR: 3, SB_CARRY: 5, SB_RAM40_4K: 2, SB_MAC16: 1 };
    expect(countCells(moduleOf({ ...types, SB_GB: 4 }), 'ice40')).toEqual({
      lut: 7,
      ff: 5,
      carry: 5,
      bram: 2,
      dsp: 1,
      lutRam: 0,
      srl: 0,
    });
  });

  test('of ECP5: two bits of carry a cell, six LUTs a RAM of 16 x 4', () => {
    const types = {
      LUT4: 3,
      TRELLIS_FF: 4,
      CCU2C: 2,
      TRELLIS_DPR16X4: 2,
      DP16KD: 1,
      MULT18X18D: 1,
    };
    const cells = countCells(moduleOf(types), 'ecp5');
    expect(cells).toEqual({ lut: 3, ff: 4, carry: 4, bram: 1, dsp: 1, lutRam: 12, srl: 0 });
    // A carry bit takes a LUT there: 3 + 4 + 12.
    expect(utilisationOf(cells, targetOf('ecp5-85k')).LUT?.used).toBe(19);
  });

  test('of UltraScale+: shift registers apart, half a block of RAM, buffers not at all', () => {
    const types = {
      LUT2: 1,
      LUT6: 2,
      INV: 1,
      FDRE: 3,
      FDSE: 1,
      CARRY4: 2,
      SRL16E: 2,
      SRLC32E: 1,
      RAM32M16: 1,
      RAM64X1D: 1,
      RAMB36E2: 1,
      RAMB18E2: 1,
      DSP48E2: 2,
      BUFG: 1,
    };
    expect(countCells(moduleOf(types), 'xcup')).toEqual({
      lut: 4,
      ff: 4,
      carry: 8,
      bram: 1.5,
      dsp: 2,
      lutRam: 10,
      srl: 3,
    });
  });

  test('what is too large says by how much', () => {
    const target = targetOf('ice40-hx8k');
    const large = utilisationOf(
      countCells(moduleOf({ SB_LUT4: 9_000, SB_RAM40_4K: 33 }), 'ice40'),
      target,
    );
    expect(whyTooLarge(large, target)).toBe(
      'needs more than iCE40 HX8K has: LC 9000 of 7680, BRAM 33 of 32',
    );
    const small = utilisationOf(countCells(moduleOf({ SB_LUT4: 7_680 }), 'ice40'), target);
    expect(whyTooLarge(small, target)).toBeNull();
  });
});

describe('the JSON netlist', () => {
  test('gives parameters as numbers, wide ones as hexadecimal, strings as they are', () => {
    const parameter_default_values = {
      WIDTH: '00000000000000000000000000010000',
      IV: `1${'0'.repeat(64)}`,
      MODE: 'FAST',
    };
    expect(elaboratedParameters({ ...moduleOf({}), parameter_default_values })).toEqual({
      IV: '0x10000000000000000',
      MODE: 'FAST',
      WIDTH: 16,
    });
  });

  test('has no cells that only mark scopes', () => {
    const module = moduleOf({ LUT4: 1, $scopeinfo: 2 });
    const read = readMapped(JSON.stringify({ modules: { top: module } }), 'top');
    expect(Object.values(read.cells).map(({ type }) => type)).toEqual(['LUT4']);
  });

  test('without the top module is refused', () => {
    const error = thrown('ERR_RTLIFT_SYNTHESIS_FAILED', () =>
      readMapped('{"modules": {"other": {}}}', 'top'),
    );
    expect(error.message).toContain('got other');
  });
});
