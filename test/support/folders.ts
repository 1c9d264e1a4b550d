import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cacheDir } from '../../src/toolchain/cache-dir.js';

/** A temporary folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rtlift-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Gives the running test a cache without any kernel library. Verilator's own run-time library, which is the same for
 * every kernel, is taken over from the usual cache: it is most of what a small build takes.
 */
export function useFreshCache(): string {
  const folder = temporaryFolder();
  const runtime = join(cacheDir(), 'runtime');
  mkdirSync(runtime, { recursive: true });
  symlinkSync(runtime, join(folder, 'runtime'));
  const previous = process.env.RTLIFT_CACHE_DIR;
  process.env.RTLIFT_CACHE_DIR = folder;
  onTestFinished(() => {
    if (previous === undefined) delete process.env.RTLIFT_CACHE_DIR;
    else process.env.RTLIFT_CACHE_DIR = previous;
  });
  return folder;
}
