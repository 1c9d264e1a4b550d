import { RtliftError } from '../errors.js';
import { bytes, uint } from '../kernel/codecs.js';
import { defineKernel, type Kernel } from '../kernel/define-kernel.js';

/**
 * A CRC algorithm by the parameters that catalogues list. `poly`, `init` and `xorout` are integers below 2^`width`.
 * @see Williams, "A Painless Guide to CRC Error Detection Algorithms" (1993), section 15
 */
export interface CrcModel {
  /** Bits of the CRC, 1 to 32. */
  readonly width: number;
  /** The polynomial without its term x^width, bit i for x^i; never reflected. */
  readonly poly: number;
  /** The register before the first bit, as of an algorithm that does not reflect. */
  readonly init: number;
  /** Whether each byte of the message enters least significant bit first. */
  readonly refin: boolean;
  /** Whether the register is reversed before `xorout`. */
  readonly refout: boolean;
  /** What the result is XORed with. */
  readonly xorout: number;
}

const model = (
  width: number,
  poly: number,
  init: number,
  refin: boolean,
  refout: boolean,
  xorout: number,
): CrcModel => ({ width, poly, init, refin, refout, xorout });

/** From the Catalogue of parametrised CRC algorithms, https://reveng.sourceforge.io/crc-catalogue/ */
const PRESETS = {
  'crc-3/gsm': model(3, 0x3, 0, false, false, 0x7),
  'crc-5/usb': model(5, 0x05, 0x1f, true, true, 0x1f),
  'crc-7/mmc': model(7, 0x09, 0, false, false, 0),
  'crc-8/smbus': model(8, 0x07, 0, false, false, 0),
  'crc-8/maxim-dow': model(8, 0x31, 0, true, true, 0),
  'crc-12/umts': model(12, 0x80f, 0, false, true, 0),
  'crc-15/can': model(15, 0x4599, 0, false, false, 0),
  'crc-16/arc': model(16, 0x8005, 0, true, true, 0),
  'crc-16/ccitt-false': model(16, 0x1021, 0xffff, false, false, 0),
  'crc-16/kermit': model(16, 0x1021, 0, true, true, 0),
  'crc-16/modbus': model(16, 0x8005, 0xffff, true, true, 0),
  'crc-16/usb': model(16, 0x8005, 0xffff, true, true, 0xffff),
  'crc-16/x-25': model(16, 0x1021, 0xffff, true, true, 0xffff),
  'crc-16/xmodem': model(16, 0x1021, 0, false, false, 0),
  'crc-24/openpgp': model(24, 0x864cfb, 0xb704ce, false, false, 0),
  'crc-32': model(32, 0x04c11db7, 0xffffffff, true, true, 0xffffffff),
  'crc-32c': model(32, 0x1edc6f41, 0xffffffff, true, true, 0xffffffff),
  'crc-32/bzip2': model(32, 0x04c11db7, 0xffffffff, false, false, 0xffffffff),
  'crc-32/cksum': model(32, 0x04c11db7, 0, false, false, 0xffffffff),
  'crc-32/mpeg-2': model(32, 0x04c11db7, 0xffffffff, false, false, 0),
} as const satisfies Readonly<Record<string, CrcModel>>;

/** A CRC by its name in the catalogue; `crc-32` is ISO-HDLC (zlib, Ethernet), `crc-32c` is ISCSI (Castagnoli). */
export type CrcName = keyof typeof PRESETS;

const hdl = (file: string): URL => new URL(`../../hdl/${file}`, import.meta.url);
const SOURCES = ['crc/crc.v', 'crc/crc_align.v', 'crc/crc_fold.v', 'lib/axis_fifo.v'];

/**
 * The cyclic redundancy check of a byte message of any length, the empty one included.
 *
 * The hardware takes 64 bytes a cycle. Each algorithm is a library of its own, built when it is first used.
 * @param algorithm - a name, or the parameters of any polynomial of width 1 to 32.
 * @returns a kernel whose result is an unsigned integer of `width` bits.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when the name is unknown or a parameter out of range.
 * @see Williams, "A Painless Guide to CRC Error Detection Algorithms" (1993), section 15
 */
export function crc(algorithm: CrcName | CrcModel): Kernel<Uint8Array, number> {
  // Copied: the caller's object may change before the kernel opens.
  const { width, poly, init, refin, refout, xorout } = resolve(algorithm);
  const checked: CrcModel = { width, poly, init, refin, refout, xorout };
  checkModel(checked);
  return defineKernel({
    name: 'crc',
    rtl: {
      top: 'crc',
      sources: SOURCES.map(hdl),
      parameters: {
        WIDTH: width,
        POLY: poly,
        INIT: init,
        REFIN: refin ? 1 : 0,
        REFOUT: refout ? 1 : 0,
        XOROUT: xorout,
      },
    },
    input: bytes(),
    output: uint(width),
    golden: (message) => crcByDefinition(message, checked),
  });
}

function invalid(expected: string, arg: string, got: unknown): RtliftError {
  return new RtliftError('ERR_RTLIFT_INVALID_ARG', `${expected}, got ${String(got)}`, { arg, got });
}

function resolve(algorithm: unknown): CrcModel {
  if (typeof algorithm === 'string' && Object.hasOwn(PRESETS, algorithm)) {
    return PRESETS[algorithm as CrcName];
  }
  if (typeof algorithm !== 'object' || algorithm === null) {
    const names = Object.keys(PRESETS).join(', ');
    throw invalid(
      `algorithm is { width, poly, init, refin, refout, xorout } or one of ${names}`,
      'algorithm',
      typeof algorithm === 'string' ? algorithm : algorithm === null ? null : typeof algorithm,
    );
  }
  return algorithm as CrcModel;
}

function checkModel(checked: CrcModel): void {
  const { width } = checked;
  if (!Number.isInteger(width) || width < 1 || width > 32) {
    throw invalid('width is an integer 1..32', 'width', width);
  }
  for (const arg of ['poly', 'init', 'xorout'] as const) {
    const value = checked[arg];
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** width) {
      throw invalid(`${arg} is an integer 0..2^${width}-1`, arg, value);
    }
  }
  for (const arg of ['refin', 'refout'] as const) {
    if (typeof checked[arg] !== 'boolean') {
      throw invalid(`${arg} is true or false`, arg, checked[arg]);
    }
  }
}

/** The register shifts left a bit at a time; what falls out, unless equal to the bit of the message, subtracts `poly`. */
function crcByDefinition(
  message: Uint8Array,
  { width, poly, init, refin, refout, xorout }: CrcModel,
): number {
  const mask = 0xffffffff >>> (32 - width);
  let register = init;
  for (const byte of message) {
    for (let i = 0; i < 8; i++) {
      const bit = (byte >>> (refin ? i : 7 - i)) & 1;
      const out = (register >>> (width - 1)) & 1;
      register = (register << 1) & mask;
      if (out !== bit) register ^= poly;
    }
  }
  return ((refout ? reversed(register, width) : register) ^ xorout) >>> 0;
}

function reversed(value: number, width: number): number {
  let result = 0;
  for (let i = 0; i < width; i++) result |= ((value >>> i) & 1) << (width - 1 - i);
  return result;
}
