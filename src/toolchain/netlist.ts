/** A port of the top module, as elaborated. */
export interface Port {
  readonly name: string;
  readonly direction: 'input' | 'output' | 'inout';
  /** Width in bits, or `null` for a type that is not a plain vector. */
  readonly width: number | null;
}

/** What of an elaborated design is used: read from Verilator's XML or JSON. */
export interface Netlist {
  readonly top: string;
  readonly ports: readonly Port[];
  /** Values of the top module's parameters as Verilog literals, such as `32'h40`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Every file that was read. */
  readonly files: readonly string[];
}

/** Width of a range such as `511:0`; a type without a range is one bit. */
export function widthOf(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return 1;
  return Math.abs(Number(left) - Number(right)) + 1;
}
