/**
 * The state v0..v3 (section 2.1), each as two 32-bit halves: v_i is `[2 * i]` (low) and `[2 * i + 1]` (high). JavaScript
 * has no 64-bit integers but bigint, which took ten times as long here.
 */
type State = Uint32Array;
const V0 = 0;
const V1 = 2;
const V2 = 4;
const V3 = 6;

/** v_a += v_b. */
function add(v: State, a: number, b: number): void {
  const low = (v[a] as number) + (v[b] as number);
  v[a + 1] = (v[a + 1] as number) + (v[b + 1] as number) + (low > 0xffffffff ? 1 : 0);
  v[a] = low;
}

/** v_a = (v_a <<< bits) ^ v_b, for 1..31 bits. */
function rotateXor(v: State, a: number, bits: number, b: number): void {
  const low = v[a] as number;
  const high = v[a + 1] as number;
  v[a] = ((low << bits) | (high >>> (32 - bits))) ^ (v[b] as number);
  v[a + 1] = ((high << bits) | (low >>> (32 - bits))) ^ (v[b + 1] as number);
}

/** v_a <<<= 32. */
function swapHalves(v: State, a: number): void {
  const low = v[a] as number;
  v[a] = v[a + 1] as number;
  v[a + 1] = low;
}

/** SipRound (figure 2.1). */
function sipRound(v: State): void {
  add(v, V0, V1);
  add(v, V2, V3);
  rotateXor(v, V1, 13, V0);
  rotateXor(v, V3, 16, V2);
  swapHalves(v, V0);
  add(v, V2, V1);
  add(v, V0, V3);
  rotateXor(v, V1, 17, V2);
  rotateXor(v, V3, 21, V0);
  swapHalves(v, V2);
}

function xor(v: State, a: number, low: number, high: number): void {
  v[a] = (v[a] as number) ^ low;
  v[a + 1] = (v[a + 1] as number) ^ high;
}

/** Four rounds, then v0 ^ v1 ^ v2 ^ v3, least significant byte first, to `target[at .. at + 8]`. */
function finalise(v: State, target: Uint8Array, at: number): void {
  for (let i = 0; i < 4; i++) sipRound(v);
  for (let half = 0; half < 2; half++) {
    let word = 0;
    for (const i of [V0, V1, V2, V3]) word ^= v[i + half] as number;
    for (let i = 0; i < 4; i++) target[at + 4 * half + i] = word >>> (8 * i);
  }
}

/** Up to four bytes of a message from `at` on as a little-endian integer; bytes past the end are 0. */
function wordAt(message: Uint8Array, at: number): number {
  let word = 0;
  for (let i = 0; i < 4 && at + i < message.length; i++) {
    word |= (message[at + i] as number) << (8 * i);
  }
  return word;
}

/**
 * SipHash-2-4.
 * @param key - 16 bytes.
 * @returns 8 or 16 bytes, in the order in which the reference implementation writes them.
 * @see Aumasson and Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012, section 2; for 128 bits the reference
 *   implementation, https://github.com/veorq/SipHash, siphash.c
 */
export function siphashByDefinition(
  key: Uint8Array,
  message: Uint8Array,
  bits: 64 | 128,
): Uint8Array {
  const [k0Low, k0High, k1Low, k1High] = [0, 4, 8, 12].map((at) => wordAt(key, at)) as [
    number,
    number,
    number,
    number,
  ];
  // "somepseudorandomlygeneratedbytes".
  const v = Uint32Array.of(
    ...[0x70736575 ^ k0Low, 0x736f6d65 ^ k0High],
    ...[0x6e646f6d ^ k1Low, 0x646f7261 ^ k1High],
    ...[0x6e657261 ^ k0Low, 0x6c796765 ^ k0High],
    ...[0x79746573 ^ k1Low, 0x74656462 ^ k1High],
  );
  if (bits === 128) xor(v, V1, 0xee, 0);
  const words = Math.floor(message.length / 8) + 1;
  for (let i = 0; i < words; i++) {
    const low = wordAt(message, 8 * i);
    // The last word is filled up with zeros and ends with the length mod 256.
    const length = i === words - 1 ? message.length << 24 : 0;
    const high = wordAt(message, 8 * i + 4) | length;
    xor(v, V3, low, high);
    sipRound(v);
    sipRound(v);
    xor(v, V0, low, high);
  }
  const hash = new Uint8Array(bits / 8);
  xor(v, V2, bits === 128 ? 0xee : 0xff, 0);
  finalise(v, hash, 0);
  if (bits === 128) {
    xor(v, V1, 0xdd, 0);
    finalise(v, hash, 8);
  }
  return hash;
}
