import type { Kernel } from '../kernel/define-kernel.js';
import { candidates, defaultPrefix } from './fit-names.js';
import type { PortTable } from './port-table.js';
import type { Signal } from './stream-ports.js';

/** Direction and width of the signals that a write takes; an address may have any width. */
const SIGNALS = {
  awaddr: ['input', undefined],
  awvalid: ['input', 1],
  awready: ['output', 1],
  wdata: ['input', 32],
  wvalid: ['input', 1],
  wready: ['output', 1],
  bresp: ['output', 2],
  bvalid: ['output', 1],
  bready: ['input', 1],
} as const;

/** A signal of AXI4-Lite, without its prefix, that the driver drives or reads. */
export type RegisterSignal = keyof typeof SIGNALS;

/** The signals of the AXI4-Lite port that writes registers. */
export interface RegisterPorts {
  readonly prefix: string;
  readonly signals: Readonly<Record<RegisterSignal, Signal> & { readonly wstrb?: Signal }>;
  /** Width of awaddr in bits. */
  readonly addressBits: number;
  readonly hasStrobe: boolean;
}

/** What of an AXI4-Lite port a driver that only writes may leave at 0. */
const UNDRIVEN = ['awprot', 'araddr', 'arprot', 'arvalid', 'rready'];

const prefixOf = <I, O>(table: PortTable, { rtl }: Kernel<I, O>): string =>
  rtl.ports.registers ?? defaultPrefix(table, 's_axil', 'awaddr');

/** Names of the signals of the register port that nothing drives. */
export function undrivenRegisterSignals<I, O>(table: PortTable, kernel: Kernel<I, O>): string[] {
  return candidates(prefixOf(table, kernel), UNDRIVEN);
}

export function fitRegisters<I, O>(table: PortTable, kernel: Kernel<I, O>): RegisterPorts | null {
  const prefix = prefixOf(table, kernel);
  const nameOf = (signal: string): string => {
    const names = candidates(prefix, [signal]);
    return table.firstOf(names) ?? (names[0] as string);
  };
  if (!table.has(nameOf('awaddr'))) {
    if (kernel.registers === null) return null;
    throw table.mismatch(
      `an AXI4-Lite port ${prefix}_* to write its registers`,
      `ports ${table.list()}`,
    );
  }
  let addressBits = 0;
  const signals = Object.entries(SIGNALS).map(([signal, [direction, want]]) => {
    const { name, escapedName, width } = table.require(nameOf(signal), direction, want);
    if (signal === 'awaddr') {
      if (width === null || width > 32) {
        throw table.mismatch(`${name} of up to 32 bits`, `${width ?? 'unknown'} bits`);
      }
      addressBits = width;
    }
    return [signal, { name, escapedName }] as const;
  });
  const strobe = table.optional(nameOf('wstrb'), 'input');
  return {
    prefix,
    signals: {
      ...(Object.fromEntries(signals) as Record<RegisterSignal, Signal>),
      ...(strobe ? { wstrb: { name: strobe.name, escapedName: strobe.escapedName } } : {}),
    },
    addressBits,
    hasStrobe: strobe !== null,
  };
}
