import { cpus } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { type Host, hostOf, openEnergy } from '../bench/suite/host.js';
import { cpuProfile } from '../devices/cpu-profiles.js';
import type { Device } from '../devices/device.js';
import { type Price, withPrice } from '../devices/price.js';
import { RtliftError } from '../errors.js';
import { figure } from '../figure.js';

/** What a caller says of power and price, in place of what rtlift assumes. */
export interface Assumptions {
  /** Watts of a busy core. */
  readonly coreWatts?: number;
  readonly price?: readonly GivenPrice[];
}

/** `cpu`, one core that runs software, or the id of a device. */
export interface GivenPrice {
  readonly of: string;
  readonly usdPerHour: number;
}

const CPU = 'cpu';
const SOURCE = 'assumed by caller';

/** Reads `--price xcvu47p=1.65`; may be repeated. */
export function priceOption(text: string, before: readonly GivenPrice[] = []): GivenPrice[] {
  const [, of, number] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const usdPerHour = Number(number);
  if (of === undefined || !(Number.isFinite(usdPerHour) && usdPerHour >= 0)) {
    throw new InvalidArgumentError('expected <device|cpu>=<USD an hour>, such as cpu=0.05.');
  }
  return [...before, { of, usdPerHour }];
}

/** Reads `--core-watts 6.5`. */
export function coreWattsOption(text: string): number {
  const watts = Number(text);
  if (Number.isFinite(watts) && watts > 0) return watts;
  throw new InvalidArgumentError('expected watts of one busy core, above 0.');
}

/**
 * The machine of a run: the caller's watts, else the counters of the processor, else the watts of its profile.
 * @param powercap - where the counters are; default the system's.
 */
export async function hostWith(
  { coreWatts, price = [] }: Assumptions,
  powercap?: string,
): Promise<Host> {
  const host = hostOf(cpuProfile(cpus()[0]?.model ?? 'unknown'));
  const given = price.findLast(({ of }) => of === CPU);
  const priced = given
    ? { ...host, corePrice: givenPrice(host.corePrice, 'a core', given.usdPerHour) }
    : host;
  if (coreWatts === undefined) return { ...priced, energy: await openEnergy(powercap) };
  const watts = figure(coreWatts, 'W', 'assumed');
  return { ...priced, profile: { ...host.profile, coreWatts: watts, source: SOURCE } };
}

/**
 * Devices with the prices of the caller.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a price of what is no device here.
 */
export function devicesWith(devices: readonly Device[], { price = [] }: Assumptions): Device[] {
  const ids = devices.map(({ id }) => id);
  const wrong = price.find(({ of }) => of !== CPU && !ids.includes(of));
  if (wrong) {
    const expected = [CPU, ...ids];
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `--price: expected one of ${expected.join(', ')}, got ${wrong.of}`,
      { arg: 'price', expected, got: wrong.of },
    );
  }
  return devices.map((device) => {
    const given = price.findLast(({ of }) => of === device.id);
    if (!given) return device;
    return { ...device, price: givenPrice(device.price, device.name, given.usdPerHour) };
  });
}

function givenPrice(known: Price | null, name: string, usdPerHour: number): Price {
  const asOf = new Date().toISOString().slice(0, 10);
  const unknown = {
    name,
    usdPerHour: figure(0, 'USD/h', 'assumed'),
    vCpus: null,
    asOf,
    source: '',
  };
  return withPrice(known ?? unknown, { usdPerHour, asOf, source: SOURCE });
}
