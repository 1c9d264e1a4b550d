import { figure } from '../figure.js';
import type { Price } from './price.js';

const BOAVIZTA =
  'Boavizta/boaviztapi, data/utils/complete_AWS_EC2/vantage-export.csv, commit db72d8b6';

const onDemand = (
  name: string,
  usd: number,
  vCpus: number,
  asOf: string | null,
  source: string,
): Price => ({
  name: `${name}, on demand, us-east-1`,
  usdPerHour: figure(usd, 'USD/h', 'datasheet'),
  vCpus,
  asOf,
  source,
});

/**
 * One card of AWS F2: two documents of third parties agree, one of that day; the price page of AWS was not reached.
 * @see docs/models.md, section Price
 */
export const F2_PRICE: Price = {
  ...onDemand(
    'f2.6xlarge',
    1.98,
    24,
    '2025-12-31',
    'a cost log with entries of 2026-01-28 and a build plan, both of third parties, whose repositories were not noted; the page of AWS was not reached',
  ),
  usdPerHour: figure(1.98, 'USD/h', 'assumed'),
};

/** Instances without an FPGA, for the price of the software paths; two virtual CPUs of x86 are one core. */
export const CPU_PRICES: readonly Price[] = [
  onDemand('c7g.large', 0.0725, 2, null, BOAVIZTA),
  onDemand('c7i.large', 0.0892, 2, null, BOAVIZTA),
  onDemand('c7i.xlarge', 0.1785, 4, null, BOAVIZTA),
];
