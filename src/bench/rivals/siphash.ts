import type { AnyRival, MissingRival, Rival } from './rival.js';

const rotate = (low: number, high: number, bits: number): number =>
  (low << bits) | (high >>> (32 - bits));

/**
 * SipHash-2-4 with 64 bits in plain JavaScript: the state in eight local variables of 32 bits, one SipRound written out,
 * the message read in place.
 * @param key - 16 bytes.
 * @returns a function that gives the two halves of the hash, low and high, in an array that it uses again.
 */
export function compileSiphash(key: Uint8Array): (message: Uint8Array) => Uint32Array {
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = new Uint32Array(Uint8Array.from(key).buffer);
  const hash = new Uint32Array(2);
  return (message) => {
    const length = message.length;
    const lastWord = length & ~7;
    let v0 = k0 ^ 0x70736575;
    let v0h = k1 ^ 0x736f6d65;
    let v1 = k2 ^ 0x6e646f6d;
    let v1h = k3 ^ 0x646f7261;
    let v2 = k0 ^ 0x6e657261;
    let v2h = k1 ^ 0x6c796765;
    let v3 = k2 ^ 0x79746573;
    let v3h = k3 ^ 0x74656462;
    // Four rounds of finalisation count as two words more.
    for (let at = 0; at <= lastWord + 16; at += 8) {
      let m = 0;
      let mh = 0;
      if (at < lastWord) {
        m = word(message, at);
        mh = word(message, at + 4);
      } else if (at === lastWord) {
        mh = length << 24;
        for (let i = length - 1; i >= at; i--) {
          const shift = (i & 3) << 3;
          if ((i & 4) === 0) m |= (message[i] as number) << shift;
          else mh |= (message[i] as number) << shift;
        }
      } else if (at === lastWord + 8) {
        v2 ^= 0xff;
      }
      v3 ^= m;
      v3h ^= mh;
      for (let round = 0; round < 2; round++) {
        let sum = (v0 >>> 0) + (v1 >>> 0);
        v0h = (v0h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
        v0 = sum | 0;
        let low = rotate(v1, v1h, 13) ^ v0;
        v1h = rotate(v1h, v1, 13) ^ v0h;
        v1 = low;
        sum = (v2 >>> 0) + (v3 >>> 0);
        v2h = (v2h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
        v2 = sum | 0;
        low = rotate(v3, v3h, 16) ^ v2;
        v3h = rotate(v3h, v3, 16) ^ v2h;
        v3 = low;
        // v0 is rotated by 32 here: its halves change places.
        sum = (v0h >>> 0) + (v3 >>> 0);
        const v0Next = sum | 0;
        v0h = (v0 + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
        v0 = v0Next;
        low = rotate(v3, v3h, 21) ^ v0;
        v3h = rotate(v3h, v3, 21) ^ v0h;
        v3 = low;
        sum = (v2 >>> 0) + (v1 >>> 0);
        const v2High = (v2h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
        low = rotate(v1, v1h, 17) ^ sum;
        v1h = rotate(v1h, v1, 17) ^ v2High;
        v1 = low;
        v2 = v2High;
        v2h = sum | 0;
      }
      v0 ^= m;
      v0h ^= mh;
    }
    hash[0] = v0 ^ v1 ^ v2 ^ v3;
    hash[1] = v0h ^ v1h ^ v2h ^ v3h;
    return hash;
  };
}

function word(message: Uint8Array, at: number): number {
  return (
    (message[at] as number) |
    ((message[at + 1] as number) << 8) |
    ((message[at + 2] as number) << 16) |
    ((message[at + 3] as number) << 24)
  );
}

/** What else computes SipHash-2-4 with 64 bits in a Node process; node:crypto does not have it. */
export function siphashRivals(key: Uint8Array): (AnyRival | MissingRival)[] {
  const halves: Rival<Uint32Array> = {
    name: '32-bit halves',
    note: 'plain JavaScript, a hash table would use the two halves as they are',
    run: compileSiphash(key),
    encode: ([low = 0, high = 0]) => {
      const bytes = new Uint8Array(8);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, low, true);
      view.setUint32(4, high, true);
      return bytes;
    },
  };
  return [halves];
}
