import * as zlib from 'node:zlib';
import type { AnyRival, MissingRival, Rival } from './rival.js';

const POLY_REFLECTED = 0xedb88320;

/** As the kernel's result: four bytes, least significant first. */
function littleEndian(crc: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, crc, true);
  return bytes;
}

function zlibCrc32(): AnyRival | MissingRival {
  // Absent before Node 20.15 and 22.2.
  const { crc32 } = zlib as { crc32?: typeof zlib.crc32 };
  if (crc32 === undefined) return { name: 'zlib.crc32', missing: `not in Node ${process.version}` };
  const rival: Rival<number> = {
    name: 'zlib.crc32',
    note: 'node:zlib, one call a message',
    run: (message) => crc32(message),
    encode: littleEndian,
  };
  return rival;
}

/**
 * CRC-32 eight bytes a step (Kounavis and Berry, "Novel table lookup-based algorithms for high-performance CRC
 * generation", IEEE Transactions on Computers 57(11), 2008), the fastest in plain JavaScript that we know of.
 * @returns a function that gives the CRC-32 of a message.
 */
function compileSlicingBy8(): (message: Uint8Array) => number {
  // Row k: a byte with k bytes of zeros behind it. Signed, as JavaScript keeps such values in registers.
  const table = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1 ? POLY_REFLECTED : 0) ^ (crc >>> 1);
    table[byte] = crc;
  }
  for (let i = 256; i < table.length; i++) {
    const previous = table[i - 256] as number;
    table[i] = (table[previous & 0xff] as number) ^ (previous >>> 8);
  }
  const at = (row: number, byte: number): number => table[(row << 8) | byte] as number;

  return (message) => {
    let crc = -1;
    let i = 0;
    for (const end = message.length - 7; i < end; i += 8) {
      const low =
        crc ^
        ((message[i] as number) |
          ((message[i + 1] as number) << 8) |
          ((message[i + 2] as number) << 16) |
          ((message[i + 3] as number) << 24));
      crc =
        at(7, low & 0xff) ^
        at(6, (low >>> 8) & 0xff) ^
        at(5, (low >>> 16) & 0xff) ^
        at(4, low >>> 24) ^
        at(3, message[i + 4] as number) ^
        at(2, message[i + 5] as number) ^
        at(1, message[i + 6] as number) ^
        at(0, message[i + 7] as number);
    }
    for (; i < message.length; i++) {
      crc = at(0, (crc ^ (message[i] as number)) & 0xff) ^ (crc >>> 8);
    }
    return ~crc >>> 0;
  };
}

function slicingBy8(): Rival<number> {
  return {
    name: 'slicing-by-8',
    note: 'plain JavaScript, eight table look-ups for eight bytes',
    run: compileSlicingBy8(),
    encode: littleEndian,
  };
}

/** What else computes the standard CRC-32 (`crc-32`) in a Node process. */
export function crcRivals(): (AnyRival | MissingRival)[] {
  return [zlibCrc32(), slicingBy8()];
}
