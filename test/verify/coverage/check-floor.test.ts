import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkFloor } from '../../../src/verify/coverage/check-floor.js';
import type { CoverageData } from '../../../src/verify/coverage/data.js';
import { type Floor, readFloor } from '../../../src/verify/coverage/floor.js';
import { mergeCoverage } from '../../../src/verify/coverage/merge.js';
import { summarise } from '../../../src/verify/coverage/summary.js';
import { fifo, odd, point, toggle } from './fixture.js';

/** Beside the sources of the fixtures, which were named from the folder of generate.sh. */
const PATH = 'coverage.json';
const floor = (fields: object, path = PATH): Floor =>
  readFloor(JSON.stringify({ line: 0, toggle: 0, ...fields }), path);

const findings = (data: CoverageData, fields: object, path?: string) =>
  checkFloor(summarise(data), floor(fields, path));
const messages = (data: CoverageData, fields: object, path?: string) =>
  findings(data, fields, path).map(({ message }) => message);

const reason = (what: string, line?: number, file = 'x.v') => ({ file, line, what, reason: 'why' });
const IF_ELSE = [
  point({ line: 4, column: 3, name: 'if', lines: [4, 5], count: 0 }),
  point({ line: 4, column: 4, name: 'else', count: 9 }),
  point({ line: 8, column: 3, name: 'if', lines: [8], count: 9 }),
  point({ line: 8, column: 4, name: 'else', count: 0 }),
];
const KEY = [0, 1, 2, 3].map((i) => toggle(`key[${i}]`, i === 0 ? 1 : 0, 2));
const DATA = { points: [...IF_ELSE, ...KEY] };

describe('a floor', () => {
  test('is kept when the shares are reached and each point has its reason', () => {
    const uncovered = [reason('lines 4-5'), reason('else', 8), reason('toggle key[3:1]', 2)];
    expect(findings(DATA, { toggle: 0.25, uncovered })).toEqual([]);
  });

  test('says how far the coverage is below it', () => {
    const uncovered = [reason('lines 4-8'), reason('toggle key[*]')];
    expect(messages(DATA, { line: 0.5, toggle: 0.26, uncovered })).toEqual([
      'line coverage is 0 of 3 (0.0000), the floor is 0.5',
      'toggle coverage is 1 of 4 (0.2500), the floor is 0.26',
    ]);
  });

  test('of 1 is kept by nothing less', () => {
    const points = Array.from({ length: 20_000 }, (_, i) => toggle(`k[${i}]`, i));
    const uncovered = [reason('toggle k[0]')];
    expect(
      findings({ points: [point({ count: 1 }), ...points] }, { toggle: 1, uncovered }),
    ).toEqual([expect.objectContaining({ kind: 'below', what: 'toggle', floor: 1 })]);
  });

  test('is not kept by a run that counted nothing', () => {
    expect(messages({ points: [] }, {})).toEqual([
      'no line was counted: was the model built with --coverage-line?',
      'no toggle was counted: was the model built with --coverage-toggle?',
    ]);
  });
});

describe('uncovered points without a reason', () => {
  test('are named as the floor would list them', () => {
    expect(messages(DATA, {})).toEqual([
      'x.v:4: if is not covered, and no reason is listed',
      'x.v:5: line is not covered, and no reason is listed',
      'x.v:8: else is not covered, and no reason is listed',
      'x.v:2: toggle key[3:1] is not covered, and no reason is listed',
    ]);
  });

  test.each([
    ['odd a', odd('a')],
    ['odd b', odd('b')],
    ['both', mergeCoverage([odd('a'), odd('b')])],
    ['axis_fifo', fifo()],
  ])('are none once each finding of %s is listed, and then nothing is stale', (_, data) => {
    const first = findings(data, {}, 'some/where/coverage.json');
    const uncovered = first.map((finding) => {
      if (finding.kind !== 'unexplained') return expect.fail(finding.message);
      const { file, line, what } = finding;
      return { file, line, what, reason: 'why' };
    });
    expect(uncovered.length).toBeGreaterThan(0);
    expect(findings(data, { uncovered }, 'some/where/coverage.json')).toEqual([]);
  });

  test('are left where a reason speaks of some of them only', () => {
    const uncovered = [
      reason('line', 4),
      reason('line', 5),
      reason('else', 8),
      reason('toggle key[2]'),
    ];
    expect(messages(DATA, { uncovered })).toEqual([
      'x.v:2: toggle key[1] is not covered, and no reason is listed',
      'x.v:2: toggle key[3] is not covered, and no reason is listed',
    ]);
  });

  test('are not excused by a reason of another arm, line or file', () => {
    const points = [point({ line: 8, name: 'else', count: 0 }), toggle('q', 0, 2)];
    const uncovered = [
      reason('if', 8),
      reason('else', 7),
      reason('else', 8, 'y.v'),
      reason('toggle q', 3),
    ];
    const kinds = findings({ points }, { uncovered }).map(({ kind }) => kind);
    expect(kinds).toEqual(['unexplained', 'unexplained', 'stale', 'stale', 'stale', 'stale']);
  });
});

describe('reasons that no longer apply', () => {
  const covered = { points: [point({ line: 4, count: 1 }), toggle('q', 1)] };

  test.each([
    [
      reason('line', 4),
      'x.v:4: the reason for line no longer applies: it is covered, or not there',
    ],
    [
      reason('line', 99),
      'x.v:99: the reason for line no longer applies: it is covered, or not there',
    ],
    [
      reason('toggle q'),
      'x.v: the reason for toggle q no longer applies: it is covered, or not there',
    ],
    [
      reason('line', 4, 'y.v'),
      'y.v:4: the reason for line no longer applies: no point lies in this file',
    ],
  ])('%j', (entry, message) => {
    expect(messages(covered, { uncovered: [entry] })).toEqual([message]);
  });

  test('are not those that share a point', () => {
    const points = [point({ line: 4, count: 0 }), toggle('q', 1)];
    expect(findings({ points }, { uncovered: [reason('line', 4), reason('lines 1-9')] })).toEqual(
      [],
    );
  });
});

test('files are named from the folder of the floor', () => {
  const file = join('/', 'hdl', 'lib', 'fifo.v');
  const path = join('/', 'hdl', 'core', 'coverage.json');
  const data = { points: [point({ file, line: 3 }), toggle('q', 1)] };
  expect(findings(data, {}, path)).toMatchObject([
    { file: '../lib/fifo.v', line: 3, what: 'line' },
  ]);
  expect(findings(data, { uncovered: [reason('line', 3, '../lib/fifo.v')] }, path)).toEqual([]);
});
