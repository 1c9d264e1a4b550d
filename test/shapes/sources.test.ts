import { expect, test } from 'vitest';
import { bytes, defineKernel, type Kernel } from '../../src/index.js';
import { elaborate } from '../../src/toolchain/elaborate.js';
import { findToolchain } from '../../src/toolchain/toolchain.js';
import { temporaryFolder } from '../support/folders.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { testSeed } from '../support/seed.js';
import { checkShape, shape, shapePath } from './shape.js';

const missing = await missingVerilatorPath();

function vigenere(key: string, mode: 'encrypt' | 'decrypt'): Kernel<Uint8Array, Uint8Array> {
  const sign = mode === 'encrypt' ? 1 : -1;
  return defineKernel({
    name: 'vigenere',
    rtl: {
      top: 'vigenere',
      sources: [shape('vigenere.sv')],
      parameters: { N: key.length, KEY: key, MODE: mode },
    },
    input: bytes(),
    output: bytes(),
    golden: (message) => message.map((byte, i) => byte + sign * key.charCodeAt(i % key.length)),
  });
}

const MODES = { plain: 0, negative: 1, mixed: 2 } as const;
const MIX_ROUNDS = 3;

function mix(value: number): number {
  let mixed = value;
  for (let i = 0; i < MIX_ROUNDS; i++) mixed = (((mixed << 1) | (mixed >> 7)) & 0xff) ^ 0x1d;
  return mixed;
}

function pixelMix(mode: keyof typeof MODES): Kernel<Uint8Array, Uint8Array> {
  return defineKernel({
    name: 'pixel-mix',
    rtl: {
      top: 'pixel_mix',
      sources: ['pixel_pkg.sv', 'pixel_if.sv', 'pixel_mix.sv'].map(shape),
      includes: [shape('include')],
      verilatorFlags: [
        `-DMIX_ROUNDS=${MIX_ROUNDS}`,
        '--bbox-sys',
        '-y',
        shapePath('lib'),
        '+libext+.sv',
      ],
    },
    input: bytes(),
    output: bytes(),
    statics: { mode: MODES[mode] },
    golden: (message) =>
      message.map((byte) => (mode === 'plain' ? byte : mode === 'negative' ? ~byte : mix(byte))),
  });
}

describeUnless(missing, 'sources as people have them', () => {
  test('parameters wider than an int arrive whole, with their sign', async () => {
    const { verilator } = await findToolchain();
    const kernel = defineKernel({
      name: 'wide-parameters',
      rtl: {
        top: 'wide_parameters',
        sources: [shape('wide_parameters.sv')],
        parameters: {
          KEY: 0xfedcba98_76543210_01234567_89abcdefn,
          OFFSET: -(1n << 70n),
          LIMIT: -(2 ** 40),
          STEP: -5,
          POLY: 0xedb88320,
        },
      },
      input: bytes(),
      output: bytes(),
      golden: (message) => message,
    });
    const { parameters } = await elaborate(verilator, kernel.rtl, temporaryFolder());
    const parameter = (name: string): bigint => BigInt(`0x${parameters[name]?.split('h')[1]}`);
    expect(parameter('KEY')).toBe(0xfedcba98_76543210_01234567_89abcdefn);
    expect(parameter('OFFSET')).toBe(BigInt.asUintN(80, -(1n << 70n)));
    expect(parameter('LIMIT')).toBe(BigInt.asUintN(64, -(1n << 40n)));
    expect(parameter('STEP')).toBe(0xfffffffbn);
    expect(parameter('POLY')).toBe(0xedb88320n);
  });

  test('parameters without defaults: an integer, a string of bits, a string', async () => {
    const seed = testSeed();
    await checkShape(vigenere('Lemon', 'encrypt'), new Random(seed).messages(40, 20), seed);
  });

  test('another string gives another core', async () => {
    const seed = testSeed();
    await checkShape(
      vigenere("it's #1 \u007e", 'decrypt'),
      new Random(seed).messages(40, 20),
      seed,
    );
  });

  test('a package, interfaces, packed structs, enums and unions, an include, a library folder, flags', async () => {
    const seed = testSeed();
    for (const mode of ['plain', 'negative', 'mixed'] as const) {
      await checkShape(pixelMix(mode), new Random(seed).messages(30, 30), seed);
    }
  });
});
