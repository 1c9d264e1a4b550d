import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { comparePoint } from '../../../src/bench/suite/comparisons.js';
import { type Host, hostOf, openEnergy } from '../../../src/bench/suite/host.js';
import { hostFigures } from '../../../src/bench/suite/host-figures.js';
import { energyNote, machineOf, pricesOf } from '../../../src/bench/suite/machine.js';
import { runSuite } from '../../../src/bench/suite/run-suite.js';
import { timeRunners } from '../../../src/bench/suite/time-runners.js';
import { devicesWith, hostWith, priceOption } from '../../../src/cli/assumptions.js';
import { DEVICES } from '../../../src/devices/catalogue.js';
import { type EnergyMeter, startEnergy } from '../../../src/devices/cpu-energy.js';
import { cpuProfile } from '../../../src/devices/cpu-profiles.js';
import { estimate, figure } from '../../../src/figure.js';
import type { Projection } from '../../../src/report/suite-report.js';
import { temporaryFolder } from '../../support/folders.js';
import { FakeClock, fakeOperation, fakeOptions, fakePlan, SETTINGS } from './fake-clock.js';

/** A folder as Linux shows the counters of a processor with one package. */
async function powercap(): Promise<string> {
  const folder = temporaryFolder();
  const zone = join(folder, 'intel-rapl:0');
  await mkdir(zone, { recursive: true });
  await writeFile(join(zone, 'energy_uj'), '0\n');
  await writeFile(join(zone, 'max_energy_range_uj'), '262143328850\n');
  return folder;
}

async function spend(folder: string, microjoules: number): Promise<void> {
  const file = join(folder, 'intel-rapl:0', 'energy_uj');
  await writeFile(file, `${Number(await readFile(file, 'utf8')) + microjoules}\n`);
}

const profile = cpuProfile('Intel(R) Xeon(R) Platinum 8488C');
const LOOK = { load: 0, ticks: null };

/** Times batches of 4 messages that take so many ns and uJ each, on counters in a folder. */
async function timed(batchNs: number, batchMicrojoules: number, restWatts: number) {
  const folder = await powercap();
  const clock = new FakeClock();
  const run = async (): Promise<void> => {
    clock.spend(batchNs);
    await spend(folder, batchMicrojoules);
  };
  const host: Host = {
    ...hostOf(profile),
    energy: { restWatts, start: () => startEnergy(folder) },
  };
  const timings = await timeRunners([{ name: 'a', run, isAsync: true, isThreaded: false }], {
    rounds: 3,
    clock,
    leastRoundMs: 20,
    mostRunnerMs: 1000,
    startEnergy: () => startEnergy(folder),
  });
  const taken = timings.get('a');
  if (!taken) throw new Error('nothing was timed');
  return { taken, host, figures: hostFigures(taken, 4, 64, host, false) };
}

describe('joules of software', () => {
  test('are read from the processor where it can be, from what is above its rest to all', async () => {
    // 5 ms at 20 W are 100,000 uJ a batch, of which 8 W are the machine at rest.
    const { taken, figures } = await timed(5e6, 100_000, 8);
    expect(taken.metered?.batches).toBeGreaterThanOrEqual(12);
    const { joulesPerMessage, messagesPerJoule } = figures;
    expect(joulesPerMessage.provenance).toBe('measured');
    expect(joulesPerMessage.value).toBeCloseTo(0.06 / 4, 9);
    expect(joulesPerMessage.low).toBe(joulesPerMessage.value);
    expect(joulesPerMessage.high).toBeCloseTo(0.1 / 4, 9);
    expect(messagesPerJoule.low).toBeCloseTo(4 / 0.1, 6);
  });

  test('are CPU time by declared watts where the counters see too little, or nothing above rest', async () => {
    // 20 W, where the machine takes 30 W at rest.
    const little = await timed(10e6, 200_000, 30);
    expect(little.figures.joulesPerMessage.provenance).toBe('assumed');
    expect(little.figures.joulesPerMessage.value).toBeCloseTo(
      (profile.coreWatts.value * 10e-3) / 4,
      9,
    );
    const { metered } = little.taken;
    const short = { ...little.taken, metered: metered && { ...metered, ns: 49e6, joules: 1e6 } };
    const at = (taken: typeof short) => hostFigures(taken, 4, 64, little.host, false);
    expect(at(short).joulesPerMessage.provenance).toBe('assumed');
    const long = { ...short, metered: metered && { ...metered, ns: 51e6, joules: 1e6 } };
    expect(at(long).joulesPerMessage.provenance).toBe('measured');
  });

  test('of a whole run of the suite are what its counters say', async () => {
    const clock = new FakeClock();
    const operation = fakeOperation(
      () => 1e6,
      clock,
      () => 1e6,
    );
    // 20 W by a counter that goes on with the clock.
    const start = async (): Promise<EnergyMeter> => {
      const begin = clock.now();
      return {
        isMeasured: true,
        stop: async () => figure((20 * (clock.now() - begin)) / 1e9, 'J', 'measured'),
      };
    };
    const host: Host = { ...hostOf(profile), energy: { restWatts: 8, start } };
    const settings = { ...SETTINGS, leastRoundMs: 20 };
    const run = await runSuite(
      [operation],
      fakePlan(operation),
      fakeOptions(clock, { host, settings }),
    );
    const measurements = run.points.flatMap((point) => point.measurements);
    expect(measurements.length).toBe(24);
    for (const { host: taken } of measurements) {
      expect(taken.joulesPerMessage.provenance).toBe('measured');
      expect(taken.joulesPerMessage.value).toBeCloseTo(12e-3, 9);
      expect(taken.joulesPerMessage.high).toBeCloseTo(20e-3, 9);
    }
  });

  test('set the power ratio where they are measured', async () => {
    const { figures: host } = await timed(5e6, 100_000, 8);
    const place = { operation: 'sum', size: { name: '64 B', bytes: 64 }, batch: 4 };
    const one = estimate(1, 1, 1, 'ns');
    const projection = {
      ...place,
      device: 'd',
      link: 'l',
      fits: true,
      reason: '',
      figures: {
        time: { total: one },
        watts: estimate(24, 24, 24, 'W'),
        messagesPerJoule: one,
      },
    } as unknown as Projection;
    const measurement = {
      ...place,
      runner: 'native',
      kind: 'rival',
      note: '',
      host,
      kernel: null,
    } as const;
    const [compared] = comparePoint([measurement], [projection], profile);
    // 0.06 J in 5 ms are 12 W; with the rest 20 W.
    expect(compared?.powerRatio.value).toBeCloseTo(2, 9);
    expect(compared?.powerRatio.low).toBeCloseTo(24 / 20, 9);
  });
});

describe('the host of a run', () => {
  test('has counters where they can be read, and says so with what the machine takes at rest', async () => {
    const folder = await powercap();
    const energy = await openEnergy(folder, () => spend(folder, 1000));
    expect(energy?.restWatts).toBeGreaterThan(0);
    expect(await openEnergy('/nowhere')).toBeNull();
    const machine = machineOf(LOOK, LOOK, { ...hostOf(profile), energy });
    expect(machine).toMatchObject({
      cores: availableParallelism(),
      core: {
        name: 'Intel Xeon Platinum 8488C',
        watts: profile.coreWatts,
        energy: 'rapl',
        restWatts: { unit: 'W', provenance: 'measured' },
      },
    });
    expect(machine.note).toContain('read from the processor (RAPL)');
    expect(machineOf(LOOK, LOOK, hostOf(profile)).core).toMatchObject({
      energy: 'watts',
      restWatts: null,
    });
  });

  test('takes the watts and prices of its caller, with their day', async () => {
    const price = [...priceOption('cpu=0.05'), ...priceOption('ice40-hx8k=2')];
    const host = await hostWith({ coreWatts: 3, price }, await powercap());
    expect(host.energy).toBeNull();
    expect(host.profile.coreWatts).toEqual({ value: 3, unit: 'W', provenance: 'assumed' });
    expect(energyNote(host)).toContain('3.0 W a core (assumed; ');
    expect(energyNote(host)).toContain('assumed by caller');
    const devices = devicesWith(DEVICES, { price });
    const prices = pricesOf(host, devices);
    const own = { asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), source: 'assumed by caller' };
    expect(prices).toMatchObject([
      { of: 'cpu', usdPerHour: { value: 0.05, provenance: 'assumed' }, ...own },
      { of: 'ice40-hx8k', usdPerHour: { value: 2 }, ...own },
      { of: 'xcvu47p', usdPerHour: { value: 1.98 }, asOf: '2025-12-31' },
    ]);
    expect(() => devicesWith(DEVICES, { price: priceOption('f3=1') })).toThrow(
      /--price: expected one of cpu, ice40-hx8k.*, got f3/,
    );
    for (const wrong of ['cpu', 'cpu=', 'cpu=-1', 'cpu=x', '=1']) {
      expect(() => priceOption(wrong), wrong).toThrow(/expected <device\|cpu>/);
    }
  });

  test('knows the price of a core of two processors', () => {
    const of = (model: string) => hostOf(cpuProfile(model)).corePrice?.usdPerHour.value;
    expect(of('Xeon 8488C')).toBe(0.0892);
    // Two cores in a c7g.large.
    expect(of('AWS Graviton3')).toBeCloseTo(0.0725 / 2, 9);
    expect(of('AMD EPYC 7R13')).toBeUndefined();
  });
});
