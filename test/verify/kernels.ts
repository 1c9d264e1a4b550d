import { bytes, defineKernel, type Kernel, type Limits, streams, uint32 } from '../../src/index.js';
import { hdl } from '../support/fixture-kernels.js';

/** What test/fixtures/hdl/verify/tally.v does wrong. */
export const FAULTS = {
  none: 0,
  byteValue: 1,
  longStall: 2,
  midPacket: 3,
  firstOffset: 4,
  validDrops: 5,
  bubble: 6,
  stops: 7,
} as const;
export type Fault = keyof typeof FAULTS;

/** The byte that some faults go by. */
export const BAD_BYTE = 0x5a;

export interface TallyOptions {
  readonly offset?: number;
  readonly limits?: Limits;
  readonly source?: string;
  readonly golden?: (message: Uint8Array) => number;
}

/** Sum of the bytes and an offset, with a fault that a port chooses: all faults are one library. */
export function tally(
  fault: Fault,
  { offset = 0, limits, source, golden }: TallyOptions = {},
): Kernel<Uint8Array, number> {
  return defineKernel({
    name: 'tally',
    rtl: { top: 'tally', sources: [source ?? hdl('verify/tally.v')] },
    input: bytes(),
    output: uint32(),
    golden: golden ?? ((message) => message.reduce((sum, byte) => sum + byte, offset)),
    statics: { fault: FAULTS[fault], offset },
    ...(limits ? { limits } : {}),
  });
}

/** Sum of the bytes, wrong where a register that nothing resets starts at a certain value. */
export function unreset(source = hdl('verify/unreset.v')): Kernel<Uint8Array, number> {
  return defineKernel({
    name: 'unreset',
    rtl: { top: 'unreset', sources: [source] },
    input: bytes(),
    output: uint32(),
    golden: (message) => message.reduce((sum, byte) => sum + byte, 0),
  });
}

/** Gives each message back; one that begins with 0xee never ends. */
export function endless(limits?: Limits): Kernel<Uint8Array, Uint8Array> {
  return defineKernel({
    name: 'endless',
    rtl: { top: 'endless', sources: [hdl('verify/endless.v')] },
    input: bytes(),
    output: bytes(),
    golden: (message) => message.slice(),
    ...(limits ? { limits } : {}),
  });
}

export interface Two {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
}

/** Sum of the bytes of two messages that come on an input each. */
export function twoSums(): Kernel<Two, number> {
  const sum = (message: Uint8Array): number => message.reduce((total, byte) => total + byte, 0);
  return defineKernel({
    name: 'two-sums',
    rtl: {
      top: 'two_sums',
      sources: [hdl('verify/two_sums.v')],
      ports: { inputs: { a: 's_axis_a', b: 's_axis_b' } },
    },
    input: streams({ a: bytes(), b: bytes() }),
    output: uint32(),
    golden: ({ a, b }) => sum(a) + sum(b),
  });
}
