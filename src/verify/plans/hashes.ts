import { crc } from '../../kernels/crc.js';
import { sha1 } from '../../kernels/sha1.js';
import { sha256 } from '../../kernels/sha256.js';
import { siphash } from '../../kernels/siphash.js';
import { type AnyPlan, planOf } from '../plan.js';

const floorOf = (folder: string): URL =>
  new URL(`../../../hdl/${folder}/coverage.json`, import.meta.url);

// Each bit of the key is 0 in one and 1 in another.
const KEYS = [
  Uint8Array.from({ length: 16 }, (_, i) => i),
  Uint8Array.from({ length: 16 }, (_, i) => 0xff - i),
  Uint8Array.from({ length: 16 }, (_, i) => 0x35 * i),
] as const;

function siphashPlan(bits: 64 | 128, lanes: number, fifoDepth: number): AnyPlan {
  return planOf(
    KEYS.map((key) => siphash(key, { bits, lanes, fifoDepth })),
    { floor: floorOf('siphash') },
  );
}

/** Few lanes and short FIFOs, so that every lane waits, fills and empties often. */
export const HASH_PLANS: Readonly<Record<string, () => AnyPlan>> = {
  sha256: () => ({ kernel: sha256({ lanes: 3, fifoBlocks: 2 }), floor: floorOf('sha256') }),
  'sha256-pipelined': () => ({
    kernel: sha256({ architecture: 'pipelined' }),
    floor: floorOf('sha256'),
  }),
  sha1: () => ({ kernel: sha1({ lanes: 3, fifoBlocks: 2 }), floor: floorOf('sha1') }),
  siphash: () => siphashPlan(64, 3, 2),
  'siphash-128': () => siphashPlan(128, 2, 4),
  crc: () => ({ kernel: crc('crc-32'), floor: floorOf('crc') }),
  // Not reflected, an odd width, an even polynomial and distinct constants: what a standard does not ask of the RTL.
  'crc-19': () => ({
    kernel: crc({
      width: 19,
      poly: 0x5a5a6,
      init: 0x12345,
      refin: false,
      refout: true,
      xorout: 0x2aaaa,
    }),
    floor: floorOf('crc'),
  }),
};
