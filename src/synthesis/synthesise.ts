import { RtliftError } from '../errors.js';
import { estimate, type Figure } from '../figure.js';
import { countCells, utilisationOf, whyTooLarge } from './cells.js';
import { delaysOf } from './delays.js';
import { COMPACT, FULL, harness } from './harness.js';
import { mapDesign } from './map-design.js';
import { elaboratedParameters, type MappedDesign } from './mapped-netlist.js';
import { findNextpnr, type Nextpnr, type Placement, placeAndRoute } from './nextpnr.js';
import type { SynthesisRow, Use } from './row.js';
import { findYosys, type Yosys } from './run-yosys.js';
import { type SynthesisRtl, sourceHash } from './source-hash.js';
import { longestPath } from './sta.js';
import type { Target } from './targets.js';

/** How {@link synthesise} runs. */
export interface SynthesiseOptions {
  /** Seeds of place and route, at least one; default 1, 2, 3. */
  readonly seeds?: readonly number[];
  readonly signal?: AbortSignal;
  /** Told what is being done. */
  readonly onStage?: (text: string) => void;
}

export const DEFAULT_SEEDS: readonly number[] = [1, 2, 3];

/**
 * Maps a design to a device, counts its cells, and places and routes it where nextpnr can, else estimates its clock.
 *
 * A design that is too large gives a row with `fits: false` and the reason, not an error.
 * @param kernel - name for the row.
 * @throws {@link RtliftError} `ERR_RTLIFT_TOOL_MISSING`, `ERR_RTLIFT_SYNTHESIS_FAILED` with the tool's messages, or
 *   `ERR_RTLIFT_INVALID_ARG` when a source cannot be read.
 */
export async function synthesise(
  kernel: string,
  rtl: SynthesisRtl,
  target: Target,
  { seeds = DEFAULT_SEEDS, signal, onStage = () => undefined }: SynthesiseOptions = {},
): Promise<SynthesisRow> {
  if (seeds.length === 0) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      'seeds is a list of at least one seed, got none',
      {
        arg: 'seeds',
      },
    );
  }
  const yosys: Yosys = await findYosys();
  const nextpnr = target.nextpnrArgs === null ? null : await findNextpnr();
  onStage(`Yosys ${yosys.version}`);
  const hash = await sourceHash(rtl, target);
  const about = (mapped: MappedDesign): Omit<SynthesisRow, 'fits' | 'fmax' | 'critical'> => {
    const cells = countCells(mapped.module, target.family);
    return {
      kernel,
      parameters: elaboratedParameters(mapped.module),
      device: target.device,
      tool: { yosys: yosys.version, ...(nextpnr ? { nextpnr: nextpnr.version } : {}) },
      sourceHash: hash,
      cells,
      utilisation: utilisationOf(cells, target),
    };
  };
  const tooLarge = (mapped: MappedDesign, reason: string): SynthesisRow => ({
    ...about(mapped),
    fits: false,
    reason,
    fmax: null,
    critical: null,
  });
  if (target.firstLook !== null) {
    const looked = { ...target, synthCommand: `${target.synthCommand} ${target.firstLook}` };
    const unfinished = await mapDesign(rtl, looked, yosys, signal);
    const reason = whyTooLarge(about(unfinished).utilisation, target);
    if (reason !== null) return tooLarge(unfinished, `${reason}; LUTs not mapped`);
  }
  const mapped = await mapDesign(rtl, target, yosys, signal);
  const base = about(mapped);
  const reason = whyTooLarge(base.utilisation, target);
  if (reason !== null) return tooLarge(mapped, reason);
  if (nextpnr === null) {
    const path = longestPath(mapped.module, delaysOf(target.family));
    const fmax = path && estimatedFmax(path.ns, target);
    const critical = path?.critical ?? null;
    return { ...base, fits: true, fmax, critical };
  }
  const placed = await placeAll(mapped, nextpnr, target, seeds, signal, onStage);
  if ('reason' in placed) return tooLarge(mapped, placed.reason);
  return { ...base, fits: true, ...placed, seeds };
}

type Placed = Pick<SynthesisRow, 'utilisation' | 'fmax' | 'critical'>;

async function placeAll(
  mapped: MappedDesign,
  nextpnr: Nextpnr,
  target: Target,
  seeds: readonly number[],
  signal: AbortSignal | undefined,
  onStage: (text: string) => void,
): Promise<Placed | { readonly reason: string }> {
  let reason = '';
  // It is the design that must fit, not the harness.
  for (const sharing of [FULL, COMPACT]) {
    const { json, logicCells } = harness(mapped.module, sharing);
    const runs: Placement[] = [];
    for (const seed of seeds) {
      onStage(`nextpnr ${nextpnr.version}, seed ${seed}`);
      const run = await placeAndRoute(nextpnr, json, target, seed, signal);
      if ('reason' in run) {
        reason = `${run.reason}, with ${logicCells} LC of the harness`;
        break;
      }
      runs.push(run);
    }
    if (runs.length === seeds.length) return placedOf(runs, logicCells, target);
  }
  return { reason };
}

function placedOf(runs: readonly Placement[], logicCells: number, target: Target): Placed {
  const sorted = runs.toSorted((a, b) => (a.fmaxMHz ?? 0) - (b.fmaxMHz ?? 0));
  // Of an even number the lower one, so that value and path are of one run.
  const median = sorted[Math.floor((sorted.length - 1) / 2)] as Placement;
  return {
    utilisation: placedUse(median, logicCells, target),
    fmax: spreadOf(sorted.map(({ fmaxMHz }) => fmaxMHz)),
    critical: median.critical,
  };
}

/** What the design takes without the harness. */
function placedUse(
  { used }: Placement,
  harnessCells: number,
  { capacity }: Target,
): Record<string, Use> {
  const names: Readonly<Record<string, string>> = {
    LC: 'ICESTORM_LC',
    BRAM: 'ICESTORM_RAM',
    DSP: 'ICESTORM_DSP',
  };
  return Object.fromEntries(
    Object.entries(capacity).map(([name, available]) => {
      const count = used[names[name] ?? name] ?? 0;
      return [name, { used: name === 'LC' ? count - harnessCells : count, available }];
    }),
  );
}

const round = (mhz: number): number => Math.round(mhz * 10) / 10;

/** The median of sorted runs with their lowest and highest. */
function spreadOf(sorted: readonly (number | null)[]): Figure | null {
  const mhz = sorted.filter((value) => value !== null).map(round);
  const [low, high] = [mhz[0], mhz.at(-1)];
  const median = mhz[Math.floor((mhz.length - 1) / 2)];
  if (low === undefined || high === undefined || median === undefined) return null;
  return estimate(median, low, high, 'MHz', 'synthesised');
}

/** The clock of a path with the range of its family, never above what the shell offers. */
export function estimatedFmax(periodNs: number, target: Target): Figure {
  const { lowFactor, highFactor } = delaysOf(target.family);
  const limit = target.shellClockMHz ?? Number.POSITIVE_INFINITY;
  const [value, low, high] = [1, lowFactor, highFactor].map((factor) =>
    round(Math.min(limit, (factor * 1_000) / periodNs)),
  ) as [number, number, number];
  return estimate(value, low, high, 'MHz', 'modelled');
}
