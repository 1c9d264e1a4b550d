/** Repeatable messages: xorshift32 bytes, `count` of `size` bytes each. */
export function randomMessages(count: number, size: number, seed = 0x51): Uint8Array[] {
  let state = seed;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
  return Array.from({ length: count }, () => Uint8Array.from({ length: size }, next));
}
