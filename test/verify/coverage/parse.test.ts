import { describe, expect, test } from 'vitest';
import { parseCoverage } from '../../../src/verify/coverage/parse.js';
import { thrown } from '../../support/errors.js';
import { fifo, fixture, odd } from './fixture.js';

const HEADER = '# SystemC::Coverage-3\n';

/** A row as Verilator writes it. */
const row = (keys: Record<string, string>, count: number | string = 1): string =>
  `C '${Object.entries(keys)
    .map(([key, value]) => `\x01${key}\x02${value}`)
    .join('')}' ${count}\n`;

const TOGGLE = { f: 'x.v', l: '3', n: '7', page: 'v_toggle/x', o: 'q[0]', h: 'TOP.x' };
const parsed = (keys: Record<string, string>, count?: number) =>
  parseCoverage(HEADER + row(keys, count)).points[0];

describe('a file of Verilator 5.006', () => {
  test('gives a point for each of its rows', () => {
    const rows = fixture('axis_fifo.dat')
      .split('\n')
      .filter((line) => line.startsWith('C '));
    expect(fifo().points).toHaveLength(rows.length);
  });

  test('gives the lines of a block', () => {
    expect(odd('a').points).toContainEqual({
      kind: 'line',
      file: 'odd_points.v',
      line: 38,
      column: 5,
      name: 'block',
      edge: '',
      lines: [38, 39, 48],
      // 40 cycles, the first without an edge.
      count: 39,
    });
  });

  test('gives both arms of a branch, one without lines', () => {
    const arms = odd('b').points.filter(({ line, kind }) => kind === 'line' && line === 51);
    expect(arms.map(({ name, lines, count }) => [name, lines, count])).toEqual([
      ['else', [], 0],
      ['if', [51, 52], 1],
    ]);
  });

  test('gives signal and bit of a toggle, of a memory and of an escaped name too', () => {
    const names = odd('a').points.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'clk',
        'a[3]',
        'mem[3][2]',
        'ascending[0]',
        'odd__03cb__03e__026name',
      ]),
    );
  });

  test('keeps the points of two parameter sets apart', () => {
    const clocks = odd('a').points.filter(
      ({ file, name }) => file === 'odd_child.v' && name === 'clk',
    );
    expect(clocks.map(({ count }) => count)).toEqual([80, 160]);
  });

  test('reads a path with an apostrophe, a per cent sign and letters above 127', () => {
    const files = new Set(parseCoverage(fixture('odd-name.dat')).points.map(({ file }) => file));
    expect([...files]).toEqual(["it's-100%größe.v", 'odd_points.v']);
  });
});

describe('what other builds and versions write', () => {
  test('bytes above 127 of a compiler whose char is unsigned', () => {
    expect(parsed({ ...TOGGLE, f: 'gr%C3%B6%C3%9Fe.v' })?.file).toBe('größe.v');
  });

  test('directions of a toggle that are counted apart', () => {
    expect(parsed({ ...TOGGLE, o: 'q[0]:1->0' })).toMatchObject({ name: 'q[0]', edge: '1->0' });
  });

  test('points of users and of expressions, which are left out', () => {
    const other = [{ ...TOGGLE, page: 'v_user/x' }, { ...TOGGLE, page: 'v_expr/x' }, { f: 'x.v' }];
    expect(parseCoverage(HEADER + other.map((keys) => row(keys)).join('')).points).toEqual([]);
  });

  test('comments and empty lines', () => {
    expect(parseCoverage(`${HEADER}\n# a comment\n${row(TOGGLE)}`).points).toHaveLength(1);
  });
});

describe('a malformed file', () => {
  test.each([
    ['nothing', '', 'line 1'],
    ['another header', 'TN:\n', 'SystemC::Coverage-3'],
    ['a row without count', `${HEADER}C 'x'\n`, 'line 2'],
    ['a count that is no number', HEADER + row(TOGGLE, 'many'), 'line 2'],
    ['a row cut off', HEADER + row(TOGGLE) + row(TOGGLE).slice(0, 20), 'line 3'],
    ['a line that is no number', HEADER + row({ ...TOGGLE, l: 'x' }), 'number as l'],
    ['lines that are no ranges', HEADER + row({ ...TOGGLE, S: '1-' }), 'as S'],
    ['a point without file', HEADER + row({ page: 'v_line/x', l: '1', n: '1', o: '' }), 'key f'],
  ])('is refused: %s', (_, dat, words) => {
    expect(thrown('ERR_RTLIFT_INVALID_ARG', () => parseCoverage(dat)).message).toContain(words);
  });
});
