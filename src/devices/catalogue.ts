import { RtliftError } from '../errors.js';
import { estimate, figure } from '../figure.js';
import { NM16 } from './coefficients.js';
import type { Device } from './device.js';
import { F2_MMIO, F2_PCIM } from './links.js';

/**
 * AWS F2, one card of an f2.6xlarge. The shell clocks the kernel at 250 MHz; another clock, and a crossing to it, comes
 * from AWS_CLK_GEN. Recipes above 250 MHz exist and are not used: an estimated Fmax is not good enough to promise them.
 * @see aws/aws-fpga, branch f2, hdk/docs/Clock_Recipes_User_Guide.md
 */
export const F2: Device = {
  id: 'xcvu47p',
  name: 'AWS F2 (f2.6xlarge)',
  part: 'xcvu47p-fsvh2892-2-e',
  family: 'ultrascale+',
  resources: { lut: 1_147_238, ff: 2_294_476, bram: 1774, dsp: 7941 },
  clocks: {
    choicesMHz: [250, 225, 200, 187.5, 150, 125, 100, 75, 62.5, 15.625],
    maxMHz: 250,
    unsynthesised: estimate(250, 125, 250, 'MHz', 'assumed'),
  },
  links: [F2_MMIO, F2_PCIM],
  power: {
    static: estimate(3.2, 2.3, 6, 'W', 'assumed'),
    shell: estimate(11.8, 6, 36, 'W', 'assumed'),
    coefficients: NM16,
  },
  price: {
    name: 'f2.6xlarge, on demand, us-east-1',
    usdPerHour: figure(1.98, 'USD/h', 'datasheet'),
    vCpus: 24,
    asOf: '2025-01-01',
    source: 'third-party documents; the price page of AWS was not reached',
  },
  sources: ['aws/aws-fpga, branch f2, Clock_Recipes_User_Guide.md'],
};

/** Every device that rtlift knows without a device file. */
export const DEVICES: readonly Device[] = [F2];

/**
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for an id that no device has; it lists those there are.
 */
export function deviceById(id: string): Device {
  const found = DEVICES.find((device) => device.id === id);
  if (found) return found;
  const known = DEVICES.map((device) => device.id);
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `device must be one of ${known.join(', ')} or a device file, got ${id}`,
    { arg: 'device', expected: known, got: id },
  );
}
