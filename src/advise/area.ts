import { cellsOf, type SynthesisRow, synthesisOf } from '../bench/suite/synthesis.js';
import type { Device } from '../devices/device.js';
import type { Cells } from '../devices/power.js';
import type { Range } from '../devices/range.js';
import { estimate, type Figure } from '../figure.js';
import type { ParameterValue } from '../kernel/define-kernel.js';
import type { AnyKernel } from './cycles/simulate.js';

/** What is known of a kernel's size and clock on a device. */
export interface Area {
  /** `no`: it was tried; `unknown`: nobody knows. */
  readonly fits: 'yes' | 'no' | 'unknown';
  readonly why: string | null;
  readonly cells: Cells | null;
  /** How many times these cells it may be, where it was scaled; 1 where it was synthesised. */
  readonly spread: Range;
  readonly fmax: Figure | null;
  readonly basis: string;
}

/** Parameters that cells grow with, at most in proportion. */
const SCALING = [
  'LANES',
  'PATTERNS',
  'PATTERN_BYTES',
  'DATA_BYTES',
  'RECORD_BYTES',
  'COMPARATORS',
  'TERMS',
  'OUT_BITS',
  'WIDTH',
] as const;
/** Parameters that leave cells about as they are, or change memories alone. */
const NEUTRAL = [
  'FIFO_BLOCKS',
  'FIFO_DEPTH',
  'TABLE',
  'POLY',
  'INIT',
  'XOROUT',
  'REFIN',
  'REFOUT',
  'RULES',
  'FIELDS',
];
const EXACT: Range = { low: 1, value: 1, high: 1 };

/**
 * Size and clock of a kernel: of the row with its parameters, else scaled from the nearest row of the device.
 * @param rows - every row known of the kernel's name, those just made among them.
 */
export function areaOf(
  kernel: AnyKernel,
  device: Device,
  made: readonly SynthesisRow[] = [],
): Area {
  const isOwn = (row: SynthesisRow): boolean =>
    row.device === device.id && sameParameters(row.parameters, kernel.rtl.parameters);
  const exact = made.find(isOwn) ?? synthesisOf(kernel).find(({ device: of }) => of === device.id);
  if (exact) {
    return {
      fits: exact.fits ? 'yes' : 'no',
      why: exact.fits ? null : (exact.reason ?? 'more cells than the device has'),
      cells: exact.fits ? cellsOf(exact) : null,
      spread: EXACT,
      fmax: exact.fmax,
      basis: 'synthesised with these parameters',
    };
  }
  const elsewhere = tooLargeFor(kernel, device);
  if (elsewhere !== null) return elsewhere;
  return (
    scaledArea(kernel, device) ?? {
      fits: 'unknown',
      why: null,
      cells: null,
      spread: EXACT,
      fmax: null,
      basis: `no synthesis row for ${device.id}: \`rtlift synth\` or --synthesise makes one`,
    }
  );
}

/**
 * What another device's row says: its flip-flops are as many on any device, and a LUT of six inputs is one of four at the least.
 * @returns `null` where that does not settle it.
 */
function tooLargeFor(kernel: AnyKernel, device: Device): Area | null {
  for (const row of synthesisOf(kernel)) {
    const cells = cellsOf(row);
    if (cells === null) continue;
    const [what, count, there] =
      cells.ff > device.resources.ff
        ? ['flip-flops', cells.ff, device.resources.ff]
        : ['LUTs', cells.lut, device.resources.lut];
    if (count <= there) continue;
    const why = `${count} ${what} on ${row.device}, and ${device.id} has ${there}`;
    const basis = `row of ${row.device}`;
    return { fits: 'no', why, cells: null, spread: EXACT, fmax: null, basis };
  }
  return null;
}

type Parameters = Readonly<Record<string, ParameterValue>>;

function sameParameters(row: Parameters, own: Parameters): boolean {
  return Object.entries(row).every(
    ([key, value]) => own[key] === undefined || `${own[key]}` === `${value}`,
  );
}

function scaledArea(kernel: AnyKernel, device: Device): Area | null {
  const own = kernel.rtl.parameters;
  const rows = synthesisOf({ name: kernel.name, rtl: { ...kernel.rtl, parameters: {} } }).filter(
    (row) => row.device === device.id && row.fits && cellsOf(row) !== null,
  );
  const usable = rows.flatMap((row) => {
    const factor = factorOf(row.parameters, own);
    return factor === null ? [] : [{ row, factor }];
  });
  const [nearest] = usable.sort(
    (a, b) => Math.abs(Math.log(a.factor)) - Math.abs(Math.log(b.factor)),
  );
  if (!nearest) return null;
  const { row, factor } = nearest;
  const cells = cellsOf(row) as Cells;
  const scaled = Object.fromEntries(
    Object.entries(cells).map(([name, count]) => [name, Math.ceil(count * factor)]),
  ) as unknown as Cells;
  // Two fifths of the row may not shrink or grow with it, and synthesis of another size is off by a quarter.
  const [part, rest] = [0.6 * factor + 0.4, factor];
  const spread = {
    low: (0.75 * Math.min(part, rest)) / factor,
    value: 1,
    high: (1.25 * Math.max(part, rest)) / factor,
  };
  const use = useOf(scaled, device);
  const [least, most] = [use * spread.low, use * spread.high];
  const fits = most <= 1 ? 'yes' : least > 1 ? 'no' : 'unknown';
  const from = Object.entries(row.parameters)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
  return {
    fits,
    why: fits === 'no' ? `about ${use.toFixed(1)} times the cells of the device, scaled` : null,
    cells: scaled,
    spread,
    // A larger design routes worse; a smaller one seldom gains as much.
    fmax: row.fmax && widened(row.fmax, factor > 1 ? 0.7 : 0.9, 1.1),
    basis: `scaled by ${factor.toPrecision(2)} from the row with ${from}`,
  };
}

/** How many times a row a kernel is; `null` where they are not alike. */
function factorOf(row: Parameters, own: Parameters): number | null {
  let factor = 1;
  for (const [key, value] of Object.entries(row)) {
    const mine = own[key];
    if (mine === undefined || `${mine}` === `${value}` || NEUTRAL.includes(key)) continue;
    if (!(SCALING as readonly string[]).includes(key)) return null;
    factor *= Number(mine) / Number(value);
  }
  return factor > 0 ? factor : null;
}

/** Share of the device that the scarcest of its cells leaves: above 1 it does not fit. */
export function useOf(cells: Cells, { resources }: Device): number {
  const share = (used: number, there: number): number => (used === 0 ? 0 : used / there);
  return Math.max(
    share(cells.lut, resources.lut),
    share(cells.ff, resources.ff),
    share(cells.bram, resources.bram),
    share(cells.dsp, resources.dsp),
  );
}

const widened = (of: Figure, low: number, high: number): Figure =>
  estimate(of.value, (of.low ?? of.value) * low, (of.high ?? of.value) * high, of.unit, 'modelled');
