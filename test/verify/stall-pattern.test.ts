import { describe, expect, test } from 'vitest';
import { buildKernel, type Kernel, pack, VERIFY_FLAGS } from '../../src/index.js';
import { openKernelLibrary } from '../../src/paths/kernel-library.js';
import type { NativeReport } from '../../src/paths/native-addon.js';
import { settingsOf } from '../../src/paths/settings.js';
import { type Drive, FULL_RATE } from '../../src/verify/scenario.js';
import { patternOf } from '../../src/verify/stall-pattern.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { testSeed } from '../support/seed.js';
import { tally, twoSums } from './kernels.js';

const missing = await missingVerilatorPath();

describe('patternOf', () => {
  test('draws about as many stalls and bubbles as the chances say', () => {
    const drive = { ...FULL_RATE, stall: 0.25 * 65_536, bubble: 0.75 * 65_536, seed: 3 };
    const pattern = patternOf(drive, 20_000, 2);
    const share = (bit: number): number =>
      pattern.filter((bits) => ((bits >> bit) & 1) !== 0).length / 20_000;
    expect(share(0)).toBeCloseTo(0.25, 1);
    expect(share(1)).toBeCloseTo(0.75, 1);
    expect(share(2)).toBeCloseTo(0.75, 1);
    expect(share(3)).toBe(0);
  });

  test('leaves a pattern that is written down as it is', () => {
    const pattern = Uint8Array.of(1, 0, 3);
    expect(patternOf({ ...FULL_RATE, pattern }, 100, 1)).toBe(pattern);
  });

  test('fits many inputs into a byte', () => {
    const drive = { ...FULL_RATE, bubble: 65_535, seed: 1 };
    expect(patternOf(drive, 50, 9).every((bits) => bits === 0x7e)).toBe(true);
  });
});

describeUnless(missing, 'stalls and bubbles of the driver', () => {
  /** What a run leaves to compare, without host times. */
  async function run<I, O>(
    kernel: Kernel<I, O>,
    messages: readonly I[],
    drive: Drive,
  ): Promise<Partial<NativeReport> & { readonly resultCycles: readonly bigint[] }> {
    const build = await buildKernel(kernel, { flags: VERIFY_FLAGS });
    const model = openKernelLibrary(kernel.name, build).createModel({ seed: 1n, monitors: true });
    try {
      const settings = settingsOf(kernel, build.fit);
      if (settings) await model.configure(Uint32Array.from(settings)).promise;
      const results = new Uint8Array(messages.length * 4);
      const resultCycles = new BigUint64Array(messages.length);
      const { hostNs: _, ...report } = await model.run({
        ...pack(kernel.input, messages),
        resultBytes: 4,
        results,
        noProgressCycles: 10_000,
        bubble: drive.bubble,
        stall: drive.stall,
        stimulusSeed: BigInt(drive.seed),
        isolate: drive.isolate,
        resetAt: drive.resetAt,
        ...(drive.pattern ? { pattern: drive.pattern } : {}),
        resultCycles,
      }).promise;
      return { ...report, resultCycles: [...resultCycles] };
    } finally {
      await model.close(false);
    }
  }

  const DRIVES: readonly (readonly [string, Partial<Drive>])[] = [
    ['stalls', { stall: 30_000 }],
    ['bubbles', { bubble: 50_000 }],
    ['both', { stall: 64_000, bubble: 6_000 }],
    ['both, one message at a time', { stall: 20_000, bubble: 20_000, isolate: true }],
    ['both, with a reset', { stall: 20_000, bubble: 20_000, resetAt: 33 }],
  ];

  test.each(DRIVES)('%s are the same drawn and written down', async (_name, patch) => {
    const random = new Random(testSeed());
    const drive: Drive = { ...FULL_RATE, seed: random.below(2 ** 31), ...patch };
    const messages = random.messages(40, 30);
    await isSame(tally('none'), messages, drive, 1);
  });

  test('each of several inputs has its own bubbles', async () => {
    const random = new Random(testSeed());
    const drive: Drive = {
      ...FULL_RATE,
      seed: random.below(2 ** 31),
      stall: 20_000,
      bubble: 40_000,
    };
    const messages = Array.from({ length: 20 }, () => {
      const [a, b] = random.messages(2, 30) as [Uint8Array, Uint8Array];
      return { a, b };
    });
    await isSame(twoSums(), messages, drive, 2);
    const onlyB = patternOf(drive, 5_000, 2).map((bits) => bits & 4);
    const held = await run(twoSums(), messages, { ...FULL_RATE, pattern: onlyB });
    const free = await run(twoSums(), messages, FULL_RATE);
    expect(held.inBubbles).toBeGreaterThan(0);
    expect(held.cycles).toBeGreaterThan(free.cycles ?? 0);
  });

  async function isSame<I, O>(
    kernel: Kernel<I, O>,
    messages: readonly I[],
    drive: Drive,
    inputs: number,
  ): Promise<void> {
    const drawn = await run(kernel, messages, drive);
    const pattern = patternOf(drive, (drawn.cycles ?? 0) + 1, inputs);
    const written = await run(kernel, messages, { ...drive, bubble: 0, stall: 0, pattern });
    expect(written).toEqual(drawn);
    expect(drive.stall > 0 ? drawn.outStalls : drawn.inBubbles).toBeGreaterThan(0);
  }
});
