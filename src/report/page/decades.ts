/** Powers of ten within a range, at most `most` of them, for the ticks of a logarithmic axis. */
export function decades([low, high]: readonly [number, number], most = 6): number[] {
  const first = Math.ceil(Math.log10(low));
  const count = Math.floor(Math.log10(high)) - first + 1;
  const step = Math.max(1, Math.ceil(count / most));
  const ticks = Math.max(0, Math.ceil(count / step));
  return Array.from({ length: ticks }, (_, i) => 10 ** (first + i * step));
}

/** Expression that labels a tick in the prefix of its size: `10 µJ`. */
export function prefixedLabel(unit: string): string {
  return `replace(format(datum.value, '.0s'), /([a-zµ]?)$/i, ' $1${unit}')`;
}

/** Expression that labels a tick of ratios: `0.1×`. */
export const RATIO_LABEL = "format(datum.value, '~r') + '×'";
