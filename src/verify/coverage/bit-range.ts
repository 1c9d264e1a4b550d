import { groupBy } from './groups.js';
import { byName } from './order.js';

/** Lowest and highest index, both included. */
type Range = readonly [low: number, high: number];

/** A name taken apart at its indices: `a[1].b[7:0]` as `a`, `.b`, empty and 1, 7 to 0. */
interface Indexed {
  readonly texts: readonly string[];
  readonly ranges: readonly Range[];
}

const ANY: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

function readName(name: string): Indexed {
  const texts: string[] = [];
  const ranges: Range[] = [];
  let end = 0;
  for (const match of name.matchAll(/\[(?:\*|(-?\d+)(?::(-?\d+))?)\]/g)) {
    texts.push(name.slice(end, match.index));
    end = match.index + match[0].length;
    const [, left, right = left] = match;
    const bounds = [Number(left), Number(right)];
    ranges.push(left === undefined ? ANY : [Math.min(...bounds), Math.max(...bounds)]);
  }
  return { texts: [...texts, name.slice(end)], ranges };
}

function writeName({ texts, ranges }: Indexed): string {
  const index = ([low, high]: Range) => (low === high ? `[${low}]` : `[${high}:${low}]`);
  return texts.map((text, i) => `${text}${ranges[i] ? index(ranges[i]) : ''}`).join('');
}

/**
 * Whether a pattern covers a name: the same, but for `[*]` that stands for any index and `[7:4]` for those of a range.
 * `key` is not a pattern for the bits of `key`: that is `key[*]`.
 */
export function matchesName(pattern: string, name: string): boolean {
  const [allowed, actual] = [readName(pattern), readName(name)];
  return (
    allowed.texts.length === actual.texts.length &&
    allowed.texts.every((text, i) => text === actual.texts[i]) &&
    allowed.ranges.every(([low, high], i) => {
      const [first, last] = actual.ranges[i] ?? ANY;
      return low <= first && last <= high;
    })
  );
}

/**
 * Writes bits that follow each other as one range: `key[0]`, `key[1]`, `key[3]` as `key[1:0]`, `key[3]`; a block of a
 * memory as `mem[3:0][7:0]`.
 * @returns patterns that together cover exactly the names, by name.
 */
export function foldBits(names: readonly string[]): string[] {
  let items = [...new Set(names)].map(readName);
  const depth = items.reduce((max, { ranges }) => Math.max(max, ranges.length), 0);
  for (let index = depth - 1; index >= 0; index--) items = foldIndex(items, index);
  return items.map(writeName).sort(byName);
}

/** Joins the items that differ in one index only, by values that follow each other. */
function foldIndex(items: readonly Indexed[], index: number): Indexed[] {
  const groups = groupBy(items, ({ texts, ranges }) =>
    JSON.stringify([texts, ranges.map((range, i) => i !== index && range)]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const values = group.flatMap(({ ranges }) => (ranges[index] ? [ranges[index]] : []));
    // A name with fewer indices.
    if (first === undefined || values.length === 0) return group;
    const { texts, ranges } = first;
    return joinRanges(values).map((range) => ({ texts, ranges: ranges.with(index, range) }));
  });
}

function joinRanges(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const [low, high] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last && last[1] + 1 === low) joined[joined.length - 1] = [last[0], high];
    else joined.push([low, high]);
  }
  return joined;
}
