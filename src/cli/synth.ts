import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { SYNTHESIS_DESIGNS } from '../bench/synthesis-designs.js';
import { RtliftError } from '../errors.js';
import type { ParameterValue } from '../kernel/define-kernel.js';
import { synthesisRowText } from '../report/synthesis-text.js';
import { readDesign } from '../synthesis/map-design.js';
import { writeRows } from '../synthesis/results.js';
import { SYNTHESIS_DEVICES } from '../synthesis/row.js';
import { findYosys } from '../synthesis/run-yosys.js';
import { drawSchematic } from '../synthesis/schematic.js';
import type { SynthesisRtl } from '../synthesis/source-hash.js';
import { DEFAULT_SEEDS, synthesise } from '../synthesis/synthesise.js';
import { targetOf } from '../synthesis/targets.js';
import { loadPlan } from './load-plan.js';
import { parameterOption } from './parameter-option.js';
import { startProgress } from './progress.js';

interface Options {
  readonly device: string;
  readonly seeds: number;
  readonly parameter: Readonly<Record<string, ParameterValue>>;
  readonly top?: string;
  readonly json?: string;
  readonly write?: boolean;
  readonly schematic?: string;
}

function seedCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 100) return count;
  throw new InvalidArgumentError('expected an integer 1..100.');
}

/** `rtlift synth`: area and clock of a kernel on a device. */
export function synthCommand(): Command {
  return new Command('synth')
    .description('synthesise a kernel for a device: cells, utilisation, Fmax')
    .argument(
      '<kernel>',
      'a built-in kernel, a file that exports `kernel`, or Verilog files of one design',
    )
    .argument('[files...]', 'further Verilog files')
    .requiredOption('--device <d>', SYNTHESIS_DEVICES.join(', '))
    .option(
      '--seeds <n>',
      'runs of place and route, each with its seed',
      seedCount,
      DEFAULT_SEEDS.length,
    )
    .option(
      '--parameter <name=value>',
      'value of an RTL parameter, may be repeated',
      parameterOption,
      {},
    )
    .option('--top <module>', 'top module of Verilog files; default the name of the first')
    .option('--json <file>', 'write the row as JSON, - for standard output')
    .option('--write', 'put the row into hdl/<kernel>/synthesis.json')
    .option('--schematic <svg>', 'draw the design, if it is small, with netlistsvg')
    .action((kernel: string, files: readonly string[], options: Options) =>
      run([kernel, ...files], options),
    );
}

interface Found {
  readonly name: string;
  readonly rtl: SynthesisRtl;
  /** Where its rows are kept; `null` for files. */
  readonly kept: string | null;
}

async function findDesign(targets: readonly string[], { parameter, top }: Options): Promise<Found> {
  const [target = ''] = targets;
  if (/\.s?v$/.test(target)) {
    const rtl = {
      top: top ?? basename(target).replace(/\.s?v$/, ''),
      sources: targets.map((file) => resolve(file)),
      includes: [],
      parameters: parameter,
    };
    return { name: rtl.top, rtl, kept: null };
  }
  if (/\.[cm]?[jt]s$/.test(target)) {
    const { name, rtl } = (await loadPlan(target)).kernel;
    return { name, rtl: { ...rtl, parameters: { ...rtl.parameters, ...parameter } }, kept: null };
  }
  // The first of a name has the default parameters.
  const design = SYNTHESIS_DESIGNS.find(({ kernel }) => kernel.name === target);
  if (!design || targets.length > 1) {
    const names = [...new Set(SYNTHESIS_DESIGNS.map(({ kernel }) => kernel.name))];
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `expected a built-in kernel (${names.join(', ')}) a file that exports one, or .v files, got ${targets.join(' ')}`,
      { arg: 'kernel', got: targets },
    );
  }
  const { name, rtl } = design.kernel;
  const kept = fileURLToPath(new URL(`../../hdl/${design.folder}/synthesis.json`, import.meta.url));
  return { name, rtl: { ...rtl, parameters: { ...rtl.parameters, ...parameter } }, kept };
}

async function run(targets: readonly string[], options: Options): Promise<void> {
  const target = targetOf(options.device);
  const { name, rtl, kept } = await findDesign(targets, options);
  if (options.write && kept === null) {
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', '--write is for built-in kernels, got files', {
      arg: 'write',
    });
  }
  const progress = startProgress(`${name} for ${target.label}`);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new RtliftError('ERR_RTLIFT_CANCELLED', 'cancelled')));
  const row = await synthesise(name, rtl, target, {
    seeds: Array.from({ length: options.seeds }, (_, i) => i + 1),
    signal: stop.signal,
    onStage: (text) => progress.show(`${name} for ${target.label}: ${text}`),
  }).finally(progress.stop);
  if (options.schematic) {
    const words = await readDesign(rtl, target, await findYosys());
    await writeFile(options.schematic, await drawSchematic(words));
  }
  if (options.write && kept !== null) await writeRows(kept, [row]);
  const json = `${JSON.stringify(row, null, 2)}\n`;
  if (options.json === '-') {
    process.stdout.write(json);
    return;
  }
  if (options.json) await writeFile(options.json, json);
  process.stdout.write(`${synthesisRowText(row)}\n`);
}
