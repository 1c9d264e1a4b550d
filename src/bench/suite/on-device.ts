import type { Device, DeviceFamily, Resources } from '../../devices/device.js';
import { CLOCK_SPREAD } from '../../devices/family-clock.js';
import type { Cells } from '../../devices/power.js';
import { estimate, type Figure } from '../../figure.js';
import { utilisationOf, whyTooLarge } from '../../synthesis/cells.js';
import { SYNTHESIS_DEVICES, type Cells as SynthesisedCells } from '../../synthesis/row.js';
import { type Family, type Target, targetOf } from '../../synthesis/targets.js';
import { cellsOf, type SynthesisRow } from './synthesis.js';

/** What synthesis says of a kernel on a device. */
export interface OnDevice {
  /** `null`: not known, because nobody synthesised it for the device or for one of its fabric. */
  readonly fits: boolean | null;
  /** Why it does not fit, or why that is not known; `null` where it fits. */
  readonly reason: string | null;
  readonly area: Cells | null;
  readonly fmax: Figure | null;
  /** Where area and clock come from, if not from the device itself. */
  readonly note: string | null;
}

const FAMILIES: Readonly<Record<DeviceFamily, Family>> = {
  ice40: 'ice40',
  ecp5: 'ecp5',
  'ultrascale+': 'xcup',
};

/**
 * Finds area and clock of a kernel on a device: the row of the device itself, else of a device of the same fabric, whose
 * area is held against what this device has, and whose clock gets a wider range.
 */
export function onDevice(device: Device, rows: readonly SynthesisRow[]): OnDevice {
  const own = rows.find((row) => row.device === device.id);
  if (own) return judge(device, own, null);
  const nearest = nearestOf(device, rows);
  if (nearest) return judge(device, nearest, targetOf(nearest.device));
  return {
    fits: null,
    reason: `nobody synthesised it for ${device.name}, so that nobody knows whether it fits`,
    area: null,
    fmax: null,
    note: null,
  };
}

/** Of the rows of the same fabric one that has a clock, of the smallest device that is no smaller, else of the largest. */
function nearestOf(device: Device, rows: readonly SynthesisRow[]): SynthesisRow | null {
  const lutsOf = (row: SynthesisRow): number => {
    const { LC = 0, LUT = LC } = targetOf(row.device).capacity;
    return LUT;
  };
  const rankOf = (row: SynthesisRow): number => {
    const luts = lutsOf(row);
    return luts >= device.resources.lut ? luts : 1 / luts + Number.MAX_SAFE_INTEGER;
  };
  const family = FAMILIES[device.family];
  const [first = null] = rows
    .filter(({ device: id }) => (SYNTHESIS_DEVICES as readonly string[]).includes(id))
    .filter((row) => targetOf(row.device).family === family)
    .sort((a, b) => Number(b.fits) - Number(a.fits) || rankOf(a) - rankOf(b));
  return first;
}

function judge(device: Device, row: SynthesisRow, relative: Target | null): OnDevice {
  const absent = { area: null, fmax: null, note: null };
  if (!row.fits && relative === null) {
    return { ...absent, fits: false, reason: row.reason ?? 'more cells than the device has' };
  }
  const tooLarge = row.cells && whyTooLargeFor(device, row.cells as unknown as SynthesisedCells);
  if (tooLarge) return { ...absent, fits: false, reason: tooLarge };
  // A look that ended early: what was counted fits, but LUTs were not.
  const isWhole = row.cells !== null && (row.fits || (row.cells.lut ?? 0) > 0);
  if (!isWhole) {
    const reason = `on ${relative?.label ?? row.device} ${row.reason ?? 'its cells were not counted'}; whether it fits on ${device.name} is not known`;
    return { ...absent, fits: null, reason };
  }
  const found = { fits: true, reason: null, area: cellsOf(row) };
  if (relative === null) return { ...found, fmax: row.fmax, note: null };
  return {
    ...found,
    fmax: row.fmax && widened(row.fmax, CLOCK_SPREAD[device.family]),
    note: `area and clock of ${relative.label}, of the same fabric; the clock ${CLOCK_SPREAD[device.family]} times either way; fit by cells, before packing`,
  };
}

function whyTooLargeFor({ family, name, resources }: Device, cells: SynthesisedCells) {
  const target = { family: FAMILIES[family], capacity: capacityOf(family, resources), label: name };
  return whyTooLarge(utilisationOf(cells, target), target);
}

function capacityOf(family: DeviceFamily, resources: Resources): Record<string, number> {
  const { lut, ff, bram: BRAM, dsp: DSP } = resources;
  return family === 'ice40' ? { LC: lut, BRAM, DSP } : { LUT: lut, FF: ff, BRAM, DSP };
}

function widened({ value, low = value, high = value, unit }: Figure, times: number): Figure {
  return estimate(value, low / times, high * times, unit, 'modelled');
}
