import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { analyse } from '../../src/profile/cpu/analyse.js';
import { record } from '../../src/profile/cpu/record.js';
import { type PlantedCase, plantedCases } from './planted-cases.js';

/** Long enough that the binomial error of the samples stays near a point. */
const RUN_MS = 6000;

/** How far is the share that `rtlift profile` gives from the one that the program measured of itself? */
export async function shareErrors(): Promise<{ shareErrorPoints: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-shares-'));
  const table = new Table({
    head: [
      'program',
      'planted',
      'function',
      'measured',
      'profile',
      'points off',
      'kernel',
      'samples',
    ],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  let worst = 0;
  try {
    for (const planted of await plantedCases(folder, RUN_MS)) {
      const { measured, found, samples, kernel } = await run(planted, folder);
      const points = 100 * Math.abs(found - measured);
      worst = Math.max(worst, points);
      const { name, planned, fn } = planted;
      const cells = [planned, measured, found].map((share) => `${(100 * share).toFixed(1)} %`);
      table.push([name, cells[0], fn, cells[1], cells[2], points.toFixed(1), kernel, samples]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(table.toString());
  console.log(
    'measured: by the clock around each call, in the program itself; less the garbage collector, which V8 keeps apart from every\n' +
      'function. profile: total share of the candidate. A function that was not found, or was taken for another kernel, counts as 0 %.',
  );
  return { shareErrorPoints: worst };
}

async function run({ command, fn, kernel }: PlantedCase, folder: string) {
  const out = join(folder, 'share.json');
  process.env.PLANTED_OUT = out;
  const { threads } = await record(command, { intervalUs: 1000 });
  const { share } = JSON.parse(await readFile(out, 'utf8')) as { share: number };
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
