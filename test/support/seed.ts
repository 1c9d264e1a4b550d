import { onTestFailed } from 'vitest';

/** SEED of the environment (`SEED=0x51`), else a new one a run. */
export function seedFromEnv(
  env: Readonly<Record<string, string | undefined>> = process.env,
): number {
  const given = env.SEED;
  if (given === undefined || given === '') return Math.floor(Math.random() * 2 ** 32);
  const seed = Number(given);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new RangeError(`SEED is an integer 0..2^32-1, got ${given}`);
  }
  return seed;
}

export const showSeed = (seed: number): string => `SEED=0x${seed.toString(16)}`;

/** A seed for the running test; printed when the test fails. */
export function testSeed(): number {
  const seed = seedFromEnv();
  onTestFailed(() => console.error(`run again with ${showSeed(seed)}`));
  return seed;
}
