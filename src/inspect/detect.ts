import type { Netlist, Port } from '../toolchain/netlist.js';

/** A stream, or something like one, among the ports of a module. */
export interface DetectedStream {
  readonly role: 'input' | 'output';
  /** Name of the ports before the signal. */
  readonly prefix: string;
  readonly data: Port;
  readonly valid: Port | null;
  readonly ready: Port | null;
  readonly keep: Port | null;
  readonly last: Port | null;
  readonly handshake: 'stream' | 'start' | 'pulse';
  /** `ready` by its opposite. */
  readonly isBusy: boolean;
}

/** What the ports of a module look like. */
export interface Detected {
  readonly clocks: readonly Port[];
  readonly resets: readonly Port[];
  readonly inputs: readonly DetectedStream[];
  readonly outputs: readonly DetectedStream[];
  /** Prefix of an AXI4-Lite port. */
  readonly registers: string | null;
  /** Inputs that belong to none of these: settings, perhaps. */
  readonly settings: readonly Port[];
  /** Outputs that belong to none. */
  readonly others: readonly Port[];
}

const CLOCK = /(^|_)(a?clk|clock)\d*x?(_|$)|clk$/i;
const RESET = /(^|_)(a?rst|a?reset)(_?n|_?b)?(_?i)?($|_)|^n?rst|resetn?$/i;
const SIGNAL = /^(.*?)_?(t?)(data|valid|ready|keep|last|user|strb|dest|id)(_i|_o|_in|_out)?$/i;

interface Named {
  readonly port: Port;
  readonly group: string;
  readonly signal: string;
}

function splitName(port: Port): Named | null {
  const match = SIGNAL.exec(port.name);
  if (!match) return null;
  return { port, group: match[1] ?? '', signal: (match[3] ?? '').toLowerCase() };
}

function oneBit(
  ports: readonly Port[],
  pattern: RegExp,
  direction: Port['direction'],
): Port | null {
  return (
    ports.find(
      (port) => port.direction === direction && port.width === 1 && pattern.test(port.name),
    ) ?? null
  );
}

/** Groups the ports of a module by what their names and directions say. */
export function detectPorts({ ports }: Netlist): Detected {
  const left = new Set(ports);
  const take = <T extends Port | null>(port: T): T => {
    if (port) left.delete(port);
    return port;
  };
  const singles = ports.filter(({ width, direction }) => width === 1 && direction === 'input');
  const clocks = singles.filter(({ name }) => CLOCK.test(name)).map(take);
  const resets = singles
    .filter(({ name }) => left.size > 0 && RESET.test(name) && !CLOCK.test(name))
    .map(take);

  const address = ports.find(({ name }) => /awaddr$/i.test(name));
  const registers = address ? address.name.replace(/_?awaddr$/i, '') : null;
  if (registers !== null) {
    for (const port of ports) if (port.name.startsWith(`${registers}_`)) take(port);
  }

  const streams = detectStreams([...left], take);
  const inputs = streams.filter(({ role }) => role === 'input');
  const outputs = streams.filter(({ role }) => role === 'output');
  if (inputs.length === 0) {
    const block = detectBlockInput([...left], take);
    if (block) inputs.push(block);
  }
  if (outputs.length === 0) {
    const result = detectResult([...left], take);
    if (result) outputs.push(result);
  }
  const rest = [...left];
  return {
    clocks,
    resets,
    inputs,
    outputs,
    registers,
    settings: rest.filter(({ direction }) => direction === 'input'),
    others: rest.filter(({ direction }) => direction !== 'input'),
  };
}

type Take = <T extends Port | null>(port: T) => T;

function detectStreams(ports: readonly Port[], take: Take): DetectedStream[] {
  const groups = new Map<string, Map<string, Port>>();
  for (const named of ports.map(splitName)) {
    if (!named) continue;
    const group = groups.get(named.group) ?? new Map<string, Port>();
    if (!group.has(named.signal)) group.set(named.signal, named.port);
    groups.set(named.group, group);
  }
  const streams: DetectedStream[] = [];
  for (const [prefix, group] of groups) {
    const data = group.get('data');
    const valid = group.get('valid');
    if (!data || !valid || data.direction !== valid.direction || data.direction === 'inout')
      continue;
    const backward = data.direction === 'input' ? 'output' : 'input';
    const at = (signal: string, direction: Port['direction']): Port | null => {
      const port = group.get(signal);
      return port?.direction === direction ? take(port) : null;
    };
    const ready = at('ready', backward);
    for (const signal of ['user', 'strb', 'dest', 'id']) at(signal, data.direction);
    streams.push({
      role: data.direction,
      prefix,
      data: take(data),
      valid: take(valid),
      ready,
      keep: at('keep', data.direction),
      last: at('last', data.direction),
      handshake: ready === null && data.direction === 'output' ? 'pulse' : 'stream',
      isBusy: false,
    });
  }
  return streams;
}

function widest(ports: readonly Port[], direction: Port['direction']): Port | null {
  const wide = ports.filter((port) => port.direction === direction && (port.width ?? 0) > 1);
  return wide.toSorted((a, b) => (b.width ?? 0) - (a.width ?? 0))[0] ?? null;
}

/** A core that is started by a pulse and given a block. */
function detectBlockInput(ports: readonly Port[], take: Take): DetectedStream | null {
  const start = oneBit(ports, /(^|_)(start|init|go|load|valid|en|enable)(_i)?$/i, 'input');
  const data = widest(ports, 'input');
  if (!start || !data) return null;
  const ready = oneBit(ports, /ready|idle/i, 'output');
  const busy = ready ? null : oneBit(ports, /busy/i, 'output');
  return {
    role: 'input',
    prefix: '',
    data: take(data),
    valid: take(start),
    ready: take(ready ?? busy),
    keep: null,
    last: take(oneBit(ports, /last|eop/i, 'input')),
    handshake: ready || busy ? 'start' : 'stream',
    isBusy: busy !== null,
  };
}

/** A result with a pulse beside it. */
function detectResult(ports: readonly Port[], take: Take): DetectedStream | null {
  const valid = oneBit(ports, /valid|done|finish|vld/i, 'output');
  const data = widest(ports, 'output');
  if (!valid || !data) return null;
  return {
    role: 'output',
    prefix: '',
    data: take(data),
    valid: take(valid),
    ready: null,
    keep: null,
    last: null,
    handshake: 'pulse',
    isBusy: false,
  };
}
