import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cpuJoules, startEnergy } from '../../src/devices/cpu-energy.js';
import { cpuProfile } from '../../src/devices/cpu-profiles.js';
import { raplJoules, readRapl } from '../../src/devices/rapl.js';
import { temporaryFolder } from '../support/folders.js';

const RANGE = 262_143_328_850n;

/** A folder as Linux shows it: packages, a part of a package, and what is no zone at all. */
async function powercap(microjoules: readonly bigint[]): Promise<string> {
  const folder = temporaryFolder();
  await mkdir(join(folder, 'intel-rapl'));
  await mkdir(join(folder, 'intel-rapl:0:0'));
  await writeFile(join(folder, 'intel-rapl:0:0', 'energy_uj'), '999\n');
  for (const [i, count] of microjoules.entries()) {
    const zone = join(folder, `intel-rapl:${i}`);
    await mkdir(zone);
    await writeFile(join(zone, 'energy_uj'), `${count}\n`);
    await writeFile(join(zone, 'max_energy_range_uj'), `${RANGE}\n`);
  }
  return folder;
}

const set = (folder: string, zone: number, microjoules: bigint) =>
  writeFile(join(folder, `intel-rapl:${zone}`, 'energy_uj'), `${microjoules}\n`);

describe('energy by RAPL', () => {
  test('all packages are added, their parts are not', async () => {
    const folder = await powercap([1_000_000n, 5_000_000n]);
    const meter = await startEnergy(folder);
    await set(folder, 0, 3_000_000n);
    await set(folder, 1, 6_500_000n);
    expect(meter.isMeasured).toBe(true);
    expect(await meter.stop()).toEqual({ value: 3.5, unit: 'J', provenance: 'measured' });
  });

  test('a counter that starts again at 0 goes on', async () => {
    const folder = await powercap([RANGE - 999_999n]);
    const before = await readRapl(folder);
    await set(folder, 0, 2_000_000n);
    const after = await readRapl(folder);
    // 999,999 to the end of the range, one step to 0, 2,000,000 on.
    expect(before && after && raplJoules(before, after)).toBeCloseTo(3, 9);
  });

  test('what the machine draws at rest is taken off, and never below 0', async () => {
    const folder = await powercap([0n]);
    const meter = await startEnergy(folder);
    await set(folder, 0, 1n);
    expect((await meter.stop(1000))?.value).toBe(0);
  });

  test('without counters, or with one that is no number, there is no measurement', async () => {
    const empty = await startEnergy(temporaryFolder());
    expect([empty.isMeasured, await empty.stop()]).toEqual([false, null]);
    expect((await startEnergy('/nowhere')).isMeasured).toBe(false);
    const folder = await powercap([0n]);
    await writeFile(join(folder, 'intel-rapl:0', 'energy_uj'), 'secret');
    expect(await readRapl(folder)).toBeNull();
  });

  test('packages that come or go give no measurement', async () => {
    const [one, two] = [
      await readRapl(await powercap([1n])),
      await readRapl(await powercap([1n, 2n])),
    ];
    expect(one && two && raplJoules(one, two)).toBeNull();
  });
});

describe('energy by profile', () => {
  test.each([
    ['AMD EPYC 7R13 Processor', 4.78],
    ['Intel(R) Xeon(R) Platinum 8488C', 8.18],
    ['AWS Graviton3', 3.51],
  ])('%s draws %d W a core, 40 %% either way, assumed', (model, watts) => {
    const { coreWatts, isKnown } = cpuProfile(model);
    expect(isKnown).toBe(true);
    expect(coreWatts.provenance).toBe('assumed');
    expect(coreWatts.value).toBeCloseTo(watts, 2);
    expect(coreWatts.low).toBeCloseTo(0.6 * coreWatts.value);
    expect(coreWatts.high).toBeCloseTo(1.4 * coreWatts.value);
  });

  test('a processor that is not known gets a stated range that holds every known one', () => {
    const generic = cpuProfile('Intel(R) Xeon(R) Processor');
    expect(generic.isKnown).toBe(false);
    const { low = 0, high = 0 } = generic.coreWatts;
    for (const model of ['EPYC 7R13', 'Xeon 8488C', 'E5-2686 v4', 'Graviton3']) {
      const { coreWatts } = cpuProfile(model);
      expect(coreWatts.value).toBeGreaterThan(low);
      expect(coreWatts.value).toBeLessThan(high);
    }
  });

  test('a second of CPU time is the watts of a core in joules', () => {
    const profile = cpuProfile('AMD EPYC 7R13');
    const joules = cpuJoules(1e9, profile);
    expect(joules.value).toBeCloseTo(profile.coreWatts.value);
    expect(joules.unit).toBe('J');
    expect(() => cpuJoules(-1, profile)).toThrow(/cpuNs must be/);
  });
});
