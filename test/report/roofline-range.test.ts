import { expect, test } from 'vitest';
import { estimate } from '../../src/figure.js';
import { rateOf } from '../../src/report/page/roofline.js';

test('a rate has the range of its time, the other way round', () => {
  expect(rateOf(100, estimate(50, 40, 80, 'ns'))).toEqual(
    estimate(2e9, 1.25e9, 2.5e9, 'B/s', 'modelled'),
  );
  expect(rateOf(100, estimate(0, 0, 0, 'ns'))).toBeNull();
});
