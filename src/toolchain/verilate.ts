import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kernel } from '../kernel/define-kernel.js';
import { type ActivityPlan, type PlannedActivity, planActivity } from './activity-plan.js';
import { DRIVER_FOLDER } from './build-runtime.js';
import { mayEvaluateOnce, readDependencies } from './combinational.js';
import { commonArgs } from './compile.js';
import { designHeader, MODEL_PREFIX, memberNames } from './design-header.js';
import { designArgs, elaborate, elaborateFlat } from './elaborate.js';
import { type Fit, fitDescriptor, type Signal } from './fit.js';
import { type BuildFlags, cxxFlags } from './flags.js';
import { readModelMembers } from './model-members.js';
import { parseMessages, runTool, type ToolMessage } from './run-tool.js';
import { readSignalRoles } from './signal-roles.js';
import { startByName } from './start-values.js';
import type { Toolchain } from './toolchain.js';

// The model's private record of the previous clock level: in Verilator 5.006, and as seen in 5.050. See clocking.h.
const clockRecords = (clock: string): readonly [string, string] => [
  `__Vtrigrprev__TOP__${clock}`,
  `__Vtrigprevexpr___TOP__${clock}__0`,
];

// Streams are wider than the default of 256 bits. Memories are not counted: with them a model is a hundred times slower.
const COVERAGE_ARGS = ['--coverage-line', '--coverage-toggle', '--coverage-max-width', '1024'];

/** A Verilated model as C++ sources, and how to compile them. */
export interface VerilatedModel {
  readonly fit: Fit;
  readonly evaluatesOnce: boolean;
  /** `null` where nothing is known of the registers. */
  readonly activity: ActivityPlan | null;
  readonly sources: readonly string[];
  /** For the model and for what includes its `design.h`. */
  readonly compilerArgs: readonly string[];
  readonly warnings: readonly ToolMessage[];
  /** Every file of RTL that was read. */
  readonly files: readonly string[];
}

/**
 * Elaborates a kernel, lays its descriptor over the ports, and turns the RTL into C++ with a `design.h` beside it.
 * @param work - an empty folder.
 * @throws {@link RtliftError} `ERR_RTLIFT_ELABORATION_FAILED`, `ERR_RTLIFT_DESCRIPTOR_MISMATCH` or
 *   `ERR_RTLIFT_VERILATE_FAILED`.
 */
export async function verilateModel<I, O>(
  kernel: Kernel<I, O>,
  flags: BuildFlags,
  { verilator, verilatorRoot, compiler }: Toolchain,
  buildId: string,
  work: string,
  onStage: (stage: 'elaborate' | 'verilate') => void,
): Promise<VerilatedModel> {
  const [ports, flat, model] = ['ports', 'flat', 'model'].map((name) => join(work, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([ports, flat, model].map((path) => mkdir(path, { recursive: true })));

  onStage('elaborate');
  const netlist = await elaborate(verilator, kernel.rtl, ports);
  const fit = fitDescriptor(kernel, netlist);
  // A design that Verilator cannot flatten runs as well; only less is known of it.
  const flatXml = await elaborateFlat(verilator, kernel.rtl, flat).catch(() => null);
  const evaluatesOnce =
    flags.evaluateOnce &&
    fit.isPlain &&
    mayEvaluateOnce(flatXml === null ? null : readDependencies(flatXml), {
      clock: fit.clocks[0]?.name ?? '',
      resets: fit.resets.map(({ name }) => name),
      sampledOutputs: sampledOutputs(fit),
      changingInputs: changingInputs(fit),
    });

  onStage('verilate');
  const { stderr } = await runTool(
    verilator.path,
    [
      '--cc',
      '--prefix',
      MODEL_PREFIX,
      '--Mdir',
      model,
      ...flags.verilator,
      ...(flags.hasCoverage ? COVERAGE_ARGS : []),
      ...(flags.hasTrace ? ['--trace', '--trace-structs'] : []),
      ...designArgs(kernel.rtl),
    ],
    { failure: 'ERR_RTLIFT_VERILATE_FAILED', purpose: `verilate ${kernel.name}` },
  );
  const member = memberNames(await readFile(join(model, `${MODEL_PREFIX}.h`), 'utf8'));
  const activity = flatXml === null ? null : await planModel(flatXml, fit, model);
  await writeFile(
    join(model, 'design.h'),
    designHeader(kernel.name, buildId, fit, evaluatesOnce, member, activity),
  );
  const [recordA, recordB] = clockRecords(fit.clocks[0]?.escapedName ?? '');
  const sources = (await readdir(model))
    .filter((name) => name.endsWith('.cpp'))
    .map((name) => join(model, name));
  if (flags.startsByName) await Promise.all(sources.map(nameStarts));
  return {
    fit,
    evaluatesOnce,
    activity: activity && { groups: activity.groups, misses: activity.misses },
    sources,
    compilerArgs: [
      ...commonArgs(compiler, verilatorRoot, DRIVER_FOLDER, flags),
      ...cxxFlags(flags, compiler.isClang),
      `-DRTLIFT_CLOCK_RECORD_A=${recordA}`,
      `-DRTLIFT_CLOCK_RECORD_B=${recordB}`,
      '-I',
      model,
    ],
    warnings: parseMessages(stderr),
    files: netlist.files,
  };
}

/** Finds in the model what the flattened design calls registers, nets and memories. */
async function planModel(flatXml: string, fit: Fit, model: string): Promise<PlannedActivity> {
  const headers = new Map<string, string>();
  const evaluation: string[] = [];
  for (const name of await readdir(model)) {
    const isHeader = name.endsWith('.h');
    // What runs once a model is in the slow ones.
    if (!isHeader && !/__DepSet_.*(?<!__Slow)\.cpp$/.test(name)) continue;
    const text = await readFile(join(model, name), 'utf8');
    if (isHeader) headers.set(name.slice(0, -2), text);
    else evaluation.push(text);
  }
  const clocks = fit.clocks.map(({ name }) => name);
  const members = readModelMembers(headers, evaluation);
  return planActivity(readSignalRoles(flatXml, fit.top), members, clocks);
}

async function nameStarts(path: string): Promise<void> {
  await writeFile(path, startByName(await readFile(path, 'utf8')));
}

function names(...signals: readonly (Signal | null | undefined)[]): string[] {
  return signals.flatMap((signal) => (signal ? [signal.name] : []));
}

function sampledOutputs({ inputs, output }: Fit): string[] {
  const ready = inputs.map((input) => input.ready);
  return names(...ready, output.valid, ...output.fields, output.keep, output.last);
}

/** The sink's tready is constant in the runs that evaluate once, so it does not count. */
function changingInputs({ inputs }: Fit): string[] {
  return inputs.flatMap(({ valid, fields, keep, last }) => names(valid, ...fields, keep, last));
}
