/** One moment at which clocks change: a bit for each clock. */
export interface ClockStep {
  readonly rising: number;
  readonly falling: number;
  /** Since the first clock rose last, of its period. */
  readonly phase: number;
}

type Ratios = readonly (readonly [number, number])[];

/** Half a period of each clock, and the time until all rise together again, in a unit that makes all of them whole. */
function timesOf(ratios: Ratios): { readonly halves: readonly number[]; readonly length: number } {
  const unit = ratios.reduce((least, [above]) => lcm(least, above), 1);
  const halves = ratios.map(([above, below]) => (unit / above) * below);
  return { halves, length: halves.reduce((least, half) => lcm(least, 2 * half), 1) };
}

/** At least the number of {@link clockSteps}, without making them. */
export function mostSteps(ratios: Ratios): number {
  const { halves, length } = timesOf(ratios);
  return halves.reduce((sum, half) => sum + length / half, 0);
}

/**
 * The edges of clocks of given ratios until all rise together again, all rising together first.
 * @param ratios - frequencies over that of the first, as fractions.
 */
export function clockSteps(ratios: Ratios): ClockStep[] {
  const { halves, length } = timesOf(ratios);
  const period = 2 * (halves[0] ?? 1);
  const edges = new Set(
    halves.flatMap((half) => Array.from({ length: length / half }, (_, i) => i * half)),
  );
  return [...edges]
    .sort((a, b) => a - b)
    .map((time) => {
      let rising = 0;
      let falling = 0;
      halves.forEach((half, i) => {
        if (time % (2 * half) === 0) rising |= 1 << i;
        else if (time % half === 0) falling |= 1 << i;
      });
      return { rising, falling, phase: (time % period) / period };
    });
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function lcm(a: number, b: number): number {
  return (a / gcd(a, b)) * b;
}
