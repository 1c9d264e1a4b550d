import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from '../../src/bench/measure.js';
import { record } from '../../src/profile/cpu/record.js';

const PROGRAM = fileURLToPath(new URL('../../test/fixtures/profile/rate.mjs', import.meta.url));
const PAIRS = 7;
const RUN_MS = '1500';

/**
 * What does sampling cost a program? Its rounds with and without, one after the other, a second of CPU time: on a machine that
 * has other work, those of a second of the clock say more of that work.
 * @returns extra CPU time of a round, as a share of that without: 0.03 is 3 %.
 */
export async function overhead(): Promise<{ profileOverhead: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-overhead-'));
  const out = join(folder, 'rate.json');
  process.env.PLANTED_OUT = out;
  const rateOf = async (run: () => Promise<unknown>): Promise<number> => {
    await run();
    const { rate } = JSON.parse(await readFile(out, 'utf8')) as { rate: number };
    await rm(out);
    return rate;
  };
  const bare = () => promisify(execFile)('node', [PROGRAM, RUN_MS]);
  const sampled = () => record(['node', PROGRAM, RUN_MS], { intervalUs: 1000 });
  const extra: number[] = [];
  try {
    for (let i = 0; i < PAIRS; i++) {
      // Which of the two comes first changes, so that a load that grows favours neither.
      const [first, second] = i % 2 === 0 ? [bare, sampled] : [sampled, bare];
      const rates = [await rateOf(first), await rateOf(second)] as const;
      const [without, under] = i % 2 === 0 ? rates : [rates[1], rates[0]];
      extra.push(without / under - 1);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const [middle, low, high] = [median(extra), Math.min(...extra), Math.max(...extra)].map(
    (share) => `${(100 * share).toFixed(1)} %`,
  );
  console.log(
    `CPU time of a round under rtlift profile, more than without: ${middle} (${low} to ${high}, ${PAIRS} pairs, a sample every 1 ms;\n` +
      `load of the machine at the end: ${loadavg()[0]?.toFixed(1)}).`,
  );
  return { profileOverhead: median(extra) };
}
