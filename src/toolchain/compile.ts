import { readFile, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import type { BuildFlags } from './flags.js';
import { runTool } from './run-tool.js';

/** The C++ compiler as found on this machine. */
export interface Compiler {
  readonly path: string;
  readonly version: string;
  readonly isClang: boolean;
}

const waiting: (() => void)[] = [];
let running = 0;

/** Holds a place among the compilers that run at once: one a core, over all builds of this process. */
async function withSlot<T>(work: () => Promise<T>): Promise<T> {
  if (running >= availableParallelism()) {
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running++;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

/** Arguments that every file of a kernel library is compiled with. */
export function commonArgs(
  compiler: Compiler,
  verilatorRoot: string,
  driverFolder: string,
  { hasCoverage = false, hasTrace = false }: Pick<BuildFlags, 'hasCoverage' | 'hasTrace'>,
): string[] {
  const include = join(verilatorRoot, 'include');
  return [
    '-std=c++17',
    '-fPIC',
    // Verilator's run-time library has process-wide singletons; two libraries must not share them.
    '-fvisibility=hidden',
    // C++ may assume that a loop ends and drop it; a loop of the RTL that never ends must hang, and be found out.
    '-fno-finite-loops',
    ...(compiler.isClang ? [] : ['-fno-gnu-unique']),
    '-DNDEBUG',
    `-DVM_COVERAGE=${hasCoverage ? 1 : 0}`,
    '-DVM_SC=0',
    `-DVM_TRACE=${hasTrace ? 1 : 0}`,
    '-DVM_TRACE_FST=0',
    `-DVM_TRACE_VCD=${hasTrace ? 1 : 0}`,
    '-DVM_TRACE_SAIF=0',
    '-w',
    '-I',
    include,
    '-isystem',
    join(include, 'vltstd'),
    '-I',
    driverFolder,
    '-include',
    join(driverFolder, 'verilated_overrides.h'),
  ];
}

/** Above this the files are better compiled apart: in parallel, and what runs once a model without an optimiser. */
const ONE_FILE_BYTES = 512 * 1024;

/**
 * The sources of a small model as one file that includes them all, so that Verilator's headers are read once: eight files
 * of 20 to 270 KiB took 3.3 to 4.0 s of processor time apart and 0.8 to 1.1 s as one.
 * @param folder - where that file is written.
 * @returns the sources as they are where they are large.
 */
export async function joinSmall(sources: readonly string[], folder: string): Promise<string[]> {
  const sizes = await Promise.all(sources.map(async (source) => (await stat(source)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > ONE_FILE_BYTES) return [...sources];
  const joined = join(folder, 'whole.cpp');
  await writeFile(joined, sources.map((source) => `#include ${JSON.stringify(source)}\n`).join(''));
  return [joined];
}

/** Compiles each source into `folder`, in parallel. Returns the objects in the order of the sources. */
export function compileAll(
  compiler: Compiler,
  sources: readonly string[],
  args: readonly string[],
  folder: string,
  purpose: string,
): Promise<string[]> {
  return Promise.all(
    sources.map((source) =>
      withSlot(async () => {
        const object = join(folder, `${basename(source).replace(/\.\w+$/, '')}.o`);
        // Verilator puts there what runs once a model; with coverage it is megabytes, on which an optimiser spends minutes.
        const last = /__Slow\.cpp$/.test(source) ? ['-O0'] : [];
        await runTool(compiler.path, [...args, ...last, '-c', source, '-o', object], {
          failure: 'ERR_RTLIFT_COMPILE_FAILED',
          purpose: `compile ${purpose} (${basename(source)})`,
        });
        return object;
      }),
    ),
  );
}

/** Links a kernel library that exports its entry point and nothing else. */
export async function linkLibrary(
  compiler: Compiler,
  objects: readonly string[],
  exportsMap: string,
  target: string,
  purpose: string,
): Promise<void> {
  const symbol = /global:\s*(\w+)/.exec(await readFile(exportsMap, 'utf8'))?.[1] ?? '';
  const args =
    process.platform === 'darwin'
      ? ['-dynamiclib', `-Wl,-exported_symbol,_${symbol}`]
      : ['-shared', `-Wl,--version-script=${exportsMap}`, '-Wl,-z,defs'];
  await runTool(compiler.path, [...args, ...objects, '-o', target, '-pthread', '-lm'], {
    failure: 'ERR_RTLIFT_COMPILE_FAILED',
    purpose: `link ${purpose}`,
  });
}
