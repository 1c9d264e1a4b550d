import { describe, expect, test } from 'vitest';
import { F2 } from '../../src/devices/catalogue.js';
import { usdPerBillionMessages, withPrice } from '../../src/devices/price.js';
import { CPU_PRICES, F2_PRICE } from '../../src/devices/prices.js';
import { project } from '../../src/devices/project.js';
import { estimate, figure } from '../../src/figure.js';

describe('price', () => {
  test('10^9 messages at 10^6 a second are 1000 s of the hour', () => {
    const usd = usdPerBillionMessages(F2_PRICE, estimate(1e6, 5e5, 2e6, '1/s'));
    expect(usd.value).toBeCloseTo((1.98 * 1000) / 3600);
    expect(usd.low).toBeCloseTo((1.98 * 500) / 3600);
    expect(usd.high).toBeCloseTo((1.98 * 2000) / 3600);
  });

  test('a share of a machine costs its share', () => {
    const [price] = CPU_PRICES;
    if (!price) throw new Error('no price of a CPU instance');
    const rate = figure(1e6, '1/s', 'measured');
    const half = usdPerBillionMessages(price, rate, 0.5).value;
    expect(half).toBeCloseTo(usdPerBillionMessages(price, rate).value / 2);
    expect(() => usdPerBillionMessages(price, rate, 2)).toThrow(/share must lie in 0..1, got 2/);
  });

  test("a price of one's own takes the place of the catalogue's", () => {
    const price = withPrice(F2_PRICE, { usdPerHour: 0.6708, asOf: '2026-07-08' });
    const device = { ...F2, price };
    const workload = { messages: 1000, bytesIn: 1e6, bytesOut: 125, cycles: 1e4 };
    const [listed, own] = [F2, device].map((each) =>
      project({ device: each, workload, area: null, fmax: null }),
    );
    const ratio = (own?.usdPerBillion?.value ?? 0) / (listed?.usdPerBillion?.value ?? 0);
    expect(ratio).toBeCloseTo(0.6708 / 1.98);
    expect(price.asOf).toBe('2026-07-08');
    expect(() => withPrice(F2_PRICE, { usdPerHour: -1, asOf: '2026-07-08' })).toThrow(/usdPerHour/);
    expect(() => withPrice(F2_PRICE, { usdPerHour: 1, asOf: '2026-13-08' })).toThrow(/asOf must/);
  });
});
