import { estimate, type Figure } from '../figure.js';

/** What a core of a known processor draws at full load. */
export interface CpuProfile {
  readonly name: string;
  /** Watts of one busy core, memory left out. */
  readonly coreWatts: Figure;
  /** `false`: a stated range for a processor that is not in the list. */
  readonly isKnown: boolean;
  readonly source: string;
}

interface KnownCpu {
  readonly name: string;
  /** Matches the model that `os.cpus()` reports. */
  readonly model: RegExp;
  readonly tdpWatts: number;
  readonly cores: number;
}

/**
 * TDP and cores of a socket. Cloud vendors do not publish theirs: those of the EPYC 7R13 and the Xeon 8488C are entries
 * of the list, those of the Gravitons estimates in it.
 * @see Boavizta/boaviztapi, boaviztapi/data/crowdsourcing/cpu_specs.csv
 */
const KNOWN_CPUS: readonly KnownCpu[] = [
  { name: 'AMD EPYC 7R13', model: /EPYC 7R13/, tdpWatts: 225, cores: 48 },
  { name: 'Intel Xeon Platinum 8488C', model: /Xeon.*8488C/, tdpWatts: 385, cores: 48 },
  { name: 'Intel Xeon E5-2686 v4', model: /E5-2686 ?v4/i, tdpWatts: 145, cores: 18 },
  { name: 'AWS Graviton3', model: /Graviton ?3|Neoverse-V1/i, tdpWatts: 220, cores: 64 },
];

/**
 * Watts of a processor at full load over its TDP.
 * @see Boavizta/boaviztapi, model/consumption_profile/consumption_profile.py, commit 08f15441, after measurements of TEADS:
 *   0.12, 0.32, 0.75 and 1.02 at 0, 10, 50 and 100 % load
 */
export const TDP_RATIO_FULL_LOAD = 1.02;

/** TDP is a limit of heat, no energy: 40 % either way for a core. */
const TDP_SPREAD = 0.4;

/** Watts of one busy core by the TDP of its socket: 1.02 x TDP / cores, 40 % either way. */
export function coreWattsOfTdp(tdpWatts: number, cores: number): Figure {
  const watts = (TDP_RATIO_FULL_LOAD * tdpWatts) / cores;
  return estimate(watts, watts * (1 - TDP_SPREAD), watts * (1 + TDP_SPREAD), 'W', 'assumed');
}

/** A core of a server of the last ten years, between the lowest and the highest of the known ones with their spread. */
const GENERIC: CpuProfile = {
  name: 'server core, model not known',
  coreWatts: estimate(5.5, 2.1, 11.5, 'W', 'assumed'),
  isKnown: false,
  source: 'range of the known profiles, 2.1 W (Graviton3 - 40 %) to 11.5 W (E5-2686 v4 + 40 %)',
};

/**
 * Profile of a processor by the model that `os.cpus()` reports; a stated range for one that is not in the list.
 */
export function cpuProfile(model: string): CpuProfile {
  const known = KNOWN_CPUS.find((cpu) => cpu.model.test(model));
  if (!known) return GENERIC;
  const { name, tdpWatts, cores } = known;
  return {
    name,
    coreWatts: coreWattsOfTdp(tdpWatts, cores),
    isKnown: true,
    source: `${tdpWatts} W TDP / ${cores} cores x ${TDP_RATIO_FULL_LOAD}, Boavizta cpu_specs.csv and TEADS ratio`,
  };
}
