import { describe, expect, test } from 'vitest';
import { batchBreakEven, rateBreakEven } from '../../src/advise/break-even.js';
import { amdahl, independentRatio } from '../../src/advise/place.js';
import { type Advice, advise, type Figure, type PlaceAdvice } from '../../src/index.js';
import { hostOf, onF2 } from './host.js';

const exactly = (value: number) => ({ low: value, value, high: value });
const figure = (value: number, low = value, high = value): Figure => ({
  value,
  low,
  high,
  unit: 'ns',
  provenance: 'measured',
});
const placeOf = ({ places }: Advice, link: string): PlaceAdvice =>
  places.find((place) => place.link === link) as PlaceAdvice;

describe('break-evens', () => {
  test('a rate: watts at rest over the joules that software takes more', () => {
    // 10 W / (3 J - 1 J) = 5/s.
    const cost = (idle: number, work: number) => (rate: number) => exactly(idle / rate + work);
    const even = rateBreakEven(exactly(3), cost(10, 1), 100);
    expect(even.at?.value).toBeCloseTo(5, 6);
    expect([even.at?.low, even.at?.high]).toEqual([even.at?.value, even.at?.value]);
    const beyond = rateBreakEven(exactly(3), cost(10, 1), 4);
    expect(beyond).toMatchObject({ at: null, why: expect.stringContaining('1.17 times') });
    const hopeful = rateBreakEven({ low: 1, value: 1, high: 9 }, cost(10, 2), 1e9);
    expect(hopeful).toMatchObject({ at: null, why: expect.stringContaining('at its best') });
    expect(rateBreakEven(exactly(1), null, 100).at).toBe(null);
  });

  test('a rate: batches that grow with it count', async () => {
    // One by one a call takes 2 us of the host, more than the work; in batches far less.
    const { figures } = placeOf(
      await advise({ messagesPerSecond: 10, sizes: 200 }, onF2('siphash', { siphash: 1500 })),
      'sde',
    );
    expect(figures?.gain.hostTime.value).toBeLessThan(1);
    expect(figures?.breakEven.hostTime.at?.value).toBeGreaterThan(1);
    expect(figures?.breakEven.energy.at?.value).toBeGreaterThan(100_000);
  });

  test('a batch: the smallest at which a message takes no longer', () => {
    const each = (batch: number) => exactly(100 + 10_000 / batch);
    expect(batchBreakEven(figure(200), 4096, each).at?.value).toBe(100);
    expect(batchBreakEven(figure(50), 4096, each).at).toBe(null);
  });

  test('at the rate of a break-even both take the same energy and price', async () => {
    const software = { 'V8 RegExp': 600_000 };
    const ask = (messagesPerSecond: number) =>
      // A delay of nothing: batches of one at any rate, so that only the rate changes.
      advise({ messagesPerSecond, sizes: 5400 }, onF2('literalMatch', software, { delayMs: 0 }));
    const before = placeOf(await ask(1000), 'sde');
    const even = before.figures?.breakEven.energy.at?.value ?? 0;
    expect(even).toBeGreaterThan(1000);
    const there = placeOf(await ask(even), 'sde');
    expect(there.figures?.gain.energy.value).toBeCloseTo(1, 6);
    const price = before.figures?.breakEven.price.at?.value ?? 0;
    expect(placeOf(await ask(price), 'sde').figures?.gain.price?.value).toBeCloseTo(1, 6);
  });
});

describe('gains and shares', () => {
  test('Amdahl: a tenth of a half leaves 0.55 of the whole', () => {
    const whole = amdahl(figure(0.5), exactly(0.1));
    expect(whole.value).toBeCloseTo(1 / 0.55, 10);
    const loose = amdahl(figure(0.5, 0.4, 0.6), { low: 0.05, value: 0.1, high: 2 });
    expect(loose.low).toBeCloseTo(1 / (0.4 + 0.6 * 2), 10);
    expect(loose.high).toBeCloseTo(1 / (0.4 + 0.6 * 0.05), 10);
  });

  test('errors of both sides add as squares of logarithms', () => {
    const ratio = independentRatio({ low: 5, value: 10, high: 20 }, { low: 1, value: 2, high: 4 });
    expect(ratio.value).toBe(5);
    const spread = Math.exp(Math.hypot(Math.log(2), Math.log(2)));
    expect(ratio.low).toBeCloseTo(5 / spread, 10);
    expect(ratio.high).toBeCloseTo(5 * spread, 10);
  });
});

describe('figures of a place', () => {
  test('carry ranges that hold the value, units and provenance', async () => {
    const advice = await advise(
      { messagesPerSecond: 50_000, sizes: [100, 300], cpuShare: 0.3 },
      { ...onF2('sha256', { createHash: 900 }), devices: ['xcvu47p', 'ecp5-85k'] },
    );
    const figures: Figure[] = [];
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('provenance' in value && 'unit' in value) figures.push(value as Figure);
      for (const each of Object.values(value)) walk(each);
    };
    walk(advice);
    expect(figures.length).toBeGreaterThan(100);
    for (const { value, low = value, high = value } of figures) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(Number.isFinite(high)).toBe(true);
    }
    // Plain data.
    expect(JSON.parse(JSON.stringify(advice))).toEqual(advice);
  });

  test('energy and price fall with the rate, host time with the batch', async () => {
    const at = async (messagesPerSecond: number) =>
      placeOf(
        await advise({ messagesPerSecond, sizes: 200 }, onF2('sha256', { createHash: 900 })),
        'sde',
      ).figures;
    const [slow, fast] = [await at(100), await at(100_000)];
    expect(slow?.energy.value).toBeGreaterThan(500 * (fast?.energy.value ?? 0));
    expect(slow?.price?.value).toBeGreaterThan(500 * (fast?.price?.value ?? 0));
    expect(slow?.hostTime.value).toBeGreaterThan(2 * (fast?.hostTime.value ?? 0));
    expect(slow?.batch.value).toBe(1);
  });

  test('a share of the CPU alone bounds the whole service, and says no more', async () => {
    const { places, software, notes } = await advise(
      { messagesPerSecond: 50_000, sizes: 200, cpuShare: 0.6 },
      onF2('sha256', { createHash: 900 }),
    );
    const whole = [...software, ...places.map(({ figures }) => figures)];
    expect(whole.map((each) => each?.wholeService)).toEqual(whole.map(() => null));
    expect(notes.join()).toContain('at most 2.50 times as much');
  });

  test('the right size is the least that keeps up with the link', async () => {
    // 8 x 2.5 GB/s of the window would need all lanes; USB takes one.
    const onUsb = await advise(
      { messagesPerSecond: 1000, sizes: 200 },
      { ...onF2('siphash', { siphash: 200 }), devices: ['ecp5-85k'] },
    );
    expect(placeOf(onUsb, 'usb').rightSize).toMatchObject({
      parameter: 'LANES',
      value: 1,
      saturates: true,
    });
    const lut = placeOf(onUsb, 'usb').rightSize?.lut;
    // Scaled from 8 lanes: 7,843 LUT, 3,264 more that hold memories, 2,312 of carry chains.
    expect(lut?.value).toBe(Math.ceil((7843 + 3264 + 2312) / 8));
    expect(lut?.provenance).toBe('modelled');
    const onCard = await advise(
      { messagesPerSecond: 1000, sizes: 4096 },
      onF2('sha256', { createHash: 9000 }),
    );
    const { rightSize } = placeOf(onCard, 'pcim');
    expect(rightSize?.value).toBeGreaterThan(8);
  });

  test.each([
    ['literalMatch', 'mmio'],
    ['classify', 'usb'],
  ])(
    'the right size of %s is a width: 16 bytes through the window, 8 through %s',
    async (kernel, slow) => {
      const advice = await advise(
        { messagesPerSecond: 1000, sizes: 5400 },
        { ...onF2(kernel, { software: 9000 }), devices: ['xcvu47p', 'ecp5-85k'] },
      );
      const [wide, least] = [placeOf(advice, 'pcim'), placeOf(advice, slow)].map(
        ({ rightSize }) => rightSize,
      );
      expect(wide).toMatchObject({ parameter: 'DATA_BYTES', value: 16 });
      // A beat a cycle, and little beside.
      expect(wide?.cyclesPerMessage.value).toBeCloseTo(5400 / 16, -1);
      expect(wide?.note).toMatch(/scaled by|synthesised/);
      expect(least).toMatchObject({ parameter: 'DATA_BYTES', value: 8, saturates: true });
    },
  );

  test('a worker pool has the cores that are left, and pays for passing', async () => {
    const load = { messagesPerSecond: 10_000, sizes: 5400 };
    const { pool } = await advise(load, onF2('literalMatch', { 'byte DFA': 18_000 }));
    expect(pool?.workers).toBe(7);
    expect(pool?.capacity.value).toBeCloseTo(7e9 / 18_000, -2);
    // Batches of 11 within a millisecond.
    expect(pool?.hostTime.value).toBeCloseTo(150 + 5000 / 11, 3);
    const alone = await advise(load, onF2('literalMatch', { 'byte DFA': 18_000 }, { cores: 1 }));
    expect(alone.pool).toBe(null);
  });

  test.each([
    [{ delayMs: -1 }, 'delayMs'],
    [{ devices: ['nothing'] }, 'device'],
    [{ devices: [] }, 'devices'],
    [{ links: ['carrier pigeon'] }, 'links'],
    [{ links: [] }, 'links'],
    [{ maxCards: Number.NaN }, 'maxCards'],
    [{ maxCards: 0.5 }, 'maxCards'],
    [{ cores: 0 }, 'cores'],
    [{ overMs: -1 }, 'overMs'],
    [{ goal: 'fame' as never }, 'goal'],
    [{ measured: { ...hostOf({ a: 1 }), packing: null as never } }, 'measured'],
    [{ kernel: 'md5' }, 'kernel'],
    [{ patterns: 0, kernel: 'literalMatch' }, 'patterns'],
    [{ measured: hostOf({}) }, 'measured'],
  ])('%j is refused', async (rest, arg) => {
    const asked = advise(
      { messagesPerSecond: 10, sizes: 10 },
      onF2('sha256', { createHash: 900 }, rest),
    );
    await expect(asked).rejects.toMatchObject({ code: 'ERR_RTLIFT_INVALID_ARG', details: { arg } });
  });

  test('sizes that the kernel does not take are refused with those it does', async () => {
    const asked = advise(
      { messagesPerSecond: 10, sizes: 37 },
      onF2('recordFilter', { closures: 90 }),
    );
    await expect(asked).rejects.toMatchObject({ details: { arg: 'sizes', got: 37 } });
  });
});
