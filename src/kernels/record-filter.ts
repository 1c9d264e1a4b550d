import { RtliftError } from '../errors.js';
import { BitSet } from '../kernel/bit-set.js';
import { bitSet, fixedBytes } from '../kernel/codecs.js';
import { defineKernel, type Kernel } from '../kernel/define-kernel.js';
import {
  compileRules,
  type RecordOperator,
  type ResolvedField,
  type ResolvedRule,
  recordFilterRegisters,
} from './record-filter-registers.js';

export type { RecordOperator } from './record-filter-registers.js';

/** An integer at a fixed place of a record. */
export interface RecordField {
  /** First byte, counted from 0. */
  readonly offset: number;
  /** 1 to 8. */
  readonly bytes: number;
  /** Byte order; default `little`. Market data and network formats are `big`. */
  readonly endian?: 'little' | 'big';
  /** Two's complement; default false. */
  readonly signed?: boolean;
}

/** Whether a field compares with a constant, which has to be a value that the field can have. */
export interface RecordComparison<F extends string = string> {
  readonly field: F;
  readonly is: RecordOperator;
  readonly value: number | bigint;
}

/** Whether `field & mask` equals `value`; all three are taken as bits, without sign. */
export interface RecordMask<F extends string = string> {
  readonly field: F;
  readonly mask: number | bigint;
  readonly value: number | bigint;
}

/** A condition on a record. `all` of an empty list is true, `any` of one is false. */
export type RecordRule<F extends string = string> =
  | RecordComparison<F>
  | RecordMask<F>
  | { readonly all: readonly RecordRule<F>[] }
  | { readonly any: readonly RecordRule<F>[] }
  | { readonly not: RecordRule<F> };

export interface RecordFilterOptions<F extends string = string> {
  /** Bytes of every record, 1 to 64. */
  readonly recordBytes: number;
  /** Fields by name; they may overlap. */
  readonly fields: Readonly<Record<F, RecordField>>;
  /** 1 to 32. */
  readonly rules: readonly RecordRule<NoInfer<F>>[];
}

/** Longest record, bytes. */
export const MAX_RECORD_BYTES = 64;
/** Most rules that one kernel holds. */
export const MAX_RULES = 32;
const MAX_FIELD_BYTES = 8;
const MAX_DEPTH = 64;

const hdl = (file: string): URL => new URL(`../../hdl/${file}`, import.meta.url);
const SOURCES = [
  'record_filter/record_filter.v',
  'record_filter/record_filter_registers.v',
  'record_filter/record_filter_pipeline.v',
  'lib/axis_fifo.v',
];

/**
 * Which of a list of rules a binary record of fixed layout meets.
 *
 * The result is a set of indices into `rules`; its size is 8 for up to 8 rules, else 32. The rules are loaded when the
 * kernel opens: changing them takes another kernel, as a rule of the same built library. Together they may use 8 different
 * fields, 64 different comparisons and 64 terms (ANDs of comparisons, after `any` is multiplied out).
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when a field or rule is malformed, a constant is no value of its
 * field, or the rules take more than the kernel has.
 */
export function recordFilter<F extends string>({
  recordBytes,
  fields,
  rules,
}: RecordFilterOptions<F>): Kernel<Uint8Array, BitSet> {
  if (!Number.isInteger(recordBytes) || recordBytes < 1 || recordBytes > MAX_RECORD_BYTES) {
    throw invalid(`recordBytes is an integer 1..${MAX_RECORD_BYTES}`, recordBytes, {
      arg: 'recordBytes',
    });
  }
  if (!isObject(fields)) throw invalid('fields is an object of fields', fields, { arg: 'fields' });
  const resolvedFields = new Map(
    Object.entries<RecordField>(fields).map(([name, field]) => [
      name,
      resolveField(name, field, recordBytes),
    ]),
  );
  if (!Array.isArray(rules) || rules.length < 1 || rules.length > MAX_RULES) {
    const got = Array.isArray(rules) ? rules.length : rules;
    throw invalid(`rules is an array of 1..${MAX_RULES}`, got, { arg: 'rules', limit: MAX_RULES });
  }
  const resolved = rules.map((rule, i) => resolveRule(rule, `rules[${i}]`, resolvedFields, 0));
  const slots = resolved.length <= 8 ? 8 : MAX_RULES;
  const program = compileRules(resolved);
  const { sizes } = program;
  return defineKernel({
    name: 'recordFilter',
    rtl: {
      top: 'record_filter',
      sources: SOURCES.map(hdl),
      parameters: {
        RECORD_BYTES: recordBytes,
        FIELDS: sizes.fields,
        COMPARATORS: sizes.comparators,
        TERMS: sizes.terms,
        RULES: slots,
      },
    },
    input: fixedBytes(recordBytes),
    output: bitSet(slots),
    golden: (record) => {
      const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
      return BitSet.from(
        slots,
        resolved.flatMap((rule, i) => (isMet(rule, view) ? [i] : [])),
      );
    },
    registers: () => recordFilterRegisters(program),
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function invalid(expected: string, got: unknown, details: object): RtliftError {
  const shown =
    isObject(got) || Array.isArray(got)
      ? `{ ${Object.keys(got).join(', ')} }`
      : `${String(got)}${typeof got === 'string' ? ' (a string)' : ''}`;
  return new RtliftError('ERR_RTLIFT_INVALID_ARG', `${expected}, got ${shown}`, { ...details });
}

function resolveField(name: string, field: unknown, recordBytes: number): ResolvedField {
  const at = `fields.${name}`;
  const details = { arg: 'fields', field: name };
  if (!isObject(field))
    throw invalid(`${at} is { offset, bytes, endian?, signed? }`, field, details);
  const { offset, bytes, endian = 'little', signed = false } = field as Partial<RecordField>;
  if (!Number.isInteger(bytes) || Number(bytes) < 1 || Number(bytes) > MAX_FIELD_BYTES) {
    throw invalid(`${at}.bytes is an integer 1..${MAX_FIELD_BYTES}`, bytes, details);
  }
  const size = bytes as number;
  const last = recordBytes - size;
  if (!Number.isInteger(offset) || Number(offset) < 0 || Number(offset) > last) {
    throw invalid(
      `${at}.offset is an integer 0..${last} for ${size} of ${recordBytes} bytes`,
      offset,
      details,
    );
  }
  if (endian !== 'little' && endian !== 'big') {
    throw invalid(`${at}.endian is little or big`, endian, details);
  }
  if (typeof signed !== 'boolean') throw invalid(`${at}.signed is a boolean`, signed, details);
  const bits = BigInt(8 * size);
  return {
    offset: offset as number,
    bytes: size,
    isBigEndian: endian === 'big',
    isSigned: signed,
    min: signed ? -(1n << (bits - 1n)) : 0n,
    max: (1n << (signed ? bits - 1n : bits)) - 1n,
  };
}

const FORMS = '{ field, is, value }, { field, mask, value }, { all }, { any } or { not }';
const OPERATORS: readonly unknown[] = ['==', '!=', '<', '<=', '>', '>='];

function resolveRule(
  rule: unknown,
  at: string,
  fields: ReadonlyMap<string, ResolvedField>,
  depth: number,
): ResolvedRule {
  const details = { arg: 'rules', at };
  if (!isObject(rule)) throw invalid(`${at} is ${FORMS}`, rule, details);
  // A rule that holds itself would go on for ever.
  if (depth > MAX_DEPTH) throw invalid(`rules nest at most ${MAX_DEPTH} deep`, at, details);
  const keys = Object.keys(rule).toSorted().join();
  if (keys === 'all' || keys === 'any') {
    const list = rule[keys];
    if (!Array.isArray(list)) throw invalid(`${at}.${keys} is an array of rules`, list, details);
    const of = list.map((part, i) => resolveRule(part, `${at}.${keys}[${i}]`, fields, depth + 1));
    return { kind: keys, of };
  }
  if (keys === 'not') {
    return { kind: 'not', of: resolveRule(rule.not, `${at}.not`, fields, depth + 1) };
  }
  if (keys !== 'field,is,value' && keys !== 'field,mask,value') {
    throw invalid(`${at} is ${FORMS}`, rule, details);
  }
  const field = typeof rule.field === 'string' ? fields.get(rule.field) : undefined;
  if (field === undefined) {
    throw invalid(`${at}.field is one of ${[...fields.keys()].join(', ')}`, rule.field, details);
  }
  if (keys === 'field,mask,value') {
    const ones = (1n << BigInt(8 * field.bytes)) - 1n;
    const mask = integer(rule.mask, `${at}.mask`, 0n, ones, details);
    const value = integer(rule.value, `${at}.value`, 0n, ones, details);
    if ((value & ~mask) !== 0n) {
      throw invalid(`${at}.value has bits of the mask 0x${mask.toString(16)} only`, value, details);
    }
    return { kind: 'mask', field, mask, value };
  }
  if (!OPERATORS.includes(rule.is)) {
    throw invalid(`${at}.is is one of ${OPERATORS.join(' ')}`, rule.is, details);
  }
  const value = integer(rule.value, `${at}.value`, field.min, field.max, details);
  return { kind: 'compare', field, is: rule.is as RecordOperator, value };
}

function integer(value: unknown, at: string, min: bigint, max: bigint, details: object): bigint {
  const isInteger = typeof value === 'bigint' || Number.isSafeInteger(value);
  const exact = isInteger ? BigInt(value as number | bigint) : null;
  if (exact === null || exact < min || exact > max) {
    throw invalid(`${at} is an integer ${min}..${max} (a bigint beyond 2^53)`, value, details);
  }
  return exact;
}

/** The bits of a field as a number without sign. */
function readBits(view: DataView, { offset, bytes, isBigEndian }: ResolvedField): bigint {
  switch (bytes) {
    case 1:
      return BigInt(view.getUint8(offset));
    case 2:
      return BigInt(view.getUint16(offset, !isBigEndian));
    case 4:
      return BigInt(view.getUint32(offset, !isBigEndian));
    case 8:
      return view.getBigUint64(offset, !isBigEndian);
    default: {
      let bits = 0n;
      for (let i = 0; i < bytes; i++) {
        const at = isBigEndian ? offset + i : offset + bytes - 1 - i;
        bits = bits * 256n + BigInt(view.getUint8(at));
      }
      return bits;
    }
  }
}

/** The number that a field stands for. */
function read(view: DataView, field: ResolvedField): bigint {
  const bits = readBits(view, field);
  return field.isSigned ? BigInt.asIntN(8 * field.bytes, bits) : bits;
}

/** A rule's definition, evaluated as it is written. */
function isMet(rule: ResolvedRule, view: DataView): boolean {
  switch (rule.kind) {
    case 'all':
      return rule.of.every((part) => isMet(part, view));
    case 'any':
      return rule.of.some((part) => isMet(part, view));
    case 'not':
      return !isMet(rule.of, view);
    case 'mask':
      return (readBits(view, rule.field) & rule.mask) === rule.value;
    case 'compare': {
      const value = read(view, rule.field);
      switch (rule.is) {
        case '==':
          return value === rule.value;
        case '!=':
          return value !== rule.value;
        case '<':
          return value < rule.value;
        case '<=':
          return value <= rule.value;
        case '>':
          return value > rule.value;
        case '>=':
          return value >= rule.value;
      }
    }
  }
}
