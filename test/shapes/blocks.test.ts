import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  bytes,
  type Codec,
  defineKernel,
  fixedBytes,
  type Kernel,
  offload,
} from '../../src/index.js';
import { mdPadded } from '../../src/kernel/padded-codec.js';
import { buildKernel } from '../../src/toolchain/build-kernel.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';
import { checkShape, shape } from './shape.js';

const missing = await missingVerilatorPath();

const BLOCK = 8;

/** Bytes, a one bit, and the fewest zeros that fill a block: ISO/IEC 7816-4 padding. */
const blocks: Codec<Uint8Array> = {
  name: 'blocks',
  fixedBytes: null,
  isIdentity: false,
  multipleOf: BLOCK,
  sizeOf: (value) => Math.ceil((value.length + 1) / BLOCK) * BLOCK,
  encodeInto(value, target, offset) {
    target.set(value, offset);
    target.fill(0, offset + value.length, offset + blocks.sizeOf(value));
    target[offset + value.length] = 0x80;
  },
  decode: (source, start, end) => source.subarray(start, source.lastIndexOf(0x80, end - 1)),
};

/** XTEA, 64 Feistel rounds. R. M. Needham, D. J. Wheeler, "Tea extensions", 1997. */
function xtea([v0, v1]: readonly [number, number], k: readonly number[]): [number, number] {
  const delta = 0x9e3779b9;
  let [y, z, sum] = [v0, v1, 0];
  for (let i = 0; i < 32; i++) {
    y = (y + ((((z << 4) ^ (z >>> 5)) + z) ^ (sum + (k[sum & 3] as number)))) >>> 0;
    sum = (sum + delta) >>> 0;
    z = (z + ((((y << 4) ^ (y >>> 5)) + y) ^ (sum + (k[(sum >>> 11) & 3] as number)))) >>> 0;
  }
  return [y, z];
}

function cbcMac(message: Uint8Array, key: Uint8Array): Uint8Array {
  const keyView = new DataView(key.buffer, key.byteOffset);
  const k = [0, 4, 8, 12].map((at) => keyView.getUint32(at));
  const padded = new Uint8Array(blocks.sizeOf(message));
  blocks.encodeInto(message, padded, 0);
  const view = new DataView(padded.buffer);
  let state: [number, number] = [0, 0];
  for (let at = 0; at < padded.length; at += BLOCK) {
    const [high, low] = [view.getUint32(at), view.getUint32(at + 4)];
    state = xtea([(state[0] ^ high) >>> 0, (state[1] ^ low) >>> 0], k);
  }
  const mac = new DataView(new ArrayBuffer(8));
  mac.setUint32(0, state[0]);
  mac.setUint32(4, state[1]);
  return new Uint8Array(mac.buffer);
}

/** @param asBytes - whether the setting is given as bytes, lowest first, or as an integer. */
function xteaMac(key: Uint8Array, asBytes = false): Kernel<Uint8Array, Uint8Array> {
  return defineKernel({
    name: 'xtea-mac',
    rtl: {
      top: 'xtea_mac',
      sources: [shape('xtea_mac.v')],
      ports: {
        input: {
          handshake: 'start',
          data: 'block',
          valid: 'first',
          next: 'next',
          busy: 'busy',
          byteOrder: 'big',
        },
        output: { handshake: 'pulse', data: 'mac', valid: 'done', byteOrder: 'big' },
      },
    },
    input: blocks,
    output: fixedBytes(8),
    statics: {
      key: asBytes ? key.toReversed() : BigInt(`0x${Buffer.from(key).toString('hex')}`),
    },
    golden: (message) => cbcMac(message, key),
  });
}

test('the golden XTEA gives a published vector', () => {
  // From the test vectors of the Botan library, xtea.vec.
  const k = [0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f];
  const [y, z] = xtea([0x41424344, 0x45464748], k);
  expect([y.toString(16), z.toString(16)]).toEqual(['497df3d0', '72612cb5']);
});

describeUnless(missing, 'big byte order on a stream', () => {
  test('the first byte and its tkeep lie highest, in and out', async () => {
    const seed = testSeed();
    const kernel = defineKernel({
      name: 'fold-be',
      rtl: {
        top: 'fold_be',
        sources: [shape('fold_be.v')],
        ports: {
          input: { prefix: 'rx', byteOrder: 'big' },
          output: { prefix: 'tx', byteOrder: 'big' },
        },
      },
      input: bytes(),
      output: bytes(),
      golden: (message) => {
        const h = new DataView(new ArrayBuffer(4));
        h.setUint32(
          0,
          message.reduce((sum, byte) => (Math.imul(31, sum) + byte) >>> 0, 0),
        );
        return new Uint8Array(h.buffer, 0, 1 + (message.length % 4));
      },
    });
    await checkShape(kernel, new Random(seed).messages(60, 20), seed);
  });
});

describeUnless(missing, 'a core that takes blocks', () => {
  test('first, next, busy and done; big byte order; a key of 128 bits that is taken in reset', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const messages = random.messages(30, 40);
    await checkShape(xteaMac(random.bytes(16)), messages, seed);
  });

  test('two keys in one library at once, as an integer and as bytes', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const messages = random.messages(30, 40);
    const kernels = [xteaMac(random.bytes(16)), xteaMac(random.bytes(16))] as const;
    const [a, b] = await Promise.all(kernels.map((kernel) => buildKernel(kernel)));
    expect(a?.library).toBe(b?.library);
    await using first = await offload(kernels[0], { path: 'verilator' });
    await using second = await offload(kernels[1], { path: 'verilator' });
    await using third = await offload(xteaMac(new Uint8Array(16).fill(0xff), true), {
      path: 'verilator',
    });
    await using asBytes = await offload(xteaMac(random.bytes(16), true), { path: 'verilator' });
    const handles = [first, second, third, asBytes, first];
    const results = await Promise.all(handles.map((handle) => handle.batch(messages)));
    handles.forEach((handle, i) => {
      const expected = messages.map(handle.kernel.golden);
      compare({ expected, actual: results[i] as Uint8Array[], messages, seed });
    });
  });

  test('init, next, ready, and digest_valid as a level: SHA-1, padded by the host', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const kernel = defineKernel({
      name: 'sha1-core',
      rtl: {
        top: 'sha1_core',
        sources: [shape('sha1_core.v')],
        ports: {
          reset: 'reset_n',
          input: {
            handshake: 'start',
            data: 'block',
            valid: 'init',
            next: 'next',
            ready: 'ready',
            byteOrder: 'big',
          },
          output: {
            handshake: 'level',
            data: 'digest',
            valid: 'digest_valid',
            byteOrder: 'big',
          },
        },
      },
      input: mdPadded({ blockBytes: 64 }),
      output: fixedBytes(20),
      golden: (message) => new Uint8Array(createHash('sha1').update(message).digest()),
    });
    const messages = [0, 55, 56, 64, 119, 120, 200].map((size) => random.bytes(size));
    await checkShape(kernel, [...messages, ...random.messages(20, 150)], seed);
  });
});
