import { RtliftError } from '../errors.js';
import { estimate, type Figure } from '../figure.js';
import type { SynthesisDevice } from '../synthesis/row.js';
import { targetOf } from '../synthesis/targets.js';
import { ECP5_POWER, ICE40_POWER, ULTRASCALE_PLUS_POWER } from './coefficients.js';
import type { Device, Resources } from './device.js';
import { F2_MMIO, F2_PCIM, F2_SDE, F2_SDE_16K, SPI, USB_FIFO } from './links.js';
import { F2_PRICE } from './prices.js';

const watts = (
  value: number,
  low: number,
  high: number,
  provenance: Figure['provenance'] = 'assumed',
): Figure => estimate(value, low, high, 'W', provenance);

const assumedMHz = (value: number, low: number, high: number): Figure =>
  estimate(value, low, high, 'MHz', 'assumed');

/** What synthesis holds a kernel against. */
function resourcesOf(device: SynthesisDevice): Resources {
  const { LC = 0, LUT = LC, FF = LC, BRAM = 0, DSP = 0 } = targetOf(device).capacity;
  return { lut: LUT, ff: FF, bram: BRAM, dsp: DSP };
}

/** Oscillator, converters and LEDs of a small board: 10 mA at 5 V beside the USB bridge. */
const SMALL_BOARD = watts(0.05, 0.02, 0.2);
const SMALL_BOARD_SOURCE =
  'board: FPGAwars/Alhambra-II-FPGA issue 4: 35 mA in all, of which 15 mA are the USB bridge and 10 mA LEDs';

const ICE40_HX8K: Device = {
  id: 'ice40-hx8k',
  name: 'Lattice iCE40 HX8K',
  part: 'iCE40HX8K-CT256',
  family: 'ice40',
  resources: resourcesOf('ice40-hx8k'),
  clocks: { choicesMHz: null, maxMHz: 250, unsynthesised: assumedMHz(60, 8, 230) },
  links: [USB_FIFO, SPI],
  power: {
    static: watts(0.001, 0.00015, 0.0024),
    shell: SMALL_BOARD,
    coefficients: ICE40_POWER,
  },
  price: null,
  sources: [
    'resources: DS1040 iCE40 LP/HX Family Data Sheet 3.4, table 1-1',
    'clock: range of eleven kernels through nextpnr-ice40 0.4, docs/models.md; the limit is assumed above the fastest',
    'static: below 1 mA for HX4K and flash, FPGAwars/Alhambra-II-FPGA issue 4; assumed for HX8K',
    SMALL_BOARD_SOURCE,
  ],
};

const ICE40_UP5K: Device = {
  id: 'ice40-up5k',
  name: 'Lattice iCE40 UltraPlus 5K',
  part: 'iCE40UP5K-SG48',
  family: 'ice40',
  resources: resourcesOf('ice40-up5k'),
  clocks: { choicesMHz: null, maxMHz: 100, unsynthesised: assumedMHz(22, 3, 87) },
  links: [USB_FIFO, SPI],
  power: {
    static: watts(0.000104, 0.00007, 0.00023, 'measured'),
    shell: SMALL_BOARD,
    coefficients: ICE40_POWER,
  },
  price: null,
  sources: [
    'resources: as nextpnr-ice40 0.4 counts them',
    'static: 85.6 uA at 1.219 V, tinyvision-ai-inc/ice40_power, commit 1af931e9; up to its 188 uA in reset',
    'clock: range of six kernels through nextpnr-ice40 0.4, docs/models.md; the limit is assumed above the fastest',
    SMALL_BOARD_SOURCE,
  ],
};

const ECP5_85K: Device = {
  id: 'ecp5-85k',
  name: 'Lattice ECP5-85',
  part: 'LFE5U-85F',
  family: 'ecp5',
  resources: resourcesOf('ecp5-85k'),
  clocks: { choicesMHz: null, maxMHz: 300, unsynthesised: assumedMHz(90, 14, 250) },
  links: [USB_FIFO, SPI],
  power: {
    static: watts(0.2, 0.05, 0.6),
    shell: watts(0.3, 0.1, 1),
    coefficients: ECP5_POWER,
  },
  price: null,
  sources: [
    'resources: Lattice Diamond map report of LFE5U-85F in chili-chips-ba/openCologne (83,640 LUT, 208 EBR, 312 half DSP)',
    'static and board: assumed, no measurement was found',
    'clock: range of kernels by estimate after yosys, docs/models.md; the limit is assumed',
  ],
};

/**
 * AWS F2, one card of an f2.6xlarge: 88 % of an XCVU47P, what the small shell leaves. The shell clocks the kernel at
 * 250 MHz; another clock, and a crossing to it, comes from AWS_CLK_GEN. Its recipes above 250 MHz are left out: an
 * estimated Fmax is not good enough to promise them.
 *
 * No one has published what an idle F2 draws: the core rail of an idle F1 was 9 W, a board with a part of the same size 15 W.
 * @see aws/aws-fpga, branch f2, hdk/docs/Clock_Recipes_User_Guide.md and AWS_CLK_GEN_spec.md
 */
export const F2: Device = {
  id: 'xcvu47p',
  name: 'AWS F2 (f2.6xlarge)',
  part: 'xcvu47p-fsvh2892-2-e',
  family: 'ultrascale+',
  resources: resourcesOf('xcvu47p'),
  clocks: {
    choicesMHz: [250, 225, 200, 187.5, 150, 125, 100, 75, 62.5, 15.625],
    maxMHz: 250,
    unsynthesised: assumedMHz(250, 125, 250),
  },
  links: [F2_MMIO, F2_PCIM, F2_SDE, F2_SDE_16K],
  power: {
    static: watts(3.2, 2.3, 6),
    shell: watts(11.8, 6, 36),
    coefficients: ULTRASCALE_PLUS_POWER,
  },
  price: F2_PRICE,
  sources: [
    'part, shell and clocks: aws/aws-fpga, branch f2, kit 2.0.2: AWS_Shell_Interface_Specification.md, Clock_Recipes_User_Guide.md, AWS_CLK_GEN_spec.md',
    'resources: 88 % (User Guide of the kit) of 1,303,680 LUT, 2,607,360 FF, 2,016 BRAM, 9,024 DSP, as the Alveo U280 has',
    'static: 2.3 W (U50), 3.1 W (VU9P) and 3.4 W (a part of 1.3 million LUT), all estimates of Vivado',
    'static and shell: idle boards of 14.5-15 W (U55C) to 39 W (U280), PC2 wiki; idle F1 9 W Vccint, aws-fpga HOWTO on shell timeouts',
  ],
};

/** Every device that rtlift knows without a device file. */
export const DEVICES: readonly Device[] = [ICE40_HX8K, ICE40_UP5K, ECP5_85K, F2];

/**
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for an id that no device has; it lists those there are.
 */
export function deviceById(id: string): Device {
  const found = DEVICES.find((device) => device.id === id);
  if (found) return found;
  const known = DEVICES.map((device) => device.id);
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `device must be one of ${known.join(', ')}, or read from a device file; got ${id}`,
    { arg: 'device', expected: known, got: id },
  );
}
