import { RtliftError } from '../errors.js';

/** How a field compares with a constant. */
export type RecordOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** A field that is checked and complete. */
export interface ResolvedField {
  readonly offset: number;
  readonly bytes: number;
  readonly isBigEndian: boolean;
  readonly isSigned: boolean;
  /** Least and greatest value. */
  readonly min: bigint;
  readonly max: bigint;
}

/** A rule that is checked and copied. */
export type ResolvedRule =
  | {
      readonly kind: 'compare';
      readonly field: ResolvedField;
      readonly is: RecordOperator;
      readonly value: bigint;
    }
  | {
      readonly kind: 'mask';
      readonly field: ResolvedField;
      readonly mask: bigint;
      readonly value: bigint;
    }
  | { readonly kind: 'all'; readonly of: readonly ResolvedRule[] }
  | { readonly kind: 'any'; readonly of: readonly ResolvedRule[] }
  | { readonly kind: 'not'; readonly of: ResolvedRule };

type Leaf = Extract<ResolvedRule, { kind: 'compare' } | { kind: 'mask' }>;

/** How much of everything a built kernel holds. */
export interface RecordFilterSizes {
  readonly fields: number;
  readonly comparators: number;
  readonly terms: number;
}

/** Few sizes, so that lists of rules share one built library. */
const SIZES: readonly RecordFilterSizes[] = [
  { fields: 4, comparators: 16, terms: 16 },
  { fields: 8, comparators: 32, terms: 32 },
  { fields: 8, comparators: 64, terms: 64 },
];
const MOST = SIZES.at(-1) as RecordFilterSizes;
/** Terms of a sum under way; beyond it the expansion of a rule is given up. */
const MOST_EXPANDED = 256;

/** A field as the kernel extracts it: which byte of the record is byte b of 64 bits, the field in the high ones. */
interface Slot {
  readonly picks: readonly number[];
  readonly isSigned: boolean;
}

/** (field & mask) < value or (field & mask) == value over 64 bits without sign. */
interface Comparator {
  readonly slot: number;
  readonly isLess: boolean;
  readonly mask: bigint;
  readonly value: bigint;
}

/** An AND of comparators: bit c of `care`: comparator c is part of it; bit c of `want`: as it is, else inverted. */
interface Term {
  readonly care: bigint;
  readonly want: bigint;
}

/** Rules in the form of the hardware. */
export interface RecordProgram {
  readonly sizes: RecordFilterSizes;
  readonly slots: readonly Slot[];
  readonly comparators: readonly Comparator[];
  readonly terms: readonly (Term & { readonly rules: number })[];
  /** Bit r: rule r is the inverse of the sum of its terms. */
  readonly invert: number;
  readonly ruleCount: number;
}

function tooMany(what: string, limit: number, got: number | string, details = {}): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `rules take at most ${limit} ${what}, got ${got}`,
    { arg: 'rules', limit, got, ...details },
  );
}

/** The number of `value` among those seen, a new one if it is new. */
function numberOf<T>(seen: Map<string, T>, key: string, value: T): number {
  if (!seen.has(key)) seen.set(key, value);
  return [...seen.keys()].indexOf(key);
}

/** Compiles comparisons to comparators; equal ones, and those that are each other's inverse, share one. */
class Comparators {
  readonly #slots = new Map<string, Slot>();
  readonly #comparators = new Map<string, Comparator>();

  get slots(): Slot[] {
    return [...this.#slots.values()];
  }

  get comparators(): Comparator[] {
    return [...this.#comparators.values()];
  }

  /** The sum of products, of one literal or none, that says whether `rule` is as `wanted`. */
  literal(rule: Leaf, wanted: boolean): Term[] {
    const { field, value } = rule;
    const ones = (1n << BigInt(8 * field.bytes)) - 1n;
    if (rule.kind === 'mask') {
      return rule.mask === 0n
        ? constant(wanted)
        : this.#term(field, false, rule.mask, value, wanted);
    }
    const { is } = rule;
    if (is === '==' || is === '!=') {
      return this.#term(field, false, ones, value & ones, (is === '==') === wanted);
    }
    // x <= v is x < v + 1, and x >= v is not x < v.
    const isUpper = is === '<' || is === '<=';
    const bound = is === '<' || is === '>=' ? value : value + 1n;
    if (bound === field.min) return constant(!isUpper === wanted);
    if (bound > field.max) return constant(isUpper === wanted);
    return this.#term(field, true, ones, bound & ones, isUpper === wanted);
  }

  #term(
    field: ResolvedField,
    isLess: boolean,
    mask: bigint,
    value: bigint,
    wanted: boolean,
  ): Term[] {
    const slot = this.#slot(field);
    const shift = BigInt(64 - 8 * field.bytes);
    const placed = mask << shift;
    // The kernel inverts the top bit of a signed field, which makes the order that of numbers without sign.
    const flipped = (value << shift) ^ (field.isSigned ? 1n << 63n : 0n);
    const comparator = { slot, isLess, mask: placed, value: flipped & placed };
    const key = `${slot} ${isLess} ${comparator.mask} ${comparator.value}`;
    const care = 1n << BigInt(numberOf(this.#comparators, key, comparator));
    return [{ care, want: wanted ? care : 0n }];
  }

  #slot({ offset, bytes, isBigEndian, isSigned }: ResolvedField): number {
    // Bytes below the field are masked off; any byte of the record will do there.
    const picks = Array.from({ length: 8 }, (_, b) => {
      const place = b - (8 - bytes);
      if (place < 0) return 0;
      return isBigEndian ? offset + bytes - 1 - place : offset + place;
    });
    return numberOf(this.#slots, `${picks} ${isSigned}`, { picks, isSigned });
  }
}

const TRUE: Term = { care: 0n, want: 0n };
const constant = (value: boolean): Term[] => (value ? [TRUE] : []);

/** The AND of two terms; `null` where they contradict each other. */
function and(a: Term, b: Term): Term | null {
  if (((a.want ^ b.want) & a.care & b.care) !== 0n) return null;
  return { care: a.care | b.care, want: a.want | b.want };
}

/** Whether `a` is true wherever `b` is. */
const covers = (a: Term, b: Term): boolean =>
  (b.care & a.care) === a.care && ((a.want ^ b.want) & a.care) === 0n;

/** A sum without the terms that another one covers; `null` where too much is left. */
function sum(terms: readonly Term[]): Term[] | null {
  const kept: Term[] = [];
  for (const term of terms) {
    if (kept.some((other) => covers(other, term))) continue;
    for (let i = kept.length - 1; i >= 0; i--) {
      if (covers(term, kept[i] as Term)) kept.splice(i, 1);
    }
    kept.push(term);
    if (kept.length > MOST_EXPANDED) return null;
  }
  return kept;
}

/** The sum of products that says whether `rule` is as `wanted`; `null` where it is too long. */
function expand(rule: ResolvedRule, wanted: boolean, comparators: Comparators): Term[] | null {
  if (rule.kind === 'not') return expand(rule.of, !wanted, comparators);
  if (rule.kind !== 'all' && rule.kind !== 'any') return comparators.literal(rule, wanted);
  const parts = rule.of.map((part) => expand(part, wanted, comparators));
  // De Morgan: the inverse of an AND is the OR of the inverses.
  const isProduct = (rule.kind === 'all') === wanted;
  let total: Term[] | null = constant(isProduct);
  for (const part of parts) {
    if (total === null || part === null) return null;
    total = sum(
      isProduct
        ? total.flatMap((a) => part.map((b) => and(a, b)).filter((term) => term !== null))
        : [...total, ...part],
    );
  }
  return total;
}

/**
 * Compiles rules to sums of products over comparators, each rule in the shorter of two forms: its own sum, or the inverse
 * of the sum of its inverse. Equal terms are shared.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when they take more than the largest kernel has.
 */
export function compileRules(rules: readonly ResolvedRule[]): RecordProgram {
  const comparators = new Comparators();
  const terms = new Map<string, Term & { rules: number }>();
  const keyOf = ({ care, want }: Term): string => `${care} ${want}`;
  let invert = 0;
  rules.forEach((rule, index) => {
    const forms = [true, false].map((wanted) => expand(rule, wanted, comparators));
    const newTerms = (form: Term[] | null | undefined): number =>
      form ? form.filter((term) => !terms.has(keyOf(term))).length : Number.POSITIVE_INFINITY;
    const isInverse = newTerms(forms[1]) < newTerms(forms[0]);
    const form = forms[isInverse ? 1 : 0];
    if (!form) {
      throw tooMany('terms (ANDs of comparisons)', MOST.terms, `more for rule ${index} alone`, {
        index,
      });
    }
    const bit = 2 ** index;
    if (isInverse) invert += bit;
    for (const term of form) {
      const known = terms.get(keyOf(term));
      if (known) known.rules += bit;
      else terms.set(keyOf(term), { ...term, rules: bit });
    }
  });
  const got = {
    fields: comparators.slots.length,
    comparators: comparators.comparators.length,
    terms: terms.size,
  };
  const names = {
    fields: 'different fields',
    comparators: 'different comparisons',
    terms: 'terms (ANDs of comparisons)',
  };
  for (const key of ['fields', 'comparators', 'terms'] as const) {
    if (got[key] > MOST[key]) throw tooMany(names[key], MOST[key], got[key]);
  }
  const sizes = SIZES.find(
    (size) =>
      got.fields <= size.fields && got.comparators <= size.comparators && got.terms <= size.terms,
  );
  return {
    sizes: sizes ?? MOST,
    slots: comparators.slots,
    comparators: comparators.comparators,
    terms: [...terms.values()],
    invert,
    ruleCount: rules.length,
  };
}

// hdl/record_filter/README.md, "Registers".
const ENABLE = 0x00;
const INVERT = 0x04;
const FIELD = 0x08;
const COMPARE = 0x0c;
const EXCLUDE = 0x10;
const FEED = 0x14;
const DATA = 0x20;
const SOURCE_SHIFT = 8;
const FLAG = 1 << 16;

const low = (value: bigint): number => Number(value & 0xffff_ffffn);
const high = (value: bigint): number => Number(value >> 32n);

/**
 * The register writes that load a program into a kernel in any state: every comparator and term, so that nothing is left of
 * an earlier one, and the rules enabled last.
 * @returns (address, data) pairs.
 */
export function recordFilterRegisters(program: RecordProgram): Uint32Array {
  const { sizes, slots, comparators, terms, invert, ruleCount } = program;
  const writes: number[] = [];
  const staged: number[] = [];
  const load = (entry: number, index: number, ...data: number[]): void => {
    data.forEach((word, i) => {
      // A staged word stays until it is written again.
      if (staged[i] !== word) writes.push(DATA + 4 * i, word);
      staged[i] = word;
    });
    writes.push(entry, index);
  };
  slots.forEach(({ picks, isSigned }, i) => {
    const bytes = new DataView(Uint8Array.from(picks).buffer);
    load(FIELD, i | (isSigned ? FLAG : 0), bytes.getUint32(0, true), bytes.getUint32(4, true));
  });
  comparators.forEach(({ slot, isLess, mask, value }, i) => {
    const index = i | (slot << SOURCE_SHIFT) | (isLess ? FLAG : 0);
    load(COMPARE, index, low(mask), high(mask), low(value), high(value));
  });
  for (let c = 0; c < sizes.comparators; c++) {
    let ifTrue = 0n;
    let ifFalse = 0n;
    terms.forEach(({ care, want }, t) => {
      if (((care >> BigInt(c)) & 1n) === 0n) return;
      if ((want >> BigInt(c)) & 1n) ifFalse |= 1n << BigInt(t);
      else ifTrue |= 1n << BigInt(t);
    });
    load(EXCLUDE, c, low(ifTrue), high(ifTrue), low(ifFalse), high(ifFalse));
  }
  for (let t = 0; t < sizes.terms; t++) load(FEED, t, terms[t]?.rules ?? 0);
  writes.push(INVERT, invert, ENABLE, 2 ** ruleCount - 1);
  return Uint32Array.from(writes);
}
