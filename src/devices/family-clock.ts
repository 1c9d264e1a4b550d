import type { DeviceFamily } from './device.js';

/**
 * How many times faster or slower one member of a family may be than another: iCE40 by the kernels of which both parts
 * have a row, HX8K over UP5K 2.5 to 2.7; UltraScale+ by the budgets of Xilinx' `report_failfast` for a level, 0.350, 0.300 and
 * 0.250 ns of grades -1, -2 and -3; ECP5 assumed.
 */
export const CLOCK_SPREAD: Readonly<Record<DeviceFamily, number>> = {
  ice40: 2.7,
  ecp5: 1.3,
  'ultrascale+': 1.2,
};
