import {
  bytes,
  defineKernel,
  type Kernel,
  type Limits,
  record,
  uint,
  uint8,
  uint32,
} from '../../src/index.js';

/** A file of test/fixtures/hdl. */
export const hdl = (file: string): URL => new URL(`../fixtures/hdl/${file}`, import.meta.url);

function sum(message: Uint8Array): number {
  let total = 0;
  for (const byte of message) total = (total + byte) >>> 0;
  return total;
}

/** Sum of the bytes. */
export function byteSum(
  options: { readonly dataBytes?: number; readonly limits?: Limits; readonly name?: string } = {},
): Kernel<Uint8Array, number> {
  const { dataBytes = 8, limits, name = 'byte-sum' } = options;
  return defineKernel({
    name,
    rtl: {
      top: 'byte_sum',
      sources: [hdl('byte_sum.v')],
      parameters: { DATA_BYTES: dataBytes },
    },
    input: bytes(),
    output: uint32(),
    golden: sum,
    ...(limits ? { limits } : {}),
  });
}

/** The message itself, or in upper case: a result of any length. */
export function byteEcho(
  options: { readonly dataBytes?: number; readonly upper?: boolean } = {},
): Kernel<Uint8Array, Uint8Array> {
  const { dataBytes = 4, upper = false } = options;
  return defineKernel({
    name: 'byte-echo',
    rtl: {
      top: 'byte_echo',
      sources: [hdl('byte_echo.v')],
      parameters: { DATA_BYTES: dataBytes, UPPER: upper ? 1 : 0 },
    },
    input: bytes(),
    output: bytes(),
    golden: (message) =>
      upper
        ? message.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte))
        : message.slice(),
  });
}

export interface Pair {
  readonly a: number;
  readonly b: number;
}
export interface Total {
  readonly low: number;
  readonly carry: number;
}

/** Two integers in a record to a record with their sum and carry. */
export function pairAdd(): Kernel<Pair, Total> {
  return defineKernel({
    name: 'pair-add',
    rtl: { top: 'pair_add', sources: [hdl('pair_add.v')] },
    input: record({ a: uint32(), b: uint32() }),
    output: record({ low: uint32(), carry: uint(8) }),
    golden: ({ a, b }) => ({ low: (a + b) >>> 0, carry: a + b > 0xffffffff ? 1 : 0 }),
  });
}

/** Each byte XORed with a key that is a register. */
export function byteXor(
  key: number,
  writes: () => Uint32Array = () => Uint32Array.of(0, key),
): Kernel<Uint8Array, Uint8Array> {
  return defineKernel({
    name: 'byte-xor',
    rtl: { top: 'byte_xor', sources: [hdl('byte_xor.v')] },
    input: bytes(),
    output: bytes(),
    golden: (message) => message.map((byte) => byte ^ key),
    registers: writes,
  });
}

/** Length of the message, on a core with other port names. */
export function byteCount(): Kernel<Uint8Array, number> {
  return defineKernel({
    name: 'byte-count',
    rtl: {
      top: 'byte_count',
      sources: [hdl('byte_count.v')],
      ports: { input: 'din', output: 'dout' },
    },
    input: bytes(),
    output: uint32(),
    golden: (message) => message.length,
  });
}

/** Byte that makes the kernels of test/fixtures/hdl/faults misbehave where it is a message's first. */
export const FAULT = 0xee;

/** The first byte of the message, on a core that misbehaves when it is {@link FAULT}. */
export function firstByte(top: string): Kernel<Uint8Array, number> {
  return defineKernel({
    name: top.replaceAll('_', '-'),
    rtl: { top, sources: [hdl(`faults/${top}.v`), hdl('faults/first_byte.v')] },
    input: bytes(),
    output: uint8(),
    golden: (message) => message[0] ?? 0,
  });
}

/** The first byte four times, on a core that misbehaves when it is {@link FAULT}. */
export function firstByteTimesFour(top: string): Kernel<Uint8Array, number> {
  return defineKernel({
    name: top.replaceAll('_', '-'),
    rtl: { top, sources: [hdl(`faults/${top}.v`), hdl('faults/first_byte.v')] },
    input: bytes(),
    output: uint32(),
    golden: (message) => Math.imul(message[0] ?? 0, 0x01010101) >>> 0,
  });
}
