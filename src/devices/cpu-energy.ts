import { type Figure, figure } from '../figure.js';
import type { CpuProfile } from './cpu-profiles.js';
import { checkFigure, checkNumber, scale, toFigure } from './range.js';
import { POWERCAP_FOLDER, type RaplSample, raplJoules, readRapl } from './rapl.js';

/**
 * Energy of CPU time by the watts of a core: W x ns. Memory, and the rest of the machine, are not in it.
 * @param cpuNs - CPU time of all threads, ns.
 * @returns J, `assumed`, with the profile's spread.
 */
export function cpuJoules(cpuNs: number, { coreWatts }: CpuProfile): Figure {
  checkNumber('cpuNs', cpuNs);
  return toFigure(scale(checkFigure('coreWatts', coreWatts), cpuNs / 1e9), 'J', 'assumed');
}

/** Measures the energy of the processor between {@link startEnergy} and `stop`. */
export interface EnergyMeter {
  /** Whether counters are read; otherwise `stop` gives `null`, and a profile has to do. */
  readonly isMeasured: boolean;
  /**
   * Energy of all packages since the start, what the machine draws at rest taken off if it is given.
   * @param idleWatts - of all packages, W.
   * @returns J, `measured`; `null` where it could not be read.
   */
  stop(idleWatts?: number): Promise<Figure | null>;
}

/**
 * Starts to measure the energy of the processor by RAPL. The counters update every millisecond, so measure a second and
 * more; they count every process of the machine.
 * @param folder - where the counters are; default the system's.
 */
export async function startEnergy(folder = POWERCAP_FOLDER): Promise<EnergyMeter> {
  const start: RaplSample | null = await readRapl(folder);
  const startedNs = process.hrtime.bigint();
  return {
    isMeasured: start !== null,
    async stop(idleWatts = 0) {
      checkNumber('idleWatts', idleWatts);
      const end = start && (await readRapl(folder));
      const joules = start && end ? raplJoules(start, end) : null;
      if (joules === null) return null;
      const seconds = Number(process.hrtime.bigint() - startedNs) / 1e9;
      return figure(Math.max(0, joules - idleWatts * seconds), 'J', 'measured');
    },
  };
}
