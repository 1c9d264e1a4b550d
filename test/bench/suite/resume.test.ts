import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pointId } from '../../../src/bench/suite/point.js';
import { type JournalEntry, openJournal, type RunKey } from '../../../src/bench/suite/resume.js';
import { runSuite } from '../../../src/bench/suite/run-suite.js';
import { temporaryFolder } from '../../support/folders.js';
import { FakeClock, fakeOperation, fakeOptions, fakePlan } from './fake-clock.js';

const KEY: RunKey = {
  rtlift: '0.1.0',
  cpu: 'a processor',
  node: 'v20',
  settings: { rounds: 3, isQuick: false, filter: null, seed: 1 },
  plan: 'of the test',
};
const file = (): string => join(temporaryFolder(), 'deeper', 'journal.jsonl');
const lines = (path: string): JournalEntry[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as JournalEntry);
const measured = (path: string): string[] =>
  lines(path).flatMap((entry) => (entry.kind === 'point' ? [pointId(entry.point)] : []));

/** Runs until so many points are there, or to the end. */
async function run(path: string, stopAfter: number, goldenNs = 100) {
  const clock = new FakeClock();
  const operation = fakeOperation(() => goldenNs, clock);
  const planned = fakePlan(operation);
  const journal = await openJournal(path, KEY);
  const stop = new AbortController();
  const seen: string[] = [];
  const found = await runSuite(
    [operation],
    planned,
    fakeOptions(clock, {
      journal: {
        ...journal,
        append: async (entry) => {
          if (entry.kind === 'point') seen.push(pointId(entry.point));
          if (seen.length === stopAfter) stop.abort();
          await journal.append(entry);
        },
      },
      signal: stop.signal,
    }),
  );
  return { found, planned, seen, journal };
}

describe('a run that was cut short', () => {
  test('goes on where it was, and measures each point once', async () => {
    const path = file();
    const first = await run(path, 2, 100);
    expect(first.found.complete).toBeCloseTo(2 / 6, 9);
    expect(first.found.points).toHaveLength(2);
    // The second half of the run is slower: what it measured itself shows it.
    const second = await run(path, Number.POSITIVE_INFINITY, 200);
    expect(second.found.complete).toBe(1);
    const all = second.planned.map(pointId);
    expect([...first.seen, ...second.seen]).toEqual(all);
    expect(measured(path)).toEqual(all);
    const ns = second.found.points.map(
      ({ measurements }) =>
        measurements.find(({ runner }) => runner === 'javascript')?.host.nsPerMessageP50.value,
    );
    expect(ns.map((value) => Math.round(value ?? 0))).toEqual([100, 100, 200, 200, 200, 200]);
    // Comparisons of the first half are there as well, each once.
    const sizes = second.found.compared.map(({ runner, size }) => `${runner} ${size}`);
    expect(new Set(sizes).size).toBe(sizes.length);
    expect(sizes).toEqual(expect.arrayContaining(['javascript 0 B', 'three 64 B']));
    await second.journal.finish();
    expect((await openJournal(path, KEY)).entries).toEqual([]);
  });

  test('measures a point again whose line was cut off', async () => {
    const path = file();
    await run(path, 3);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, -40));
    const again = await run(path, Number.POSITIVE_INFINITY);
    expect(again.seen).toHaveLength(4);
    expect(measured(path)).toEqual(again.planned.map(pointId));
  });

  test.each([
    ['rtlift', '0.2.0', 'version of rtlift'],
    ['cpu', 'another', 'processor'],
    ['settings', { ...KEY.settings, seed: 2 }, 'settings'],
    ['plan', 'another', 'plan'],
  ] as const)('is not gone on from with another %s', async (name, value, words) => {
    const path = file();
    await run(path, 2);
    const other = { ...KEY, [name]: value };
    await expect(openJournal(path, other, { isRequired: true })).rejects.toMatchObject({
      code: 'ERR_RTLIFT_INVALID_ARG',
      message: expect.stringContaining(words),
    });
    const journal = await openJournal(path, other);
    expect(journal.entries).toEqual([]);
    expect(journal.refused).toContain(`another ${words}`);
    // It has started anew.
    expect(measured(path)).toEqual([]);
  });

  test('that is required must be there', async () => {
    await expect(openJournal(file(), KEY, { isRequired: true })).rejects.toMatchObject({
      code: 'ERR_RTLIFT_INVALID_ARG',
      message: expect.stringContaining('there is none'),
    });
  });
});
