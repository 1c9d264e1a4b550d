import { crc32 as zlibCrc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  bytes,
  type Codec,
  defineKernel,
  type Kernel,
  type OutputMap,
  offload,
  optional,
  record,
  uint16,
  uint32,
} from '../../src/index.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';
import { checkShape, shape } from './shape.js';

const missing = await missingVerilatorPath();

function crc32(message: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of message) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** What of a frame frame_tap gives. */
function frameTap<O>(
  name: string,
  output: OutputMap,
  codec: Codec<O>,
  golden: (message: Uint8Array) => O,
): Kernel<Uint8Array, O> {
  return defineKernel({
    name,
    rtl: {
      top: 'frame_tap',
      sources: [shape('frame_tap.v')],
      ports: { output },
    },
    input: bytes(),
    output: codec,
    golden,
  });
}

describeUnless(missing, 'a value beside the packet', () => {
  test.skipIf(zlibCrc32 === undefined)('the golden CRC-32 is that of zlib', () => {
    const message = new Random(1).bytes(100);
    expect(crc32(message)).toBe(zlibCrc32(message));
  });

  test('a side-band port and tuser, sampled with tlast of a packet that passes through', async () => {
    const seed = testSeed();
    const kernel = frameTap(
      'frame-check',
      { prefix: 'm_axis', data: ['fcs', 'm_axis_tuser'], takes: 'last' },
      record({ fcs: uint32(), size: uint16() }),
      (message) => ({ fcs: crc32(message), size: message.length }),
    );
    await checkShape(kernel, new Random(seed).messages(60, 40), seed);
  });

  test('the packet itself of the same core', async () => {
    const seed = testSeed();
    const kernel = frameTap('frame-data', { prefix: 'm_axis' }, bytes(), (message) =>
      message.slice(),
    );
    await checkShape(kernel, new Random(seed).messages(60, 40), seed);
  });
});

describeUnless(missing, 'results of another length than the message', () => {
  test('longer: two digits a byte, from a beat of one byte to a beat of two', async () => {
    const seed = testSeed();
    const kernel = defineKernel({
      name: 'hex-encode',
      rtl: {
        top: 'hex_encode',
        sources: [shape('hex_encode.v')],
        ports: { input: 'in', output: 'out' },
      },
      input: bytes(),
      output: bytes(),
      golden: (message) => new Uint8Array(Buffer.from(Buffer.from(message).toString('hex'))),
    });
    await checkShape(kernel, new Random(seed).messages(60, 20), seed);
  });

  test('shorter, down to nothing: a text without its spaces, on escaped identifiers', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const kernel = defineKernel({
      name: 'strip-spaces',
      rtl: {
        top: 'strip_spaces',
        sources: [shape('strip_spaces.v')],
        ports: { input: 'din.', output: 'dout.' },
      },
      input: bytes(),
      output: bytes(),
      golden: (message) => message.filter((byte) => byte !== 0x20),
    });
    const messages = Array.from({ length: 80 }, () =>
      random.bytes(random.below(8)).map((byte) => (byte & 1 ? 0x20 : byte)),
    );
    await checkShape(kernel, messages, seed);
  });
});

const MY_ADDR = 0x5a;

/** A packet with its address in the first byte. */
const packets = (random: Random, count: number): Uint8Array[] =>
  Array.from({ length: count }, () => {
    const packet = random.bytes(2 + random.below(6));
    if (random.below(2) === 0) packet[0] = MY_ADDR;
    return packet;
  });

function addrFilter<O>(
  name: string,
  output: OutputMap,
  codec: Codec<O>,
  golden: (message: Uint8Array) => O,
  statics: Record<string, number> = {},
): Kernel<Uint8Array, O> {
  return defineKernel({
    name,
    rtl: {
      top: 'addr_filter',
      sources: [shape('addr_filter.v')],
      ports: { output },
      // `inside` is a word of SystemVerilog, which Verilator takes a .v file for.
      verilatorFlags: ['--default-language', '1364-2005', '-Wno-WIDTH'],
    },
    input: bytes(),
    output: codec,
    golden,
    limits: { minMessageBytes: 2 },
    statics: { my_addr: MY_ADDR, ...statics },
  });
}

describeUnless(missing, 'messages that the core drops', () => {
  test('are null after a time without an answer, however long the sink stalls', async () => {
    const seed = testSeed();
    const kernel = addrFilter(
      'addr-filter',
      { prefix: 'm_axis', quietCycles: 3 },
      optional(bytes()),
      (message) => (message[0] === MY_ADDR ? message.slice(1) : null),
    );
    const messages = packets(new Random(seed), 80);
    await checkShape(kernel, messages, seed);

    // The sink may stall far longer than the core is given to answer.
    await using handle = await offload(kernel, { path: 'verilator' });
    const stimulus = { seed: BigInt(seed), stallProbability: 0.98 };
    compare({
      expected: messages.map(kernel.golden),
      actual: await handle.batch(messages, { stimulus }),
      messages,
      seed,
    });
  });

  test('are null where the answer is a pulse of a fixed size', async () => {
    const seed = testSeed();
    const kernel = addrFilter(
      'addr-sum',
      { handshake: 'pulse', data: 'sum', valid: 'hit', quietCycles: 2 },
      optional(uint16()),
      (message) =>
        message[0] === MY_ADDR ? message.subarray(1).reduce((sum, byte) => sum + byte, 0) : null,
      { m_axis_tready: 1 },
    );
    await checkShape(kernel, packets(new Random(seed), 80), seed);
  });
});
