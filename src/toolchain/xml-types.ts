import { widthOf } from './netlist.js';

interface PackedType {
  readonly kind: 'basic' | 'array' | 'sum' | 'most' | 'same' | 'none';
  /** Width of a basic type. */
  readonly width?: number;
  /** Types of which this one is made. */
  readonly of: string[];
  readonly bounds: number[];
}

/** Kinds of type of Verilator's XML that a bit vector can stand for. */
const KINDS: Readonly<Record<string, PackedType['kind']>> = {
  basicdtype: 'basic',
  packarraydtype: 'array',
  structdtype: 'sum',
  uniondtype: 'most',
  refdtype: 'same',
  enumdtype: 'same',
};

/** Basic types that are no bits. */
const NO_BITS: ReadonlySet<string> = new Set([
  'real',
  'shortreal',
  'realtime',
  'string',
  'chandle',
  'event',
]);

/** Collects the types of a netlist and gives their widths in bits, packed arrays and structs flattened. */
export class XmlTypes {
  readonly #types = new Map<string, PackedType>();
  #open: PackedType | null = null;

  enter(name: string, at: Readonly<Record<string, string>>): void {
    if (name === 'memberdtype') {
      this.#open?.of.push(at.sub_dtype_id ?? '');
    } else if (name === 'const' && this.#open?.kind === 'array') {
      this.#open.bounds.push(Number.parseInt((at.name ?? '').replace(/^\d+'s?h/, ''), 16) | 0);
    } else if (name.endsWith('dtype') && at.id) {
      const isBits = name !== 'basicdtype' || !NO_BITS.has(at.name ?? '');
      const kind = (isBits && Object.hasOwn(KINDS, name) ? KINDS[name] : undefined) ?? 'none';
      this.#open = {
        kind,
        ...(kind === 'basic' ? { width: widthOf(at.left, at.right) } : {}),
        of: at.sub_dtype_id ? [at.sub_dtype_id] : [],
        bounds: [],
      };
      this.#types.set(at.id, this.#open);
    }
  }

  leave(name: string): void {
    if (name.endsWith('dtype') && name !== 'memberdtype') this.#open = null;
  }

  width(id: string): number | null {
    const type = this.#types.get(id);
    if (!type || type.kind === 'none') return null;
    if (type.kind === 'basic') return type.width ?? null;
    const widths: number[] = [];
    for (const part of type.of) {
      const width = this.width(part);
      if (width === null) return null;
      widths.push(width);
    }
    if (type.kind === 'most') return Math.max(0, ...widths);
    const sum = widths.reduce((total, width) => total + width, 0);
    if (type.kind !== 'array') return sum;
    const [left, right] = type.bounds;
    return left === undefined || right === undefined ? null : sum * (Math.abs(left - right) + 1);
  }
}
