import type { Kernel } from '../kernel/define-kernel.js';
import { type Clock, fitClocks, fitResets, type Reset } from './fit-clocks.js';
import { fitHeld, type HeldPort } from './fit-held.js';
import { fitRegisters, type RegisterPorts } from './fit-registers.js';
import { fitInputs, fitOutput, isSerial } from './fit-streams.js';
import type { Netlist } from './netlist.js';
import { PortTable } from './port-table.js';
import type { InputStream, OutputStream } from './stream-ports.js';

export type { Clock, Reset } from './fit-clocks.js';
export type { HeldPort } from './fit-held.js';
export type { RegisterPorts, RegisterSignal } from './fit-registers.js';
export type { InputStream, OutputStream, PortField, Signal, StreamPorts } from './stream-ports.js';

/** How a kernel's descriptor lies over its elaborated RTL. */
export interface Fit {
  readonly top: string;
  /** The first is the kernel's, on which cycles are counted. */
  readonly clocks: readonly Clock[];
  readonly resets: readonly Reset[];
  /** At least one. */
  readonly inputs: readonly InputStream[];
  readonly output: OutputStream;
  readonly registers: RegisterPorts | null;
  /** Inputs that are held while batches run: settings, and side-band signals that nothing drives. */
  readonly held: readonly HeldPort[];
  /** True where a message is sent only when the one before has its result. */
  readonly isSerial: boolean;
  /**
   * True for one AXI4-Stream in and one out with ready, bytes in order, on one clock: the shape with a driver of its
   * own, which is the faster.
   */
  readonly isPlain: boolean;
}

/** Members of the class that Verilator writes for a model: with a port of such a name its C++ does not compile. */
const TAKEN_NAMES: ReadonlySet<string> = new Set([
  'contextp',
  'eval',
  'eval_end_step',
  'eval_step',
  'eventsPending',
  'final',
  'hierName',
  'modelName',
  'name',
  'nextTimeSlot',
  'rootp',
  'threads',
]);

function isPlainStream(stream: InputStream | OutputStream): boolean {
  return (
    stream.handshake === 'stream' &&
    stream.ready !== null &&
    !stream.isBusy &&
    stream.byteOrder === 'little' &&
    stream.fields.length === 1 &&
    stream.fields.every((field) => field.width % 8 === 0 || stream.role === 'output')
  );
}

/**
 * Lays a descriptor over the elaborated RTL.
 * @throws {@link RtliftError} `ERR_RTLIFT_DESCRIPTOR_MISMATCH` naming both sides when they do not fit.
 */
export function fitDescriptor<I, O>(kernel: Kernel<I, O>, netlist: Netlist): Fit {
  const table = new PortTable(kernel.name, netlist);
  const { ports } = kernel.rtl;
  for (const key of Object.keys(kernel.rtl.parameters)) {
    if (!Object.hasOwn(netlist.parameters, key)) {
      const known = Object.keys(netlist.parameters).join(', ') || 'none';
      throw table.mismatch(`parameter ${key}`, `parameters ${known}`, { parameter: key });
    }
  }
  const taken = netlist.ports.find(({ name }) => TAKEN_NAMES.has(name));
  if (taken) {
    throw table.mismatch(
      `no port named as a method of a Verilated model (${[...TAKEN_NAMES].join(', ')}); wrap it in a module with another name`,
      `${taken.direction} ${taken.name}`,
      { port: taken.name },
    );
  }
  const clocks = fitClocks(table, ports);
  const resets = fitResets(table, ports);
  const inputs = fitInputs(table, kernel, clocks);
  const output = fitOutput(table, kernel, clocks, inputs);

  const registers = fitRegisters(table, kernel);
  const held = fitHeld(table, kernel, inputs);
  return {
    top: netlist.top,
    clocks,
    resets,
    inputs,
    output,
    registers,
    held,
    isSerial: isSerial(output),
    isPlain:
      clocks.length === 1 &&
      inputs.length === 1 &&
      inputs.every(isPlainStream) &&
      isPlainStream(output) &&
      output.takes === 'beats' &&
      !isSerial(output),
  };
}
