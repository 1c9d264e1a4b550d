import { describe, expect, test } from 'vitest';
import type { CoverageData } from '../../../src/verify/coverage/data.js';
import { toLcov } from '../../../src/verify/coverage/lcov.js';
import { mergeCoverage } from '../../../src/verify/coverage/merge.js';
import { summarise } from '../../../src/verify/coverage/summary.js';
import { fifo, odd, point, toggle } from './fixture.js';

/** Rows of one kind, split at commas. */
const rows = (text: string, kind: string): string[][] =>
  text
    .split('\n')
    .filter((row) => row.startsWith(`${kind}:`))
    .map((row) => row.slice(kind.length + 1).split(','));

const number = (text: string, kind: string): number =>
  rows(text, kind).reduce((sum, [value]) => sum + Number(value), 0);

const REAL: readonly (readonly [string, CoverageData])[] = [
  ['odd a', odd('a')],
  ['odd b', odd('b')],
  ['both', mergeCoverage([odd('a'), odd('b')])],
  ['axis_fifo', fifo()],
];

describe('the tracefile', () => {
  test('has the records of geninfo(1), in a section for each file', () => {
    const points = [
      point({ line: 2, lines: [2, 3], count: 7 }),
      point({ line: 3, column: 9, name: 'if', lines: [3], count: 5 }),
      point({ line: 3, column: 10, name: 'else', count: 2 }),
      toggle('q[0]', 4, 1),
      toggle('q[1]', 0, 1),
    ];
    expect(toLcov({ points }, { testName: 'a run' })).toBe(
      [
        'TN:a_run',
        'SF:x.v',
        'BRDA:1,1,0,4',
        'BRDA:1,1,1,0',
        'BRDA:3,0,0,5',
        'BRDA:3,0,1,2',
        'BRF:4',
        'BRH:3',
        'DA:1,4',
        'DA:2,7',
        'DA:3,7',
        'LF:3',
        'LH:3',
        'end_of_record',
        '',
      ].join('\n'),
    );
  });

  test.each(REAL)('lists every bit of %s as a branch', (_, data) => {
    const bits = rows(toLcov(data), 'BRDA').filter(([, block]) => block === '1');
    const { toggle } = summarise(data);
    expect(bits).toHaveLength(toggle.total);
    expect(bits.filter(([, , , taken]) => Number(taken) > 0)).toHaveLength(toggle.covered);
  });

  test.each(REAL)('counts the lines of %s as the summary does, without toggles', (_, data) => {
    const text = toLcov(data, { toggles: false });
    const { line, files } = summarise(data);
    const reached = files.flatMap(({ uncoveredLines }) =>
      uncoveredLines.filter(({ isReached }) => isReached),
    );
    expect(number(text, 'LF')).toBe(line.total);
    expect(number(text, 'LH')).toBe(line.covered + reached.length);
    expect(rows(text, 'BRDA').filter(([, block]) => block === '1')).toEqual([]);
  });

  test.each(REAL)('holds what lcov 2 checks of %s', (_, data) => {
    for (const section of toLcov(data).split('end_of_record\n')) {
      const hits = new Map(rows(section, 'DA').map(([line, count]) => [line, Number(count)]));
      const branches = rows(section, 'BRDA');
      for (const [line, , , taken] of branches) {
        expect(hits.has(line ?? '')).toBe(true);
        expect(taken === '-').toBe(hits.get(line ?? '') === 0);
      }
      for (const [line, count] of hits) {
        const own = branches.filter(([at]) => at === line);
        const isTaken = own.some(([, , , taken]) => Number(taken) > 0);
        if (own.length > 0) expect(isTaken).toBe(count > 0);
      }
      expect(number(section, 'BRF')).toBe(branches.length);
      expect(number(section, 'BRH')).toBe(
        branches.filter(([, , , taken]) => Number(taken) > 0).length,
      );
    }
  });

  test.each([
    ['/a/rtl/core.v', '/a', 'rtl/core.v'],
    ['/a/rtl/core.v', '/a/rtl/', 'core.v'],
    ['/b/core.v', '/a', '/b/core.v'],
    ['/a/..core.v', '/a', '..core.v'],
    ['core.v', undefined, 'core.v'],
    ['core.v', process.cwd(), 'core.v'],
  ])('names %s from %s as %s', (file, base, name) => {
    const text = toLcov({ points: [point({ file })] }, base === undefined ? {} : { base });
    expect(rows(text, 'SF')).toEqual([[name]]);
  });

  test('of nothing is empty', () => {
    expect(toLcov({ points: [] })).toBe('');
  });
});
