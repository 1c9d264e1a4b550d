// A kernel of one's own: RTL, golden model and types in one descriptor; both paths are checked against each other.
import { bytes, defineKernel, offload, RtliftError, uint32 } from '../../src/index.js';

/** CRC-32C, bit by bit, as the catalogue of parametrised CRC algorithms defines it ("CRC-32/ISCSI"). */
function crc32cOf(message: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of message) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

export const crc32c = defineKernel({
  name: 'crc32c',
  rtl: {
    top: 'crc32c',
    sources: [new URL('./crc32c.v', import.meta.url)],
    parameters: { DATA_WIDTH: 64 },
  },
  input: bytes(),
  output: uint32(),
  golden: crc32cOf,
});

const check = new TextEncoder().encode('123456789');
for (const path of ['javascript', 'verilator'] as const) {
  try {
    await using crc = await offload(crc32c, { path });
    const value = await crc(check);
    console.log(`${path}: 0x${value.toString(16)}`);
  } catch (error) {
    // Without Verilator and a compiler the javascript path still runs.
    if (!(error instanceof RtliftError)) throw error;
    console.log(`${path}: ${error.message}`);
  }
}
