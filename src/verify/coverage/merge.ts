import type { CoverageData, CoveragePoint } from './data.js';

/**
 * Adds the counts of each point over runs, instances and parameter sets.
 *
 * A point is the same where file, line, column, kind, name and direction are: the instance and the parameters of its
 * module do not tell it apart. A bit or a block that only some parameter sets have is kept, and a block has the lines
 * that any of them gives it.
 * @param parts - one entry a run; not changed.
 */
export function mergeCoverage(parts: readonly CoverageData[]): CoverageData {
  const points = new Map<string, CoveragePoint>();
  for (const point of parts.flatMap((part) => part.points)) {
    const { kind, file, line, column, name, edge } = point;
    const key = [file, line, column, kind, name, edge].join('\0');
    const known = points.get(key);
    points.set(key, known ? sum(known, point) : point);
  }
  return { points: [...points.values()] };
}

function sum(a: CoveragePoint, b: CoveragePoint): CoveragePoint {
  const lines = [...new Set([...a.lines, ...b.lines])].sort((x, y) => x - y);
  return { ...a, lines, count: a.count + b.count };
}
