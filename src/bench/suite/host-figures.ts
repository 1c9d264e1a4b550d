import { cpuJoules } from '../../devices/cpu-energy.js';
import { usdPerBillionMessages } from '../../devices/price.js';
import { exactly, over, rangeOf, scale, toFigure } from '../../devices/range.js';
import { estimate, type Figure, figure } from '../../figure.js';
import type { Measurement } from '../../report/suite-report.js';
import type { Host } from './host.js';
import { summarise } from './statistics.js';
import type { Timings } from './time-runners.js';

/** Counters step every millisecond: below this what they miss at both ends is more than some percent. */
const LEAST_METERED_NS = 50e6;

/**
 * Energy of a batch: by the processor's counters, from what is above its rest to all that it took, rest included; where they
 * cannot be read or saw too little, CPU time by the declared watts of a core.
 */
function joulesOf({ metered, cpuNsPerBatch }: Timings, { profile, energy }: Host): Figure {
  if (energy !== null && metered !== null && metered.ns >= LEAST_METERED_NS) {
    const all = metered.joules / metered.batches;
    const rest = (energy.restWatts * metered.ns) / 1e9 / metered.batches;
    if (all > rest) return estimate(all - rest, all - rest, all, 'J', 'measured');
  }
  // The clock of the process counts in us: a batch below it is no work without energy.
  return cpuJoules(Math.max(cpuNsPerBatch, 1), profile);
}

/**
 * What a runner took for a message, from its timings of a batch.
 *
 * Energy is that of the processor's counters, or CPU time at the watts of a core, with their spread; a runner that keeps two
 * threads busy is charged two.
 * @param isSimulator - the price of a simulation says nothing, so it gets none.
 */
export function hostFigures(
  timings: Timings,
  batch: number,
  bytesPerMessage: number,
  host: Host,
  isSimulator: boolean,
): Measurement['host'] {
  const { batchNs, bestRoundNs, cpuNsPerBatch } = timings;
  const { corePrice } = host;
  const { samples, p50, p99, mad } = summarise(batchNs);
  const ns = (batchTime: number) => figure(batchTime / batch, 'ns', 'measured');
  const messagesPerSecond = figure((batch * 1e9) / p50, 'messages/s', 'measured');
  const ofBatch = joulesOf(timings, host);
  const { provenance } = ofBatch;
  const joules = scale(rangeOf(ofBatch), 1 / batch);
  return {
    samples,
    nsPerMessageP50: ns(p50),
    nsPerMessageP99: ns(p99),
    nsPerMessageBestRound: ns(bestRoundNs),
    nsPerMessageMad: ns(mad),
    messagesPerSecond,
    bytesPerSecond: figure(messagesPerSecond.value * bytesPerMessage, 'B/s', 'measured'),
    cpuNsPerMessage: figure(Math.max(cpuNsPerBatch, 1) / batch, 'ns', 'measured'),
    joulesPerMessage: toFigure(joules, 'J', provenance),
    messagesPerJoule: toFigure(over(exactly(1), joules), 'messages/J', provenance),
    usdPerBillion:
      corePrice === null || isSimulator
        ? null
        : usdPerBillionMessages(corePrice, messagesPerSecond),
  };
}
