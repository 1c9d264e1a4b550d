import type { Figure } from '../figure.js';

const DIGITS = 3;

/** A number with three significant digits and thousands set apart. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const magnitude = Math.abs(value);
  if (magnitude >= 100 || magnitude === 0) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(DIGITS);
}

/** A figure without its unit, its bounds behind it where it is an estimate. */
export function formatFigure({ value, low, high }: Figure): string {
  if (low === undefined || high === undefined || low === high) return formatNumber(value);
  return `${formatNumber(value)} (${formatNumber(low)}..${formatNumber(high)})`;
}

/** A figure in another unit of the same quantity: 2,000,000 ns as 2 ms. */
export function scaled(figure: Figure, factor: number, unit: string): Figure {
  const { value, provenance, low, high } = figure;
  return {
    value: value * factor,
    unit,
    provenance,
    ...(low === undefined ? {} : { low: low * factor }),
    ...(high === undefined ? {} : { high: high * factor }),
  };
}
