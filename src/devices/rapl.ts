import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Linux shows the energy counters of the processor. */
export const POWERCAP_FOLDER = '/sys/class/powercap';

/** One package of the processor: its energy counter as it stood. */
interface PackageCounter {
  readonly name: string;
  readonly microjoules: bigint;
  /** The counter starts again at 0 above it. */
  readonly rangeMicrojoules: bigint;
}

/** All packages at one time. */
export type RaplSample = readonly PackageCounter[];

/** `intel-rapl:0` is a package, `intel-rapl:0:1` a part of one, which its package counts already; AMD uses the same. */
const PACKAGE = /^intel-rapl:\d+$/;

const readNumber = async (path: string): Promise<bigint> =>
  BigInt((await readFile(path, 'utf8')).trim());

/**
 * Reads the energy counters of all packages.
 *
 * They exist on bare metal where the reader may read them (root, since Linux 5.10); in a virtual machine they do not.
 * @param folder - {@link POWERCAP_FOLDER}, or one of the same shape.
 * @returns `null` where there is none or it may not be read.
 * @see Linux, Documentation/power/powercap/powercap.rst: energy_uj, max_energy_range_uj
 */
export async function readRapl(folder = POWERCAP_FOLDER): Promise<RaplSample | null> {
  try {
    const names = (await readdir(folder)).filter((name) => PACKAGE.test(name)).sort();
    if (names.length === 0) return null;
    return await Promise.all(
      names.map(async (name) => ({
        name,
        microjoules: await readNumber(join(folder, name, 'energy_uj')),
        rangeMicrojoules: await readNumber(join(folder, name, 'max_energy_range_uj')),
      })),
    );
  } catch {
    // Absent, not ours to read, or no number: all the same to a caller, who then takes a profile.
    return null;
  }
}

/**
 * Energy between two samples, all packages. A counter that is lower than before has started again at 0 once; more often
 * is not seen, so sample at least every minute (a counter of 262 kJ lasts 11 minutes at 400 W).
 * @returns J; `null` where the packages differ.
 */
export function raplJoules(before: RaplSample, after: RaplSample): number | null {
  if (before.length !== after.length) return null;
  let microjoules = 0n;
  for (const [i, start] of before.entries()) {
    const end = after[i];
    if (!end || end.name !== start.name) return null;
    const difference = end.microjoules - start.microjoules;
    // The counter runs from 0 to its range inclusive.
    microjoules += difference >= 0n ? difference : difference + start.rangeMicrojoules + 1n;
  }
  return Number(microjoules) / 1e6;
}
