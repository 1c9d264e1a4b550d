import { fileURLToPath } from 'node:url';
import { RtliftError } from '../errors.js';
import { badPortMap, badStatic, badVerilatorFlag } from './check-rtl.js';
import type { Codec } from './codec.js';
import type { PortMap, StaticValue } from './port-map.js';

/** A value of a Verilog parameter: an integer, or a string. */
export type ParameterValue = number | bigint | string;

/** The RTL of a kernel. Names, widths and optional signals are read from the elaborated design. */
export interface Rtl {
  /** Name of the top module. */
  readonly top: string;
  /** Verilog files: file URLs or absolute paths. */
  readonly sources: readonly (URL | string)[];
  /** Folders searched for `include files: file URLs or absolute paths. */
  readonly includes?: readonly (URL | string)[];
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly ports?: PortMap;
  /** Further arguments to Verilator that these sources need, such as `-Wno-MULTIDRIVEN` or `--bbox-unsup`. */
  readonly verilatorFlags?: readonly string[];
}

/** What a kernel cannot take; a call beyond it is refused with the limit in the message. */
export interface Limits {
  /** Shortest message, bytes; default 0. */
  readonly minMessageBytes?: number;
  /** Longest message, bytes; default none. */
  readonly maxMessageBytes?: number;
  /**
   * Longest result that counts as one, bytes, where its length is not fixed; default 64 MiB. RTL that goes on after it
   * never ends the packet.
   */
  readonly maxResultBytes?: number;
}

const DEFAULT_MAX_RESULT_BYTES = 2 ** 26;
/** Results of a batch lie in one buffer with offsets of 32 bits. */
const MOST_RESULT_BYTES = 2 ** 31 - 1;

/** What {@link defineKernel} takes. */
export interface KernelDescriptor<I, O> {
  /** Identifies the kernel in messages, statistics and the cache: letters, digits, `_` and `-`. */
  readonly name: string;
  readonly rtl: Rtl;
  readonly input: Codec<I>;
  readonly output: Codec<O>;
  /**
   * The definition in plain JavaScript: bit-exact reference and the fallback where the RTL cannot run.
   *
   * It gets a borrowed message that it must not keep or change.
   */
  readonly golden: (message: I) => O;
  /** Settings: (byte address, data) pairs written in order through AXI4-Lite after each reset. */
  readonly registers?: () => Uint32Array;
  /** Settings that are input ports (a key, a mode): held at these values, set before each reset. */
  readonly statics?: Readonly<Record<string, StaticValue>>;
  readonly limits?: Limits;
}

/** A kernel: an operation as RTL, golden model, typed input and output. */
export interface Kernel<I, O> {
  readonly name: string;
  readonly rtl: ResolvedRtl;
  readonly input: Codec<I>;
  readonly output: Codec<O>;
  readonly golden: (message: I) => O;
  readonly registers: (() => Uint32Array) | null;
  readonly statics: Readonly<Record<string, StaticValue>>;
  readonly limits: Required<Limits>;
}

/** {@link Rtl} with every path absolute. */
export interface ResolvedRtl {
  readonly top: string;
  readonly sources: readonly string[];
  readonly includes: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly ports: PortMap;
  readonly verilatorFlags: readonly string[];
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_$]*$/;

function invalid(kernel: unknown, expected: string, got: unknown): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_INVALID_KERNEL',
    `kernel ${String(kernel)}: ${expected}, got ${String(got)}`,
    { kernel: String(kernel) },
  );
}

function toPath(kernel: string, file: unknown): string {
  if (file instanceof URL && file.protocol === 'file:') return fileURLToPath(file);
  if (typeof file === 'string' && file.startsWith('/')) return file;
  throw invalid(kernel, 'a source is a file URL or an absolute path', file);
}

function checkCodec(kernel: string, role: string, codec: Codec<never> | undefined): void {
  if (typeof codec?.decode !== 'function' || typeof codec.sizeOf !== 'function') {
    throw invalid(kernel, `${role} is a codec such as bytes() or uint32()`, typeof codec);
  }
}

function checkParameter(kernel: string, key: string, value: unknown): void {
  if (!IDENTIFIER.test(key)) throw invalid(kernel, 'a parameter name is an identifier', key);
  const isInteger = typeof value === 'number' && Number.isSafeInteger(value);
  if (isInteger || typeof value === 'bigint') return;
  // Verilator takes -G values as Verilog literals; a quote or backslash would end the literal.
  if (typeof value === 'string' && /^[\x20-\x7e]*$/.test(value) && !/["\\]/.test(value)) return;
  throw invalid(
    kernel,
    `parameter ${key} is an integer or a printable string without quotes`,
    value,
  );
}

/**
 * Declares an operation once for every path: RTL, golden model, typed input and output.
 *
 * Nothing is read or built here; the files are looked at when a path needs them.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_KERNEL` when a field is missing or malformed.
 */
export function defineKernel<I, O>(descriptor: KernelDescriptor<I, O>): Kernel<I, O> {
  const { name, rtl, input, output, golden, registers, statics = {}, limits = {} } = descriptor;
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw invalid(name, 'name is 1..64 letters, digits, _ or -, a letter first', name);
  }
  if (!IDENTIFIER.test(rtl?.top ?? '')) throw invalid(name, 'rtl.top is a module name', rtl?.top);
  if (!Array.isArray(rtl.sources) || rtl.sources.length === 0) {
    throw invalid(name, 'rtl.sources lists at least one file', rtl.sources);
  }
  checkCodec(name, 'input', input as Codec<never>);
  checkCodec(name, 'output', output as Codec<never>);
  if (typeof golden !== 'function') throw invalid(name, 'golden is a function', typeof golden);
  for (const [key, value] of Object.entries(rtl.parameters ?? {})) checkParameter(name, key, value);
  const wrong = badPortMap(rtl.ports) ?? badVerilatorFlag(rtl.verilatorFlags) ?? badStatic(statics);
  if (wrong) throw invalid(name, wrong.expected, wrong.got);
  const { minMessageBytes = 0, maxMessageBytes = Number.POSITIVE_INFINITY } = limits;
  if (!(minMessageBytes >= 0 && maxMessageBytes >= minMessageBytes)) {
    throw invalid(
      name,
      'limits satisfy 0 <= minMessageBytes <= maxMessageBytes',
      `${minMessageBytes}, ${maxMessageBytes}`,
    );
  }
  const { maxResultBytes = DEFAULT_MAX_RESULT_BYTES } = limits;
  const isLength = Number.isInteger(maxResultBytes) && maxResultBytes >= 1;
  if (!isLength || maxResultBytes > MOST_RESULT_BYTES) {
    throw invalid(name, 'limits.maxResultBytes is an integer 1..2^31-1', maxResultBytes);
  }
  return Object.freeze({
    name,
    rtl: Object.freeze({
      top: rtl.top,
      sources: rtl.sources.map((file) => toPath(name, file)),
      includes: (rtl.includes ?? []).map((file) => toPath(name, file)),
      parameters: { ...rtl.parameters },
      ports: { ...rtl.ports },
      verilatorFlags: [...(rtl.verilatorFlags ?? [])],
    }),
    input,
    output,
    golden,
    registers: registers ?? null,
    statics: copyStatics(statics),
    limits: { minMessageBytes, maxMessageBytes, maxResultBytes },
  });
}

/** A caller's key may be wiped or changed after the call. */
function copyStatics(statics: Readonly<Record<string, StaticValue>>): Record<string, StaticValue> {
  return Object.fromEntries(
    Object.entries(statics).map(([port, value]) => [
      port,
      value instanceof Uint8Array ? Uint8Array.from(value) : value,
    ]),
  );
}
