import { matchesName } from './bit-range.js';
import type { UncoveredToggle } from './summary.js';

/** What a reason of a floor speaks of. */
export type Place =
  /** Bits, see `matchesName`. */
  | { readonly kind: 'toggle'; readonly pattern: string }
  /** All that was not run on the line of the reason. */
  | { readonly kind: 'line' }
  /** One arm of a branch, or a block, on the line of the reason. */
  | { readonly kind: 'arm'; readonly arm: string }
  /** All that was not run on these lines, both included. */
  | { readonly kind: 'lines'; readonly first: number; readonly last: number };

/** As Verilator 5.006 names them; the last two since it counts conditional operators. */
const ARMS = ['block', 'if', 'else', 'elsif', 'case', 'cond_then', 'cond_else'];

/** Reads the `what` of a reason; `null` when it is none. */
export function readPlace(what: string): Place | null {
  if (what === 'line') return { kind: 'line' };
  if (ARMS.includes(what)) return { kind: 'arm', arm: what };
  const [, first, last] = /^lines (\d+)-(\d+)$/.exec(what) ?? [];
  if (first !== undefined) {
    const place = { kind: 'lines', first: Number(first), last: Number(last) } as const;
    return place.first < 1 || place.last < place.first ? null : place;
  }
  const [, pattern] = /^toggle (\S+)$/.exec(what) ?? [];
  return pattern === undefined ? null : { kind: 'toggle', pattern };
}

/** A reason's place and line. */
export interface PlaceOnLine {
  readonly place: Place;
  readonly line: number | null;
}

/** Whether a reason speaks of an arm that was not run on a line. */
export function speaksOfArm({ place, line }: PlaceOnLine, at: number, arm: string): boolean {
  switch (place.kind) {
    case 'toggle':
      return false;
    case 'line':
      return line === at;
    case 'arm':
      return line === at && place.arm === arm;
    case 'lines':
      return place.first <= at && at <= place.last;
  }
}

/** Whether a reason speaks of a bit that did not change. */
export function speaksOfToggle({ place, line }: PlaceOnLine, toggle: UncoveredToggle): boolean {
  return (
    place.kind === 'toggle' &&
    (line === null || line === toggle.line) &&
    matchesName(place.pattern, toggle.name)
  );
}
