import type { Figure } from '../figure.js';
import type { Device } from './device.js';
import { checkFigure, type Range } from './range.js';

/** The clock a kernel runs at, and what has to be said of it. */
export interface ChosenClock {
  readonly mhz: Range;
  readonly note: string;
}

/**
 * The highest clock of the device at which a kernel of this Fmax meets timing: the largest choice of the shell that is
 * not above it, or Fmax itself where any clock can be made, and never more than the device allows.
 *
 * Of an Fmax that is modelled the low end is at least one choice below: an estimate knows no placement and no fan-out.
 * @param fmax - MHz, from synthesis; `null`: nobody synthesised the kernel.
 */
export function chooseClock({ clocks, name }: Device, fmax: Figure | null): ChosenClock {
  if (fmax === null) {
    const mhz = checkFigure('clocks.unsynthesised', clocks.unsynthesised);
    return { mhz, note: `clock of ${name} assumed: the kernel was not synthesised` };
  }
  const { low, value, high } = checkFigure('fmax', fmax);
  const { choicesMHz, maxMHz } = clocks;
  const choose = (limit: number): number => {
    const most = Math.min(limit, maxMHz);
    const fitting = (choicesMHz ?? [most]).filter((choice) => choice <= most);
    // Below the slowest choice of the shell only a clock of the kernel's own is left.
    return fitting.length > 0 ? Math.max(...fitting) : most;
  };
  const isEstimate = fmax.provenance === 'modelled';
  const chosen = choose(value);
  const below = (choicesMHz ?? []).filter((choice) => isEstimate && choice < chosen);
  const mhz = {
    low: Math.min(choose(low), below.length > 0 ? Math.max(...below) : chosen),
    value: chosen,
    high: choose(high),
  };
  const how =
    choicesMHz === null ? `Fmax, at most ${maxMHz} MHz` : 'the highest of the shell below Fmax';
  const step = isEstimate && choicesMHz !== null ? ', so its low end is a step less at least' : '';
  return { mhz, note: `clock: ${how}; Fmax is ${fmax.provenance}${step}` };
}
