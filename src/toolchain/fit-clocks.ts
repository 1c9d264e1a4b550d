import { ratioOf } from '../kernel/check-rtl.js';
import type { PortMap } from '../kernel/port-map.js';
import { mostSteps } from './clock-steps.js';
import type { PortTable } from './port-table.js';

/** A clock input. */
export interface Clock {
  readonly name: string;
  readonly escapedName: string;
  /** Its frequency over that of the first clock, as a fraction. */
  readonly ratio: readonly [number, number];
}

/** A reset input. */
export interface Reset {
  readonly name: string;
  readonly escapedName: string;
  readonly isActiveLow: boolean;
}

/** More edges than any real set of clocks has until all rise together again. */
const MOST_STEPS = 65_536;

const withUpperCase = (names: readonly string[]): string[] => [
  ...names,
  ...names.map((name) => name.toUpperCase()),
];
const CLOCK_NAMES = withUpperCase(['clk', 'aclk', 'clock', 'clk_i', 'i_clk']);
const RESET_NAMES = withUpperCase([
  'rst',
  'aresetn',
  'rst_n',
  'reset',
  'reset_n',
  'resetn',
  'areset',
  'rst_i',
  'rst_ni',
  'i_rst',
]);
const ACTIVE_LOW = /(rst|reset|clr|clear)_?[nb](_?i)?$|_n(_?i)?$|^n_?a?(rst|reset|clr|clear)/i;

export function fitClocks(table: PortTable, ports: PortMap): Clock[] {
  const first = table.require(ports.clock ?? table.firstOf(CLOCK_NAMES) ?? 'clk', 'input', 1);
  const clocks: Clock[] = [{ name: first.name, escapedName: first.escapedName, ratio: [1, 1] }];
  for (const [name, ratio] of Object.entries(ports.clocks ?? {})) {
    const { escapedName } = table.require(name, 'input', 1);
    clocks.push({ name, escapedName, ratio: ratioOf(ratio) ?? [1, 1] });
  }
  const steps = mostSteps(clocks.map(({ ratio }) => ratio));
  if (steps > MOST_STEPS) {
    throw table.mismatch(
      `clocks whose ratios meet again within ${MOST_STEPS} edges`,
      `clocks ${clocks.map(({ name, ratio }) => `${name} ${ratio.join(':')}`).join(', ')} that take up to ${steps}`,
    );
  }
  return clocks;
}

export function fitResets(table: PortTable, ports: PortMap): Reset[] {
  if (ports.reset === null) return [];
  const names = [ports.reset ?? table.firstOf(RESET_NAMES) ?? 'rst'].flat();
  return names.map((name) => {
    const { escapedName } = table.require(name, 'input', 1);
    const isActiveLow = ports.isResetActiveLow ?? ACTIVE_LOW.test(name);
    return { name, escapedName, isActiveLow };
  });
}
