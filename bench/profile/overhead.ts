import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from '../../src/bench/measure.js';
import { record } from '../../src/profile/cpu/record.js';

const PROGRAM = fileURLToPath(new URL('../../test/fixtures/profile/rate.mjs', import.meta.url));
const ROUNDS = 7;
const RUN_MS = '2000';

/**
 * What does sampling cost a program? Its rounds with and without, one after the other, a second of CPU time: on a machine that
 * has other work, those of a second of the clock say more of that work.
 */
export async function samplingOverhead(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-overhead-'));
  const out = join(folder, 'rate.json');
  process.env.PLANTED_OUT = out;
  const rateOf = async (run: () => Promise<unknown>): Promise<number> => {
    await run();
    return (JSON.parse(await readFile(out, 'utf8')) as { rate: number }).rate;
  };
  const bare = () => promisify(execFile)('node', [PROGRAM, RUN_MS]);
  const sampled = () => record(['node', PROGRAM, RUN_MS], { intervalUs: 1000 });
  const ratios: number[] = [];
  try {
    for (let i = 0; i < ROUNDS; i++) {
      const without = await rateOf(bare);
      ratios.push((await rateOf(sampled)) / without);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const shown = [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((r) => r.toFixed(3));
  console.log(
    `rounds a CPU second under rtlift profile, of those without: ${shown[0]} (${shown[1]}..${shown[2]}, ${ROUNDS} pairs, a sample every 1 ms)`,
  );
}
