import type { Drive } from './scenario.js';

const MASK = (1n << 64n) - 1n;

/** splitmix64 at the index 8 * cycle + bit, as in native/driver/stimulus.h. */
function draw(seed: number, cycle: number, bit: number): bigint {
  let z = (BigInt(seed) + BigInt(8 * cycle + bit + 1) * 0x9e3779b97f4a7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

/**
 * Writes down, cycle by cycle, the stalls and bubbles that a drive draws.
 * @returns a byte a cycle: bit 0 a stall, bit 1 + i a bubble of input i.
 */
export function patternOf(drive: Drive, cycles: number, inputs: number): Uint8Array {
  if (drive.pattern) return drive.pattern;
  const pattern = new Uint8Array(cycles);
  for (let cycle = 0; cycle < cycles; cycle++) {
    let bits = 0;
    const has = (bit: number, chance: number): boolean =>
      chance !== 0 && (draw(drive.seed, cycle, bit) & 0xffffn) < BigInt(chance);
    if (has(0, drive.stall)) bits |= 1;
    // A byte has room for six inputs: further ones share the bit of the sixth.
    for (let i = 0; i < Math.min(inputs, 6); i++) if (has(1 + i, drive.bubble)) bits |= 2 << i;
    pattern[cycle] = bits;
  }
  return pattern;
}
