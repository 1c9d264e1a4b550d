import { basename, resolve } from 'node:path';
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
    .option('--json', 'write what was found as JSON')
    .action((files: readonly string[], options: Options) => run(files, options));
}

async function run(
  files: readonly string[],
  { top, parameter, include, json }: Options,
): Promise<void> {
  const { netlist, detected } = await inspectFiles(
    files.map((file) => resolve(file)),
    {
      ...(top === undefined ? {} : { top }),
      parameters: parameter,
      includes: include,
    },
  );
  const descriptor = descriptorText(
    netlist,
    detected,
    files.map((file) => `./${basename(file)}`),
  );
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
