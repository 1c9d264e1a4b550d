import { describe, expect, test } from 'vitest';
import { fitRelative } from '../../src/advise/cycles/least-squares.js';
import { documentedModel, fitModel } from '../../src/advise/cycles/model.js';
import { type LanesShape, laneCycles } from '../../src/advise/cycles/shape.js';
import { knownShape, streamOfWidth } from '../../src/advise/cycles/shapes.js';
import { batchCounter, cyclesOf } from '../../src/advise/cycles/simulate.js';
import { messageMaker } from '../../src/advise/messages.js';
import { crc, defineKernel, type Kernel, literalMatch, offload, sha256 } from '../../src/index.js';
import { Random } from '../../src/verify/random.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

const lanes = (count: number, rest: Partial<LanesShape> = {}): LanesShape => ({
  kind: 'lanes',
  lanes: count,
  depth: 4,
  owes: 2,
  isRing: false,
  units: (bytes) => Math.max(1, Math.ceil(bytes / 64)),
  appended: () => 0,
  documented: { perUnit: 66, perMessage: 0, fixed: 4 },
  ...rest,
});
const COSTS = { perUnit: 66, perMessage: 0, fixed: 4 };
const repeat = (count: number, bytes: number): number[] => new Array(count).fill(bytes);

describe('the recurrence over lanes', () => {
  test('one message takes its units one after the other, and so many as lanes side by side', () => {
    expect(laneCycles(lanes(16), COSTS, [64])).toBe(70);
    expect(laneCycles(lanes(16), COSTS, [640])).toBe(664);
    // One unit enters a cycle.
    expect(laneCycles(lanes(16), COSTS, repeat(16, 64))).toBe(85);
    expect(laneCycles(lanes(1), COSTS, repeat(10, 64))).toBe(664);
  });

  test('a message longer than a buffer holds the input back', () => {
    const deep = laneCycles(lanes(4, { depth: 1024 }), COSTS, repeat(8, 6400));
    const shallow = laneCycles(lanes(4, { depth: 2 }), COSTS, repeat(8, 6400));
    expect(shallow).toBeGreaterThan(3.5 * deep);
  });

  test('a lane that owes two results waits for those before', () => {
    // Lane 0 has the long one and little else, the others all the rest.
    const sizes = Array.from({ length: 32 }, (_, i) => (i === 0 ? 6400 : i % 4 === 0 ? 64 : 640));
    const owing = laneCycles(lanes(4, { depth: 1024 }), COSTS, sizes);
    const free = laneCycles(lanes(4, { depth: 1024, owes: 100 }), COSTS, sizes);
    expect(owing).toBeGreaterThan(1.4 * free);
  });

  test('on a ring a lane starts in its slot alone', () => {
    // The second message comes two cycles after the first, its slot one after: it waits for a whole turn.
    const units = () => 2;
    const costs = { ...COSTS, perUnit: 82, fixed: 5 };
    expect(laneCycles(lanes(16, { isRing: true, units }), costs, [64, 64])).toBe(252);
    expect(laneCycles(lanes(16, { units }), costs, [64, 64])).toBe(171);
  });
});

describe('fits', () => {
  test('find the costs that made the cycles of a stream', () => {
    const shape = streamOfWidth(8);
    const real = (sizes: readonly number[]): number =>
      13 + sizes.reduce((sum, bytes) => sum + 2 * Math.max(1, Math.ceil(bytes / 8)) + 3, 0);
    const count = (sizes: readonly number[]) => ({ sizes, cycles: real(sizes) });
    const fitted = [[0], repeat(64, 21), repeat(64, 64), repeat(32, 1000), [100, 16, 8, 70, 640]];
    const model = fitModel(shape, fitted.map(count), [count(repeat(77, 333))]);
    expect(model.predict(repeat(500, 47))).toBeCloseTo(real(repeat(500, 47)), 0);
    expect(model.error).toBe(0.002);
  });

  test('say by what they are off on batches that they were not fitted to', () => {
    const shape = streamOfWidth(8);
    const model = fitModel(shape, [{ sizes: [64], cycles: 20 }], [{ sizes: [64], cycles: 25 }]);
    expect(model.error).toBeCloseTo(0.2, 5);
  });

  test('leave out what would be negative', () => {
    expect(
      fitRelative(
        [
          [1, 1],
          [1, 2],
          [1, 3],
        ],
        [10, 9, 8],
        [0, 0],
      )[1],
    ).toBe(0);
  });

  test('every built-in kernel has documented rates', () => {
    for (const top of [
      'sha256',
      'sha1',
      'siphash',
      'crc',
      'record_filter',
      'literal_match',
      'classify',
    ]) {
      const shape = knownShape({ top, parameters: {} });
      expect(shape && documentedModel(shape).predict([64]), top).toBeGreaterThan(0);
    }
    expect(knownShape({ top: 'toString', parameters: {} })).toBe(null);
  });
});

describe('a kernel of one’s own', () => {
  test('has no documented cycles', async () => {
    const own = defineKernel({ ...crc('crc-32'), registers: () => new Uint32Array(), name: 'own' });
    const renamed = { ...own, rtl: { ...own.rtl, top: 'own' } };
    await expect(
      cyclesOf(renamed, messageMaker(renamed), { cycles: 'documented' }),
    ).rejects.toMatchObject({ code: 'ERR_RTLIFT_INVALID_ARG' });
  });
});

describeUnless(await missingVerilatorPath(), 'predicted against simulated cycles', () => {
  const random = new Random(99);
  const batches = {
    'one size': repeat(300, 200),
    'short ones': Array.from({ length: 400 }, () => random.below(256)),
    'all sizes': Array.from({ length: 150 }, () => random.below(4096)),
  };
  // biome-ignore lint/suspicious/noExplicitAny: kernels of unlike types.
  const kernels: readonly (readonly [string, Kernel<any, any>])[] = [
    ['sha256', sha256()],
    ['sha256, pipelined', sha256({ architecture: 'pipelined' })],
    ['crc', crc('crc-32')],
    ['literalMatch', literalMatch(['viagra', 'lottery'])],
  ];

  test.each(kernels)(
    '%s: within 2 % on sizes that it was not fitted on, and documented rates within 5 %',
    async (_, kernel) => {
      const make = messageMaker(kernel);
      const model = await cyclesOf(kernel, make, { cycles: 'simulate' });
      const byDocument = await cyclesOf(kernel, make, { cycles: 'documented' });
      expect([model.provenance, byDocument.provenance]).toEqual(['simulated', 'assumed']);
      const handle = await offload(kernel, { path: 'verilator' });
      try {
        const count = batchCounter(handle, make);
        await count([8]);
        for (const [what, sizes] of Object.entries(batches)) {
          const { cycles } = await count(sizes);
          expect(Math.abs(model.predict(sizes) / cycles - 1), what).toBeLessThan(0.02);
          expect(Math.abs(byDocument.predict(sizes) / cycles - 1), what).toBeLessThan(0.05);
        }
      } finally {
        await handle.close();
      }
    },
  );
});
