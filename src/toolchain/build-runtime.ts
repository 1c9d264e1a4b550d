import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentKey, entryPath, hasEntry, publishEntry } from './cache.js';
import { commonArgs, compileAll } from './compile.js';
import { type BuildFlags, cxxFlags } from './flags.js';
import type { Toolchain } from './toolchain.js';

/** Headers and sources that are compiled into every kernel library. */
export const DRIVER_FOLDER = fileURLToPath(new URL('../../native/driver', import.meta.url));

const SOURCES = ['verilated.cpp', 'verilated_threads.cpp'];
const COVERAGE_SOURCE = 'verilated_cov.cpp';
const TRACE_SOURCE = 'verilated_vcd_c.cpp';

/**
 * Compiles Verilator's own run-time library, or finds it in the cache: 7 of the 8 seconds that a small kernel takes.
 * @returns the object files.
 */
export async function buildRuntime(
  flags: BuildFlags,
  { compiler, verilator, verilatorRoot }: Toolchain,
): Promise<string[]> {
  const args = [
    ...commonArgs(compiler, verilatorRoot, DRIVER_FOLDER, flags),
    ...cxxFlags(flags, compiler.isClang),
  ];
  const overrides = await readFile(join(DRIVER_FOLDER, 'verilated_overrides.h'), 'utf8');
  const key = contentKey([args, overrides, verilator, compiler]);
  const sources = [
    ...SOURCES,
    ...(flags.hasCoverage ? [COVERAGE_SOURCE] : []),
    ...(flags.hasTrace ? [TRACE_SOURCE] : []),
  ];
  const objects = sources.map((name) => name.replace('.cpp', '.o'));
  if (!(await hasEntry('runtime', key))) {
    await publishEntry('runtime', key, async (folder) => {
      await compileAll(
        compiler,
        sources.map((name) => join(verilatorRoot, 'include', name)),
        args,
        folder,
        "Verilator's run-time library",
      );
      await writeFile(join(folder, 'args.json'), JSON.stringify({ args, verilator, compiler }));
    });
  }
  return objects.map((name) => join(entryPath('runtime', key), name));
}
