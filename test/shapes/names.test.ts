import { test } from 'vitest';
import { bytes, defineKernel, fixedBytes, offload, uint } from '../../src/index.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';
import { checkShape, shape } from './shape.js';

const missing = await missingVerilatorPath();

/** Words of 32 bits, little-endian, each times `factor` plus `offset`. */
function scale(message: Uint8Array, factor: number, offset: number): Uint8Array {
  const out = message.slice();
  const view = new DataView(out.buffer);
  for (let at = 0; at < out.length; at += 4) {
    view.setUint32(at, (Math.imul(view.getUint32(at, true), factor) + offset) >>> 0, true);
  }
  return out;
}

const axisScale = (factor: number, offset: number) =>
  defineKernel({
    name: 'axis-scale',
    rtl: {
      top: 'axis_scale_v1_0',
      sources: [shape('axis_scale_v1_0.v')],
      ports: {
        clock: 'S_AXIS_ACLK',
        clocks: { S_AXI_ACLK: 1, M_AXIS_ACLK: 1 },
        reset: ['S_AXI_ARESETN', 'S_AXIS_ARESETN', 'M_AXIS_ARESETN'],
        registers: 'S_AXI',
      },
    },
    input: fixedBytes(16),
    output: fixedBytes(16),
    golden: (message) => scale(message, factor, offset),
    registers: () => Uint32Array.of(0, factor, 4, offset),
  });

const keywords = (statics: Record<string, number>) =>
  defineKernel({
    name: 'keywords',
    rtl: {
      top: 'namespace',
      sources: [shape('keywords.v')],
      parameters: { new: 3, prototype: 1 },
      ports: {
        clock: 'clock',
        reset: 'delete',
        input: { data: 'double', valid: 'class', ready: 'register', last: 'private' },
        output: { data: 'char', valid: 'operator', ready: 'virtual', last: 'friend' },
      },
    },
    input: bytes(),
    output: bytes(),
    limits: { minMessageBytes: 1 },
    statics,
    golden: (message) => {
      const at = (name: string): number => statics[name] as number;
      const mask =
        at('constructor') ^
        (at('a__b') << 6) ^
        (at('__proto__') << 5) ^
        (at('toString') << 2) ^
        (at('if') << 1);
      return message.map((byte) => (byte ^ mask) + at('my-port') + 3 - 1);
    },
  });

describeUnless(missing, 'ports by other names', () => {
  test('a suffix says the direction, and the reset is asynchronous and active low', async () => {
    const seed = testSeed();
    const kernel = defineKernel({
      name: 'ones-complement',
      rtl: {
        top: 'ones_complement',
        sources: [shape('ones_complement.sv')],
        ports: { input: { prefix: 's', suffix: '_i' }, output: { prefix: 'm', suffix: '_o' } },
      },
      input: bytes(),
      output: bytes(),
      golden: (message) => message.map((byte) => ~byte),
    });
    await checkShape(kernel, new Random(seed).messages(60, 40), seed);
  });

  test('upper case, a clock and a reset for each interface, tstrb, registers, no tkeep', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const messages = Array.from({ length: 40 }, () => random.bytes(16));
    await checkShape(axisScale(random.next(), random.next()), messages, seed);
  });

  test('words of C++ and JavaScript as ports, parameters and settings', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const statics = {
      constructor: random.below(256),
      toString: random.below(8),
      ['__proto__']: 1,
      a__b: 2,
      'my-port': random.below(256),
      if: 1,
    };
    const messages = Array.from({ length: 40 }, () => random.bytes(1 + random.below(20)));
    await checkShape(keywords(statics), messages, seed);

    // The same library with other settings, while the first is open.
    const other = keywords({ ...statics, ['__proto__']: 0, 'my-port': 7 });
    await using first = await offload(keywords(statics), { path: 'verilator' });
    await using second = await offload(other, { path: 'verilator' });
    for (const handle of [first, second]) {
      compare({
        expected: messages.map(handle.kernel.golden),
        actual: await handle.batch(messages),
        messages,
        seed,
      });
    }
  });
});

describeUnless(missing, 'resets', () => {
  test('two, one active low and asynchronous, one not; a level without ready', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const kernel = defineKernel({
      name: 'running-max',
      rtl: {
        top: 'running_max',
        sources: [shape('running_max.v')],
        ports: {
          reset: ['por_n', 'clear'],
          input: { data: 'd', valid: 'dv', ready: null, last: 'dlast' },
          output: { data: 'max', valid: 'max_valid', handshake: 'level' },
        },
      },
      input: bytes(),
      output: uint(8),
      limits: { minMessageBytes: 1 },
      golden: (message) => Math.max(...message),
    });
    const messages = Array.from({ length: 50 }, () => random.bytes(1 + random.below(9)));
    await checkShape(kernel, messages, seed);
  });

  test('none at all; two beats a message without ready, last or keep; a pulse of seven bits', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const kernel = defineKernel({
      name: 'popcount96',
      rtl: {
        top: 'popcount96',
        sources: [shape('popcount96.v')],
        ports: {
          reset: null,
          input: { data: 'x', valid: 'ce', ready: null },
          output: { data: 'y', valid: 'rdy', handshake: 'pulse' },
        },
      },
      input: fixedBytes(12),
      output: uint(7),
      golden: (message) => {
        let ones = 0;
        for (const byte of message) for (let i = 0; i < 8; i++) ones += (byte >> i) & 1;
        return ones;
      },
    });
    const messages = Array.from({ length: 100 }, () => random.bytes(12));
    messages[7] = new Uint8Array(12).fill(0xff);
    await checkShape(kernel, messages, seed);
  });
});
