import { describe, expect, test } from 'vitest';
import {
  bytes,
  type Codec,
  defineKernel,
  fixedBytes,
  type KernelDescriptor,
  offload,
  optional,
  type PortMap,
  type Rtl,
  record,
  type StaticValue,
  streams,
  uint8,
  uint32,
} from '../../src/index.js';
import { elaborate } from '../../src/toolchain/elaborate.js';
import { fitDescriptor } from '../../src/toolchain/fit.js';
import type { Netlist } from '../../src/toolchain/netlist.js';
import { findToolchain } from '../../src/toolchain/toolchain.js';
import { rejected, thrown } from '../support/errors.js';
import { temporaryFolder } from '../support/folders.js';
import { describeUnless, missingToolchain, missingVerilatorPath } from '../support/needs.js';
import { shape } from './shape.js';

type Any = KernelDescriptor<unknown, unknown>;

interface Given {
  readonly top?: string;
  readonly ports?: PortMap;
  readonly input?: Codec<unknown>;
  readonly output?: Codec<unknown>;
  readonly statics?: Record<string, StaticValue>;
  readonly rtl?: Partial<Rtl>;
}

const kernelOf = ({ top = 'plain', ports = {}, rtl = {}, ...rest }: Given) =>
  defineKernel({
    name: 'refused',
    rtl: { top, sources: [shape('refused.sv')], ports, ...rtl },
    input: uint32(),
    output: uint32(),
    golden: () => 0,
    ...rest,
  } as Any);

const netlists = new Map<string, Promise<Netlist>>();

/** The ports of a module of refused.sv as Verilator gives them. */
async function netlistOf(top: string): Promise<Netlist> {
  const elaborated =
    netlists.get(top) ??
    findToolchain().then(({ verilator }) =>
      elaborate(verilator, kernelOf({ top }).rtl, temporaryFolder()),
    );
  netlists.set(top, elaborated);
  return elaborated;
}

/** What is given, what the descriptor expects, and what the module has instead, with the reason. */
type Refusal = readonly [string, Given, RegExp, RegExp];

const RTL: readonly Refusal[] = [
  ['an inout', { top: 'with_inout' }, /no inout port, as a batch drives one way/, /inout sda/],
  [
    'an unpacked array',
    { top: 'unpacked' },
    /s_axis_tdata as a vector of bits/,
    /s_axis_tdata of another type, unpacked or real; wrap it/,
  ],
  [
    'a real that is held',
    { top: 'real_input', statics: { gain: 1 } },
    /gain as a vector/,
    /gain of another type, unpacked or real; wrap it/,
  ],
  [
    'an input that nothing drives',
    { top: 'undriven', ports: { clocks: { clk_phy: 1 }, reset: ['rst', 's_axil_aresetn'] } },
    /hold it with statics: \{ mode: 0 \} or map it to a stream/,
    /input mode/,
  ],
  [
    'a clock that nothing drives',
    { top: 'undriven', ports: { reset: ['rst', 's_axil_aresetn'] }, statics: { mode: 1 } },
    /name it in rtl\.ports\.clocks if it is a clock, or hold it with statics: \{ clk_phy: 0 \}/,
    /input clk_phy/,
  ],
  [
    'a reset that looks like a signal of the register port',
    { top: 'undriven', ports: { clocks: { clk_phy: 1 } }, statics: { mode: 1 } },
    /no input that nothing drives/,
    /input s_axil_aresetn/,
  ],
  [
    'a port with the name of a method of the model',
    { top: 'named_name', statics: { name: 1 } },
    /no port named as a method of a Verilated model \(.*\bname\b.*\); wrap it/,
    /input name/,
  ],
  [
    'a start without ready or busy',
    {
      top: 'only_start',
      ports: {
        input: { handshake: 'start', data: 'operand', valid: 'start', ready: null },
        output: { handshake: 'pulse', data: 'result', valid: 'done' },
      },
    },
    /ready or busy of a core that is started by a pulse \(.*ready: null\)/,
    /ports clk, rst, start/,
  ],
];

const MAPS: readonly Refusal[] = [
  [
    'a missing ready',
    { ports: { input: { data: 's_axis_tdata', valid: 's_axis_tvalid' } } },
    /output rtl\.ports\.input\.ready \(or ready: null for a core that has none\)/,
    /ports clk, rst/,
  ],
  [
    'a missing ready behind a prefix',
    { ports: { output: { prefix: 'm_axis', ready: 'm_axis_accept' } } },
    /input m_axis_accept/,
    /ports clk, rst/,
  ],
  [
    'an output that is wider than its result',
    { output: uint8() },
    /results of 1 bytes \(uint\(8, little\)\)/,
    /m_axis_tdata of 4 bytes without m_axis_tkeep/,
  ],
  [
    'a result of any length without last',
    { output: bytes() },
    /m_axis_tlast and m_axis_tkeep to mark the end of bytes/,
    /ports clk/,
  ],
  [
    'quietCycles without optional()',
    { ports: { output: { prefix: 'm_axis', quietCycles: 9 } } },
    /an output codec optional\(\), as quietCycles says that messages may be dropped/,
    /has uint\(32, little\)/,
  ],
  [
    'optional() without quietCycles',
    { output: optional(uint32()) },
    /rtl\.ports\.output\.quietCycles with optional\(uint\(32, little\)\)/,
    /no such setting/,
  ],
  [
    'two input streams for one value',
    {
      ports: {
        inputs: {
          a: 's_axis',
          b: { data: 'code', valid: 'done', ready: null },
        },
      },
    },
    /2 input streams, so an input codec streams\(\) of as many fields/,
    /uint\(32, little\) of 1/,
  ],
  [
    'one input stream for two values',
    { input: streams({ a: uint32(), b: uint32() }) },
    /1 input streams/,
    /streams\(.*\) of 2/,
  ],
  [
    'streams() as a result',
    { output: streams({ a: uint8(), b: fixedBytes(3) }) },
    /an output codec record\(\), as results come from one stream/,
    /streams\(.*\) of 2/,
  ],
  [
    'a clock of a stream that is not named as one',
    { ports: { output: { prefix: 'm_axis', clock: 'm_clk' } } },
    /the clock m_clk of m_axis_tdata in rtl\.ports\.clock or clocks/,
    /clocks clk/,
  ],
  [
    'a clock that is named twice',
    { ports: { clocks: { clk: 2 } } },
    /two inputs clk/,
    /one input clk/,
  ],
  [
    'two streams on the same ports',
    {
      ports: { inputs: { a: 's_axis', b: 's_axis' } },
      input: streams({ a: uint32(), b: uint32() }),
    },
    /two inputs s_axis_tdata/,
    /one input s_axis_tdata/,
  ],
  [
    'a setting on a port of a stream',
    { statics: { s_axis_tlast: 1 } },
    /two inputs s_axis_tlast/,
    /one input s_axis_tlast/,
  ],
  ['a setting on an output', { statics: { code: 1 } }, /input code/, /output code/],
  [
    'a side-band result without last',
    { ports: { output: { prefix: 'm_axis', data: 'code', takes: 'last' } }, output: uint8() },
    /a last signal and a result of 1 bytes/,
    /no last/,
  ],
  [
    'a result that is larger than what one level shows with last',
    {
      top: 'plain',
      ports: { output: { prefix: 'm_axis', last: 'done', data: 'code', takes: 'last' } },
    },
    /a result of 1 bytes for a value that is sampled with it/,
    /uint\(32, little\)/,
  ],
  [
    'a setting that is too wide',
    { top: 'keyed', statics: { short_key: 0x1000, long_key: 0n } },
    /short_key of 13 bits for its value/,
    /short_key of 12 bits/,
  ],
  [
    'a setting of more bytes than the port has',
    { top: 'keyed', statics: { short_key: 0, long_key: new Uint8Array(14) } },
    /long_key of 14 bytes for its value/,
    /long_key of 100 bits/,
  ],
  [
    'a setting whose last byte has bits beyond the port',
    { top: 'keyed', statics: { short_key: Uint8Array.of(0, 0x10), long_key: 0n } },
    /short_key of 16 bits for its value/,
    /short_key of 12 bits/,
  ],
];

describeUnless(await missingToolchain(), 'a descriptor that does not fit names both sides', () => {
  test.each([...RTL, ...MAPS])('%s', async (_, given, expected, got) => {
    const netlist = await netlistOf(given.top ?? 'plain');
    const error = thrown('ERR_RTLIFT_DESCRIPTOR_MISMATCH', () =>
      fitDescriptor(kernelOf(given), netlist),
    );
    const [descriptor, module] = error.message.split(/; module \w+ has /);
    expect(descriptor).toMatch(/^kernel refused: the descriptor expects /);
    expect(descriptor).toMatch(expected);
    expect(`has ${module}`).toMatch(got);
  });

  test('clocks that hardly ever meet', async () => {
    const netlist: Netlist = {
      top: 'many',
      ports: ['clk', 'rst', 'a', 'b', 'c'].map((name) => ({
        name,
        escapedName: name,
        direction: 'input',
        width: 1,
      })),
      parameters: {},
      files: [],
    };
    const clocks = { a: [64, 63], b: [61, 59], c: [53, 47] } as const;
    const error = thrown('ERR_RTLIFT_DESCRIPTOR_MISMATCH', () =>
      fitDescriptor(kernelOf({ ports: { clocks } }), netlist),
    );
    expect(error.message).toMatch(/meet again within 65536 edges.*clk 1:1, a 64:63/);
  });
});

describeUnless(
  await missingVerilatorPath(),
  'a library that serves every value of a setting',
  () => {
    test('is not run with one that is too wide', async () => {
      const keyed = (short_key: number) =>
        kernelOf({ top: 'keyed', statics: { short_key, long_key: 1n << 68n } });
      await using handle = await offload(keyed(0xfff), { path: 'verilator' });
      expect(await handle(0xf0000000)).toBe(0xf0000ffe);
      const error = await rejected(
        'ERR_RTLIFT_PATH_UNAVAILABLE',
        offload(keyed(0x1000), { path: 'verilator' }),
      );
      expect(String((error.cause as Error).message)).toMatch(
        /short_key of 13 bits for its value; .* short_key of 12 bits/,
      );
    });
  },
);

/** What is given in place of a good part, and what the message says. */
const DESCRIPTORS: readonly (readonly [string, Given, RegExp])[] = [
  [
    'a misspelt key',
    { ports: { inptu: 's' } as PortMap },
    /rtl\.ports has the keys clock, clocks, reset, .*got inptu/,
  ],
  [
    'a misspelt key of the input',
    { ports: { input: { prefix: 's', reday: null } as PortMap['input'] } as PortMap },
    /rtl\.ports\.input has the keys .*ready.*got reday/,
  ],
  [
    'a misspelt key of the output',
    { ports: { output: { prefix: 'm', quietcycles: 3 } as PortMap['output'] } as PortMap },
    /rtl\.ports\.output has the keys .*quietCycles, got quietcycles/,
  ],
  [
    'a misspelt key of one of several inputs',
    { ports: { inputs: { a: { prefx: 's' } as PortMap['input'] } } as PortMap },
    /rtl\.ports\.inputs\.a has the keys .*got prefx/,
  ],
  [
    'a key of outputs on an input',
    { ports: { input: { takes: 'last' } as PortMap['input'] } as PortMap },
    /rtl\.ports\.input has the keys .*got takes/,
  ],
  [
    'a handshake that is none',
    { ports: { input: { handshake: 'level' } as unknown as PortMap['input'] } as PortMap },
    /rtl\.ports\.input\.handshake is stream or start, got level/,
  ],
  [
    'ready and busy',
    { ports: { input: { prefix: 's', ready: 'r', busy: 'b' } } },
    /rtl\.ports\.input names ready or busy, got both/,
  ],
  [
    'next without start',
    { ports: { input: { prefix: 's', next: 'n' } } },
    /rtl\.ports\.input\.next goes with handshake start, got stream/,
  ],
  [
    'no data port at all',
    { ports: { input: { prefix: 's', data: [] } } },
    /rtl\.ports\.input\.data names at least one port, got none/,
  ],
  [
    'input and inputs',
    { ports: { input: 's', inputs: { a: 's' } } },
    /rtl\.ports names input or inputs, got both/,
  ],
  [
    'quietCycles that are no count',
    { ports: { output: { prefix: 'm', quietCycles: 0.5 } } },
    /rtl\.ports\.output\.quietCycles is an integer of 1 or more, got 0\.5/,
  ],
  [
    'a ratio that is none',
    { ports: { clocks: { b: 0.0001 } } },
    /rtl\.ports\.clocks\.b is a ratio to the clock .*got 0\.0001/,
  ],
  [
    'a setting that is no integer',
    { statics: { mode: -1 } },
    /statics\.mode is an integer of 0 or more, or bytes, got -1/,
  ],
];

describe('a descriptor that is none is refused before anything is built', () => {
  test.each(DESCRIPTORS)('%s', (_, given, message) => {
    const error = thrown('ERR_RTLIFT_INVALID_KERNEL', () => kernelOf(given));
    expect(error.message).toMatch(message);
  });

  test.each([
    ['--exe'],
    ['--build'],
    ['-CFLAGS', '-O0'],
    ['-LDFLAGS', '-lm'],
    ['-f', '/etc/passwd'],
    ['-F', '/etc/passwd'],
    ['--Mdir', '/tmp'],
    ['-Mdir', '/tmp'],
    ['-o', 'x'],
    ['--prefix', 'V'],
    ['--top-module', 'other'],
    ['--trace'],
    ['-y', 'relative'],
    ['-y'],
    ['--language'],
    ['/elsewhere/other.v'],
    [''],
    ['-DX=$(rm -rf)'],
  ])('the Verilator flag %s', (...verilatorFlags) => {
    const error = thrown('ERR_RTLIFT_INVALID_KERNEL', () => kernelOf({ rtl: { verilatorFlags } }));
    expect(error.message).toMatch(/rtl\.verilatorFlags are such as say how sources are read/);
    expect(error.message).toContain(`got ${verilatorFlags[0]}`);
  });

  test('flags that say how sources are read are taken', () => {
    const verilatorFlags = [
      ...['-Wno-lint', '-Wno-MULTIDRIVEN', '-DWIDTH=8', "-DINIT=8'hff", '+define+SIM', '-USIM'],
      ...['--bbox-unsup', '--bbox-sys', '-sv', '--language', '1800-2017', '-y', '/srv/lib'],
      ...['+libext+.v+.sv', '--timescale', '1ns/1ps', '--unroll-count', '256'],
    ];
    expect(kernelOf({ rtl: { verilatorFlags } }).rtl.verilatorFlags).toEqual(verilatorFlags);
  });

  test('a record is taken where several ports show one result', () => {
    expect(kernelOf({ output: record({ a: uint8(), b: uint8() }) }).output.fixedBytes).toBe(2);
  });
});
