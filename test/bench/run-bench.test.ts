import { expect, test } from 'vitest';
import { choosePatterns } from '../../src/bench/choose-patterns.js';
import type { Corpus } from '../../src/bench/mails.js';
import { compileByteDfa } from '../../src/bench/rivals/byte-dfa.js';
import { sha256Rivals } from '../../src/bench/rivals/sha256.js';
import { runBench } from '../../src/bench/run-bench.js';
import { hostOf } from '../../src/bench/suite/host.js';
import { cpuProfile } from '../../src/devices/cpu-profiles.js';
import type { Figure } from '../../src/figure.js';
import { literalMatch } from '../../src/kernels/literal-match.js';
import { sha256 } from '../../src/kernels/sha256.js';
import { benchTables } from '../../src/report/bench-tables.js';
import { missingVerilatorPath } from '../support/needs.js';

const host = hostOf(cpuProfile(''));
const text = (line: string): Uint8Array => new TextEncoder().encode(line);
const messages = ['', 'cheap VIAGRA now', 'meeting at ten', 'the Lottery and the lot'].map(text);
const corpus: Corpus = {
  name: 'four lines',
  sizeName: 'line',
  messages,
  sizeBytes: messages.reduce((sum, message) => sum + message.length, 0),
  isSpam: [false, true, false, true],
};

function figuresOf(value: unknown): Figure[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('provenance' in value) return [value as Figure];
  return Object.values(value).flatMap(figuresOf);
}

test('compares every path and rival on every message and gives each figure unit and provenance', async () => {
  const rivals = await sha256Rivals();
  const { report, points } = await runBench(
    corpus,
    [{ name: 'sha256', kernel: sha256(), rivals }],
    { rounds: 2, host },
  );
  const compared = report.compared.map(({ name }) => name);
  expect(compared).toEqual(expect.arrayContaining(['javascript', 'createHash', 'hash-wasm']));
  expect(compared.length + report.skipped.length).toBe(2 + rivals.length);
  expect(report.compared.every((entry) => entry.messages === messages.length)).toBe(true);
  const figures = figuresOf(report.rows);
  expect(figures.length).toBeGreaterThanOrEqual(4 * report.rows.length);
  for (const { value, unit, provenance, low, high } of figures) {
    expect(Number.isFinite(value) && unit !== '').toBe(true);
    // An estimate carries its bounds.
    const isEstimate = provenance === 'modelled' || provenance === 'assumed';
    expect([low !== undefined, high !== undefined]).toEqual([isEstimate, isEstimate]);
  }
  if ((await missingVerilatorPath()) !== null) return;
  const simulated = report.rows.find((row) => row.name === 'verilator');
  expect(simulated?.kernel?.cycles.provenance).toBe('simulated');
  expect(points).toMatchObject([
    { operation: 'sha256', size: { name: 'line', bytes: 13.25 }, batch: 4 },
  ]);
  // Four messages, each with its length, and their digests.
  expect(points[0]?.workload).toMatchObject({ bytesIn: 53 + 4 * 4, bytesOut: 4 * 32 });
});

test('a rival that gives another result fails the run with the message it differs on', async () => {
  const wrong = {
    name: 'wrong',
    note: '',
    run: (message: Uint8Array) => new Uint8Array(32).fill(message.length === 14 ? 1 : 0),
    encode: (bytes: Uint8Array) => bytes,
  };
  const run = runBench(corpus, [{ name: 'sha256', kernel: sha256(), rivals: [wrong] }], {
    rounds: 1,
    host,
  });
  await expect(run).rejects.toMatchObject({
    code: 'ERR_RTLIFT_RESULT_MISMATCH',
    details: { operation: 'sha256', name: 'wrong', messageIndex: 0 },
  });
});

test('shows host time and kernel cycles apart', async () => {
  const { report } = await runBench(corpus, [{ name: 'sha256', kernel: sha256(), rivals: [] }], {
    rounds: 1,
    host,
  });
  const shown = benchTables(report);
  expect(shown).toContain('Host time (measured)');
  if (report.rows.some((row) => row.kernel !== null)) {
    expect(shown).toContain('Kernel cycles (simulated)');
    expect(shown).toContain('the speed of the simulator, not of an accelerator');
  }
});

test('the byte automaton finds what the definition finds, overlaps and suffixes included', () => {
  const words = ['he', 'she', 'his', 'hers', 'lottery', 'lot'];
  const kernel = literalMatch(words, { ignoreCase: true });
  const find = compileByteDfa(words, 4);
  for (const line of ['', 'usHERS', 'his lot', 'the LOTTERY', 'sshe', 'xyz']) {
    expect([...find(text(line))], line).toEqual([...kernel.golden(text(line)).bytes]);
  }
});

test('patterns are the words that tell spam from ham, chosen from every second message', () => {
  const of = (line: string, isSpam: boolean) => ({ line, isSpam });
  const lines = Array.from({ length: 80 }, (_, i) =>
    i % 4 === 0
      ? of('Lottery winner common', true)
      : i % 2 === 0
        ? of('meeting common', false)
        : of('unread', true),
  );
  const chosen = choosePatterns(
    {
      name: 'made up',
      sizeName: 'line',
      messages: lines.map(({ line }) => text(line)),
      sizeBytes: 0,
      isSpam: lines.map(({ isSpam }) => isSpam),
    },
    2,
  );
  expect(chosen).toEqual(['lottery', 'winner']);
});
