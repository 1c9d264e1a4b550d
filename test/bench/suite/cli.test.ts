import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { JournalEntry } from '../../../src/bench/suite/resume.js';
import type { Figure } from '../../../src/figure.js';
import type { SuiteReport } from '../../../src/report/suite-report.js';
import { suiteSchema } from '../../../src/report/suite-schema.js';
import { temporaryFolder } from '../../support/folders.js';
import { describeUnless, missingVerilatorPath } from '../../support/needs.js';
import { ROOT } from '../../support/root.js';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const SCHEMA_FILE = join(ROOT, 'docs/suite.schema.json');
const script = (name: string): string => join(ROOT, 'test/fixtures/scripts', name);

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function bench(cwd: string, args: readonly string[]): Run {
  const main = join(ROOT, 'src/cli/main.ts');
  const child = spawn(process.execPath, ['--import', TSX, main, 'bench', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => {
    stdout += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, ended };
}

const read = (file: string): SuiteReport => JSON.parse(readFileSync(file, 'utf8')) as SuiteReport;

function figuresOf(value: unknown): Figure[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('provenance' in value) return [value as Figure];
  return Object.values(value).flatMap(figuresOf);
}

test('docs/suite.schema.json is what the code checks (vitest -u writes it)', async () => {
  const schema = z.toJSONSchema(suiteSchema, { io: 'input' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(SCHEMA_FILE);
});

describeUnless(await missingVerilatorPath(), 'rtlift bench --suite', () => {
  test('measures a kernel of the user, and writes what the schema and its document say', async () => {
    const folder = temporaryFolder();
    const args = ['--quick', '--kernel', script('sum-kernel.ts'), '--filter', 'byte-sum/64B'];
    const { code, stdout, stderr } = await bench(folder, [...args, '--json', 'a.json']).ended;
    expect(code, stderr).toBe(0);
    const report = suiteSchema.parse(read(join(folder, 'a.json')));
    const document = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as z.core.JSONSchema.JSONSchema;
    expect(z.fromJSONSchema(document).safeParse(report).error).toBeUndefined();
    expect(read(join(folder, '.rtlift/suite.json'))).toEqual(report);

    expect(report.complete).toBe(1);
    expect(report.settings).toMatchObject({ isQuick: true, filter: 'byte-sum/64B' });
    const places = report.measurements.map(({ runner, batch }) => `${runner} ${batch}`);
    const runners = ['javascript', 'verilator', 'reduce', 'loop'];
    expect(places).toEqual([1, 256, 4096].flatMap((n) => runners.map((name) => `${name} ${n}`)));
    expect(report.compared.map(({ runner }) => runner)).toEqual(runners);
    expect(report.skipped).toEqual([
      { operation: 'byte-sum', runner: 'native', reason: 'no package of it is installed' },
    ]);
    // Ten links of four devices.
    expect(report.projections).toHaveLength(30);
    expect(report.comparisons).toHaveLength(30);
    expect(report.breakEvens).toHaveLength(10);
    const [, simulated] = report.measurements;
    // 8 bytes a cycle.
    expect(simulated?.kernel?.cyclesPerMessage.value).toBeLessThan(40);
    expect(simulated?.kernel?.registerActivity?.value).toBeGreaterThan(0);
    expect(report.models.length).toBeGreaterThan(10);
    for (const { value, unit, low, high } of figuresOf(report)) {
      expect(Number.isFinite(value) && unit !== '').toBe(true);
      expect((low ?? value) <= value && value <= (high ?? value)).toBe(true);
    }

    expect(stdout).toMatch(/byte-sum: 4,096 messages a batch \(64 B, 64\.0 B each\)/);
    expect(stdout).toContain('verilator (the simulator itself)');
    expect(stdout).toMatch(/xcvu47p via sde \(fit not known\) +│ +[\d,]+ \([\d,]+\.\.[\d,]+\)/);
    expect(stdout).toMatch(/Devices: modelled, .* clock assumed for ice40-hx8k, .*xcvu47p\./);
    expect(stdout).toMatch(
      /if it fits on xcvu47p, .* performance x .* power x .* messages a joule x /,
    );
    expect(stdout).toContain('Not known to fit on ecp5-85k: nobody synthesised it');
    expect(stderr).toMatch(/3 points; on an idle machine .* roughly \d+ s in all/);

    // Host times of this machine may be anything while tests run: a wide spread takes them out of it.
    const calm = (cyclesFactor: number): string => {
      const file = join(folder, `old-${cyclesFactor}.json`);
      const measurements = report.measurements.map((each) => ({
        ...each,
        host: {
          ...each.host,
          nsPerMessageMad: {
            ...each.host.nsPerMessageMad,
            value: 1000 * each.host.nsPerMessageP50.value,
          },
        },
        kernel: each.kernel && {
          ...each.kernel,
          cyclesPerMessage: {
            ...each.kernel.cyclesPerMessage,
            value: each.kernel.cyclesPerMessage.value * cyclesFactor,
          },
        },
      }));
      writeFileSync(file, JSON.stringify({ ...report, measurements }));
      return file;
    };
    const passed = await bench(folder, [...args, '--baseline', calm(1)]).ended;
    expect(passed.code, passed.stderr).toBe(0);
    expect(passed.stdout).toContain('12 measurements in both');
    expect(passed.stdout).toContain('No regression beyond noise.');
    const failed = await bench(folder, [...args, '--baseline', calm(1 / 1.2)]).ended;
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(
      /Regression: byte-sum\/64 B\/4096\/verilator: cycles of a message x 1\.20/,
    );
    expect(failed.stderr).toMatch(/3 of 12 measurements are worse .*\(ERR_RTLIFT_REGRESSION\)/);
  });

  test('goes on after it was killed, and keeps what it had measured', async () => {
    const folder = temporaryFolder();
    const journal = join(folder, 'journal.jsonl');
    const args = ['--quick', '--kernel', script('sum-kernel.ts'), '--filter', 'byte-sum'];
    const points = (): Extract<JournalEntry, { kind: 'point' }>['point'][] => {
      if (!existsSync(journal)) return [];
      const lines = readFileSync(journal, 'utf8').split('\n').slice(1, -1);
      const entries = lines.map((line) => JSON.parse(line) as JournalEntry);
      return entries.flatMap((entry) => (entry.kind === 'point' ? [entry.point] : []));
    };
    const first = bench(folder, [...args, '--journal', journal]);
    while (points().length < 2 && first.child.exitCode === null) await sleep(20);
    first.child.kill('SIGKILL');
    await first.ended;
    const kept = points();
    expect(kept.length).toBeGreaterThanOrEqual(2);

    const again = [...args, '--journal', journal, '--resume', '--json', 'whole.json'];
    const { code, stderr } = await bench(folder, again).ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`going on after ${kept.length} of them`);
    const report = read(join(folder, 'whole.json'));
    expect(report.complete).toBe(1);
    const nsOf = (from: SuiteReport['measurements']): number[] =>
      from.map(({ host }) => Number(host.nsPerMessageP50.value.toPrecision(6)));
    const before = kept.flatMap(({ measurements }) => measurements);
    expect(nsOf(report.measurements.slice(0, before.length))).toEqual(nsOf(before));
    const keys = report.measurements.map(
      ({ runner, size, batch }) => `${runner} ${size.name} ${batch}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
    // Whole: nothing is left to go on from.
    const none = await bench(folder, again).ended;
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('there is none')]);
  });

  test.each([
    [
      ['--kernel', script('wrong-rival.ts'), '--filter', 'byte-sum'],
      'ERR_RTLIFT_RESULT_MISMATCH',
      'off by one differs',
    ],
    [['--filter', 'md5'], 'ERR_RTLIFT_INVALID_ARG', 'leaves nothing of operations sha256'],
    [['--quick', '--baseline', 'absent.json'], 'ERR_RTLIFT_INVALID_ARG', 'absent.json'],
    [['--kernel', 'absent.mjs'], 'ERR_RTLIFT_INVALID_ARG', 'absent.mjs'],
  ])('%j fails with %s', async (args, code, words) => {
    const ended = await bench(temporaryFolder(), args).ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).toContain(`(${code})`);
  });
});

describe('rtlift bench', () => {
  test('refuses options of the main job together with those of the suite', async () => {
    const { code, stderr } = await bench(temporaryFolder(), ['--quick', '--messages', '5']).ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('--messages is of the main job')]);
  });
});
