import { describe, expect, test } from 'vitest';
import {
  bytes,
  defineKernel,
  fixedBytes,
  type KernelDescriptor,
  type PortMap,
  streams,
  uint32,
} from '../../src/index.js';
import { fitDescriptor } from '../../src/toolchain/fit.js';
import type { Netlist, Port } from '../../src/toolchain/netlist.js';
import { thrown } from '../support/errors.js';
import { hdl } from '../support/fixture-kernels.js';

const port = (name: string, direction: Port['direction'], width: number | null = 1): Port => ({
  name,
  escapedName: name,
  direction,
  width,
});

function stream(prefix: string, role: 'in' | 'out', dataBytes: number): Port[] {
  const [forward, backward] =
    role === 'in' ? (['input', 'output'] as const) : (['output', 'input'] as const);
  return [
    port(`${prefix}_tdata`, forward, 8 * dataBytes),
    port(`${prefix}_tkeep`, forward, dataBytes),
    port(`${prefix}_tvalid`, forward),
    port(`${prefix}_tready`, backward),
    port(`${prefix}_tlast`, forward),
  ];
}

const registerPort = (prefix: string): Port[] => [
  port(`${prefix}_awaddr`, 'input', 8),
  port(`${prefix}_awvalid`, 'input'),
  port(`${prefix}_awready`, 'output'),
  port(`${prefix}_wdata`, 'input', 32),
  port(`${prefix}_wstrb`, 'input', 4),
  port(`${prefix}_wvalid`, 'input'),
  port(`${prefix}_wready`, 'output'),
  port(`${prefix}_bresp`, 'output', 2),
  port(`${prefix}_bvalid`, 'output'),
  port(`${prefix}_bready`, 'input'),
];

const GOOD: readonly Port[] = [
  port('clk', 'input'),
  port('rst', 'input'),
  ...stream('s_axis', 'in', 8),
  ...stream('m_axis', 'out', 4),
];

const without = (...names: string[]): Port[] => GOOD.filter(({ name }) => !names.includes(name));
const changed = (name: string, patch: Partial<Port>): Port[] =>
  GOOD.map((entry) => (entry.name === name ? { ...entry, ...patch } : entry));

type Descriptor = KernelDescriptor<Uint8Array, unknown>;
interface Case {
  readonly ports?: readonly Port[];
  readonly parameters?: Record<string, number>;
  readonly map?: PortMap;
  readonly kernel?: Partial<Descriptor>;
}

function layOver({ ports = GOOD, parameters = {}, map = {}, kernel = {} }: Case) {
  const netlist: Netlist = { top: 'core', ports, parameters: { WIDTH: "32'sh8" }, files: [] };
  const descriptor: Descriptor = {
    name: 'fitted',
    rtl: { top: 'core', sources: [hdl('byte_sum.v')], parameters, ports: map },
    input: bytes(),
    output: uint32(),
    golden: () => 0,
    ...kernel,
  };
  return fitDescriptor(defineKernel(descriptor), netlist);
}

const REFUSED: readonly (readonly [string, Case, string, string])[] = [
  ['a missing clock', { ports: without('clk') }, 'input clk', 's_axis_tdata'],
  ['a missing reset', { ports: without('rst') }, 'input rst', 'ports clk'],
  [
    'a missing data port',
    { ports: without('s_axis_tdata') },
    'input s_axis_tdata',
    'ports clk, rst',
  ],
  ['a missing tready', { ports: without('s_axis_tready') }, 'output s_axis_tready', 'ports clk'],
  [
    'a missing output stream',
    { ports: without('m_axis_tdata') },
    'output m_axis_tdata',
    'ports clk',
  ],
  ['a prefix that is not there', { map: { input: 'din' } }, 'input din_tdata', 's_axis_tdata'],
  [
    'streams the wrong way round',
    { map: { input: 'm_axis', output: 's_axis' } },
    'input m_axis_tdata',
    'output m_axis_tdata',
  ],
  [
    'a tkeep of another width',
    { ports: changed('s_axis_tkeep', { width: 4 }) },
    's_axis_tkeep of 8 bits',
    '4 bits',
  ],
  [
    'a tvalid of two bits',
    { ports: changed('s_axis_tvalid', { width: 2 }) },
    's_axis_tvalid of 1 bit',
    '2 bits',
  ],
  [
    'input data that is not whole bytes',
    { ports: changed('s_axis_tdata', { width: 12 }).filter((p) => p.name !== 's_axis_tkeep') },
    's_axis_tdata of whole bytes',
    '12 bits',
  ],
  [
    'data that is no vector',
    { ports: changed('s_axis_tdata', { width: null }) },
    's_axis_tdata as a vector',
    'another type',
  ],
  [
    'a parameter that the module does not have',
    { parameters: { DEPTH: 4 } },
    'parameter DEPTH',
    'parameters WIDTH',
  ],
  [
    'registers without an AXI4-Lite port',
    { kernel: { registers: () => new Uint32Array(0) } },
    's_axil_*',
    'ports clk',
  ],
  [
    'registers under another prefix',
    { ports: [...GOOD, ...registerPort('cfg')], kernel: { registers: () => new Uint32Array(0) } },
    's_axil_*',
    'cfg_awaddr',
  ],
  [
    'an AXI4-Lite port with 64 data bits',
    {
      ports: [
        ...GOOD,
        ...registerPort('s_axil').map((p) => (p.name === 's_axil_wdata' ? { ...p, width: 64 } : p)),
      ],
    },
    's_axil_wdata of 32 bits',
    '64 bits',
  ],
  [
    'an AXI4-Lite port without a response',
    { ports: [...GOOD, ...registerPort('s_axil').filter((p) => p.name !== 's_axil_bvalid')] },
    'output s_axil_bvalid',
    's_axil_awaddr',
  ],
  [
    'an input that nothing drives',
    { ports: [...GOOD, port('mode', 'input', 3)] },
    'no input that nothing drives',
    'input mode',
  ],
  ['an inout', { ports: [...GOOD, port('bus', 'inout', 8)] }, 'no inout port', 'inout bus'],
  [
    'messages of any length without tkeep',
    { ports: without('s_axis_tkeep') },
    's_axis_tkeep',
    'no such port',
  ],
  [
    'messages of any length without tlast',
    { ports: without('s_axis_tlast') },
    's_axis_tlast',
    'no such port',
  ],
  [
    'messages of a part of a beat without tkeep',
    { ports: without('s_axis_tkeep'), kernel: { input: fixedBytes(12) } },
    's_axis_tkeep',
    'no such port',
  ],
  [
    'messages that may be empty in beats of a byte without tkeep',
    {
      ports: [
        ...without(...stream('s_axis', 'in', 8).map((p) => p.name)),
        ...stream('s_axis', 'in', 1).filter((p) => p.name !== 's_axis_tkeep'),
      ],
    },
    's_axis_tkeep',
    'no such port',
  ],
  [
    'messages of several streams that may be empty, without tkeep',
    {
      ports: [
        ...without(...stream('s_axis', 'in', 8).map((p) => p.name)),
        ...stream('s_axis_a', 'in', 1).filter((p) => p.name !== 's_axis_a_tkeep'),
        ...stream('s_axis_b', 'in', 1),
      ],
      map: { inputs: { a: 's_axis_a', b: 's_axis_b' } },
      kernel: { input: streams({ a: bytes(), b: bytes() }) as never },
    },
    's_axis_a_tkeep to mark an empty message, or a field of a fixed size, as limits are of all streams together',
    'no such port',
  ],
  [
    'results of any length without tkeep',
    { ports: without('m_axis_tkeep'), kernel: { output: bytes() } },
    'm_axis_tkeep',
    'ports clk',
  ],
  [
    'results of any length without tlast',
    { ports: without('m_axis_tlast'), kernel: { output: bytes() } },
    'm_axis_tlast',
    'ports clk',
  ],
  [
    'a result port that is wider than the result, with tlast',
    { ports: without('m_axis_tkeep'), kernel: { output: fixedBytes(2) } },
    'results of 2 bytes',
    'm_axis_tdata of 4 bytes',
  ],
  [
    'a result port that is wider than the result, without tlast',
    { ports: without('m_axis_tkeep', 'm_axis_tlast'), kernel: { output: fixedBytes(2) } },
    'results of 2 bytes',
    'm_axis_tdata of 4 bytes',
  ],
];

describe('a descriptor that does not fit names both sides', () => {
  test.each(REFUSED)('%s', (_, entry, expected, got) => {
    const error = thrown('ERR_RTLIFT_DESCRIPTOR_MISMATCH', () => layOver(entry));
    const [descriptor, module] = error.message.split('; module core has ');
    expect(descriptor).toContain('kernel fitted: the descriptor expects');
    expect(descriptor).toContain(expected);
    expect(module).toContain(got);
  });
});

describe('a descriptor that fits', () => {
  test('finds clock, reset and both streams', () => {
    expect(layOver({})).toMatchObject({
      clocks: [{ name: 'clk', ratio: [1, 1] }],
      resets: [{ name: 'rst', isActiveLow: false }],
      inputs: [
        {
          fields: [{ name: 's_axis_tdata', width: 64, offset: 0 }],
          keep: { name: 's_axis_tkeep' },
          last: { name: 's_axis_tlast' },
          beatBytes: 8,
        },
      ],
      output: { fields: [{ name: 'm_axis_tdata', width: 32, offset: 0 }], beatBytes: 4 },
      registers: null,
      held: [],
      isPlain: true,
      isSerial: false,
    });
  });

  test('takes aclk and aresetn by their names, active low', () => {
    const ports = GOOD.map((entry) =>
      entry.name === 'clk'
        ? { ...entry, name: 'aclk' }
        : entry.name === 'rst'
          ? { ...entry, name: 'aresetn' }
          : entry,
    );
    expect(layOver({ ports })).toMatchObject({
      clocks: [{ name: 'aclk' }],
      resets: [{ name: 'aresetn', isActiveLow: true }],
    });
  });

  test.each([
    ['rst', false],
    ['rst_n', true],
    ['resetn', true],
    ['reset_ni', true],
    ['rst_ni', true],
    ['reset', false],
    ['reset_in', false],
    ['areset', false],
    ['por_n', true],
    ['clr_n', true],
    ['rst_n_i', true],
    ['S_AXIS_ARESETN', true],
    ['clear', false],
    ['reset_main', false],
  ])('takes reset %s as active low: %s', (name, isActiveLow) => {
    const ports = GOOD.map((entry) => (entry.name === 'rst' ? { ...entry, name } : entry));
    expect(layOver({ ports, map: { reset: name } }).resets).toMatchObject([{ name, isActiveLow }]);
    const told = layOver({ ports, map: { reset: name, isResetActiveLow: !isActiveLow } });
    expect(told.resets[0]?.isActiveLow).toBe(!isActiveLow);
  });

  test('takes upper-case names without a map', () => {
    const ports = [...GOOD, ...registerPort('s_axil')].map((entry) => ({
      ...entry,
      name: entry.name.toUpperCase(),
    }));
    expect(layOver({ ports })).toMatchObject({
      clocks: [{ name: 'CLK' }],
      resets: [{ name: 'RST', isActiveLow: false }],
      inputs: [{ valid: { name: 'S_AXIS_TVALID' }, keep: { name: 'S_AXIS_TKEEP' } }],
      output: { ready: { name: 'M_AXIS_TREADY' } },
      registers: { prefix: 'S_AXIL', signals: { bvalid: { name: 'S_AXIL_BVALID' } } },
      held: [],
      isPlain: true,
    });
  });

  test('needs neither tkeep nor tlast where sizes are fixed', () => {
    const ports = without('s_axis_tkeep', 's_axis_tlast', 'm_axis_tkeep', 'm_axis_tlast');
    const { inputs, output } = layOver({ ports, kernel: { input: fixedBytes(16) } });
    expect([inputs[0]?.keep, inputs[0]?.last, output.keep, output.last]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test('ties side-band and read-channel inputs low, and finds the registers', () => {
    const ports = [
      ...GOOD,
      port('s_axis_tuser', 'input', 4),
      ...registerPort('s_axil'),
      port('s_axil_araddr', 'input', 8),
      port('s_axil_arvalid', 'input'),
    ];
    const { registers, held } = layOver({ ports });
    expect(registers).toMatchObject({
      prefix: 's_axil',
      signals: { awaddr: { name: 's_axil_awaddr' }, wstrb: { name: 's_axil_wstrb' } },
      addressBits: 8,
      hasStrobe: true,
    });
    expect(held).toMatchObject([
      { name: 's_axis_tuser', width: 4, from: { level: 0 } },
      { name: 's_axil_araddr', from: { level: 0 } },
      { name: 's_axil_arvalid', from: { level: 0 } },
    ]);
  });
});
