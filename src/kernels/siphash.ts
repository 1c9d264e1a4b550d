import { RtliftError } from '../errors.js';
import { bytes, fixedBytes } from '../kernel/codecs.js';
import { defineKernel, type Kernel } from '../kernel/define-kernel.js';
import { siphashByDefinition } from './siphash-golden.js';

/** Size of the hash and of the kernel. */
export interface SiphashOptions {
  /** Bits of the hash, 64 (default) or 128. The two are unlike functions: neither is a part of the other. */
  readonly bits?: 64 | 128;
  /**
   * Messages under way side by side, 1 to 64; default 8 for 64 bits, 12 for 128 bits: enough for a beat of 8 bytes in
   * every cycle while messages are shorter than what a lane buffers. One long message takes two cycles a beat.
   */
  readonly lanes?: number;
  /** Beats, and hashes, that each lane buffers, a power of two 2 to 1,024, default 32. */
  readonly fifoDepth?: number;
}

const KEY_BYTES = 16;
/** hdl/siphash/README.md, "Registers". */
const KEY0 = 0x10;

const hdl = (file: string): URL => new URL(`../../hdl/${file}`, import.meta.url);
const SOURCES = [
  'siphash/siphash.v',
  'siphash/siphash_lane.v',
  'siphash/siphash_registers.v',
  'lib/axis_fifo.v',
];

/**
 * SipHash-2-4 of a byte message of any length under a secret key, the empty message included.
 *
 * The hash is bytes, in the order of the reference implementation's test vectors; the 64-bit integer of the paper is
 * those bytes read as little-endian. The key is loaded when the kernel opens: another key takes another kernel, of the
 * same built library.
 * @param key - 16 bytes; copied. Draw it at random and keep it secret: it is all that guards a hash table.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when the key or an option is out of range.
 * @see Aumasson and Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012
 */
export function siphash(
  key: Uint8Array,
  { bits = 64, lanes = bits === 128 ? 12 : 8, fifoDepth = 32 }: SiphashOptions = {},
): Kernel<Uint8Array, Uint8Array> {
  if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES) {
    const got =
      key instanceof Uint8Array ? `${key.length} bytes` : key === null ? 'null' : typeof key;
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `key is a Uint8Array of ${KEY_BYTES} bytes, got ${got}`,
      { arg: 'key', expected: KEY_BYTES },
    );
  }
  if (bits !== 64 && bits !== 128) {
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `bits is 64 or 128, got ${String(bits)}`, {
      arg: 'bits',
    });
  }
  if (!Number.isInteger(lanes) || lanes < 1 || lanes > 64) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `lanes is an integer 1..64, got ${String(lanes)}`,
      { arg: 'lanes' },
    );
  }
  if (![1, 2, 3, 4, 5, 6, 7, 8, 9, 10].some((n) => fifoDepth === 2 ** n)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `fifoDepth is a power of two 2..1024, got ${String(fifoDepth)}`,
      { arg: 'fifoDepth' },
    );
  }
  // Not slice(): that of a Buffer is a view.
  const copy = Uint8Array.from(key);
  return defineKernel({
    name: 'siphash',
    rtl: {
      top: 'siphash',
      sources: SOURCES.map(hdl),
      parameters: { OUT_BITS: bits, LANES: lanes, FIFO_DEPTH: fifoDepth },
    },
    input: bytes(),
    output: fixedBytes(bits / 8),
    golden: (message) => siphashByDefinition(copy, message, bits),
    registers: () => {
      const words = new DataView(copy.buffer);
      return Uint32Array.from(
        [0, 4, 8, 12].flatMap((at) => [KEY0 + at, words.getUint32(at, true)]),
      );
    },
  });
}
