import { expect, test } from 'vitest';
import { smallOf } from '../../src/bench/synthesis-readme.js';
import type { SynthesisRow } from '../../src/synthesis/row.js';

const row = (parameters: Record<string, number>, fits: boolean): SynthesisRow =>
  ({
    kernel: 'k',
    parameters,
    device: 'ice40-hx8k',
    fits,
    utilisation: { LC: { used: 100, available: 7680 } },
    fmax: null,
  }) as unknown as SynthesisRow;

const large = row({ PIPELINED: 1, LANES: 16 }, false);

test('a small variant is of the same architecture', () => {
  const lanes = row({ PIPELINED: 0, LANES: 1 }, true);
  expect(smallOf([large], [lanes, large], [])).toBe('does not fit');
  const own = row({ PIPELINED: 1, LANES: 1 }, true);
  expect(smallOf([large], [lanes, own, large], [])).toMatch(/^does not fit; with .*LANES 1.*HX8K/);
});

test('one that no descriptor asks for is called so, and comes after one that can be asked for', () => {
  const least = row({ PIPELINED: 1, LANES: 1 }, true);
  const offered = row({ PIPELINED: 1, LANES: 2 }, true);
  expect(smallOf([large], [least, large], [least])).toMatch(/^does not fit; with RTL only, /);
  expect(smallOf([large], [least, offered, large], [least])).toMatch(/^does not fit; with LANES 2/);
});
