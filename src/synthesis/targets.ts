import { RtliftError } from '../errors.js';
import { SYNTHESIS_DEVICES, type SynthesisDevice } from './row.js';

export type Family = 'ice40' | 'ecp5' | 'xcup';

/** A device as far as synthesis needs it. */
export interface Target {
  readonly device: SynthesisDevice;
  readonly label: string;
  readonly part: string;
  readonly family: Family;
  /**
   * Number of each resource that a kernel may use, what a shell keeps taken off; `LC` is LUT, flip-flop and carry bit in
   * one. The catalogue of devices takes its figures from here.
   */
  readonly capacity: Readonly<Record<string, number>>;
  /** The one Yosys command that maps a design; the top module is added. */
  readonly synthCommand: string;
  /**
   * Added to the command for a first look: all but the LUTs, which take most of the time. What is too large by that is
   * not mapped further. `null`: none.
   */
  readonly firstLook: string | null;
  /** Arguments of nextpnr-ice40; `null` where no place and route is at hand. */
  readonly nextpnrArgs: readonly string[] | null;
  /** Pins of the package that a design may use, `null` where no package is assumed. */
  readonly pins: number | null;
  /** Highest clock that what surrounds the kernel offers, MHz; `null` where nothing surrounds it. */
  readonly shellClockMHz: number | null;
  /** Where the figures come from. */
  readonly source: string;
}

const TARGETS: Readonly<Record<SynthesisDevice, Target>> = {
  'ice40-hx8k': {
    device: 'ice40-hx8k',
    label: 'iCE40 HX8K',
    part: 'iCE40HX8K-CT256',
    family: 'ice40',
    capacity: { LC: 7_680, BRAM: 32, DSP: 0 },
    synthCommand: 'synth_ice40',
    firstLook: '-run begin:map_luts',
    nextpnrArgs: ['--hx8k', '--package', 'ct256'],
    pins: 206,
    shellClockMHz: null,
    source: 'Lattice FPGA-DS-02029, iCE40 LP/HX Family Data Sheet, table 1.1',
  },
  'ice40-up5k': {
    device: 'ice40-up5k',
    label: 'iCE40 UP5K',
    part: 'iCE40UP5K-SG48',
    family: 'ice40',
    capacity: { LC: 5_280, BRAM: 30, DSP: 8 },
    synthCommand: 'synth_ice40 -dsp',
    firstLook: '-run begin:map_luts',
    nextpnrArgs: ['--up5k', '--package', 'sg48'],
    pins: 39,
    shellClockMHz: null,
    source: 'Lattice FPGA-DS-02008, iCE40 UltraPlus Family Data Sheet, table 1.1',
  },
  'ecp5-85k': {
    device: 'ecp5-85k',
    label: 'ECP5 85K',
    part: 'LFE5U-85F-6',
    family: 'ecp5',
    capacity: { LUT: 83_640, FF: 83_640, BRAM: 208, DSP: 156 },
    // Wide multiplexers: Yosys 0.23 builds them from twice the LUTs where it may use PFUMX and L6MUX21 (docs/synthesis.md).
    synthCommand: 'synth_ecp5 -nowidelut',
    firstLook: null,
    nextpnrArgs: null,
    pins: null,
    shellClockMHz: null,
    source: 'Lattice FPGA-DS-02012, ECP5 and ECP5-5G Family Data Sheet, table 1.1',
  },
  xcvu47p: {
    device: 'xcvu47p',
    label: 'UltraScale+ VU47P (AWS F2)',
    part: 'xcvu47p-fsvh2892-2-e',
    family: 'xcup',
    // 88 % of the part's 1,303,680 LUT, 2,607,360 FF, 2,016 BRAM and 9,024 DSP: the small shell keeps the rest.
    capacity: { LUT: 1_147_238, FF: 2_294_476, BRAM: 1_774, DSP: 7_941 },
    synthCommand: 'synth_xilinx -family xcup -noiopad -nowidelut -flatten',
    firstLook: null,
    nextpnrArgs: null,
    pins: null,
    // clk_main_a0 is fixed at 250 MHz; the AWS_CLK_GEN recipe A1 goes up to 500 MHz.
    shellClockMHz: 500,
    source:
      'AMD DS890, UltraScale Architecture and Product Data Sheet; share left to a kernel (88 %): aws-fpga f2, User Guide of the kit; clocks: hdk/docs/Clock_Recipes_User_Guide.md',
  },
};

/** @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when no device is named so. */
export function targetOf(device: string): Target {
  if (Object.hasOwn(TARGETS, device)) return TARGETS[device as SynthesisDevice];
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `device is one of ${SYNTHESIS_DEVICES.join(', ')}, got ${device}`,
    { arg: 'device', got: device },
  );
}
