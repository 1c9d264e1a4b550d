import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { analyse } from '../../src/profile/cpu/analyse.js';
import { record } from '../../src/profile/cpu/record.js';
import { CONTROL, type PlantedCase, plantedCases } from './planted-cases.js';

/** CPU time of each program: long enough that the binomial error of the samples stays near a point. */
const RUN_MS = 3000;
const CONTROL_MS = '2000';

const HEAD = [
  'program',
  'planted',
  'function',
  'measured',
  'profile',
  'points off',
  'kernel',
  'samples',
];

/** How far is the share that `rtlift profile` gives from the one that the program measured of itself? */
export async function shares(): Promise<{ shareErrorPoints: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-shares-'));
  const table = new Table({
    head: HEAD,
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const errors: number[] = [];
  const add = (name: string, fn: string, kernel: string, samples: number, values: Values) => {
    const points = 100 * Math.abs(values.found - values.measured);
    errors.push(points);
    const [planned, measured, found] = [values.planned, values.measured, values.found].map(
      (share) => `${(100 * share).toFixed(1)} %`,
    );
    table.push([name, planned, fn, measured, found, points.toFixed(1), kernel, samples]);
  };
  try {
    for (const planted of await plantedCases(folder, RUN_MS)) {
      const { kernel, samples, ...values } = await run(planted, folder);
      add(planted.name, planted.fn, kernel, samples, { planned: planted.planned, ...values });
    }
    const { kernel, samples, found } = await control();
    add('nothing to offload', '', kernel, samples, { planned: 0, measured: 0, found });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(table.toString());
  console.log(
    'measured: CPU time of the function, by the program itself; less the garbage collector, which V8 keeps apart from every\n' +
      'function. profile: total share of the candidate. A function that was not found, or was taken for another kernel, counts as 0 %.\n' +
      `Load of the machine at the end: ${loadavg()[0]?.toFixed(1)}.`,
  );
  return { shareErrorPoints: Math.max(...errors) };
}

interface Values {
  readonly planned: number;
  readonly measured: number;
  readonly found: number;
}

async function run({ command, fn, kernel }: PlantedCase, folder: string) {
  const out = join(folder, 'share.json');
  process.env.PLANTED_OUT = out;
  const { threads } = await record(command, { intervalUs: 1000, stdout: 'stderr' });
  const { share } = JSON.parse(await readFile(out, 'utf8')) as { share: number };
  // A program that wrote nothing must not be taken for the one before it.
  await rm(out);
  const { report } = analyse(threads, { command: command.join(' ') });
  const candidate = report.candidates.find((found) => found.function === fn);
  const isRight = candidate?.kernel === kernel;
  return {
    measured: share,
    found: isRight ? candidate.totalShare.value : 0,
    samples: report.samples,
    kernel:
      candidate === undefined ? 'not found' : `${candidate.kernel}${isRight ? '' : ' (wrong)'}`,
  };
}

/** A program without anything to offload: the largest candidate that is named for it all the same. */
async function control() {
  const command = [...CONTROL, CONTROL_MS];
  const { threads } = await record(command, { intervalUs: 1000, stdout: 'stderr' });
  const { report } = analyse(threads, { command: command.join(' ') });
  const named = report.candidates.map(({ kernel }) => kernel);
  return {
    found: Math.max(0, ...report.candidates.map(({ totalShare }) => totalShare.value)),
    samples: report.samples,
    kernel: named.length === 0 ? 'none' : `${named.join(', ')} (wrong)`,
  };
}
