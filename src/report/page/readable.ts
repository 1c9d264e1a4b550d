import type { Figure } from '../../figure.js';
import { formatNumber } from '../format.js';

/** Units that take a prefix, and the factor and name of what the prefix is put before. */
const SCALED: Readonly<Record<string, readonly [factor: number, base: string]>> = {
  ns: [1e-9, 's'],
  J: [1, 'J'],
  W: [1, 'W'],
  'B/s': [1, 'B/s'],
  'messages/s': [1, '/s'],
  '1/s': [1, '/s'],
  'messages/J': [1, '/J'],
};

const PREFIXES: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
  [1e-12, 'p'],
];

/** Units of ratios. */
const RATIOS: readonly string[] = ['', '1', 'x', '×', 'ratio'];

/** A number in words: three digits, and a unit whose prefix suits its size; a ratio as `2.3×`. */
export function readable(value: number, unit: string): string {
  return inUnitOf(value, value, unit);
}

/** The bounds of a figure in the unit that suits its value: `0.8 to 1.9 µs`; `''` where it has none. */
export function readableRange({ value, unit, low, high }: Figure): string {
  if (low === undefined || high === undefined || low === high) return '';
  const [first, last] = [inUnitOf(low, value, unit), inUnitOf(high, value, unit)];
  const shared = /[^\d.,]*$/.exec(last)?.[0] ?? '';
  return `${shared !== '' && first.endsWith(shared) ? first.slice(0, -shared.length) : first} to ${last}`;
}

/** `value` in the prefix that suits `model`, so that both ends of a range have one unit. */
function inUnitOf(value: number, model: number, unit: string): string {
  if (!Number.isFinite(value)) return '-';
  if (RATIOS.includes(unit)) return `${formatNumber(value)}×`;
  const scale = SCALED[unit];
  if (scale === undefined) return `${formatNumber(value)} ${unit}`;
  const [factor, base] = scale;
  const size = Math.abs(model * factor);
  // Half a unit of the third digit: 999.6 ns is 1.00 µs.
  const found = PREFIXES.find(([least]) => size >= least * 0.9995);
  const [least, prefix] = size === 0 || !found ? ([1, ''] as const) : found;
  const number = formatNumber((value * factor) / least);
  const name = `${prefix}${base}`;
  return base.startsWith('/')
    ? `${number}${prefix === '' ? '' : ` ${prefix}`}${base}`
    : `${number} ${name}`;
}
