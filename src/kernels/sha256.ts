import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { RtliftError } from '../errors.js';
import { bytes, fixedBytes } from '../kernel/codecs.js';
import { defineKernel, type Kernel } from '../kernel/define-kernel.js';

/** Which of the two architectures of the kernel is built. */
export interface Sha256Options {
  /**
   * `lanes`: iterative cores side by side, one round a cycle each, for messages of any length.
   * `pipelined`: one stage a round, one block a cycle for independent messages of up to 55 bytes.
   * Default `lanes`.
   */
  readonly architecture?: 'lanes' | 'pipelined';
  /** Iterative cores, 1 to 64, default 16. */
  readonly lanes?: number;
  /**
   * Blocks of 64 bytes that each lane buffers, a power of two 2 to 1,024, default 128. The lanes work side by side on
   * messages up to this size; a longer one holds the input until its lane has caught up.
   */
  readonly fifoBlocks?: number;
}

const hdl = (file: string): URL => new URL(`../../hdl/${file}`, import.meta.url);

/**
 * SHA-256 of a byte message of any length, the empty one included; padding is done in hardware.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when an option is out of range.
 * @see FIPS 180-4, section 6.2
 */
export function sha256({
  architecture = 'lanes',
  lanes = 16,
  fifoBlocks = 128,
}: Sha256Options = {}): Kernel<Uint8Array, Uint8Array> {
  if (architecture !== 'lanes' && architecture !== 'pipelined') {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `architecture is lanes or pipelined, got ${String(architecture)}`,
      { arg: 'architecture' },
    );
  }
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
    name: 'sha256',
    rtl: {
      top: 'sha256',
      sources: SOURCES.map(hdl),
      parameters:
        architecture === 'pipelined'
          ? { PIPELINED: 1 }
          : { PIPELINED: 0, LANES: lanes, FIFO_BLOCKS: fifoBlocks },
    },
    input: bytes(),
    output: fixedBytes(32),
    golden: (message) => nobleSha256(message),
  });
}

const SOURCES = [
  'sha256/sha256.v',
  'sha256/sha256_pad.v',
  'sha256/sha256_k.v',
  'sha256/sha256_lanes.v',
  'sha256/sha256_pipeline.v',
  'lib/axis_fifo.v',
];
