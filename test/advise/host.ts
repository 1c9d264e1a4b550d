import type { AdviseOptions, Figure, MeasuredHost } from '../../src/index.js';

const ns = (value: number): Figure => ({
  value,
  low: value * 0.9,
  high: value * 1.1,
  unit: 'ns',
  provenance: 'measured',
});

/** A machine as if it had been measured: software by name and ns a message. */
export function hostOf(software: Readonly<Record<string, number>>, packing = 150): MeasuredHost {
  return {
    software: Object.entries(software).map(([name, value]) => ({
      name,
      note: 'given',
      nsPerMessage: ns(value),
    })),
    packing: ns(packing),
    passing: ns(5000),
    skipped: [],
  };
}

/** Cycles by documentation, and the card of AWS F2 alone: nothing is built and nothing hangs on time. */
export const onF2 = (
  kernel: string,
  software: Readonly<Record<string, number>>,
  rest: AdviseOptions = {},
): AdviseOptions => ({
  kernel,
  devices: ['xcvu47p'],
  cycles: 'documented',
  measured: hostOf(software),
  cores: 8,
  ...rest,
});
