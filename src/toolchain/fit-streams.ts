import type { Codec } from '../kernel/codec.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { InputMap, OutputMap, StreamMap } from '../kernel/port-map.js';
import type { Clock } from './fit-clocks.js';
import { candidates, defaultPrefix, turned } from './fit-names.js';
import { checkInputPacket, checkOutputPacket, type PartCodec } from './fit-packets.js';
import type { PortTable } from './port-table.js';
import type { InputStream, OutputStream, PortField, Signal, StreamPorts } from './stream-ports.js';

/** True where only one message can be under way. */
export function isSerial(output: OutputStream): boolean {
  return output.handshake === 'level' || output.afterMessage || output.quietCycles !== null;
}

type SignalName = 'data' | 'valid' | 'ready' | 'keep' | 'last';

/** The name of a signal of a stream, whether a port has it or not; the map's own first. */
function nameOf(table: PortTable, map: StreamMap, signal: SignalName): string | null {
  const named = map[signal];
  if (typeof named === 'string' || named === null) return named;
  const { prefix, suffix = '' } = map;
  if (prefix === undefined) return null;
  const suffixes = signal === 'ready' ? [suffix, turned(suffix)] : [suffix];
  const names = candidates(prefix, [`t${signal}`, signal], suffixes);
  return table.firstOf(names) ?? (names[0] as string);
}

function withDefaults<M extends StreamMap>(map: string | M | undefined, prefix: string): M {
  if (map === undefined) return { prefix } as unknown as M;
  if (typeof map === 'string') return { prefix: map } as unknown as M;
  // Signals that are named one by one leave nothing to guess from a prefix.
  const isNamed = map.data !== undefined || map.suffix !== undefined || map.prefix !== undefined;
  return isNamed ? map : { ...map, prefix };
}

function fitFields(
  table: PortTable,
  names: readonly string[],
  direction: 'input' | 'output',
): PortField[] {
  let offset = 0;
  return names.map((name) => {
    const { escapedName, width } = table.vector(name, direction);
    const field = { name, escapedName, width, offset };
    offset += Math.ceil(width / 8);
    return field;
  });
}

function fitStream(
  table: PortTable,
  map: StreamMap & { readonly busy?: string },
  role: 'input' | 'output',
  clocks: readonly Clock[],
): StreamPorts {
  const [forward, backward] =
    role === 'input' ? (['input', 'output'] as const) : (['output', 'input'] as const);
  const need = (signal: SignalName): string => {
    const name = nameOf(table, map, signal);
    if (name !== null) return name;
    throw table.mismatch(`rtl.ports.${role}.${signal}`, `ports ${table.list()}`);
  };
  const signal = (name: string, way: 'input' | 'output'): Signal => {
    const { escapedName } = table.require(name, way, 1);
    return { name, escapedName };
  };
  const dataNames = Array.isArray(map.data) ? (map.data as string[]) : [need('data')];
  const fields = fitFields(table, dataNames, forward);
  const beatBytes = fields.reduce((sum, { width }) => sum + Math.ceil(width / 8), 0);
  const keepName = nameOf(table, map, 'keep');
  const keep = keepName === null ? null : table.optional(keepName, forward);
  if (keep === null && map.keep) table.require(map.keep, forward);
  if (keep !== null && keep.width !== beatBytes) {
    throw table.mismatch(
      `${keep.name} of ${beatBytes} bits, one a byte of ${dataNames.join(', ')}`,
      `${keep.width} bits`,
      { port: keep.name },
    );
  }
  const lastName = nameOf(table, map, 'last');
  const last = lastName === null ? null : table.optional(lastName, forward);
  if (last === null && map.last) table.require(map.last, forward);
  const hasReady = map.busy === undefined && map.ready !== null;
  const readyName = map.busy ?? (hasReady ? nameOf(table, map, 'ready') : null);
  if (hasReady && (readyName === null || !table.has(readyName)) && map.ready === undefined) {
    throw table.mismatch(
      `${backward} ${readyName ?? `rtl.ports.${role}.ready`} (or ready: null for a core that has none)`,
      `ports ${table.list()}`,
      readyName === null ? {} : { port: readyName },
    );
  }
  const clockName = map.clock ?? clocks[0]?.name;
  const clock = clocks.findIndex(({ name }) => name === clockName);
  if (clock < 0) {
    throw table.mismatch(
      `the clock ${clockName} of ${dataNames[0]} in rtl.ports.clock or clocks`,
      `clocks ${clocks.map(({ name }) => name).join(', ')}`,
    );
  }
  return {
    label: (dataNames[0] as string).replace(/_?t?data(_[io])?$/i, '') || (dataNames[0] as string),
    fields,
    valid: signal(need('valid'), forward),
    ready: readyName === null ? null : signal(readyName, backward),
    isBusy: map.busy !== undefined,
    keep: keep && { name: keep.name, escapedName: keep.escapedName },
    last: last && { name: last.name, escapedName: last.escapedName },
    beatBytes,
    byteOrder: map.byteOrder ?? 'little',
    clock,
  };
}

function sideBandOf({ prefix, suffix = '' }: StreamMap): string[] {
  if (prefix === undefined) return [];
  return candidates(prefix, ['tuser', 'tid', 'tdest', 'tstrb'], [suffix]);
}

function fitInput(
  table: PortTable,
  map: InputMap,
  clocks: readonly Clock[],
  messageBytes: number | null,
): InputStream {
  const { handshake = 'stream', next } = map;
  const ports = fitStream(table, map, 'input', clocks);
  if (handshake === 'start' && ports.ready === null) {
    throw table.mismatch(
      'ready or busy of a core that is started by a pulse (one that always takes it is a stream with ready: null)',
      `ports ${table.list()}`,
    );
  }
  return {
    ...ports,
    role: 'input',
    handshake,
    next: next === undefined ? null : table.require(next, 'input', 1),
    messageBytes,
    sideBand: sideBandOf(map),
  };
}

/** The codec of what each input stream gets of a message. */
function partCodecs<I>(input: Codec<I>): PartCodec[] {
  if (!input.parts) return [input];
  const fields = input.shape?.kind === 'record' ? input.shape.fields : [];
  return input.parts.map((fixedBytes, i) => fields[i]?.[1] ?? { name: input.name, fixedBytes });
}

/** Lays the input codec's parts over the input streams. */
export function fitInputs<I, O>(
  table: PortTable,
  kernel: Kernel<I, O>,
  clocks: readonly Clock[],
): InputStream[] {
  const { ports } = kernel.rtl;
  const maps = ports.inputs
    ? Object.entries(ports.inputs).map(([name, map]) => withDefaults(map, `s_axis_${name}`))
    : [withDefaults(ports.input, defaultPrefix(table, 's_axis', 'tdata'))];
  const parts = partCodecs(kernel.input);
  if (parts.length !== maps.length) {
    throw table.mismatch(
      `${maps.length} input streams, so an input codec streams() of as many fields`,
      `${kernel.input.name} of ${parts.length}`,
    );
  }
  return maps.map((map, i) => {
    const part = parts[i] as PartCodec;
    const input = fitInput(table, map, clocks, part.fixedBytes);
    // Limits are of the whole message: they say nothing of one part.
    const minBytes = parts.length === 1 ? kernel.limits.minMessageBytes : null;
    checkInputPacket(table, input, part, minBytes);
    return input;
  });
}

/** Lays the output codec over the output stream. */
export function fitOutput<I, O>(
  table: PortTable,
  kernel: Kernel<I, O>,
  clocks: readonly Clock[],
  inputs: readonly InputStream[],
): OutputStream {
  const prefix = defaultPrefix(table, 'm_axis', 'tdata');
  const given = withDefaults<OutputMap>(kernel.rtl.ports.output, prefix);
  const { handshake = 'stream', takes = 'beats', quietCycles = null } = given;
  const map: OutputMap = {
    ...given,
    // What is no stream has no ready; the tkeep of a packet says nothing of a value beside it.
    ...(handshake === 'stream' ? {} : { ready: null }),
    ...(takes === 'last' ? { keep: null } : {}),
  };
  const { fixedBytes, presentBytes } = kernel.output;
  const output: OutputStream = {
    ...fitStream(table, map, 'output', clocks),
    role: 'output',
    handshake,
    takes,
    afterMessage: map.afterMessage ?? inputs.some((input) => input.handshake === 'start'),
    quietCycles,
    resultBytes: presentBytes === undefined ? fixedBytes : presentBytes,
  };
  checkOutputPacket(table, kernel.output, output);
  return output;
}
