import { dirname, relative, resolve, sep } from 'node:path';
import { Command } from 'commander';
import { descriptorText } from '../inspect/descriptor.js';
import type { DetectedStream } from '../inspect/detect.js';
import { inspectFiles } from '../inspect/inspect.js';
import type { ParameterValue } from '../kernel/define-kernel.js';
import { parameterOption } from './parameter-option.js';

interface Options {
  readonly top?: string;
  readonly parameter: Readonly<Record<string, ParameterValue>>;
  readonly include: readonly string[];
  readonly source: readonly string[];
  readonly flag: readonly string[];
  readonly json?: boolean;
}

/** `rtlift inspect`: what a core is from outside, and a descriptor to start from. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'print ports, streams, clock, reset and parameters of a core, and a descriptor to start from',
    )
    .argument('<files...>', 'Verilog or SystemVerilog files')
    .option('--top <module>', 'top module; default the one that no other instantiates')
    .option(
      '--parameter <name=value>',
      'value of a parameter, may be repeated',
      parameterOption,
      {},
    )
    .option(
      '--include <folder>',
      'folder of included files, may be repeated',
      (path: string, all: readonly string[]) => [...all, resolve(path)],
      [],
    )
    .option(
      '--source <file>',
      'file of the design beside <files...>, whose modules are not taken for the top, may be repeated',
      (path: string, all: readonly string[]) => [...all, resolve(path)],
      [],
    )
    .option(
      '--flag <flag>',
      'flag for Verilator, such as -DWIDE or -Wno-WIDTH, may be repeated',
      (flag: string, all: readonly string[]) => [...all, flag],
      [],
    )
    .option('--json', 'write what was found as JSON')
    .action((files: readonly string[], options: Options) => run(files, options));
}

async function run(
  files: readonly string[],
  { top, parameter, include, source, flag, json }: Options,
): Promise<void> {
  const paths = files.map((file) => resolve(file));
  const { netlist, detected } = await inspectFiles(paths, {
    ...(top === undefined ? {} : { top }),
    parameters: parameter,
    includes: include,
    sources: source,
    verilatorFlags: flag,
  });
  // The descriptor is meant to lie beside the first file.
  const folder = dirname(paths[0] ?? '');
  const descriptor = descriptorText(netlist, detected, {
    sources: [...paths, ...source].map((path) => besides(folder, path)),
    includes: include.map((path) => besides(folder, path)),
    verilatorFlags: flag,
  });
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...netlist, detected, descriptor }, null, 2)}\n`);
    return;
  }
  const { clocks, resets, inputs, outputs, registers, settings } = detected;
  const longest = Math.max(...netlist.ports.map(({ name }) => name.length));
  const ports = netlist.ports.map(
    ({ name, direction, width }) =>
      `  ${direction.padEnd(6)} ${name.padEnd(longest)} ${width === null ? 'not a vector' : `${width}`.padStart(5)}`,
  );
  const names = (list: readonly { readonly name: string }[]): string =>
    list.map(({ name }) => name).join(', ') || 'none found';
  const parameters = Object.entries(netlist.parameters).map(
    ([name, value]) => `${name} = ${value}`,
  );
  const lines = [
    `module ${netlist.top}`,
    ...ports,
    `parameters  ${parameters.join(', ') || 'none'}`,
    `clock       ${names(clocks)}`,
    `reset       ${names(resets)}`,
    ...[...inputs, ...outputs].map((stream) => `${stream.role.padEnd(11)} ${describe(stream)}`),
    `registers   ${registers === null ? 'none found' : `AXI4-Lite ${registers}_*`}`,
    ...(settings.length > 0 ? [`settings?   ${names(settings)} (inputs that nothing drives)`] : []),
    ...(inputs.length === 0
      ? ['no input stream was recognised: name its ports in rtl.ports.input']
      : []),
    ...(outputs.length === 0
      ? ['no output stream was recognised: name its ports in rtl.ports.output']
      : []),
    '',
    descriptor,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function besides(folder: string, path: string): string {
  const text = relative(folder, path).split(sep).join('/');
  return text.startsWith('..') ? text : `./${text}`;
}

function describe({ data, valid, ready, keep, last, handshake, isBusy }: DetectedStream): string {
  const parts = [
    `${data.name} (${data.width ?? '?'} bits)`,
    valid?.name ?? 'no valid',
    ready ? `${ready.name}${isBusy ? ' (busy)' : ''}` : 'no ready',
    keep?.name ?? 'no keep',
    last?.name ?? 'no last',
  ];
  return `${handshake}: ${parts.join(', ')}`;
}
