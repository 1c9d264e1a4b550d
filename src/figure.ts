/** Where a figure comes from. */
export type Provenance =
  /** Host time or bytes, taken here. */
  | 'measured'
  /** Counted in a cycle-accurate simulation of the RTL. */
  | 'simulated'
  /** From synthesis, or place and route. */
  | 'synthesised'
  /** Computed by a model; carries a low and a high. */
  | 'modelled'
  | 'datasheet'
  | 'assumed';

/** A number that leaves the library: never without its unit and where it comes from. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly provenance: Provenance;
  /** Bounds of an estimate. */
  readonly low?: number;
  readonly high?: number;
}

/** A figure that was counted or timed. */
export function figure(value: number, unit: string, provenance: Provenance): Figure {
  return { value, unit, provenance };
}

/** An estimate with its bounds. */
export function estimate(
  value: number,
  low: number,
  high: number,
  unit: string,
  provenance: Provenance = 'modelled',
): Figure {
  return { value, unit, provenance, low, high };
}
