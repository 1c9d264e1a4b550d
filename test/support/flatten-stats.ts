import type { Figure } from '../../src/figure.js';

/** A value of `stats()`: where it is, and its unit and provenance where it is a figure. */
export interface StatsField {
  readonly field: string;
  readonly unit: string;
  readonly provenance: string;
}

const isFigure = (value: object): value is Figure => 'unit' in value && 'provenance' in value;

/** Every field of a value, lists by `[]`. */
export function fieldsOf(value: unknown, field = ''): StatsField[] {
  if (typeof value !== 'object' || value === null) return [{ field, unit: '', provenance: '' }];
  if (isFigure(value)) {
    const { unit, provenance } = value;
    return [{ field, unit, provenance }];
  }
  const entries = Array.isArray(value)
    ? value.map((entry) => [`${field}[]`, entry] as const)
    : Object.entries(value).map(
        ([key, entry]) => [field ? `${field}.${key}` : key, entry] as const,
      );
  const all = entries.flatMap(([name, entry]) => fieldsOf(entry, name));
  return [...new Map(all.map((each) => [each.field, each])).values()];
}
