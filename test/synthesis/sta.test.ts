import { describe, expect, test } from 'vitest';
import { delaysOf } from '../../src/synthesis/delays.js';
import type { Bit, MappedCell, MappedModule } from '../../src/synthesis/mapped-netlist.js';
import { longestPath } from '../../src/synthesis/sta.js';
import { estimatedFmax } from '../../src/synthesis/synthesise.js';
import { targetOf } from '../../src/synthesis/targets.js';
import { thrown } from '../support/errors.js';

const OUTPUTS = ['O', 'Q', 'CO', 'P'];

function cell(
  type: string,
  connections: Readonly<Record<string, Bit[]>>,
  parameters: Readonly<Record<string, string>> = {},
): MappedCell {
  const directions = Object.keys(connections).map(
    (pin) => [pin, OUTPUTS.includes(pin) ? 'output' : 'input'] as const,
  );
  return { type, parameters, port_directions: Object.fromEntries(directions), connections };
}

const flipFlop = (d: Bit, q: Bit): MappedCell => cell('FDRE', { C: [1], D: [d], Q: [q] });

function moduleOf(
  cells: readonly MappedCell[],
  nets: Readonly<Record<string, Bit[]>> = {},
): MappedModule {
  return {
    ports: { clk: { direction: 'input', bits: [1] } },
    cells: Object.fromEntries(cells.map((it, i) => [`cell_${i}`, it])),
    netnames: Object.fromEntries(
      Object.entries(nets).map(([name, bits]) => [name, { hide_name: 0, bits }]),
    ),
  };
}

const XCUP = delaysOf('xcup');

describe('static timing, by hand', () => {
  test('two LUTs between registers: 0.08 + 3 nets of 0.255 + 2 x 0.10 + 0.03', () => {
    const path = longestPath(
      moduleOf(
        [
          flipFlop('0', 2),
          cell('LUT2', { I0: [2], I1: ['1'], O: [3] }),
          cell('LUT2', { I0: [3], I1: [2], O: [4] }),
          flipFlop(4, 5),
        ],
        { a_q: [2], $hidden: [3], b_q: [5] },
      ),
      XCUP,
    );
    expect(path?.ns).toBeCloseTo(1.075, 9);
    expect(path?.netNs).toBeCloseTo(0.765, 9);
    expect(path?.critical).toEqual({
      from: 'a_q',
      to: 'b_q',
      levels: 2,
      text: '2 LUT, 1.07 ns of which 0.77 ns net',
    });
  });

  test('a carry chain of eight bits in two cells: the wire between them costs nothing', () => {
    const nets = (from: number): Bit[] => [from, from + 1, from + 2, from + 3];
    const path = longestPath(
      moduleOf([
        flipFlop('0', 2),
        cell('CARRY4', { S: [2, '0', '0', '0'], CI: ['0'], CO: nets(10), O: nets(20) }),
        cell('CARRY4', { S: nets(40), CI: [13], CO: nets(30), O: nets(50) }),
        flipFlop(53, 6),
      ]),
      XCUP,
    );
    // 0.08 + net 0.255 + S[0] to CO[3] (0.15 + 3 x 0.006) + CI to O[3] (0.10 + 4 x 0.006) + net 0.255 + 0.03
    expect(path?.ns).toBeCloseTo(0.08 + 0.255 + 0.168 + 0.124 + 0.255 + 0.03, 9);
    expect(path?.critical.levels).toBe(1);
    expect(path?.critical.text).toMatch(/^0 LUT \+ 7 carry bits/);
  });

  test('a multiplier without registers is passed through, one with a product register ends the path', () => {
    const dsp = (parameters: Record<string, string>): MappedCell =>
      cell('DSP48E2', { CLK: [1], A: [2], P: [3] }, parameters);
    const through = longestPath(moduleOf([flipFlop('0', 2), dsp({}), flipFlop(3, 4)]), XCUP);
    expect(through?.ns).toBeCloseTo(0.08 + 0.255 + 1.65 + 0.255 + 0.03, 9);
    const product = longestPath(
      moduleOf([flipFlop('0', 2), dsp({ PREG: '1' }), flipFlop(3, 4)]),
      XCUP,
    );
    // Up to the product register: 0.08 + net + 1.53.
    expect(product?.ns).toBeCloseTo(0.08 + 0.255 + 1.53, 9);
  });

  test('an inverter moves into what it feeds', () => {
    const path = longestPath(
      moduleOf([flipFlop('0', 2), cell('INV', { I: [2], O: [3] }), flipFlop(3, 4)]),
      XCUP,
    );
    expect(path?.ns).toBeCloseTo(0.08 + 0.255 + 0.03, 9);
    expect(path?.critical.levels).toBe(0);
  });

  test('a port counts as a register outside', () => {
    const module = moduleOf([cell('LUT1', { I0: [2], O: [3] })]);
    const ports = {
      a: { direction: 'input', bits: [2] },
      y: { direction: 'output', bits: [3] },
    };
    const path = longestPath({ ...module, ports }, XCUP);
    expect(path?.ns).toBeCloseTo(0.08 + 0.255 + 0.1 + 0.255 + 0.03, 9);
    expect(path?.critical.to).toBe('y');
  });

  test('a chain of 20,000 LUTs does not exhaust the stack', () => {
    const luts = Array.from({ length: 20_000 }, (_, i) =>
      cell('LUT1', { I0: [2 + i], O: [3 + i] }),
    );
    const path = longestPath(moduleOf([flipFlop('0', 2), ...luts, flipFlop(20_002, 1e6)]), XCUP);
    expect(path?.critical.levels).toBe(20_000);
  });

  test('logic that feeds itself is refused by name', () => {
    const cells = [
      cell('LUT2', { I0: [3], I1: ['1'], O: [2] }),
      cell('LUT2', { I0: [2], I1: ['1'], O: [3] }),
      flipFlop(2, 4),
    ];
    const error = thrown('ERR_RTLIFT_SYNTHESIS_FAILED', () =>
      longestPath(moduleOf(cells, { around: [2], back: [3] }), XCUP),
    );
    expect(error.message).toMatch(/feeds itself without a register, through (around|back)/);
  });

  test('nothing between registers is no path', () => {
    expect(longestPath(moduleOf([]), XCUP)).toBeNull();
  });
});

describe('the estimate of Fmax', () => {
  test('has a range', () => {
    expect(estimatedFmax(4, targetOf('xcvu47p'))).toEqual({
      value: 250,
      low: 195,
      high: 365,
      unit: 'MHz',
      provenance: 'modelled',
    });
  });

  test('is never above what the shell offers, nor are its bounds', () => {
    expect(estimatedFmax(1, targetOf('xcvu47p'))).toMatchObject({
      value: 500,
      low: 500,
      high: 500,
    });
    expect(estimatedFmax(2.5, targetOf('xcvu47p'))).toMatchObject({
      value: 400,
      low: 312,
      high: 500,
    });
  });
});
