import { expect, test } from 'vitest';
import {
  defineKernel,
  fixedBytes,
  type Kernel,
  offload,
  pack,
  record,
  uint,
  uint16,
  uint32,
} from '../../src/index.js';
import { rejected } from '../support/errors.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';
import { checkShape, shape } from './shape.js';

const missing = await missingVerilatorPath();

interface Operands {
  readonly a: number;
  readonly b: number;
}

const GCD_RTL = {
  top: 'gcd',
  sources: [shape('gcd.v')],
  ports: {
    input: { handshake: 'start', data: ['a', 'b'], valid: 'go', busy: 'busy' },
    output: { handshake: 'level', data: 'g', valid: 'done' },
  },
} as const;

const gcdOf = (a: number, b: number): number => (b === 0 ? a : gcdOf(b, a % b));

const gcd = (): Kernel<Operands, number> =>
  defineKernel({
    name: 'gcd',
    rtl: GCD_RTL,
    input: record({ a: uint(12), b: uint(12) }),
    output: uint(12),
    golden: ({ a, b }) => gcdOf(a, b),
  });

describeUnless(missing, 'handshakes other than that of AXI4-Stream', () => {
  test('a core that always takes; two fields a beat; a pulse with two result ports', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const kernel = defineKernel({
      name: 'iq-energy',
      rtl: {
        top: 'iq_energy',
        sources: [shape('iq_energy.v')],
        parameters: { GROUP: 4 },
        ports: {
          input: { data: ['sample_i', 'sample_q'], valid: 'sample_valid', ready: null },
          output: { data: ['energy', 'peak'], valid: 'strobe', handshake: 'pulse' },
        },
      },
      input: fixedBytes(16),
      output: record({ energy: uint32(), peak: uint16() }),
      golden: (message) => {
        const samples = new Uint16Array(message.slice().buffer);
        let energy = 0;
        for (const sample of samples) energy = (energy + Math.imul(sample, sample)) >>> 0;
        return { energy, peak: Math.max(...samples) };
      },
    });
    const messages = Array.from({ length: 40 }, () => random.bytes(16));
    await checkShape(kernel, messages, seed);
  });

  test('go, busy and a level; two fields of 12 bits in one beat', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const messages = Array.from({ length: 40 }, () => ({
      a: random.below(200),
      b: random.below(200),
    }));
    messages.push({ a: 4095, b: 273 }, { a: 0, b: 5 }, { a: 5, b: 0 }, { a: 0, b: 0 });
    await checkShape(gcd(), messages, seed);
  });

  test('bits that the port is too narrow for are refused, and the model goes on', async () => {
    const kernel = defineKernel({
      name: 'gcd',
      rtl: GCD_RTL,
      input: fixedBytes(4),
      output: uint(12),
      golden: () => 0,
    });
    await using handle = await offload(kernel, { path: 'verilator' });
    const good = Uint8Array.of(12, 0, 18, 0);
    const bad = Uint8Array.of(12, 0, 18, 0x10);
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', handle.batch([good, bad]));
    expect(error.message).toMatch(/message 1 has bits in byte 3 that a, b is too narrow for: 16/);
    expect(error.details.messageIndex).toBe(1);
    expect(await handle.batch([good, good])).toEqual([6, 6]);
  });

  test('start, ready and a pulse; results of 16 and 12 bits; an active-low reset', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const kernel = defineKernel({
      name: 'divider',
      rtl: {
        top: 'divider',
        sources: [shape('divider.v')],
        ports: {
          reset: 'nreset',
          input: {
            handshake: 'start',
            data: ['dividend', 'divisor'],
            valid: 'start',
            ready: 'ready',
          },
          output: { handshake: 'pulse', data: ['quotient', 'remainder'], valid: 'done' },
        },
      },
      input: record({ dividend: uint16(), divisor: uint(12) }),
      output: record({ quotient: uint16(), remainder: uint(12) }),
      golden: ({ dividend, divisor }) => ({
        quotient: Math.floor(dividend / divisor),
        remainder: dividend % divisor,
      }),
    });
    const messages = Array.from({ length: 50 }, () => ({
      dividend: random.below(65_536),
      divisor: 1 + random.below(random.below(2) === 0 ? 15 : 4095),
    }));
    await checkShape(kernel, messages, seed);
  });
});

describeUnless(missing, 'a packed message', () => {
  test('is taken from the batch as it lies there', async () => {
    const seed = testSeed();
    const kernel = gcd();
    const messages = [
      { a: 12, b: 18 },
      { a: 7, b: 21 },
    ];
    await using handle = await offload(kernel, { path: 'verilator' });
    const { data } = await handle.packed(pack(kernel.input, messages));
    compare({ expected: [6, 0, 7, 0], actual: [...data], seed });
  });
});
