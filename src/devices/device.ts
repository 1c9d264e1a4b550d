import { estimate, type Figure } from '../figure.js';

/** A target part, as far as kernel time needs it; links, power and price are not modelled yet. */
export interface Device {
  readonly name: string;
  readonly part: string;
  /** Kernel clock, with the range it may turn out to have. */
  readonly clock: Figure;
  /** Where the clock comes from. */
  readonly source: string;
}

/**
 * AWS F2. The shell clocks the kernel at 250 MHz; a kernel that does not meet timing there takes the 125 MHz of the
 * next clock recipe. Whether one of ours meets it is not known before synthesis, hence `assumed` and the range.
 * @see aws-fpga, branch f2, hdk/docs/Clock_Recipes_User_Guide.md: clk_main_a0, recipes A1 and B1
 */
export const F2: Device = {
  name: 'AWS F2',
  part: 'xcvu47p-fsvh2892-2-e',
  clock: estimate(250, 125, 250, 'MHz', 'assumed'),
  source: 'aws-fpga f2 Clock_Recipes_User_Guide.md: clk_main_a0; not checked by synthesis',
};

/**
 * Device time of a number of kernel cycles: cycles / clock, without the link to the host.
 * @returns ns; low at the highest clock, high at the lowest.
 */
export function kernelTime(cycles: number, device: Device): Figure {
  const { value, low = value, high = value } = device.clock;
  const ns = (mhz: number): number => (cycles * 1000) / mhz;
  return estimate(ns(value), ns(high), ns(low), 'ns');
}
