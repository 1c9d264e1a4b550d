import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, cpus } from 'node:os';
import { join } from 'node:path';
import { RtliftError } from '../errors.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { buildRuntime, DRIVER_FOLDER } from './build-runtime.js';
import { contentKey, entryPath, hasEntry, publishEntry } from './cache.js';
import { mayEvaluateOnce } from './combinational.js';
import { commonArgs, compileAll, linkLibrary } from './compile.js';
import { designHeader, MODEL_PREFIX } from './design-header.js';
import { designArgs, elaborate, elaborateDependencies } from './elaborate.js';
import { type Fit, fitDescriptor } from './fit.js';
import { type BuildFlags, FAST_FLAGS } from './flags.js';
import { parseMessages, runTool, type ToolMessage } from './run-tool.js';
import { findToolchain, type Toolchain } from './toolchain.js';

const CLOCK_RECORDS = [
  // Verilator 5.006; and the name seen in 5.050. See clocking.h.
  (clock: string) => `__Vtrigrprev__TOP__${clock}`,
  (clock: string) => `__Vtrigprevexpr___TOP__${clock}__0`,
] as const;

/** A kernel library that is ready to be opened. */
export interface KernelBuild {
  readonly library: string;
  readonly buildId: string;
  readonly fit: Fit;
  /** Whether the driver evaluates the model once a cycle. */
  readonly evaluatesOnce: boolean;
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

async function readSources(kernel: string, sources: readonly string[]): Promise<[string, string][]> {
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
    driver: await readDriver(),
    name: kernel.name,
    top: rtl.top,
    sources: await readSources(kernel.name, rtl.sources),
    includes: rtl.includes,
    parameters: Object.entries(rtl.parameters).map(([key, value]) => [key, typeof value, `${value}`]),
    ports: rtl.ports,
    codecs: [kernel.input.name, kernel.output.name, kernel.registers !== null],
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

async function readEntry(key: string): Promise<KernelBuild | null> {
  if (!(await hasEntry('kernels', key))) return null;
  const folder = entryPath('kernels', key);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  for (const [path, hash] of Object.entries(manifest.files)) {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null || contentKey(text) !== hash) return null;
  }
  return { ...manifest, library: join(folder, 'kernel.so') };
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
  const { verilator, compiler, verilatorRoot } = toolchain;
  const runtime = await buildRuntime(flags, toolchain);

  await publishEntry('kernels', key, async (folder) => {
    const work = join(folder, 'work');
    const [ports, flat, model, objects] = ['ports', 'flat', 'model', 'objects'].map((name) =>
      join(work, name),
    ) as [string, string, string, string];
    await Promise.all([ports, flat, model, objects].map((path) => mkdir(path, { recursive: true })));

    report('elaborate');
    const netlist = await elaborate(verilator, kernel.rtl, ports);
    const fit = fitDescriptor(kernel, netlist);
    const evaluatesOnce =
      flags.evaluateOnce &&
      mayEvaluateOnce(
        await elaborateDependencies(verilator, kernel.rtl, flat),
        sampledOutputs(fit),
        changingInputs(fit),
      );

    report('verilate');
    const verilated = await runTool(
      verilator.path,
      ['--cc', '--prefix', MODEL_PREFIX, '--Mdir', model, ...flags.verilator, ...designArgs(kernel.rtl)],
      { failure: 'ERR_RTLIFT_VERILATE_FAILED', purpose: `verilate ${kernel.name}` },
    );
    await writeFile(join(model, 'design.h'), designHeader(kernel.name, key, fit, evaluatesOnce));

    report('compile');
    const [recordA, recordB] = CLOCK_RECORDS.map((name) => name(fit.clock));
    const args = [
      ...commonArgs(compiler, verilatorRoot, DRIVER_FOLDER),
      ...flags.cxx,
      `-DRTLIFT_CLOCK_RECORD_A=${recordA}`,
      `-DRTLIFT_CLOCK_RECORD_B=${recordB}`,
      '-I',
      model,
    ];
    const sources = (await readdir(model))
      .filter((name) => name.endsWith('.cpp'))
      .map((name) => join(model, name));
    const built = await compileAll(
      compiler,
      [join(DRIVER_FOLDER, 'kernel_library.cc'), ...sources],
      args,
      objects,
      kernel.name,
    );
    await linkLibrary(
      compiler,
      [...built, ...runtime],
      join(DRIVER_FOLDER, 'exports.map'),
      join(folder, 'kernel.so'),
      kernel.name,
    );
    const files: Record<string, string> = {};
    for (const path of netlist.files) {
      const text = await readFile(path, 'utf8').catch(() => null);
      if (text !== null) files[path] = contentKey(text);
    }
    const manifest: Manifest = {
      buildId: key,
      fit,
      evaluatesOnce,
      warnings: parseMessages(verilated.stderr),
      files,
    };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await rm(work, { recursive: true });
  });
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

function sampledOutputs(fit: Fit): string[] {
  const { input, output } = fit;
  return [input.ready, output.valid, output.data, output.keep, output.last].filter(
    (name): name is string => name !== null,
  );
}

/** The sink's tready is constant in the runs that evaluate once, so it does not count. */
function changingInputs(fit: Fit): string[] {
  const { valid, data, keep, last } = fit.input;
  return [valid, data, keep, last].filter((name): name is string => name !== null);
}
