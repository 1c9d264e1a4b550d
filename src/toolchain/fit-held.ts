import type { Kernel } from '../kernel/define-kernel.js';
import type { StaticValue } from '../kernel/port-map.js';
import { undrivenRegisterSignals } from './fit-registers.js';
import type { PortTable } from './port-table.js';
import type { InputStream } from './stream-ports.js';

/** An input that the driver holds. */
export interface HeldPort {
  readonly name: string;
  readonly escapedName: string;
  /** Bits; `null` for a port that is held at 0 and has no width. */
  readonly width: number | null;
  /** Where its value starts among the 32-bit words of the settings, or a level that never changes. */
  readonly from: { readonly word: number } | { readonly level: 0 | 1 };
}

/** The size that a value needs where a port of `width` bits cannot hold it as it is, else `null`. */
export function badStaticSize(value: StaticValue, width: number): string | null {
  if (!(value instanceof Uint8Array)) {
    const bits = BigInt(value).toString(2).length;
    return bits > width ? `${bits} bits` : null;
  }
  const sizeBytes = Math.ceil(width / 8);
  if (value.length !== sizeBytes) return `${value.length} bytes`;
  const spare = sizeBytes * 8 - width;
  return (value[sizeBytes - 1] as number) >> (8 - spare) === 0 ? null : `${sizeBytes * 8} bits`;
}

/** Settings first, then what may be left undriven; anything else is refused, for it would be 0 without a word. */
export function fitHeld<I, O>(
  table: PortTable,
  kernel: Kernel<I, O>,
  inputs: readonly InputStream[],
): HeldPort[] {
  const held: HeldPort[] = [];
  let word = 0;
  for (const [name, value] of Object.entries(kernel.statics)) {
    const { escapedName, width } = table.vector(name, 'input');
    const wrong = badStaticSize(value, width);
    if (wrong !== null) {
      throw table.mismatch(`${name} of ${wrong} for its value`, `${name} of ${width} bits`, {
        port: name,
      });
    }
    held.push({ name, escapedName, width, from: { word } });
    word += Math.ceil(width / 32);
  }
  const unused = table.unused();
  const inout = unused.find((port) => port.direction === 'inout');
  if (inout) {
    throw table.mismatch('no inout port, as a batch drives one way', `inout ${inout.name}`, {
      port: inout.name,
    });
  }
  const left = unused.filter((port) => port.direction === 'input');
  const undriven = new Set([
    ...inputs.flatMap((input) => input.sideBand),
    ...undrivenRegisterSignals(table, kernel),
  ]);
  for (const { name, escapedName, width } of left) {
    if (!undriven.has(name)) {
      const hint = /clk|clock/i.test(name)
        ? `name it in rtl.ports.clocks if it is a clock, or hold it with statics: { ${name}: 0 }`
        : `hold it with statics: { ${name}: 0 } or map it to a stream`;
      throw table.mismatch(`no input that nothing drives (${hint})`, `input ${name}`, {
        port: name,
      });
    }
    // A byte without its tstrb would be a position without data.
    held.push({ name, escapedName, width, from: { level: /strb$/i.test(name) ? 1 : 0 } });
  }
  return held;
}
