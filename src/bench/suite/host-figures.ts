import { cpuJoules } from '../../devices/cpu-energy.js';
import type { CpuProfile } from '../../devices/cpu-profiles.js';
import { type Price, usdPerBillionMessages } from '../../devices/price.js';
import { CPU_PRICES } from '../../devices/prices.js';
import { exactly, over, rangeOf, toFigure } from '../../devices/range.js';
import { figure } from '../../figure.js';
import type { Measurement } from '../../report/suite-report.js';
import { summarise } from './statistics.js';
import type { Timings } from './time-runners.js';

/** The machine as far as energy and price need it. */
export interface Host {
  readonly profile: CpuProfile;
  /** Of one core; `null` where the processor is of no instance whose price is known. */
  readonly corePrice: Price | null;
}

/** Instances of one core of a processor, by the name of its profile. */
const INSTANCES: Readonly<Record<string, string>> = {
  'Intel Xeon Platinum 8488C': 'c7i.large',
};

/** A host by the profile of its processor. */
export function hostOf(profile: CpuProfile): Host {
  const instance = INSTANCES[profile.name];
  const corePrice =
    instance === undefined ? null : CPU_PRICES.find(({ name }) => name.startsWith(instance));
  return { profile, corePrice: corePrice ?? null };
}

/**
 * What a runner took for a message, from its timings of a batch.
 *
 * Energy is CPU time at the watts of a core, so it has their spread; a runner that keeps two threads busy is charged two.
 * @param isSimulator - the price of a simulation says nothing, so it gets none.
 */
export function hostFigures(
  { batchNs, bestRoundNs, cpuNsPerBatch }: Timings,
  batch: number,
  bytesPerMessage: number,
  { profile, corePrice }: Host,
  isSimulator: boolean,
): Measurement['host'] {
  const { samples, p50, p99, mad } = summarise(batchNs);
  const ns = (ofBatch: number) => figure(ofBatch / batch, 'ns', 'measured');
  const messagesPerSecond = figure((batch * 1e9) / p50, 'messages/s', 'measured');
  // The clock of the process counts in us: a batch below it is no work without energy.
  const cpuNs = Math.max(cpuNsPerBatch, 1) / batch;
  const joules = cpuJoules(cpuNs, profile);
  return {
    samples,
    nsPerMessageP50: ns(p50),
    nsPerMessageP99: ns(p99),
    nsPerMessageBestRound: ns(bestRoundNs),
    nsPerMessageMad: ns(mad),
    messagesPerSecond,
    bytesPerSecond: figure(messagesPerSecond.value * bytesPerMessage, 'B/s', 'measured'),
    cpuNsPerMessage: figure(cpuNs, 'ns', 'measured'),
    joulesPerMessage: joules,
    messagesPerJoule: toFigure(over(exactly(1), rangeOf(joules)), 'messages/J', 'assumed'),
    usdPerBillion:
      corePrice === null || isSimulator
        ? null
        : usdPerBillionMessages(corePrice, messagesPerSecond),
  };
}
