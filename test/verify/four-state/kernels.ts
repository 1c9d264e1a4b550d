import {
  bytes,
  defineKernel,
  type Kernel,
  optional,
  type PortMap,
  record,
  streams,
  uint,
  uint8,
  uint16,
  uint32,
} from '../../../src/index.js';
import { elaborate } from '../../../src/toolchain/elaborate.js';
import { findTool } from '../../../src/toolchain/find-tools.js';
import { type Fit, fitDescriptor } from '../../../src/toolchain/fit.js';
import type { Netlist } from '../../../src/toolchain/netlist.js';
import { hdl } from '../../support/fixture-kernels.js';
import { temporaryFolder } from '../../support/folders.js';

const fixture = (file: string): URL => hdl(`four-state/${file}`);

// Faults and port maps change nothing about the ports.
const netlists = new Map<string, Netlist>();

/** Lays a kernel over its RTL, which is elaborated once for each set of sources. */
export async function fitOf<I, O>(kernel: Kernel<I, O>): Promise<Fit> {
  const key = kernel.rtl.sources.join();
  let netlist = netlists.get(key);
  if (netlist === undefined) {
    const { path, version } = await findTool('verilator');
    const verilator = { path: path ?? 'verilator', version: version ?? '' };
    netlist = await elaborate(verilator, kernel.rtl, temporaryFolder());
    netlists.set(key, netlist);
  }
  return fitDescriptor(kernel, netlist);
}

export const fold = (message: Uint8Array): number => message.reduce((sum, byte) => sum ^ byte, 0);

/** XOR of the bytes; see byte_fold.v for the faults. */
export function byteFold(fault = 0): Kernel<Uint8Array, number> {
  return defineKernel({
    name: `byte-fold-${fault}`,
    rtl: {
      top: 'byte_fold',
      sources: [fixture('byte_fold.v')],
      parameters: { FAULT: fault },
    },
    input: bytes(),
    output: uint32(),
    golden: fold,
  });
}

/** Messages of which the third begins with 0xee. */
export const TROUBLED = [
  Uint8Array.of(1, 2, 3, 4, 5),
  Uint8Array.of(0x20, 0x71, 9),
  Uint8Array.of(0xee, 1, 2, 3, 4, 5),
  Uint8Array.of(7),
  Uint8Array.of(8, 9, 10, 11),
];

/** See block_fold.v. */
export function blockFold(
  map: PortMap = {},
  parameters: Readonly<Record<string, number>> = {},
): Kernel<Uint8Array, number> {
  return defineKernel({
    name: 'block-fold',
    rtl: {
      top: 'block_fold',
      sources: [fixture('block_fold.v')],
      parameters,
      ports: {
        input: {
          data: 'block',
          valid: 'init',
          next: 'next',
          ready: 'ready',
          handshake: 'start',
          byteOrder: 'big',
        },
        output: {
          data: 'digest',
          valid: 'digest_valid',
          handshake: 'level',
          byteOrder: 'big',
        },
        ...map,
      },
    },
    input: { ...bytes(), multipleOf: 4 },
    output: uint32({ endian: 'big' }),
    golden: (message) => {
      const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
      let sum = 0x01234567;
      for (let at = 0; at < message.length; at += 4) sum ^= view.getUint32(at);
      return sum >>> 0;
    },
    statics: { key: 0x01234567, mode: 3 },
    limits: { minMessageBytes: 4 },
  });
}

/** See pulse_add.v. */
export function pulseAdd(isBusy: boolean): Kernel<{ a: number; b: number }, number> {
  return defineKernel({
    name: 'pulse-add',
    rtl: {
      top: 'pulse_add',
      sources: [fixture('pulse_add.v')],
      parameters: { IS_BUSY: isBusy ? 1 : 0 },
      ports: {
        reset: null,
        input: {
          data: ['a_i', 'b_i'],
          valid: 'valid_i',
          ...(isBusy ? { busy: 'busy_o' } : { ready: null }),
          ...(isBusy ? { handshake: 'start' } : {}),
        },
        output: { data: 'sum_o', valid: 'valid_o', handshake: 'pulse' },
      },
    },
    input: record({ a: uint16(), b: uint16() }),
    output: uint(17),
    golden: ({ a, b }) => a + b,
  });
}

interface TwoParts {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
}

/** See two_clocks.v. */
export function twoClocks(ratio: number | readonly [number, number]): Kernel<TwoParts, Uint8Array> {
  return defineKernel({
    name: 'two-clocks',
    rtl: {
      top: 'two_clocks',
      sources: [fixture('two_clocks.v')],
      ports: {
        clocks: { b_clk: ratio },
        reset: ['aresetn', 'b_rst_n'],
        inputs: { a: {}, b: { clock: 'b_clk' } },
      },
    },
    // No tkeep: there is no empty part.
    input: streams({ a: { ...bytes(), multipleOf: 1 }, b: { ...bytes(), multipleOf: 1 } }),
    output: bytes(),
    golden: ({ a, b }) => a.map((byte, i) => byte ^ (b[i] as number)),
  });
}

/** See tail_count.v. */
export function tailCount(): Kernel<Uint8Array, number> {
  return defineKernel({
    name: 'tail-count',
    rtl: {
      top: 'tail_count',
      sources: [fixture('tail_count.v')],
      ports: { output: { prefix: 'm_axis', data: 'm_count', takes: 'last' } },
    },
    input: bytes(),
    output: uint8(),
    golden: (message) => Math.max(1, Math.ceil(message.length / 2)),
  });
}

/** See even_only.v. */
export function evenOnly(keeps = 'even'): Kernel<number, number | null> {
  return defineKernel({
    name: 'even-only',
    rtl: {
      top: 'even_only',
      sources: [fixture('even_only.v')],
      parameters: { KEEPS: keeps },
      ports: { output: { prefix: 'm_axis', quietCycles: 6 } },
    },
    input: uint8(),
    output: optional(uint8()),
    golden: (byte) => (byte % 2 === 0 ? byte : null),
  });
}

/** See shout.sv. */
export function shout(): Kernel<Uint8Array, Uint8Array> {
  return defineKernel({
    name: 'shout',
    rtl: {
      top: 'shout',
      sources: [fixture('shout.sv')],
      includes: [fixture('include')],
      ports: { input: 'in', output: 'out' },
    },
    input: bytes(),
    output: bytes(),
    golden: (message) => message.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte)),
    limits: { minMessageBytes: 1 },
  });
}

/** See key_echo.v. */
export function keyEcho(fault = 0): Kernel<Uint8Array, Uint8Array> {
  return defineKernel({
    name: 'key-echo',
    rtl: {
      top: 'key_echo',
      sources: [fixture('key_echo.v')],
      parameters: { FAULT: fault, OFFSET: 0xf0n << 56n, MINUS: -3 },
      ports: {
        input: { prefix: 'din.', byteOrder: 'big' },
        output: { prefix: 'dout', suffix: '_o', byteOrder: 'big' },
        registers: 'cfg',
      },
    },
    input: bytes(),
    output: bytes(),
    golden: (message) => message.map((byte) => byte ^ 0x5a ^ 0xf0),
    registers: () => Uint32Array.of(4, 0x5a, 8, 1),
  });
}
