import { describe, expect, test } from 'vitest';
import { harness } from '../../src/synthesis/harness.js';
import type { MappedModule } from '../../src/synthesis/mapped-netlist.js';

const MODULE: MappedModule = {
  ports: {
    clk: { direction: 'input', bits: [2] },
    d: { direction: 'input', bits: [3, 4] },
    q: { direction: 'output', bits: [5, '0', 4] },
  },
  cells: {
    register: {
      type: 'SB_DFF',
      port_directions: { C: 'input', D: 'input', Q: 'output' },
      connections: { C: [2], D: [3], Q: [5] },
    },
  },
  netnames: { d: { hide_name: 0, bits: [3, 4] } },
};

const topOf = (json: string) => JSON.parse(json).modules.rtlift_harness;

describe('the harness for place and route', () => {
  const { json, logicCells } = harness(MODULE);
  const top = topOf(json);

  test('leaves three pins of however many', () => {
    const pins = Object.values<{ bits: unknown[] }>(top.ports).flatMap(({ bits }) => bits);
    expect(Object.keys(top.ports)).toEqual(['rtlift_clk_0', 'rtlift_d', 'rtlift_q']);
    expect(pins).toHaveLength(3);
  });

  test('shifts every input bit in, in a chain from the pin', () => {
    const [serialIn] = top.ports.rtlift_d.bits;
    expect(top.cells.rtlift_in_0.connections).toEqual({ C: [2], D: [serialIn], Q: [3] });
    expect(top.cells.rtlift_in_1.connections).toEqual({ C: [2], D: [3], Q: [4] });
  });

  test('mixes every output bit that is no constant into a chain to the pin', () => {
    const mixes = [top.cells.rtlift_mix_0, top.cells.rtlift_mix_1];
    expect(mixes.map(({ connections }) => connections.I0[0])).toEqual([5, 4]);
    // Entry i of the table is the parity of i.
    const table = [...mixes[0].parameters.LUT_INIT].toReversed().map(Number);
    expect(table).toEqual(
      Array.from(
        { length: 16 },
        (_, i) => [...i.toString(2)].filter((it) => it === '1').length % 2,
      ),
    );
    expect(mixes[0].connections).toMatchObject({ I2: ['0'], I3: ['0'] });
    expect(top.cells.rtlift_out_1.connections.Q).toEqual(top.ports.rtlift_q.bits);
    expect(top.cells.rtlift_mix_2).toBeUndefined();
  });

  test('counts one logic cell for each of these bits', () => {
    expect(logicCells).toBe(4);
    const added = Object.keys(top.cells).filter((name) => /^rtlift_(in|out)_/.test(name));
    expect(added).toHaveLength(4);
  });

  test('leaves the cells of the design as they are', () => {
    expect(top.cells.register).toMatchObject(MODULE.cells.register as object);
  });

  test('shares registers where there is little room: ports of one register become one net', () => {
    const q = { direction: 'output', bits: [5, 6, 7, 8] };
    const d = { direction: 'input', bits: [3, 4, 9] };
    const reader = {
      type: 'SB_LUT4',
      port_directions: { I0: 'input', I1: 'input', O: 'output' },
      connections: { I0: [4], I1: [9], O: [6] },
    } as const;
    const wide = {
      ...MODULE,
      ports: { ...MODULE.ports, d, q },
      cells: { ...MODULE.cells, reader },
    };
    const shared = harness(wide, { inputs: 2, outputs: 3 });
    const inside = topOf(shared.json).cells;
    // Two registers for three inputs, two for four outputs; the third input is the net of the first.
    expect(shared.logicCells).toBe(4);
    expect(inside.reader.connections).toEqual({ I0: [4], I1: [3], O: [6] });
    expect(inside.rtlift_mix_0.connections).toMatchObject({ I0: [5], I2: [6], I3: [7] });
    expect(inside.rtlift_mix_1.connections).toMatchObject({ I0: [8], I2: ['0'], I3: ['0'] });
  });

  test('gives logic without a clock one of its own', () => {
    const { cells: _, ...rest } = MODULE;
    const wired = topOf(harness({ ...rest, cells: {} }).json);
    const [clock] = wired.ports.rtlift_clk_0.bits;
    expect(wired.cells.rtlift_in_0.connections.C).toEqual([clock]);
    // Nothing says that `clk` is one, so it is shifted in like the others.
    expect(wired.cells.rtlift_in_0.connections.Q).toEqual([2]);
  });
});
