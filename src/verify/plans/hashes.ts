import { crc } from '../../kernels/crc.js';
import { sha1 } from '../../kernels/sha1.js';
import { sha256 } from '../../kernels/sha256.js';
import { siphash } from '../../kernels/siphash.js';
import { type AnyPlan, planOf } from '../plan.js';
import type { Random } from '../random.js';

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

/** Lengths at which the padding turns over. */
const TURNS = [0, 1, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 119, 120, 127, 128];

/**
 * Messages of one block come in and leave so fast that every place for a result is promised; the longest fill the counters of
 * the padding.
 */
function mostlyOneBlock(random: Random): Uint8Array {
  const kind = random.below(256);
  if (kind === 0) return random.bytes(random.below(2) === 0 ? 4096 : random.below(4096));
  if (kind < 16) return random.bytes(random.pick(TURNS));
  if (kind < 24) return random.bytes(random.below(130));
  return random.bytes(random.below(56));
}

/** Few lanes and short FIFOs, so that every lane waits, fills and empties often. */
export const HASH_PLANS: Readonly<Record<string, () => AnyPlan>> = {
  sha256: () => ({
    kernel: sha256({ lanes: 3, fifoBlocks: 2 }),
    inputs: mostlyOneBlock,
    floor: floorOf('sha256'),
  }),
  'sha256-pipelined': () => ({
    kernel: sha256({ architecture: 'pipelined' }),
    inputs: mostlyOneBlock,
    floor: floorOf('sha256'),
  }),
  sha1: () => ({ kernel: sha1({ lanes: 3, fifoBlocks: 2 }), floor: floorOf('sha1') }),
  siphash: () => siphashPlan(64, 3, 2),
  'siphash-128': () => siphashPlan(128, 2, 4),
  crc: () => ({ kernel: crc('crc-32'), floor: floorOf('crc') }),
  // Not reflected, an odd width, an even polynomial and distinct constants: what a standard does not ask of the RTL. 17 bits
  // are three groups of the rows in crc_fold, an odd number, in which inversions do not cancel.
  'crc-17': () => ({
    kernel: crc({
      width: 17,
      poly: 0x1a5a6,
      init: 0x12345,
      refin: false,
      refout: true,
      xorout: 0x1aaaa,
    }),
    floor: floorOf('crc'),
  }),
};
