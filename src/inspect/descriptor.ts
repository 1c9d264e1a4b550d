import type { Netlist } from '../toolchain/netlist.js';
import type { Detected, DetectedStream } from './detect.js';

const STANDARD = { input: 's_axis', output: 'm_axis' } as const;

/** Whether a stream has AXI4-Stream's own names behind its prefix, so that the prefix says it all. */
function isAxi({ prefix, data, valid, ready, keep, last }: DetectedStream): boolean {
  const named = [
    [data, 'tdata'],
    [valid, 'tvalid'],
    [ready, 'tready'],
    [keep, 'tkeep'],
    [last, 'tlast'],
  ] as const;
  return named.every(([port, signal]) => port === null || port.name === `${prefix}_${signal}`);
}

function streamText(stream: DetectedStream): string | null {
  const { role, prefix, data, valid, ready, keep, last, handshake, isBusy } = stream;
  if (isAxi(stream) && ready !== null) {
    return prefix === STANDARD[role] ? null : `'${prefix}'`;
  }
  const fields = [
    ...(handshake === 'stream' ? [] : [`handshake: '${handshake}'`]),
    `data: '${data.name}'`,
    `valid: '${valid?.name ?? '?'}'`,
    ...(ready
      ? [`${isBusy ? 'busy' : 'ready'}: '${ready.name}'`]
      : role === 'input'
        ? ['ready: null']
        : []),
    ...(keep ? [`keep: '${keep.name}'`] : []),
    ...(last ? [`last: '${last.name}'`] : []),
  ];
  return `{ ${fields.join(', ')} }`;
}

const bytesOf = (width: number | null): number => Math.ceil((width ?? 8) / 8);

function inputCodec({ data, keep, last, handshake }: DetectedStream): string {
  if (keep && last) return 'bytes()';
  if (last && data.width === 8) return 'bytes()';
  const size = bytesOf(data.width);
  return handshake === 'start' ? `fixedBytes(${size})` : `fixedBytes(${size})`;
}

function outputCodec({ data, keep, last }: DetectedStream): string {
  if (keep && last) return 'bytes()';
  const { width } = data;
  return width !== null && width <= 32 ? `uint(${width})` : `fixedBytes(${bytesOf(width)})`;
}

/** A parameter's literal such as `32'sh8` as JavaScript, or `null` for what is neither a number nor a text. */
function valueText(literal: string): string | null {
  const [, width = '', hex = ''] = /^(\d+)'s?h([0-9a-f]+)$/i.exec(literal) ?? [];
  if (hex === '') return null;
  const text = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString(
    'latin1',
  );
  // A string is a vector of its letters; 32 bits are more often a number.
  if (width !== '32' && text.length * 8 === Number(width) && /^[\x20-\x7e]{2,}$/.test(text)) {
    return JSON.stringify(text);
  }
  return hex.length <= 8 ? `${Number.parseInt(hex, 16)}` : `0x${hex}n`;
}

/** What the RTL is read from; paths are relative to the descriptor. */
export interface DescriptorFiles {
  readonly sources: readonly string[];
  readonly includes?: readonly string[];
  readonly verilatorFlags?: readonly string[];
}

/** A path as a URL beside the descriptor; a quote would end the text that it stands in. */
function urlText(path: string): string {
  const encoded = encodeURI(path).replace(
    /[?#']/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `new URL('${encoded}', import.meta.url)`;
}

/** A line `key: [...]`, none where there is nothing to list. */
function listLines(key: string, items: readonly string[]): string[] {
  return items.length > 0 ? [`    ${key}: [${items.join(', ')}],`] : [];
}

/** A descriptor to start from, as TypeScript; what had to be guessed says so. */
export function descriptorText(
  netlist: Netlist,
  { clocks, resets, inputs, outputs, registers, settings }: Detected,
  { sources, includes = [], verilatorFlags = [] }: DescriptorFiles,
): string {
  const ports: string[] = [];
  const [clock, ...moreClocks] = clocks;
  if (clock && clock.name !== 'clk') ports.push(`clock: '${clock.name}',`);
  if (moreClocks.length > 0) {
    ports.push(
      `clocks: { ${moreClocks.map(({ name }) => `${name}: 1`).join(', ')} }, // TODO ratios to ${clock?.name}`,
    );
  }
  if (resets.length === 0) ports.push('reset: null,');
  else if (resets.length > 1)
    ports.push(`reset: [${resets.map(({ name }) => `'${name}'`).join(', ')}],`);
  else if (resets[0] && resets[0].name !== 'rst') ports.push(`reset: '${resets[0].name}',`);
  const [input] = inputs;
  const [output] = outputs;
  if (inputs.length > 1) {
    const streams = inputs.map(
      (stream) => `'${stream.prefix}': ${streamText(stream) ?? `'${stream.prefix}'`}`,
    );
    ports.push(`inputs: { ${streams.join(', ')} },`);
  } else if (input) {
    const text = streamText(input);
    if (text) ports.push(`input: ${text},`);
  }
  const outputText = output ? streamText(output) : null;
  if (outputText) ports.push(`output: ${outputText},`);
  if (registers !== null && registers !== 's_axil') ports.push(`registers: '${registers}',`);

  const parameters = Object.entries(netlist.parameters).flatMap(([name, literal]) => {
    const value = valueText(literal);
    return value === null ? [] : [`${name}: ${value}`];
  });
  const codec =
    inputs.length > 1
      ? `streams({ ${inputs.map((stream) => `'${stream.prefix}': ${inputCodec(stream)}`).join(', ')} })`
      : input
        ? inputCodec(input)
        : 'bytes()';
  const result = output ? outputCodec(output) : 'bytes()';
  const codecs = [...`${codec} ${result}`.matchAll(/\b([a-zA-Z]+)\(/g)].map(
    (match) => match[1] as string,
  );
  return [
    `import { ${[...new Set([...codecs, 'defineKernel'])].toSorted().join(', ')} } from 'rtlift';`,
    '',
    `export const kernel = defineKernel({`,
    `  name: '${netlist.top.replace(/[^A-Za-z0-9_-]/g, '-')}',`,
    '  rtl: {',
    `    top: '${netlist.top}',`,
    ...listLines('sources', sources.map(urlText)),
    ...listLines('includes', includes.map(urlText)),
    ...listLines(
      'verilatorFlags',
      verilatorFlags.map((flag) => JSON.stringify(flag)),
    ),
    ...(parameters.length > 0 ? [`    parameters: { ${parameters.join(', ')} },`] : []),
    ...(ports.length > 0
      ? ['    ports: {', ...ports.map((line) => `      ${line}`), '    },']
      : []),
    '  },',
    `  input: ${codec},`,
    `  output: ${result},`,
    ...(settings.length > 0
      ? [`  statics: { ${settings.map(({ name }) => `'${name}': 0`).join(', ')} }, // TODO values`]
      : []),
    ...(registers === null
      ? []
      : ['  registers: () => Uint32Array.of(), // TODO (address, data) pairs']),
    '  golden: (message) => {',
    "    throw new Error('TODO: the definition of the operation');",
    '  },',
    '});',
  ].join('\n');
}
