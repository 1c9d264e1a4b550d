/** One thing that a message costs cycles by. */
export interface Term {
  readonly name: string;
  /** How much of it a message of so many bytes has. */
  readonly of: (bytes: number) => number;
  /** Cycles for each, by the kernel's documentation. */
  readonly documented: number;
}

/** A kernel that takes its messages one after the other: cycles = fixed + sum of terms. */
export interface StreamShape {
  readonly kind: 'stream';
  readonly terms: readonly Term[];
  readonly documentedFixed: number;
  /** The same kernel with a stream of so many bytes a beat, and the widths that it can have; absent where it has but one. */
  readonly widths?: { readonly of: readonly number[]; readonly at: (bytes: number) => StreamShape };
}

/** A kernel that deals messages to lanes round robin and gives results in order. */
export interface LanesShape {
  readonly kind: 'lanes';
  readonly lanes: number;
  /** Units that a lane buffers. */
  readonly depth: number;
  /** Results that a lane may hold before it waits for its turn. */
  readonly owes: number;
  /** Whether a lane starts a unit only in its slot of a ring as long as a unit. */
  readonly isRing: boolean;
  /** Units of a message, one of which enters a cycle. */
  readonly units: (bytes: number) => number;
  /** Units that a lane makes by itself at the end. */
  readonly appended: (bytes: number) => number;
  readonly documented: LaneCosts;
}

/** Cycles of a lane for a unit, for a message beside its units, and of a batch beside its lanes. */
export interface LaneCosts {
  readonly perUnit: number;
  readonly perMessage: number;
  readonly fixed: number;
}

export type Shape = StreamShape | LanesShape;

/** Cycles of a batch of messages of these sizes, by the costs of a stream's terms. */
export function streamCycles(
  { terms }: StreamShape,
  costs: readonly number[],
  fixed: number,
  sizes: readonly number[],
): number {
  let cycles = fixed;
  for (const bytes of sizes) {
    for (let i = 0; i < terms.length; i++) {
      cycles += (costs[i] as number) * (terms[i] as Term).of(bytes);
    }
  }
  return cycles;
}

/**
 * Cycles of a batch over lanes: a recurrence over its units, from the unit that enters to the result that leaves.
 *
 * A unit enters a cycle after the one before, or when its lane has a place; it starts when it is there and the lane is free,
 * the lane's slot has come where there is a ring, and the lane has not more results than it may owe.
 */
export function laneCycles(
  { lanes, depth, owes, isRing, units, appended }: LanesShape,
  { perUnit, perMessage, fixed }: LaneCosts,
  sizes: readonly number[],
): number {
  const free = new Float64Array(lanes);
  // Starts of the last `depth` units of each lane: the oldest has to be gone before another enters.
  const starts = new Float64Array(lanes * depth).fill(Number.NEGATIVE_INFINITY);
  const entered = new Float64Array(lanes);
  const leaves: number[] = [];
  let arrival = -1;
  let out = 0;
  sizes.forEach((bytes, i) => {
    const lane = i % lanes;
    const mayStart = i >= owes * lanes ? (leaves[i - owes * lanes] as number) : 0;
    const count = units(bytes);
    for (let unit = 0; unit < count; unit++) {
      const at = lane * depth + ((entered[lane] as number) % depth);
      arrival = Math.max(arrival + 1, starts[at] as number);
      let start = Math.max(arrival, free[lane] as number, unit === 0 ? mayStart : 0);
      if (isRing) start += (((lane - start) % perUnit) + perUnit) % perUnit;
      starts[at] = start;
      entered[lane] = (entered[lane] as number) + 1;
      free[lane] = start + perUnit;
    }
    free[lane] = (free[lane] as number) + perMessage + perUnit * appended(bytes);
    out = Math.max(free[lane] as number, out + 1);
    leaves.push(out);
  });
  return out + fixed;
}
