import { describe, expect, test } from 'vitest';
import { mergeCoverage } from '../../../src/verify/coverage/merge.js';
import { summarise } from '../../../src/verify/coverage/summary.js';
import { fifo, odd, point, toggle } from './fixture.js';

describe('mergeCoverage', () => {
  test('adds the counts of instances and parameter sets', () => {
    const clock = mergeCoverage([odd('a')]).points.filter(
      ({ file, name }) => file === 'odd_child.v' && name === 'clk',
    );
    expect(clock.map(({ count }) => count)).toEqual([240]);
  });

  test('keeps a bit that only some parameter sets have', () => {
    const bits = mergeCoverage([odd('a')]).points.filter(
      ({ file, name }) => file === 'odd_child.v' && name.startsWith('q'),
    );
    expect(bits.map(({ name }) => name)).toEqual(['q[0]', 'q[1]', 'q[2]']);
  });

  test('adds the counts of runs: what one of them covers is covered', () => {
    const [a, b, both] = [[odd('a')], [odd('b')], [odd('a'), odd('b')]].map((parts) =>
      summarise(mergeCoverage(parts)),
    );
    expect([a, b, both].map((summary) => summary?.line.covered)).toEqual([15, 10, 18]);
    expect([a, b, both].map((summary) => summary?.toggle.covered)).toEqual([31, 18, 32]);
    expect(both?.line.total).toBe(a?.line.total);
  });

  test('changes neither parts nor, done again, the result', () => {
    const part = odd('a');
    const before = structuredClone(part);
    const merged = mergeCoverage([part, odd('b')]);
    expect(part).toEqual(before);
    expect(mergeCoverage([merged])).toEqual(merged);
  });

  test('keeps designs apart', () => {
    const merged = mergeCoverage([odd('a'), fifo()]);
    expect(merged.points.length).toBe(
      mergeCoverage([odd('a')]).points.length + mergeCoverage([fifo()]).points.length,
    );
  });

  test.each([
    ['file', { file: 'y.v' }],
    ['line', { line: 2 }],
    ['column', { column: 2 }],
    ['kind', { kind: 'toggle' }],
    ['name', { name: 'else' }],
    ['direction', { edge: '0->1' }],
  ] as const)('keeps points of another %s apart', (_, other) => {
    const points = [point({ count: 1 }), point({ count: 2, ...other })];
    expect(mergeCoverage([{ points }]).points).toEqual(points);
  });

  test('gives a block the lines of every parameter set', () => {
    const points = [point({ lines: [1, 4], count: 1 }), point({ lines: [1, 2], count: 2 })];
    expect(mergeCoverage([{ points }]).points).toEqual([point({ lines: [1, 2, 4], count: 3 })]);
  });

  test('of nothing is nothing', () => {
    expect(mergeCoverage([])).toEqual({ points: [] });
    expect(mergeCoverage([{ points: [toggle('q', 1)] }]).points).toHaveLength(1);
  });
});
