import { describe, expect, test } from 'vitest';
import { summarise } from '../../../src/verify/coverage/summary.js';
import { fifo, odd, point, toggle } from './fixture.js';

describe('a summary of real runs', () => {
  test('totals are the sums of the files', () => {
    const { line, toggle, files } = summarise(odd('a'));
    expect(line).toEqual({ covered: 15, total: 20, share: 0.75 });
    expect(toggle).toEqual({ covered: 31, total: 49, share: 31 / 49 });
    expect(files.map(({ file, line, toggle }) => [file, line.covered, toggle.covered])).toEqual([
      ['odd_child.v', 3, 7],
      ['odd_points.v', 12, 24],
    ]);
  });

  test('lists the lines of a case item that was never chosen', () => {
    expect(summarise(odd('a')).files[1]?.uncoveredLines).toEqual([
      { line: 25, arms: ['if'], isReached: false },
      { line: 42, arms: ['case'], isReached: false },
      { line: 43, arms: ['case'], isReached: false },
      { line: 44, arms: ['case'], isReached: false },
      { line: 46, arms: ['case'], isReached: false },
    ]);
  });

  test('an arm that was not run leaves its line uncovered, written or not', () => {
    const lines = summarise(odd('b')).files[1]?.uncoveredLines;
    expect(lines).toContainEqual({ line: 26, arms: ['else'], isReached: false });
    expect(lines).toContainEqual({ line: 34, arms: ['elsif', 'else'], isReached: true });
    expect(lines).toContainEqual({ line: 51, arms: ['else'], isReached: true });
  });

  test('lists the bits that never changed, by line and number', () => {
    expect(summarise(fifo()).files[0]?.uncoveredToggles).toEqual([
      { line: 14, name: 's_axis_tdata[7]' },
      { line: 18, name: 'm_axis_tdata[7]' },
      { line: 32, name: 'mem[0][7]' },
      { line: 32, name: 'mem[1][5]' },
      { line: 32, name: 'mem[1][7]' },
      { line: 32, name: 'mem[2][6]' },
      { line: 32, name: 'mem[2][7]' },
      { line: 32, name: 'mem[3][7]' },
    ]);
  });

  test('does not depend on the order of the points', () => {
    const { points } = odd('b');
    expect(summarise({ points: points.toReversed() })).toEqual(summarise({ points }));
  });
});

describe('a summary', () => {
  test('orders bits by number, not by text', () => {
    const points = ['k[10]', 'k[9]', 'k[2]', 'k[02]', 'j', 'k'].map((name) => toggle(name, 0));
    const names = summarise({ points }).files[0]?.uncoveredToggles.map(({ name }) => name);
    expect(names).toEqual(['j', 'k', 'k[02]', 'k[2]', 'k[9]', 'k[10]']);
  });

  test('wants both directions of a bit where they are counted apart', () => {
    const edges = (up: number, down: number) => [
      { ...toggle('q', up), edge: '0->1' },
      { ...toggle('q', down), edge: '1->0' },
    ];
    expect(summarise({ points: edges(3, 0) }).toggle).toEqual({ covered: 0, total: 1, share: 0 });
    expect(summarise({ points: edges(3, 2) }).toggle).toEqual({ covered: 1, total: 1, share: 1 });
  });

  test('counts a line once, whatever lies on it', () => {
    const points = [
      point({ lines: [1, 2], count: 4 }),
      point({ column: 3, name: 'if', lines: [2], count: 1 }),
      point({ column: 4, name: 'else', line: 2, count: 3 }),
    ];
    expect(summarise({ points }).line).toEqual({ covered: 2, total: 2, share: 1 });
  });

  test('names an arm once where several of its kind were not run', () => {
    const points = [1, 9].map((column) => point({ column, name: 'if', count: 0 }));
    expect(summarise({ points }).files[0]?.uncoveredLines).toEqual([
      { line: 1, arms: ['if'], isReached: false },
    ]);
  });

  test('of nothing has nothing to cover', () => {
    const none = { covered: 0, total: 0, share: 1 };
    expect(summarise({ points: [] })).toEqual({ line: none, toggle: none, files: [] });
  });
});
