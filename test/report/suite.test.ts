import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkSuite, readSuite } from '../../src/report/read-suite.js';
import { runFile } from '../support/child.js';
import { temporaryFolder } from '../support/folders.js';
import { emptySuite, suiteFixture } from './suite-fixture.js';

const rtlift = (args: readonly string[], cwd: string) =>
  runFile('src/cli/main.ts', { args: ['report', ...args], cwd });

/** The fixture with one place of it replaced; `undefined` removes it. */
function broken(path: readonly (string | number)[], value: unknown): unknown {
  const report: unknown = structuredClone(suiteFixture());
  const keys = path.slice(0, -1);
  const parent = keys.reduce<unknown>((at, key) => Object(at)[key], report) as object;
  Object.assign(parent, { [path.at(-1) as string]: value });
  return JSON.parse(JSON.stringify(report));
}

describe('the report of a suite', () => {
  test.each([suiteFixture, emptySuite])(
    'of the tests has the shape of the schema',
    async (make) => {
      const report = make();
      expect(await checkSuite(JSON.parse(JSON.stringify(report)), 'suite.json')).toEqual(report);
    },
  );

  test.each([
    [['schema'], 'rtlift-bench-1', 'schema', '"rtlift-suite-1"', '"rtlift-bench-1"'],
    [['machine', 'cores'], 'two', 'machine.cores', 'number', '"two"'],
    [
      ['measurements', 3, 'host', 'samples'],
      undefined,
      'measurements[3].host.samples',
      'number',
      'nothing',
    ],
    [
      ['projections', 1, 'figures', 'clock', 'provenance'],
      'guessed',
      'projections[1].figures.clock.provenance',
      '"measured" or "simulated"',
      '"guessed"',
    ],
    [['complete'], 1.5, 'complete', 'too big', '1.5'],
    [['waves'], 'none', 'waves', 'array', '"none"'],
  ] as const)('is refused where %j is %j', async (keys, value, path, expected, got) => {
    const checked = checkSuite(broken(keys, value), 'suite.json');
    await expect(checked).rejects.toMatchObject({
      code: 'ERR_RTLIFT_INVALID_ARG',
      details: { path, expected: expect.stringContaining(expected), got },
      message: expect.stringMatching(
        /^suite\.json: expected .* to be .*, got .*; `npx rtlift bench --suite --json <file>`/,
      ),
    });
  });

  test.each([[[]], ['text'], [null]])('is refused where it is %j', async (value) => {
    await expect(checkSuite(value, 'suite.json')).rejects.toMatchObject({
      details: { path: '', expected: 'object' },
      message: expect.stringContaining('expected the file to be object'),
    });
  });

  test('is refused where the file is none, or no JSON', async () => {
    const folder = temporaryFolder();
    const code = 'ERR_RTLIFT_INVALID_ARG';
    const none = readSuite(join(folder, 'none.json'));
    await expect(none).rejects.toMatchObject({ code, message: expect.stringContaining('ENOENT') });
    writeFileSync(join(folder, 'cut.json'), '{"schema":');
    const cut = readSuite(join(folder, 'cut.json'));
    await expect(cut).rejects.toMatchObject({
      code,
      message: expect.stringContaining('expected JSON'),
    });
  });
});

describe('rtlift report', () => {
  test('writes the page beside the report, or where --out says', async () => {
    const folder = temporaryFolder();
    const suite = join(folder, 'run.json');
    writeFileSync(suite, JSON.stringify(suiteFixture()));
    const { code, stdout, stderr } = await rtlift([suite], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'drawing the charts\n' });
    expect(stdout).toMatch(/run\.html \(\d\.\d MB\)\n$/);
    const page = readFileSync(join(folder, 'run.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);

    expect(await rtlift([suite, '--out', 'other.html'], folder)).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'other.html'), 'utf8')).toBe(page);
    const refused = await rtlift([suite, '--out', 'no/such/folder.html'], folder);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--out: expected') });
  });

  test('takes the last suite of the folder, and says how to make one where there is none', async () => {
    const folder = temporaryFolder();
    const none = await rtlift([], folder);
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(
      /no \.rtlift\/suite\.json .*rtlift bench --suite --json .*\(ERR_RTLIFT_DATA_MISSING\)\n$/,
    );
    mkdirSync(join(folder, '.rtlift'));
    writeFileSync(join(folder, '.rtlift', 'suite.json'), JSON.stringify(emptySuite()));
    const { code, stdout } = await rtlift([], folder);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^rtlift-report\.html /),
    });
  });
});
