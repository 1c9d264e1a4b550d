import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { breakEvensOf, fixedCyclesOf } from '../../../src/bench/suite/break-even.js';
import { bestSoftware, comparePoint } from '../../../src/bench/suite/comparisons.js';
import { hostOf } from '../../../src/bench/suite/host.js';
import { hostFigures } from '../../../src/bench/suite/host-figures.js';
import {
  type Ground,
  projectPoint,
  type SimulatedPoint,
} from '../../../src/bench/suite/project-point.js';
import { cellsOf, synthesisOf } from '../../../src/bench/suite/synthesis.js';
import { deviceById } from '../../../src/devices/catalogue.js';
import { cpuProfile } from '../../../src/devices/cpu-profiles.js';
import { rangeOf, scale, toFigure } from '../../../src/devices/range.js';
import { figure } from '../../../src/figure.js';
import { byteSum } from '../../support/fixture-kernels.js';
import { temporaryFolder } from '../../support/folders.js';

const profile = cpuProfile('');
const F2 = deviceById('xcvu47p');
const ground: Ground = { profile, synthesis: [] };

function point(
  batch: number,
  cycles: number,
  rivals: Readonly<Record<string, number>>,
): SimulatedPoint {
  const place = { operation: 'sum', size: { name: '64 B', bytes: 64 }, batch };
  const measurement = (runner: string, ns: number) => ({
    ...place,
    runner,
    kind:
      runner === 'javascript' || runner === 'verilator' ? ('path' as const) : ('rival' as const),
    note: '',
    host: hostFigures(
      { batchNs: [ns * batch], bestRoundNs: ns * batch, cpuNsPerBatch: ns * batch, metered: null },
      batch,
      64,
      hostOf(profile),
      false,
    ),
    kernel: null,
  });
  return {
    ...place,
    measurements: Object.entries(rivals).map(([name, ns]) => measurement(name, ns)),
    workload: {
      bytesIn: 68 * batch,
      bytesOut: 4 * batch,
      cycles,
      stallCycles: 0,
      latencyCycles: 100,
      hostNsPerBatch: figure(10 * batch, 'ns', 'measured'),
      registerActivity: 0.2,
      netActivity: 0.15,
    },
    leftOut: [],
  };
}

describe('projections of a point', () => {
  test('are one for each link, of the payload, with what was assumed as the reason', () => {
    const projections = projectPoint(point(4096, 40_960, { native: 300 }), F2, ground);
    expect(projections.map(({ link }) => link)).toEqual(['mmio', 'pcim', 'sde', 'sde-16k']);
    for (const { fits, figures, reason } of projections) {
      expect(fits).toBeNull();
      expect(reason).toMatch(/^nobody synthesised it for AWS F2.*area not synthesised/);
      expect(reason).not.toMatch(/activity not counted|host not counted|packing.*not counted/);
      // 10 cycles a message at 250 MHz are 40 ns.
      expect(figures?.time.kernel.value).toBeCloseTo(40 * 4096, 3);
      expect(figures?.messagesPerSecond.unit).toBe('messages/s');
      // Not the four bytes of length that go with each.
      expect(figures?.bytesPerSecond.value).toBeCloseTo(
        64 * (figures?.messagesPerSecond.value ?? 0),
        0,
      );
      expect(figures?.time.total.low).toBeLessThanOrEqual(figures?.time.total.value ?? 0);
    }
  });

  test('are absent on a device that the kernel does not fit on', () => {
    const row = {
      kernel: 'sum',
      parameters: {},
      device: 'xcvu47p',
      fits: false,
      reason: '3,000,000 LUTs of 1,147,238',
      cells: null,
      fmax: null,
    };
    const [first] = projectPoint(point(16, 160, {}), F2, { profile, synthesis: [row] });
    expect(first).toMatchObject({ fits: false, reason: row.reason, figures: null });
    const [never] = breakEvensOf([point(16, 160, { native: 9 })], F2, {
      profile,
      synthesis: [row],
    });
    expect(never).toMatchObject({ batch: null, why: row.reason });
  });

  test('use cells and Fmax of the synthesis beside the first source, of these parameters', () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    const cells = { lut: 100, lutRam: 8, ff: 50, carry: 0, bram: 1, dsp: 0, srl: 2 };
    const rowOf = (bytes: number, mhz: number) => ({
      kernel: 'byte_sum',
      parameters: { DATA_BYTES: bytes },
      device: 'xcvu47p',
      fits: true,
      cells,
      fmax: { value: mhz, low: mhz, high: mhz, unit: 'MHz', provenance: 'synthesised' },
    });
    writeFileSync(
      join(folder, 'synthesis.json'),
      JSON.stringify({
        schema: 'rtlift-synthesis-1',
        rows: [rowOf(4, 50), rowOf(8, 130)].map((row) => ({ ...row, sourceHash: 'a' })),
      }),
    );
    const kernel = byteSum();
    const moved = { ...kernel, rtl: { ...kernel.rtl, sources: [join(folder, 'byte_sum.v')] } };
    const rows = synthesisOf(moved);
    expect(rows).toEqual([rowOf(8, 130)]);
    const [row] = rows;
    // The sum of a carry bit takes a LUT on ECP5, as in its area.
    const summed = row && { ...row, device: 'ecp5-85k', cells: { ...cells, carry: 40 } };
    expect(summed && cellsOf(summed)?.lut).toBe(148);
    expect(row && cellsOf({ ...row, cells: { ...cells, carry: 40 } })?.lut).toBe(108);
    expect(row && cellsOf(row)).toEqual({ lut: 108, ff: 50, carry: 0, bram: 1, dsp: 0, srl: 2 });
    const [projected] = projectPoint(point(16, 160, {}), F2, { profile, synthesis: rows });
    // The highest clock of the shell below 130 MHz.
    expect(projected?.figures?.clock.value).toBe(125);
    expect(projected?.fits).toBe(true);
    expect(projected?.reason).not.toMatch(/synthesised it|not synthesised/);
    expect(synthesisOf(kernel)).toEqual([]);
    const file = join(folder, 'synthesis.json');
    for (const text of ['{', '{"rows":[]}', '{"schema":"rtlift-synthesis-1","rows":[{}]}']) {
      writeFileSync(file, text);
      expect(() => synthesisOf(moved)).toThrow(/synthesis\.json: expected/);
    }
  });
});

describe('a comparison', () => {
  test('is with the fastest software, the golden model among it, the simulator not', () => {
    const { measurements } = point(16, 160, { verilator: 1, javascript: 40, slow: 90 });
    expect(bestSoftware(measurements)?.runner).toBe('javascript');
    expect(bestSoftware([])).toBeNull();
  });

  test('with software that other work put aside says so, and goes as low as its CPU time', () => {
    const at = point(4096, 40_960, { native: 300 });
    const [native] = at.measurements;
    if (!native) throw new Error('no measurement');
    const compare = (cpuNs: number) =>
      comparePoint(
        [{ ...native, host: { ...native.host, cpuNsPerMessage: figure(cpuNs, 'ns', 'measured') } }],
        projectPoint(at, F2, ground),
        profile,
      )[0];
    const [quiet, busy] = [compare(251), compare(100)];
    expect(quiet?.isDisturbed).toBeUndefined();
    expect(busy?.isDisturbed).toBe(true);
    const lows = [quiet, busy].map((each) => each?.performanceRatio.low ?? 0) as [number, number];
    expect(lows[1] / lows[0]).toBeCloseTo(100 / 251, 9);
    expect(busy?.performanceRatio.value).toBe(quiet?.performanceRatio.value);
  });

  test('has ratios of performance, power and messages a joule with their ranges', () => {
    const at = point(4096, 40_960, { native: 300, slow: 900 });
    const projections = projectPoint(at, F2, ground);
    const compared = comparePoint(at.measurements, projections, profile);
    expect(compared).toHaveLength(4);
    const [mmio] = compared;
    const figures = projections[0]?.figures;
    if (!mmio || !figures) throw new Error('no comparison');
    expect(mmio).toMatchObject({ rival: 'native', device: 'xcvu47p', link: 'mmio', fits: null });
    expect(mmio.performanceRatio.value).toBeCloseTo((300 * 4096) / figures.time.total.value, 9);
    expect(mmio.powerRatio.value).toBeCloseTo(figures.watts.value / profile.coreWatts.value, 9);
    const joules = profile.coreWatts.value * 300e-9;
    expect(mmio.energyRatio.value).toBeCloseTo(figures.messagesPerJoule.value * joules, 9);
    for (const { low = 0, value, high = 0 } of [
      mmio.performanceRatio,
      mmio.powerRatio,
      mmio.energyRatio,
    ]) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
  });
});

test('what the watts of a core are matters to a core on both sides of a ratio no more', () => {
  // A device that is a core of the host and nothing else: as much power and energy as the rival, whatever a core draws.
  const at = point(16, 160, { native: 300 });
  const core = profile.coreWatts;
  const watts = rangeOf(core);
  const joules = toFigure(scale(watts, 600e-9), 'J');
  const alike = projectPoint(at, F2, ground).map((projection) => ({
    ...projection,
    figures: projection.figures && {
      ...projection.figures,
      watts: core,
      hostWatts: core,
      joulesPerMessage: joules,
      hostJoulesPerMessage: joules,
    },
  }));
  const [compared] = comparePoint(at.measurements, alike, profile);
  for (const [ratio, expected] of [
    [compared?.powerRatio, 1],
    [compared?.energyRatio, 0.5],
  ] as const) {
    for (const bound of [ratio?.low, ratio?.value, ratio?.high]) {
      expect(bound).toBeCloseTo(expected, 9);
    }
  }
});

test('the rest of a device is divided by the range of the watts of a core', () => {
  const at = point(16, 160, { native: 300 });
  const [mmio] = projectPoint(at, F2, ground);
  if (!mmio?.figures) throw new Error('no figures');
  const { watts, hostWatts } = mmio.figures;
  const core = rangeOf(profile.coreWatts);
  const [compared] = comparePoint(at.measurements, [mmio], profile);
  const rest = (watts.high ?? 0) - (hostWatts?.high ?? 0);
  expect(compared?.powerRatio.high).toBeCloseTo(
    rest / core.low + (hostWatts?.high ?? 0) / core.high,
    9,
  );
  expect(compared?.powerRatio.high).toBeLessThan((watts.high ?? 0) / core.low);
});

describe('a break-even', () => {
  test('splits cycles into those of a batch and those of a message', () => {
    // 70 cycles once, and 10 a message.
    const points = [point(1, 80, {}), point(16, 230, {}), point(256, 2630, {})];
    expect(fixedCyclesOf(points)).toBe(70);
    expect(fixedCyclesOf([point(256, 2630, {})])).toBeCloseTo(100 - 2630 / 256, 9);
    expect(fixedCyclesOf([point(256, 1_000_000, {})])).toBe(0);
  });

  test('is a batch at which the projection takes no longer than the rival, and one less takes longer', () => {
    const points = [point(1, 80, { native: 300 }), point(256, 2630, { native: 300 })];
    const sde = breakEvensOf(points, F2, ground).find(({ link }) => link === 'sde');
    if (!sde?.batch) throw new Error(sde?.why ?? 'none');
    const ns = (batch: number): number => {
      const [, , projected] = projectPoint(point(batch, 70 + 10 * batch, {}), F2, ground);
      return (projected?.figures?.time.total.value ?? 0) / batch;
    };
    expect(ns(sde.batch)).toBeLessThanOrEqual(300);
    expect(ns(sde.batch - 1)).toBeGreaterThan(300);
    expect(sde.why).toMatch(/at its best \d+, at its worst (\d+|never)$/);
  });

  test('says what stands in the way where there is none', () => {
    const points = [point(1, 80, { native: 20 }), point(256, 2630, { native: 20 })];
    const [mmio] = breakEvensOf(points, F2, ground);
    expect(mmio).toMatchObject({
      batch: null,
      fits: null,
      why: expect.stringMatching(/^nobody synthesised it .*; never .*bound is the/),
    });
  });
});
