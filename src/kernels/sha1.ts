import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { RtliftError } from '../errors.js';
import { bytes, fixedBytes } from '../kernel/codecs.js';
import { defineKernel, type Kernel } from '../kernel/define-kernel.js';

/** How much hardware the kernel is built with. */
export interface Sha1Options {
  /** Iterative cores, one round a cycle each, 1 to 64, default 16. */
  readonly lanes?: number;
  /**
   * Blocks of 64 bytes that each lane buffers, a power of two 2 to 1,024, default 128. The lanes work side by side on
   * messages up to this size; a longer one holds the input until its lane has caught up.
   */
  readonly fifoBlocks?: number;
}

const hdl = (file: string): URL => new URL(`../../hdl/${file}`, import.meta.url);

/**
 * SHA-1 of a byte message of any length, the empty one included; padding is done in hardware.
 *
 * SHA-1 is broken where an attacker picks the message: collisions have been made, so it must not carry signatures,
 * certificates or any new design. It is still what git object ids, HMAC-SHA1 one-time passwords and the checksums of
 * old archives are made of; for those it is here.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when an option is out of range.
 * @see FIPS 180-4, section 6.1
 */
export function sha1({
  lanes = 16,
  fifoBlocks = 128,
}: Sha1Options = {}): Kernel<Uint8Array, Uint8Array> {
  if (!Number.isInteger(lanes) || lanes < 1 || lanes > 64) {
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `lanes is an integer 1..64, got ${lanes}`, {
      arg: 'lanes',
    });
  }
  if (![1, 2, 3, 4, 5, 6, 7, 8, 9, 10].some((n) => fifoBlocks === 2 ** n)) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `fifoBlocks is a power of two 2..1024, got ${fifoBlocks}`,
      { arg: 'fifoBlocks' },
    );
  }
  return defineKernel({
    name: 'sha1',
    rtl: {
      top: 'sha1',
      // SHA-1 and SHA-256 pad alike (FIPS 180-4, section 5.1.1).
      sources: ['sha1/sha1.v', 'sha1/sha1_lanes.v', 'sha256/sha256_pad.v'].map(hdl),
      parameters: { LANES: lanes, FIFO_BLOCKS: fifoBlocks },
    },
    input: bytes(),
    output: fixedBytes(20),
    golden: (message) => nobleSha1(message),
  });
}
