/** A pattern as bytes with its case rule settled. */
export interface ResolvedPattern {
  readonly bytes: Uint8Array;
  readonly ignoreCase: boolean;
}

// hdl/literal_match/README.md, "Registers".
const STAGE = 0x20;
const COMMIT = 0x24;
const CLEAR = 0x28;
const BYTES = 0x40;
const IGNORE_CASE = 1 << 8;
const SLOT_SHIFT = 16;
const SLOTS_A_GROUP = 32;

/**
 * The register writes that load patterns, slot i for pattern i: staged 32 at a time, then committed as a group.
 * @returns (address, data) pairs.
 */
export function literalMatchRegisters(patterns: readonly ResolvedPattern[]): Uint32Array {
  const writes: number[] = [CLEAR, 0];
  const held: number[] = [];
  for (let start = 0; start < patterns.length; start += SLOTS_A_GROUP) {
    patterns.slice(start, start + SLOTS_A_GROUP).forEach(({ bytes, ignoreCase }, slot) => {
      // The kernel compares backwards from the end of a pattern.
      const reversed = bytes.slice().reverse();
      for (let at = 0; at < reversed.length; at += 4) {
        let word = 0;
        for (let i = 0; i < 4; i++) word |= (reversed[at + i] ?? 0) << (8 * i);
        // A word stays until it is written again.
        if (held[at] !== word) writes.push(BYTES + at, word >>> 0);
        held[at] = word;
      }
      writes.push(STAGE, bytes.length | (ignoreCase ? IGNORE_CASE : 0) | (slot << SLOT_SHIFT));
    });
    writes.push(COMMIT, start / SLOTS_A_GROUP);
  }
  return Uint32Array.from(writes);
}
