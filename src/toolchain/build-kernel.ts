import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, cpus } from 'node:os';
import { join } from 'node:path';
import { RtliftError } from '../errors.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { ActivityPlan } from './activity-plan.js';
import { buildRuntime, DRIVER_FOLDER } from './build-runtime.js';
import { contentKey, entryPath, hasEntry, publishEntry } from './cache.js';
import { compileAll, joinSmall, linkLibrary } from './compile.js';
import { GENERATOR_VERSION } from './design-header.js';
import type { Fit } from './fit.js';
import { type BuildFlags, FAST_FLAGS } from './flags.js';
import type { ToolMessage } from './run-tool.js';
import { findToolchain, type Toolchain } from './toolchain.js';
import { verilateModel } from './verilate.js';

/** A kernel library that is ready to be opened. */
export interface KernelBuild {
  readonly library: string;
  readonly buildId: string;
  readonly fit: Fit;
  /** Whether the driver evaluates the model once a cycle. */
  readonly evaluatesOnce: boolean;
  /** Which bits are looked at where activity is counted; `null` where nothing is known of the registers. */
  readonly activity: ActivityPlan | null;
  /** Verilator's warnings about the RTL. */
  readonly warnings: readonly ToolMessage[];
}

/** Progress of a build, for a line on a terminal. */
export interface BuildProgress {
  readonly kernel: string;
  readonly stage: 'elaborate' | 'verilate' | 'compile' | 'done';
  readonly elapsedMs: number;
}

export interface BuildOptions {
  readonly flags?: BuildFlags;
  readonly onProgress?: (progress: BuildProgress) => void;
}

interface Manifest extends Omit<KernelBuild, 'library'> {
  /** File name of the library. A loader that has it open by this path would give no other one out again. */
  readonly libraryName: string;
  /** Content hash of each file that the RTL pulled in, so that a changed include is noticed. */
  readonly files: Readonly<Record<string, string>>;
}

async function readDriver(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(DRIVER_FOLDER)).sort()) {
    files[name] = await readFile(join(DRIVER_FOLDER, name), 'utf8');
  }
  return files;
}

async function readSources(
  kernel: string,
  sources: readonly string[],
): Promise<[string, string][]> {
  return Promise.all(
    sources.map(async (path): Promise<[string, string]> => {
      try {
        return [path, await readFile(path, 'utf8')];
      } catch (cause) {
        throw new RtliftError(
          'ERR_RTLIFT_ELABORATION_FAILED',
          `kernel ${kernel}: cannot read RTL source ${path}: ${(cause as Error).message}`,
          { kernel, path },
          { cause },
        );
      }
    }),
  );
}

async function keyOf<I, O>(
  kernel: Kernel<I, O>,
  flags: BuildFlags,
  toolchain: Toolchain,
): Promise<string> {
  const { verilator, compiler } = toolchain;
  const { rtl } = kernel;
  return contentKey({
    generator: GENERATOR_VERSION,
    driver: await readDriver(),
    name: kernel.name,
    top: rtl.top,
    sources: await readSources(kernel.name, rtl.sources),
    includes: rtl.includes,
    parameters: Object.entries(rtl.parameters).map(([key, value]) => [
      key,
      typeof value,
      `${value}`,
    ]),
    ports: rtl.ports,
    verilatorFlags: rtl.verilatorFlags,
    codecs: [kernel.input.name, kernel.output.name, kernel.registers !== null],
    // Their values are settings, not part of the library; their sizes are checked.
    statics: Object.entries(kernel.statics).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? value.length : 0,
    ]),
    flags,
    verilator: verilator.version,
    compiler: [compiler.path, compiler.version],
    // -march=native: a library is for the processor that it was built on.
    machine: [process.platform, arch(), cpus()[0]?.model ?? ''],
  });
}

const inFlight = new Map<string, Promise<KernelBuild>>();

/**
 * Builds a kernel's library, or finds it in the cache: elaborate, verilate, compile.
 *
 * Two calls for the same content share one build. Nothing half-built stays behind.
 * @throws {@link RtliftError} `ERR_RTLIFT_TOOL_MISSING`, `ERR_RTLIFT_ELABORATION_FAILED`,
 *   `ERR_RTLIFT_DESCRIPTOR_MISMATCH`, `ERR_RTLIFT_VERILATE_FAILED` or `ERR_RTLIFT_COMPILE_FAILED`.
 */
export async function buildKernel<I, O>(
  kernel: Kernel<I, O>,
  { flags = FAST_FLAGS, onProgress }: BuildOptions = {},
): Promise<KernelBuild> {
  const toolchain = await findToolchain();
  const key = await keyOf(kernel, flags, toolchain);
  const cached = await readEntry(key);
  if (cached) return cached;
  const running = inFlight.get(key);
  if (running) return running;
  const build = buildEntry(kernel, flags, toolchain, key, onProgress).finally(() =>
    inFlight.delete(key),
  );
  inFlight.set(key, build);
  return build;
}

/** The kernel's library where it is in the cache already; never builds. */
export async function findBuiltKernel<I, O>(
  kernel: Kernel<I, O>,
  flags: BuildFlags = FAST_FLAGS,
): Promise<KernelBuild | null> {
  return readEntry(await keyOf(kernel, flags, await findToolchain()));
}

/** Content hash of each file that can be read. */
async function hashFiles(paths: readonly string[]): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text !== null) files[path] = contentKey(text);
  }
  return files;
}

async function readEntry(key: string): Promise<KernelBuild | null> {
  if (!(await hasEntry('kernels', key))) return null;
  const folder = entryPath('kernels', key);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  for (const [path, hash] of Object.entries(manifest.files)) {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null || contentKey(text) !== hash) return null;
  }
  const { libraryName, files: _, ...build } = manifest;
  return { ...build, library: join(folder, libraryName) };
}

async function buildEntry<I, O>(
  kernel: Kernel<I, O>,
  flags: BuildFlags,
  toolchain: Toolchain,
  key: string,
  onProgress: BuildOptions['onProgress'],
): Promise<KernelBuild> {
  const begin = performance.now();
  const report = (stage: BuildProgress['stage']): void =>
    onProgress?.({ kernel: kernel.name, stage, elapsedMs: performance.now() - begin });
  const { compiler } = toolchain;
  const runtime = await buildRuntime(flags, toolchain);

  const fill = async (folder: string): Promise<void> => {
    const work = join(folder, 'work');
    const model = await verilateModel(kernel, flags, toolchain, key, work, report);
    const files = await hashFiles(model.files);
    const libraryName = `kernel-${contentKey(files)}.so`;
    report('compile');
    const built = await compileAll(
      compiler,
      await joinSmall([join(DRIVER_FOLDER, 'kernel_library.cc'), ...model.sources], work),
      model.compilerArgs,
      work,
      kernel.name,
    );
    await linkLibrary(
      compiler,
      [...built, ...runtime],
      join(DRIVER_FOLDER, 'exports.map'),
      join(folder, libraryName),
      kernel.name,
    );
    const { fit, evaluatesOnce, activity, warnings } = model;
    const manifest: Manifest = {
      buildId: key,
      fit,
      evaluatesOnce,
      activity,
      warnings,
      libraryName,
      files,
    };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await rm(work, { recursive: true });
  };
  // One that is there was not taken: a file that its RTL includes has changed since.
  const isStale = await hasEntry('kernels', key);
  await publishEntry('kernels', key, fill, isStale);
  report('done');
  const entry = await readEntry(key);
  if (entry === null) {
    throw new RtliftError(
      'ERR_RTLIFT_COMPILE_FAILED',
      `kernel ${kernel.name}: its RTL changed while it was built; build it again`,
      { kernel: kernel.name },
    );
  }
  return entry;
}
