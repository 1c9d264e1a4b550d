import { type ErrorDetails, RtliftError } from '../errors.js';
import type { Codec } from '../kernel/codec.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { Netlist, Port } from './netlist.js';

/** The signals of one AXI4-Stream port, by the names they have in the RTL. */
export interface StreamPorts {
  readonly data: string;
  readonly valid: string;
  readonly ready: string;
  readonly keep: string | null;
  readonly last: string | null;
  /** Bytes of a beat. */
  readonly beatBytes: number;
}

/** The signals of the AXI4-Lite port that writes registers. */
export interface RegisterPorts {
  readonly prefix: string;
  /** Width of awaddr in bits. */
  readonly addressBits: number;
  readonly hasStrobe: boolean;
  readonly hasReads: boolean;
}

/** How a kernel's descriptor lies over its elaborated RTL. */
export interface Fit {
  readonly top: string;
  readonly clock: string;
  readonly reset: { readonly name: string; readonly isActiveLow: boolean };
  readonly input: StreamPorts;
  readonly output: StreamPorts;
  readonly registers: RegisterPorts | null;
  /** Inputs that the driver holds at 0. */
  readonly tiedInputs: readonly string[];
}

/** Collects the ports of a design as they are asked for, so that what is left over can be named. */
class PortTable {
  readonly #byName: ReadonlyMap<string, Port>;
  readonly #used = new Set<string>();
  readonly #kernel: string;
  readonly #netlist: Netlist;

  constructor(kernel: string, netlist: Netlist) {
    this.#kernel = kernel;
    this.#netlist = netlist;
    this.#byName = new Map(netlist.ports.map((port) => [port.name, port]));
  }

  mismatch(expected: string, got: string, details: ErrorDetails = {}): RtliftError {
    return new RtliftError(
      'ERR_RTLIFT_DESCRIPTOR_MISMATCH',
      `kernel ${this.#kernel}: the descriptor expects ${expected}; module ${this.#netlist.top} has ${got}`,
      { kernel: this.#kernel, top: this.#netlist.top, expected, got, ...details },
    );
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  optional(name: string, direction: Port['direction']): Port | null {
    const port = this.#byName.get(name);
    if (port === undefined) return null;
    if (port.direction !== direction) {
      throw this.mismatch(`${direction} ${name}`, `${port.direction} ${name}`, { port: name });
    }
    this.#used.add(name);
    return port;
  }

  require(name: string, direction: Port['direction'], width?: number): Port {
    const port = this.optional(name, direction);
    if (port === null) {
      throw this.mismatch(`${direction} ${name}`, `ports ${this.list()}`, { port: name });
    }
    if (width !== undefined && port.width !== width) {
      throw this.mismatch(
        `${name} of ${width} ${width === 1 ? 'bit' : 'bits'}`,
        `${name} of ${port.width ?? 'unknown'} bits`,
        { port: name },
      );
    }
    return port;
  }

  list(): string {
    return this.#netlist.ports.map((port) => port.name).join(', ') || 'none';
  }

  unused(): Port[] {
    return this.#netlist.ports.filter((port) => !this.#used.has(port.name));
  }
}

function fitStream(table: PortTable, prefix: string, role: 'input' | 'output'): StreamPorts {
  const [forward, backward] =
    role === 'input' ? (['input', 'output'] as const) : (['output', 'input'] as const);
  const data = table.require(`${prefix}_tdata`, forward);
  if (data.width === null) throw table.mismatch(`${data.name} as a vector`, 'another type');
  if (role === 'input' && data.width % 8 !== 0) {
    throw table.mismatch(`${data.name} of whole bytes`, `${data.width} bits`, { port: data.name });
  }
  const beatBytes = Math.ceil(data.width / 8);
  const keep = table.optional(`${prefix}_tkeep`, forward);
  if (keep !== null && keep.width !== beatBytes) {
    throw table.mismatch(
      `${keep.name} of ${beatBytes} bits, one a byte of ${data.name}`,
      `${keep.width} bits`,
      { port: keep.name },
    );
  }
  return {
    data: data.name,
    valid: table.require(`${prefix}_tvalid`, forward, 1).name,
    ready: table.require(`${prefix}_tready`, backward, 1).name,
    keep: keep?.name ?? null,
    last: table.optional(`${prefix}_tlast`, forward)?.name ?? null,
    beatBytes,
  };
}

function fitRegisters(table: PortTable, prefix: string): RegisterPorts {
  const address = table.require(`${prefix}_awaddr`, 'input');
  if (address.width === null || address.width > 32) {
    throw table.mismatch(`${address.name} of up to 32 bits`, `${address.width ?? 'unknown'} bits`);
  }
  table.require(`${prefix}_wdata`, 'input', 32);
  for (const name of ['awvalid', 'wvalid', 'bready'])
    table.require(`${prefix}_${name}`, 'input', 1);
  for (const name of ['awready', 'wready', 'bvalid'])
    table.require(`${prefix}_${name}`, 'output', 1);
  table.require(`${prefix}_bresp`, 'output', 2);
  const hasStrobe = table.optional(`${prefix}_wstrb`, 'input') !== null;
  const hasReads = table.optional(`${prefix}_araddr`, 'input') !== null;
  return { prefix, addressBits: address.width, hasStrobe, hasReads };
}

/**
 * Lays a descriptor over the elaborated RTL.
 * @throws {@link RtliftError} `ERR_RTLIFT_DESCRIPTOR_MISMATCH` naming both sides when they do not fit.
 */
export function fitDescriptor<I, O>(kernel: Kernel<I, O>, netlist: Netlist): Fit {
  const table = new PortTable(kernel.name, netlist);
  const { ports } = kernel.rtl;
  for (const key of Object.keys(kernel.rtl.parameters)) {
    if (!(key in netlist.parameters)) {
      const known = Object.keys(netlist.parameters).join(', ') || 'none';
      throw table.mismatch(`parameter ${key}`, `parameters ${known}`, { parameter: key });
    }
  }
  const clock = table.require(
    ports.clock ?? (table.has('aclk') && !table.has('clk') ? 'aclk' : 'clk'),
    'input',
    1,
  );
  const resetName = ports.reset ?? (table.has('aresetn') && !table.has('rst') ? 'aresetn' : 'rst');
  const reset = table.require(resetName, 'input', 1);
  const isActiveLow = ports.isResetActiveLow ?? /(rst|reset)_?n(_?i)?$/i.test(resetName);

  const input = fitStream(table, ports.input ?? 's_axis', 'input');
  const output = fitStream(table, ports.output ?? 'm_axis', 'output');
  checkInputPacket(table, kernel, input);
  checkOutputPacket(table, kernel.output, output);

  const prefix = ports.registers ?? 's_axil';
  const hasRegisters = table.has(`${prefix}_awaddr`);
  if (kernel.registers !== null && !hasRegisters) {
    throw table.mismatch(
      `an AXI4-Lite port ${prefix}_* to write its registers`,
      `ports ${table.list()}`,
    );
  }
  const registers = hasRegisters ? fitRegisters(table, prefix) : null;

  const left = table.unused();
  const inout = left.find((port) => port.direction === 'inout');
  if (inout) throw table.mismatch('no inout port', `inout ${inout.name}`, { port: inout.name });
  // Side-band and read-channel inputs are held at 0; other inputs would silently be 0 too, so they are refused.
  const tied = left.filter((port) => port.direction === 'input');
  const known = new RegExp(`^(${input.data.replace(/tdata$/, '')}t(user|id|dest|strb)|${prefix}_)`);
  const stray = tied.find((port) => !known.test(port.name));
  if (stray) {
    throw table.mismatch('no input that nothing drives', `input ${stray.name}`, {
      port: stray.name,
    });
  }
  return {
    top: netlist.top,
    clock: clock.name,
    reset: { name: reset.name, isActiveLow },
    input,
    output,
    registers,
    tiedInputs: tied.map((port) => port.name),
  };
}

/** Refuses an input stream that cannot say where each message ends. */
function checkInputPacket<I, O>(
  table: PortTable,
  { input, limits }: Kernel<I, O>,
  stream: StreamPorts,
): void {
  const { beatBytes, data } = stream;
  const prefix = data.replace(/_tdata$/, '');
  const isFixed = input.fixedBytes !== null;
  const refuse = (port: string, purpose: string): RtliftError =>
    table.mismatch(`${prefix}_${port} to mark ${purpose}`, 'no such port', {
      port: `${prefix}_${port}`,
    });
  const hasTails = isFixed ? (input.fixedBytes as number) % beatBytes !== 0 : beatBytes > 1;
  if (stream.keep === null && hasTails) {
    throw refuse('tkeep', `the tail of ${input.name} in beats of ${beatBytes} bytes`);
  }
  if (stream.last === null && !isFixed) throw refuse('tlast', `the end of ${input.name}`);
  // Without tkeep the one beat of an empty message is a message of one byte.
  if (stream.keep === null && !isFixed && limits.minMessageBytes === 0) {
    throw refuse('tkeep', 'an empty message, or limits.minMessageBytes of 1');
  }
}

/** Refuses an output stream that cannot say where each result ends. */
function checkOutputPacket<O>(table: PortTable, codec: Codec<O>, stream: StreamPorts): void {
  const { beatBytes, data } = stream;
  const prefix = data.replace(/_tdata$/, '');
  const { fixedBytes } = codec;
  if (fixedBytes === null) {
    if (stream.last === null || (stream.keep === null && beatBytes > 1)) {
      throw table.mismatch(
        `${prefix}_tlast and ${prefix}_tkeep to mark the end of ${codec.name}`,
        `ports ${table.list()}`,
      );
    }
    return;
  }
  // A result port that is wider than the result would be cut without a word.
  if (stream.keep === null && fixedBytes < beatBytes) {
    throw table.mismatch(
      `results of ${fixedBytes} bytes (${codec.name})`,
      `${data} of ${beatBytes} bytes without ${prefix}_tkeep`,
      { port: data },
    );
  }
}
