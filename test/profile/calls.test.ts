import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallProfileReport, parseCallProfile, profile } from '../../src/index.js';
import { BatchWindows, batchOfWindows } from '../../src/profile/calls/arrivals.js';
import { Histogram, quantileOf } from '../../src/profile/calls/histogram.js';
import { CallRecorder } from '../../src/profile/calls/recorder.js';

describe('profile()', () => {
  test('passes this, arguments, results, errors and what hangs on the function', () => {
    const operation = Object.assign(
      function add(this: { base: number }, a: Uint8Array, b: number): number {
        if (b < 0) throw new RangeError(`${b}`);
        return this.base + a.length + b;
      },
      { flavour: 'plain' },
    );
    const wrapped = profile(operation);
    expect(wrapped.call({ base: 100 }, new Uint8Array(3), 4)).toBe(107);
    expect(() => wrapped.call({ base: 0 }, new Uint8Array(1), -1)).toThrow(RangeError);
    expect([wrapped.name, wrapped.length, wrapped.flavour]).toEqual(['add', 2, 'plain']);
    const { calls, errors, bytes, name } = wrapped.profile.report();
    expect([name, calls.value, errors.value, bytes.value]).toEqual(['add', 2, 1, 4]);
  });

  test('counts sizes of bytes, strings and what bytesOf says, and calls without a size', () => {
    const any = profile((_: unknown) => 0);
    any('grün');
    any(new Uint16Array(4));
    any(new ArrayBuffer(7));
    any(42);
    const report = any.profile.report();
    expect(report.sizes?.buckets.map(({ low, count }) => [low, count])).toEqual([
      // By length: ASCII is as long in bytes, other text longer.
      [4, 1],
      [7, 1],
      [8, 1],
    ]);
    expect(report.unsized.value).toBe(1);
    const asked = profile((of: { length: number }) => of.length, {
      bytesOf: (of) => {
        if (of.length === 13) throw new Error('unlucky');
        return of.length - 2;
      },
    });
    expect([13, 1, 10].map((length) => asked({ length }))).toEqual([13, 1, 10]);
    expect(asked.profile.report()).toMatchObject({ unsized: { value: 2 }, bytes: { value: 8 } });
  });

  test('follows promises: concurrency, waiting, rejections as they were', async () => {
    const gates: (() => void)[] = [];
    const wait = profile(async (fails: boolean) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      if (fails) throw new Error('no');
      return 'yes';
    });
    const all = [wait(false), wait(true), wait(false)];
    for (const open of gates) open();
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((outcomes[1] as PromiseRejectedResult).reason).toEqual(new Error('no'));
    const { concurrency, waited, errors } = wait.profile.report();
    expect([concurrency.max.value, errors.value]).toEqual([3, 1]);
    expect(waited?.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  test('hides no rejection that nobody handles', async () => {
    const seen: unknown[] = [];
    const listener = (reason: unknown) => seen.push(reason);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listener);
    try {
      const fails = profile(async () => {
        throw new Error('lost');
      });
      void fails();
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      process.off('unhandledRejection', listener);
      for (const other of others) process.on('unhandledRejection', other);
    }
    expect(seen).toEqual([new Error('lost')]);
  });

  test('leaves other thenables alone: they may do their work only when asked', () => {
    let asked = 0;
    const lazy = Object.fromEntries([['then', () => asked++]]);
    expect(profile(() => lazy)()).toBe(lazy);
    expect(asked).toBe(0);
  });

  test('counts nothing while off', () => {
    const off = profile((of: Uint8Array) => of.length, { enabled: false });
    expect(off(new Uint8Array(5))).toBe(5);
    expect([off.profile.isOn, off.profile.report().calls.value]).toEqual([false, 0]);
    off.profile.start();
    off(new Uint8Array(5));
    off.profile.stop();
    off(new Uint8Array(5));
    const stopped = off.profile.report();
    expect(stopped.calls.value).toBe(1);
    expect(off.profile.report().span.value).toBe(stopped.span.value);
  });

  test('has no span and no rate where it never began', async () => {
    const never = profile((of: Uint8Array) => of.length, { enabled: false });
    never.profile.reset();
    const fresh = profile((of: Uint8Array) => of.length, { enabled: false });
    const { span, callsPerSecond, cpu } = fresh.profile.report();
    expect([span.value, callsPerSecond.value, cpu.process.value, cpu.share]).toEqual([
      0,
      0,
      0,
      null,
    ]);
    expect(never.profile.report().span.value).toBe(0);
    const read = await parseCallProfile(JSON.parse(JSON.stringify(fresh.profile.report())), 'f');
    expect(read.calls.value).toBe(0);
  });

  test.each([
    [null, 'options'],
    [{ bytesOf: 3 }, 'bytesOf'],
    [{ name: 3 }, 'name'],
    [{ enabled: 'no' }, 'enabled'],
  ])('options %j are refused', (options, arg) => {
    expect(() => profile(() => 0, options as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_RTLIFT_INVALID_ARG',
        details: expect.objectContaining({ arg }),
      }),
    );
  });

  test('a report survives JSON, and a broken one is refused with the field', async () => {
    const wrapped = profile((of: Uint8Array) => of.length, { name: 'length' });
    for (let i = 0; i < 1000; i++) wrapped(new Uint8Array(i));
    const report = wrapped.profile.report();
    const read = await parseCallProfile(JSON.parse(JSON.stringify(report)), 'file');
    expect(read).toEqual(report);
    const broken = { ...report, calls: { value: 'many' } } as unknown as CallProfileReport;
    await expect(parseCallProfile(broken, 'p.json')).rejects.toMatchObject({
      code: 'ERR_RTLIFT_INVALID_PROFILE',
      details: { file: 'p.json', field: 'calls.value' },
    });
  });

  test('takes functions only', () => {
    expect(() => profile(null as never)).toThrow(
      expect.objectContaining({ code: 'ERR_RTLIFT_INVALID_ARG' }),
    );
  });

  test('times one call in sixteen, in runs', () => {
    const recorder = new CallRecorder(5);
    recorder.start();
    const calls = 2_000_000;
    let timed = 0;
    let runs = 0;
    let wasTimed = false;
    for (let i = 0; i < calls; i++) {
      const isTimed = recorder.enter(64) >= 0;
      if (isTimed) timed++;
      if (isTimed && !wasTimed) runs++;
      wasTimed = isTimed;
      recorder.active--;
    }
    expect(timed / calls).toBeGreaterThan(1 / 20);
    expect(timed / calls).toBeLessThan(1 / 13);
    expect(timed / runs).toBeGreaterThan(200);
  });
});

describe('the share of the CPU', () => {
  test('leaves out the time in which something else ran', async () => {
    const { callReport } = await import('../../src/profile/calls/report.js');
    const recorder = new CallRecorder(1);
    recorder.start();
    for (let i = 0; i < 1000; i++) recorder.enter(8);
    for (let i = 0; i < 999; i++) recorder.hostTimes.add(1000);
    recorder.hostTimes.add(50_000_000);
    const { cpu, hostTime } = callReport('made up', recorder);
    expect(cpu.own?.value).toBe(1000 * 1000);
    // The distribution keeps it.
    expect(hostTime?.mean.value).toBe(50_999);
  });
});

describe('Histogram', () => {
  test('keeps every value in a bucket that is narrow and holds it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2 ** 47, noNaN: true }), (value) => {
        const histogram = new Histogram();
        histogram.add(value);
        const [bucket] = histogram.buckets();
        expect(bucket?.low).toBeLessThanOrEqual(value);
        expect(bucket?.high).toBeGreaterThan(value - 1);
        expect((bucket?.high ?? 0) + 1 - (bucket?.low ?? 0)).toBeLessThanOrEqual(
          Math.max(1, (bucket?.low ?? 0) / 8),
        );
      }),
    );
  });

  test('gives quantiles within a bucket', () => {
    const histogram = new Histogram();
    for (let i = 1; i <= 10_000; i++) histogram.add(i);
    expect(histogram.mean).toBe(5000.5);
    expect(quantileOf(histogram.buckets(), 0.9) / 9000).toBeCloseTo(1, 1);
  });
});

describe('batches that would form', () => {
  test('bursts of 16 every 5 ms make batches of 16 within 1 ms, and of two bursts within 10 ms', () => {
    const windows = new BatchWindows();
    for (let episode = 0; episode < 50; episode++) {
      windows.begin();
      for (let i = 0; i < 256; i++)
        windows.arrive((i >> 4) * 5e6 + (i & 15) * 100 + 1e12 * episode);
    }
    const within = (delayNs: number) => {
      const count = windows.counts().find((each) => each.delayNs === delayNs);
      return batchOfWindows(count as NonNullable<typeof count>, 3200).value;
    };
    expect(within(1e6)).toBeGreaterThan(15.5);
    expect(within(1e6)).toBeLessThan(16.6);
    // Those at 0 and 5 ms, and the first call of the one at 10 ms.
    expect(within(1e7)).toBeGreaterThan(31);
    expect(within(1e7)).toBeLessThan(36);
  });

  test('where no window closes in a run, the rate says how many come', () => {
    const batch = batchOfWindows({ delayNs: 1e8, windows: 4, calls: 1024, episodes: 4 }, 1e6);
    expect(batch).toMatchObject({ low: 256, value: 100_001 });
  });
});
