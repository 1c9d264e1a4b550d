import { RtliftError } from '../errors.js';

/** A net of one bit by its number, or a constant `0`, `1`, `x`, `z`. */
export type Bit = number | string;

/** A cell of a netlist that Yosys has mapped to a device. */
export interface MappedCell {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly port_directions?: Readonly<Record<string, 'input' | 'output' | 'inout'>>;
  readonly connections: Readonly<Record<string, readonly Bit[]>>;
}

/** The top module of what `write_json` of Yosys writes. */
export interface MappedModule {
  readonly parameter_default_values?: Readonly<Record<string, string>>;
  readonly ports: Readonly<
    Record<string, { readonly direction: string; readonly bits: readonly Bit[] }>
  >;
  readonly cells: Readonly<Record<string, MappedCell>>;
  readonly netnames: Readonly<
    Record<string, { readonly hide_name: number; readonly bits: readonly Bit[] }>
  >;
}

/** A mapped design and the Yosys that made it. */
export interface MappedDesign {
  readonly top: string;
  readonly module: MappedModule;
  /** Version as Yosys prints it, with ` (npm)` where it is the WebAssembly build. */
  readonly yosys: string;
}

/**
 * Reads the JSON netlist of Yosys.
 * @throws {@link RtliftError} `ERR_RTLIFT_SYNTHESIS_FAILED` when it has no such module.
 */
export function readMapped(text: string, top: string): MappedModule {
  const json = JSON.parse(text) as {
    readonly modules?: Readonly<Record<string, MappedModule>>;
  };
  const module = json.modules?.[top];
  if (!module) {
    throw new RtliftError(
      'ERR_RTLIFT_SYNTHESIS_FAILED',
      `Yosys wrote no module ${top}, got ${Object.keys(json.modules ?? {}).join(', ') || 'none'}`,
      { top },
    );
  }
  // Newer versions mark where modules were; that is no hardware.
  const cells = Object.entries(module.cells).filter(([, { type }]) => type !== '$scopeinfo');
  return { ...module, cells: Object.fromEntries(cells) };
}

/** Parameters of the elaborated module: vectors as numbers where they are safe integers, else as hexadecimal. */
export function elaboratedParameters(module: MappedModule): Record<string, string | number> {
  const entries = Object.entries(module.parameter_default_values ?? {}).map(
    ([name, value]): [string, string | number] => {
      if (!/^[01]+$/.test(value)) return [name, value];
      const number = BigInt(`0b${value}`);
      const isSafe = number <= BigInt(Number.MAX_SAFE_INTEGER);
      return [name, isSafe ? Number(number) : `0x${number.toString(16)}`];
    },
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How often each type of cell occurs. */
export function countTypes(module: MappedModule): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of Object.values(module.cells)) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
