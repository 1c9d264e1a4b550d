import { afterEach, describe, expect, test, vi } from 'vitest';
import { assembleReport } from '../../../src/bench/suite/assemble.js';
import { checkBaseline, confirmed } from '../../../src/bench/suite/baseline.js';
import { hostOf } from '../../../src/bench/suite/host.js';
import { loadNote, machineOf, parseTicks } from '../../../src/bench/suite/machine.js';
import { runSuite } from '../../../src/bench/suite/run-suite.js';
import { checkAgainst } from '../../../src/cli/bench-baseline.js';
import { cpuProfile } from '../../../src/devices/cpu-profiles.js';
import type { SuiteReport } from '../../../src/report/suite-report.js';
import { Random } from '../../../src/verify/random.js';
import { FakeClock, fakeOperation, fakeOptions, fakePlan } from './fake-clock.js';

const host = hostOf(cpuProfile(''));
const QUIET = { load: 0, ticks: null };

interface Pace {
  /** Times as slow as usual: the golden model, and the whole machine. */
  readonly golden?: number;
  readonly machine?: number;
  readonly seed?: number;
  readonly cpu?: string;
}

/** A report of a run in which every message takes its time and up to 6 % more or less. */
async function report({
  golden = 1,
  machine = 1,
  seed = 1,
  cpu = 'a',
}: Pace): Promise<SuiteReport> {
  const clock = new FakeClock();
  const random = new Random(seed);
  const noise = (): number => machine * (0.94 + random.below(1000) / 8333);
  const operation = fakeOperation(
    () => 1000 * golden * noise(),
    clock,
    () => 500 * noise(),
  );
  const run = await runSuite([operation], fakePlan(operation), fakeOptions(clock));
  return assembleReport(
    {
      ...run,
      rtlift: '0.1.0',
      takenAt: new Date(0),
      machine: { ...machineOf(QUIET, QUIET, host), cpu },
      settings: { rounds: 3, isQuick: false, filter: null, seed: 1 },
      operations: [operation.operation],
    },
    { devices: [], host },
  );
}

const before = await report({ seed: 1 });

afterEach(() => vi.restoreAllMocks());

describe('a baseline', () => {
  test('passes on a run that differs by noise', async () => {
    const check = checkBaseline(before, await report({ seed: 2 }));
    expect(check).toMatchObject({ compared: 24, regressions: [], hasHostTimes: true });
    expect(check.pace).toBeLessThan(1.02);
  });

  test('finds a slow-down of 20 % at every point, and in nothing else', async () => {
    const { regressions } = checkBaseline(before, await report({ seed: 2, golden: 1.2 }));
    expect(new Set(regressions.map(({ runner }) => runner))).toEqual(new Set(['javascript']));
    expect(regressions).toHaveLength(6);
    for (const { ratio, what } of regressions) {
      expect(what).toBe('host time');
      expect(ratio).toBeGreaterThan(1.15);
    }
  });

  test('takes a slower machine out, and still finds the slow-down on it', async () => {
    const slow = await report({ seed: 3, machine: 1.5 });
    expect(checkBaseline(before, slow).pace).toBeCloseTo(1.5, 1);
    expect(checkBaseline(before, slow).regressions).toEqual([]);
    const both = await report({ seed: 3, machine: 1.5, golden: 1.2 });
    expect(checkBaseline(before, both).regressions).toHaveLength(6);
  });

  test('does not call a difference a regression that is within the spread of its timings', async () => {
    const spread = (from: SuiteReport, samples: number): SuiteReport => ({
      ...from,
      measurements: from.measurements.map((each) => ({
        ...each,
        host: {
          ...each.host,
          samples,
          nsPerMessageMad: { ...each.host.nsPerMessageMad, value: 100 },
        },
      })),
    });
    const slow = await report({ seed: 2, golden: 1.2 });
    const found = (samples: number): number =>
      checkBaseline(spread(before, samples), spread(slow, samples)).regressions.length;
    // 3 x sqrt(100^2 + 100^2) ns of 1,000: 24 % of three timings, 4 % of a hundred.
    expect([found(3), found(100)]).toEqual([0, 6]);
    // Two timings have no spread to judge by.
    const two = (from: SuiteReport) => spread(from, 2);
    expect(checkBaseline(two(before), two(await report({ golden: 5 }))).regressions).toEqual([]);
  });

  test('goes by the round that other work disturbed least', async () => {
    const disturbed = await report({ seed: 2 });
    const late = disturbed.measurements.map((each) => ({
      ...each,
      host: { ...each.host, nsPerMessageP50: { ...each.host.nsPerMessageP50, value: 1e6 } },
    }));
    expect(checkBaseline(before, { ...disturbed, measurements: late }).regressions).toEqual([]);
  });

  test('compares cycles exactly, and cycles alone with another processor', async () => {
    const withCycles = (from: SuiteReport, cycles: number): SuiteReport => ({
      ...from,
      measurements: from.measurements.slice(0, 1).map((each) => {
        const count = (value: number) =>
          ({ value, unit: 'cycles', provenance: 'simulated' }) as const;
        return {
          ...each,
          kernel: {
            cyclesPerMessage: count(cycles),
            bytesPerCycle: count(1),
            inStalls: count(0),
            inBubbles: count(0),
            outStalls: count(0),
            registerActivity: null,
            netActivity: null,
          },
        };
      }),
    });
    const other = await report({ golden: 3, cpu: 'another' });
    const check = checkBaseline(withCycles(before, 100), withCycles(other, 101));
    expect(check.hasHostTimes).toBe(false);
    expect(check.regressions).toMatchObject([{ what: 'cycles', before: 100, after: 101 }]);
    expect(checkBaseline(withCycles(before, 100), withCycles(other, 100)).regressions).toEqual([]);
  });

  test('believes only what it finds again when it measures again', async () => {
    const slow = checkBaseline(before, await report({ seed: 2, golden: 1.2 })).regressions;
    const fine = checkBaseline(before, await report({ seed: 4 }));
    const still = checkBaseline(before, await report({ seed: 4, golden: 1.2 }));
    expect(confirmed(slow, fine)).toEqual([]);
    expect(confirmed(slow, still)).toHaveLength(6);
  });

  test('measures the suspects again, and fails with every regression that stays', async () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const slow = await report({ seed: 2, golden: 1.2 });
    const asked: boolean[] = [];
    const again = (now: SuiteReport) => async (isWanted: (point: never) => boolean) => {
      const at = (size: string, batch: number) =>
        isWanted({ operation: 'byte-sum', size: { name: size }, batch } as never);
      asked.push(at('64 B', 16), at('64 B', 17));
      return now;
    };
    await expect(checkAgainst('old.json', before, slow, again(slow), true)).rejects.toMatchObject({
      code: 'ERR_RTLIFT_REGRESSION',
      details: { file: 'old.json', regressions: expect.any(Array) },
    });
    expect(asked).toEqual([true, false]);
    await checkAgainst('old.json', before, slow, again(before), true);
    const [failed, passed] = written.mock.calls.map(([text]) => String(text));
    expect(failed?.match(/^.*Regression: .*$/gm)).toHaveLength(6);
    expect(passed).toContain('No regression beyond noise.');
  });

  test('without a common measurement is an error, no silent pass', async () => {
    const other = { ...before, measurements: [] };
    const never = () => Promise.reject(new Error('not asked'));
    await expect(checkAgainst('old.json', other, before, never, true)).rejects.toMatchObject({
      code: 'ERR_RTLIFT_INVALID_ARG',
    });
  });
});

describe('the word on the load', () => {
  const ticks = (all: number, stolen: number) => ({ all, stolen });

  test('reads the time that other guests stole', () => {
    const stat = 'cpu  10 20 30 40 50 60 70 80 5 6\ncpu0 1 2 3 4 5 6 7 8 9 10\n';
    expect(parseTicks(stat)).toEqual(ticks(360, 80));
    expect(parseTicks('nothing')).toBeNull();
  });

  test.each([
    [0.2, 1.4, 0, 'quiet'],
    [1.9, 2, 0, 'busy'],
    [0.2, 3.5, 0, 'busy'],
    [0.2, 1.4, 50, 'busy'],
  ])(
    'says of load %d to %d and %d of 1,000 ticks stolen that it was %s',
    (start, end, stolen, word) => {
      const note = loadNote(
        { load: start, ticks: ticks(1000, 10) },
        { load: end, ticks: ticks(2000, 10 + stolen) },
        2,
      );
      expect(note).toContain(word);
      expect(note).toContain(`${start.toFixed(2)} before`);
    },
  );
});
