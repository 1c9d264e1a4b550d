/** A port of the top module, as elaborated. */
export interface Port {
  readonly name: string;
  /** Its name with what is no C++ identifier escaped, as Verilator does. */
  readonly escapedName: string;
  readonly direction: 'input' | 'output' | 'inout';
  /** Width in bits, packed types flattened, or `null` for a type that has none: an unpacked array, a real. */
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
