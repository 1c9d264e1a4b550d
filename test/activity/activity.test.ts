import { expect, test } from 'vitest';
import {
  type ActivityFigures,
  buildKernel,
  classify,
  crc,
  defineKernel,
  FAST_FLAGS,
  type Kernel,
  literalMatch,
  type Offloaded,
  type OffloadOptions,
  offload,
  recordFilter,
  sha1,
  sha256,
  siphash,
  uint8,
} from '../../src/index.js';
import { VerilatorPath } from '../../src/paths/verilator.js';
import { thrown } from '../support/errors.js';
import { hdl } from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { testSeed } from '../support/seed.js';

const missing = await missingVerilatorPath();

/** One byte in, the same out, in one cycle each, beside bits of which every change is known. */
function probe(parameters: Readonly<Record<string, number>> = {}): Kernel<number, number> {
  return defineKernel({
    name: 'activity-probe',
    rtl: { top: 'activity_probe', sources: [hdl('activity/activity_probe.v')], parameters },
    input: uint8(),
    output: uint8(),
    golden: (byte) => byte,
  });
}

function tree(): Kernel<number, number> {
  return defineKernel({
    name: 'activity-tree',
    rtl: { top: 'activity_tree', sources: [hdl('activity/activity_tree.v')] },
    input: uint8(),
    output: uint8(),
    golden: (byte) => byte,
  });
}

function twoClocks(ratio: number): Kernel<number, number> {
  return defineKernel({
    name: 'activity-clocks',
    rtl: {
      top: 'activity_clocks',
      sources: [hdl('activity/activity_clocks.v')],
      ports: { clocks: { clk_fast: ratio } },
    },
    input: uint8(),
    output: uint8(),
    golden: (byte) => byte,
  });
}

/** Bytes of which all bits change from each to the next. */
const alternating = (n: number): number[] => Array.from({ length: n }, (_, i) => (i & 1) * 0xff);

const EVERY_CYCLE = { path: 'verilator', activity: { everyCycles: 1 } } as const;

/** What a batch adds to the activity of a handle: sampled cycles and toggles. */
async function countsOf<I>(handle: Offloaded<I, unknown>, messages: readonly I[]) {
  const counts = () => {
    const { activity } = handle.stats();
    return {
      cycles: activity?.sampledCycles.value ?? 0,
      registers: activity?.registers.toggles.value ?? 0,
      nets: activity?.nets.toggles.value ?? 0,
    };
  };
  const before = counts();
  await handle.batch(messages);
  const after = counts();
  return {
    cycles: after.cycles - before.cycles,
    registers: after.registers - before.registers,
    nets: after.nets - before.nets,
  };
}

const rateOf = (figures: ActivityFigures | undefined): number =>
  figures?.perBitPerCycle.value ?? Number.NaN;

/** Toggles of an 8-bit counter that goes round once, and of the registers that change all their bits every cycle. */
const COUNTER_ROUND = 256 + 128 + 64 + 32 + 16 + 8 + 4 + 2;
const ALWAYS_BITS = 33;

describeUnless(missing, 'activity of a core whose changes are known', () => {
  test('is exact where every cycle is looked at', async () => {
    await using handle = await offload(probe(), EVERY_CYCLE);
    // Until the shift register holds no bit from before.
    await handle.batch(alternating(64));
    // 257 cycles, 256 steps from one to the next.
    const counts = await countsOf(handle, alternating(257));
    expect(counts.cycles).toBe(256);
    expect(counts.registers).toBe(COUNTER_ROUND + 256 * ALWAYS_BITS);
    expect(counts.nets).toBe(256 * 8);

    const { activity } = handle.stats();
    expect(activity?.registers.bits).toEqual({ value: 57, unit: 'bits', provenance: 'simulated' });
    expect(activity?.clocks.map(({ name, bits }) => [name, bits.value])).toEqual([['clk', 57]]);
    // One word of 8 bits in each cycle.
    expect(activity?.memories.bits.value).toBe(128);
    expect(activity?.memories.sampledCycles.value).toBeGreaterThan(10);
    expect(rateOf(activity?.memories)).toBe(8 / 128);
  });

  test.each([
    ['one evaluation a cycle', {}],
    ['two', { flags: { ...FAST_FLAGS, evaluateOnce: false } }],
    ['the general driver', { monitors: true }],
  ] as const)('is exact with %s', async (_, options: OffloadOptions) => {
    await using handle = await offload(probe({ REGISTERED: 1 }), { ...EVERY_CYCLE, ...options });
    await handle.batch(alternating(64));
    const counts = await countsOf(handle, alternating(256));
    expect(counts.cycles).toBe(256);
    // data_q takes the last byte of the batch before as its first; valid_q rises.
    expect(counts.registers).toBe(COUNTER_ROUND + 256 * ALWAYS_BITS + 256 * 8 + 1);
    // In the last cycle the input stays, its valid and what follows from it go, and `mix` changes for the only time.
    expect(counts.nets).toBe(255 * 8 + NETS_OF_VALID + 8);

    // Two bytes alike, two of the other kind: `mix` changes in every cycle, the input in every second.
    const pairs = Array.from({ length: 256 }, (_, i) => ((i >> 1) & 1) * 0xff);
    const mixed = await countsOf(handle, pairs);
    expect(mixed.nets).toBe(127 * 8 + NETS_OF_VALID + 255 * 8);
  });

  test('does not fall into step with a counter that goes round in as many cycles', async () => {
    await using handle = await offload(probe(), { ...EVERY_CYCLE, activity: { everyCycles: 64 } });
    await handle.batch(alternating(64));
    const { cycles, registers } = await countsOf(handle, alternating(64 * 4_000));
    expect(cycles).toBeGreaterThan(3_990);
    expect(cycles).toBeLessThanOrEqual(4_000);
    // In step, it would see one place of the round only: any whole number from 1 to 8.
    expect(registers / cycles - ALWAYS_BITS).toBeGreaterThan(1.9);
    expect(registers / cycles - ALWAYS_BITS).toBeLessThan(2.1);
  });

  test('goes on over batches that are shorter than a window', async () => {
    await using handle = await offload(probe(), { ...EVERY_CYCLE, activity: { everyCycles: 8 } });
    for (let i = 0; i < 400; i++) await handle.batch(alternating(5));
    const { activity, cycles } = handle.stats();
    const sampled = activity?.sampledCycles.value ?? 0;
    // A pair that is cut in two by the end of a batch is lost: one of five.
    expect(sampled / ((cycles?.cycles.value ?? 0) / 8)).toBeGreaterThan(0.6);
    expect(rateOf(activity?.registers)).toBeCloseTo((ALWAYS_BITS + 2) / 57, 1);
  });

  test('reaches into modules that are classes of their own', async () => {
    await using handle = await offload(tree(), EVERY_CYCLE);
    const counts = await countsOf(handle, alternating(257));
    expect(handle.stats().activity?.registers.bits.value).toBe(16);
    expect(counts.registers).toBe(2 * COUNTER_ROUND);
  });

  test('counts the registers of each clock in its own cycles', async () => {
    await using handle = await offload(twoClocks(4), EVERY_CYCLE);
    await handle.batch(alternating(4_096));
    const clocks = handle.stats().activity?.clocks ?? [];
    expect(clocks.map(({ name, bits }) => [name, bits.value])).toEqual([
      ['clk', 4],
      ['clk_fast', 12],
    ]);
    const [slow, fast] = clocks.map(({ sampledCycles }) => sampledCycles.value);
    expect((fast ?? 0) / (slow ?? 0)).toBeCloseTo(4, 2);
    expect(rateOf(clocks[0])).toBeCloseTo(1.875 / 4, 2);
    expect(rateOf(clocks[1])).toBeCloseTo((2 - 2 ** -11) / 12, 3);
  });
});

/** Ports and wires that change once in a batch: tvalid of the source, and what the last byte of it reaches. */
const NETS_OF_VALID = 2;

describeUnless(missing, 'the setting', () => {
  test('is off by default, and leaves the cycles as they are', async () => {
    const messages = new Random(testSeed()).messages(500, 200);
    await using plain = await offload(sha256(), { path: 'verilator' });
    await using counted = await offload(sha256(), { path: 'verilator', activity: true });
    expect(await plain.batch(messages)).toEqual(await counted.batch(messages));
    expect(plain.stats().activity).toBeNull();
    expect(counted.stats().activity?.sampledCycles.value).toBeGreaterThan(0);
    const withoutTime = ({ cycles }: ReturnType<typeof plain.stats>) => cycles;
    expect(withoutTime(counted.stats())).toEqual(withoutTime(plain.stats()));
  });

  test('is null on the javascript path', async () => {
    await using handle = await offload(sha256(), { path: 'javascript', activity: true });
    await handle(new Uint8Array(3));
    expect(handle.stats().activity).toBeNull();
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 31])(
    'refuses a sample every %s cycles',
    async (everyCycles) => {
      const open = offload(probe(), { path: 'verilator', activity: { everyCycles } });
      await expect(open).rejects.toMatchObject({
        code: 'ERR_RTLIFT_INVALID_ARG',
        details: { arg: 'activity' },
      });
    },
  );

  test('is refused where nothing is known of the registers', async () => {
    const build = { ...(await buildKernel(probe())), activity: null };
    const open = (activity: boolean) =>
      VerilatorPath.openBuild(probe(), build, undefined, { activity });
    expect(thrown('ERR_RTLIFT_TOOL_MISSING', () => open(true)).details.tool).toBe('verilator');
    const path = open(false);
    expect((await path.run([1, 2])).activity).toBeNull();
    await path.close();
  });

  test('counts two models at once apart', async () => {
    const counted = async (kernel: Kernel<number, number>, rounds: number) => {
      await using handle = await offload(kernel, EVERY_CYCLE);
      for (let i = 0; i < rounds; i++) await handle.batch(alternating(257));
      return handle.stats().activity;
    };
    const alone = [await counted(probe(), 20), await counted(tree(), 20)];
    const together = await Promise.all([
      counted(probe(), 20),
      counted(tree(), 20),
      counted(probe(), 20),
    ]);
    expect(together).toEqual([alone[0], alone[1], alone[0]]);
  });
});

describeUnless(missing, 'activity of the built-in kernels', () => {
  test('half of the bits of the SHA-256 pipeline change in a cycle of random blocks', async () => {
    const random = new Random(testSeed());
    const messages = Array.from({ length: 20_000 }, () => random.bytes(55));
    const handle = await offload(sha256({ architecture: 'pipelined' }), {
      path: 'verilator',
      activity: { everyCycles: 8 },
    });
    await handle.batch(messages);
    const registers = handle.stats().activity?.registers;
    await handle.close();
    expect(registers?.bits.value).toBeGreaterThan(49_000);
    expect(rateOf(registers)).toBeGreaterThan(0.4);
    expect(rateOf(registers)).toBeLessThan(0.55);
  });

  const ORDERS = {
    recordBytes: 36,
    fields: { price: { offset: 32, bytes: 4, endian: 'big' } },
    rules: [{ field: 'price', is: '<', value: 0x80000000 }],
  } as const;
  const BUILT_IN: readonly (readonly [string, () => Kernel<Uint8Array, unknown>, number])[] = [
    ['sha256', () => sha256(), 100],
    ['sha1', () => sha1(), 100],
    ['siphash', () => siphash(new Uint8Array(16).fill(0x5a)), 24],
    ['crc', () => crc('crc-32'), 200],
    ['classify', () => classify(), 200],
    ['recordFilter', () => recordFilter(ORDERS), 36],
    ['literalMatch', () => literalMatch(['viagra', 'lottery', 'a']), 200],
  ];
  test.each(BUILT_IN)('%s', async (_, kernel, size) => {
    const random = new Random(testSeed());
    const messages = Array.from({ length: 2_000 }, () => random.bytes(size));
    await using handle = await offload(kernel(), { path: 'verilator', activity: true });
    await handle.batch(messages);
    const activity = handle.stats().activity;
    expect(activity?.sampledCycles.value).toBeGreaterThan(10);
    expect(activity?.registers.bits.value).toBeGreaterThan(500);
    for (const figures of [activity?.registers, activity?.nets]) {
      expect(rateOf(figures)).toBeGreaterThan(0);
      expect(rateOf(figures)).toBeLessThan(1);
    }
    expect(activity?.misses.join('\n')).toContain('glitches');
  });
});
