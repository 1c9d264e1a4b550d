import { setTimeout as sleep } from 'node:timers/promises';
import { type EnergyMeter, startEnergy } from '../../devices/cpu-energy.js';
import type { CpuProfile } from '../../devices/cpu-profiles.js';
import type { Price } from '../../devices/price.js';
import { CPU_PRICES } from '../../devices/prices.js';
import { figure } from '../../figure.js';

/** Counters of the processor's energy, where they can be read. */
export interface HostEnergy {
  /** Watts of all packages at rest, measured before the run. */
  readonly restWatts: number;
  readonly start: () => Promise<EnergyMeter>;
}

/** The machine as far as energy and price need it. */
export interface Host {
  readonly profile: CpuProfile;
  /** Of one core; `null` where the processor is of no instance whose price is known. */
  readonly corePrice: Price | null;
  /** `null`: the watts of a core are declared. */
  readonly energy: HostEnergy | null;
}

/** Instances of a processor, by the name of its profile, and how many of its cores one is. */
const INSTANCES: Readonly<Record<string, readonly [instance: string, cores: number]>> = {
  'Intel Xeon Platinum 8488C': ['c7i.large', 1],
  // A virtual CPU of a Graviton is a core.
  'AWS Graviton3': ['c7g.large', 2],
};

/** A host by the profile of its processor: declared watts, and the price of its instance where one is known. */
export function hostOf(profile: CpuProfile): Host {
  const [instance, cores = 1] = INSTANCES[profile.name] ?? [];
  const price = instance && CPU_PRICES.find(({ name }) => name.startsWith(instance));
  return { profile, corePrice: price ? coreOf(price, cores) : null, energy: null };
}

function coreOf(price: Price, cores: number): Price {
  if (cores === 1) return price;
  const { value, provenance } = price.usdPerHour;
  return {
    ...price,
    name: `${price.name}, one of ${cores} cores`,
    usdPerHour: figure(value / cores, 'USD/h', provenance),
    vCpus: price.vCpus === null ? null : price.vCpus / cores,
  };
}

const REST_MS = 1000;

/**
 * Opens the energy counters of the processor and measures what it takes at rest.
 * @param folder - where the counters are; default the system's.
 * @param rest - waits while the machine rests, for a test that has no time.
 * @returns `null` where there are none that may be read.
 */
export async function openEnergy(
  folder?: string,
  rest: () => Promise<unknown> = () => sleep(REST_MS),
): Promise<HostEnergy | null> {
  const start = (): Promise<EnergyMeter> => startEnergy(folder);
  const meter = await start();
  if (!meter.isMeasured) return null;
  const begin = process.hrtime.bigint();
  await rest();
  const joules = await meter.stop();
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  return joules === null ? null : { restWatts: joules.value / seconds, start };
}
