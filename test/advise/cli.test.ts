import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Advice } from '../../src/index.js';
import { runFile } from '../support/child.js';
import { callProfileOf } from './profiles.js';

const MAIN = 'src/cli/main.ts';
const DOCUMENTED = ['--documented', '--device', 'xcvu47p'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtlift-advise-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('rtlift advise', () => {
  test('reads a call profile, prints tables and a verdict, writes JSON', async () => {
    const [profile, json] = [join(folder, 'profile.json'), join(folder, 'advice.json')];
    writeFileSync(profile, JSON.stringify(callProfileOf({ hostNs: 20_000, share: 0.3 })));
    const { code, stdout, stderr } = await runFile(MAIN, {
      args: ['advise', profile, ...DOCUMENTED, '--json', json],
    });
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('crypto.hash');
    expect(stdout).toMatch(/xcvu47p\/sde/);
    const { schema, advices } = JSON.parse(readFileSync(json, 'utf8')) as {
      schema: string;
      advices: Advice[];
    };
    expect(schema).toBe('rtlift-advices-1');
    expect(stdout).toContain(advices[0]?.verdict.sentence);
    expect(advices[0]?.verdict.kind).not.toBe('offload');
    expect(advices[0]?.kernel.cyclesPerMessage.provenance).toBe('assumed');
  });

  test('advises on each candidate of a CPU profile; --json alone is all of standard output', async () => {
    const file = join(folder, 'candidates.json');
    const candidates = [
      { function: 'sum', file: 'a.js', line: 3, kernel: 'crc', totalShare: 0.2 },
      { function: 'other', totalShare: 0.5 },
    ];
    writeFileSync(file, JSON.stringify({ schema: 'rtlift-cpu-profile-1', candidates }));
    const { code, stdout, stderr } = await runFile(MAIN, {
      args: ['advise', file, '--rate', '1000', '--size', '64', ...DOCUMENTED, '--json'],
    });
    expect(code, stderr).toBe(0);
    const { advices } = JSON.parse(stdout) as { advices: Advice[] };
    expect(
      advices.map(({ load, kernel }) => [load.name, kernel.name, load.cpuShare?.value]),
    ).toEqual([['sum (a.js:3)', 'crc', 0.2]]);
  });

  test('--kernel chooses among recognised candidates and names the others', async () => {
    const file = join(folder, 'several.json');
    const candidates = [
      { function: 'sum', kernel: 'crc', totalShare: 0.2 },
      { function: 'digest', kernel: 'sha256', totalShare: 0.3 },
      { function: 'other', totalShare: 0.5 },
    ];
    writeFileSync(file, JSON.stringify({ schema: 'rtlift-cpu-profile-1', candidates }));
    const load = ['--rate', '1000', '--size', '64', '--kernel', 'crc'];
    const { code, stdout, stderr } = await runFile(MAIN, {
      args: ['advise', file, ...load, ...DOCUMENTED, '--json'],
    });
    expect(code, stderr).toBe(0);
    const { advices } = JSON.parse(stdout) as { advices: Advice[] };
    expect(advices.map(({ load: { name }, kernel }) => [name, kernel.name])).toEqual([
      ['sum', 'crc'],
      ['other', 'crc'],
    ]);
    expect(stderr).toContain('--rate and --size are taken for each of 2 candidates');
  });

  test('--cards takes whole cards', async () => {
    const { code, stderr } = await runFile(MAIN, { args: ['advise', '--cards', '0.5'] });
    expect(code).not.toBe(0);
    expect(stderr).toContain('a whole number of 1 or more');
  });

  test.each([
    [['--kernel', 'crc', '--size', '64'], '--rate'],
    [['--rate', '5', '--size', '64'], '--kernel'],
  ])('%j: says what is missing', async (options, missing) => {
    const { code, stderr } = await runFile(MAIN, { args: ['advise', ...options] });
    expect(code).toBe(1);
    expect(stderr).toContain(missing);
    expect(stderr).toContain('ERR_RTLIFT_INVALID_ARG');
  });
});
