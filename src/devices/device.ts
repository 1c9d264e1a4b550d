import type { Figure } from '../figure.js';
import type { Link } from './link.js';
import type { DevicePower } from './power.js';
import type { Price } from './price.js';

export type DeviceFamily = 'ice40' | 'ecp5' | 'ultrascale+';

/** What a kernel may use of a device. */
export interface Resources {
  /** LUT4 on iCE40 and ECP5, LUT6 on UltraScale+. */
  readonly lut: number;
  readonly ff: number;
  /** Block memories: of 4 kbit on iCE40, of 18 kbit on ECP5, of 36 kbit on UltraScale+. */
  readonly bram: number;
  readonly dsp: number;
}

export interface Clocks {
  /** Clocks that the shell offers, MHz; `null`: any up to Fmax. */
  readonly choicesMHz: readonly number[] | null;
  /** The highest clock at which a kernel is taken to run, MHz. */
  readonly maxMHz: number;
  /** Clock of a kernel that nobody synthesised, MHz. */
  readonly unsynthesised: Figure;
}

/** A target part on its board or instance, as far as time, energy and price need it. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly part: string;
  readonly family: DeviceFamily;
  readonly resources: Resources;
  readonly clocks: Clocks;
  /** The first is the one that is taken unless another is named. */
  readonly links: readonly [Link, ...Link[]];
  readonly power: DevicePower;
  /** `null`: nothing is rented. */
  readonly price: Price | null;
  readonly sources: readonly string[];
}
