import { describe, expect, test } from 'vitest';
import { descriptorText } from '../../src/inspect/descriptor.js';
import { detectPorts } from '../../src/inspect/detect.js';
import type { Netlist, Port } from '../../src/toolchain/netlist.js';

function netlist(list: string): Netlist {
  const ports = list
    .trim()
    .split(/\s*,\s*/)
    .map((entry): Port => {
      const [direction = '', name = '', width = '1'] = entry.split(' ');
      return {
        name,
        escapedName: name,
        direction: direction === 'in' ? 'input' : 'output',
        width: Number(width),
      };
    });
  return { top: 'core', ports, parameters: { WIDTH: "32'sh8", NAME: "24'h616263" }, files: [] };
}

const text = (ports: Netlist): string =>
  descriptorText(ports, detectPorts(ports), { sources: ['./core.v'] });

const AXI = netlist(
  'in aclk, in aresetn, in s_axis_tdata 64, in s_axis_tkeep 8, in s_axis_tvalid, out s_axis_tready, in s_axis_tlast, in s_axis_tuser, out m_axis_tdata 32, out m_axis_tvalid, in m_axis_tready, in s_axil_awaddr 8, in s_axil_awvalid',
);
const SUFFIXED = netlist(
  'in clk_i, in rst_ni, in s_tdata_i 8, in s_tvalid_i, out s_tready_o, in s_tlast_i, out m_tdata_o 12, out m_tvalid_o, in m_tready_i',
);
const BLOCK = netlist(
  'in clk, in reset_n, in start, in key 128, in block 512, out busy, out done, out digest 256',
);

describe('detectPorts', () => {
  test('finds AXI4-Stream, AXI4-Lite, clock and reset by their names', () => {
    const { clocks, resets, inputs, outputs, registers, settings, others } = detectPorts(AXI);
    expect([clocks[0]?.name, resets[0]?.name, registers]).toEqual(['aclk', 'aresetn', 's_axil']);
    expect(inputs).toMatchObject([{ prefix: 's_axis', handshake: 'stream', isBusy: false }]);
    expect(outputs).toMatchObject([{ prefix: 'm_axis', handshake: 'stream', keep: null }]);
    expect([settings, others]).toEqual([[], []]);
  });

  test('finds streams with suffixes by direction', () => {
    const { inputs, outputs } = detectPorts(SUFFIXED);
    expect(inputs[0]).toMatchObject({ data: { name: 's_tdata_i' }, ready: { name: 's_tready_o' } });
    expect(outputs[0]).toMatchObject({
      data: { name: 'm_tdata_o' },
      ready: { name: 'm_tready_i' },
    });
  });

  test('takes the widest input of a core with start and busy for its block, the rest for settings', () => {
    const { inputs, outputs, settings } = detectPorts(BLOCK);
    expect(inputs[0]).toMatchObject({ data: { name: 'block' }, handshake: 'start', isBusy: true });
    expect(outputs[0]).toMatchObject({ data: { name: 'digest' }, handshake: 'pulse' });
    expect(settings.map(({ name }) => name)).toEqual(['key']);
  });
});

describe('descriptorText', () => {
  test('maps only what deviates', () => {
    expect(text(AXI)).toContain("      clock: 'aclk',\n      reset: 'aresetn',\n    },");
    expect(text(AXI)).toContain('parameters: { WIDTH: 8, NAME: "abc" }');
    expect(text(AXI)).toContain('input: bytes(),\n  output: uint(32),');
  });

  test('names each signal where a prefix does not say it', () => {
    expect(text(SUFFIXED)).toContain(
      "input: { data: 's_tdata_i', valid: 's_tvalid_i', ready: 's_tready_o', last: 's_tlast_i' },",
    );
    expect(text(SUFFIXED)).toContain('output: uint(12),');
    expect(text(BLOCK)).toContain(
      "input: { handshake: 'start', data: 'block', valid: 'start', busy: 'busy' },",
    );
    expect(text(BLOCK)).toContain("statics: { 'key': 0 }, // TODO values");
  });

  test('lists files of other folders, include folders and flags', () => {
    const described = descriptorText(AXI, detectPorts(AXI), {
      sources: ['./core.v', "../it's #1/sub.v"],
      includes: ['../inc'],
      verilatorFlags: ['-DWIDE', '-Wno-UNUSED'],
    });
    expect(described).toContain(
      "    sources: [new URL('./core.v', import.meta.url), new URL('../it%27s%20%231/sub.v', import.meta.url)],\n" +
        "    includes: [new URL('../inc', import.meta.url)],\n" +
        '    verilatorFlags: ["-DWIDE", "-Wno-UNUSED"],\n',
    );
    expect(text(AXI)).not.toMatch(/includes|verilatorFlags/);
  });

  test('imports what it uses', () => {
    expect(text(BLOCK)).toMatch(/^import \{ defineKernel, fixedBytes \} from 'rtlift';\n/);
  });
});
