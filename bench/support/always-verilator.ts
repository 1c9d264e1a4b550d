import type { ChoiceTable } from '../../src/dispatch/choice/table.js';

/** A table by which `auto` always takes the simulated kernel, so that its failures are met whatever else the machine does. */
export function alwaysVerilator(kernel: {
  readonly name: string;
  readonly rtl: { readonly parameters: Readonly<Record<string, unknown>> };
}): ChoiceTable {
  const parameters = Object.entries(kernel.rtl.parameters).map(([key, value]) => [key, `${value}`]);
  return {
    schema: 'rtlift-choice-1',
    kernel: kernel.name,
    parameters: Object.fromEntries(parameters),
    cpu: 'any',
    takenAt: new Date(0).toISOString(),
    state: {
      models: {
        javascript: { coefficients: [1e15, 0, 0], observations: 1 },
        verilator: { coefficients: [1, 0, 0], observations: 1 },
      },
      cells: {},
    },
  };
}
