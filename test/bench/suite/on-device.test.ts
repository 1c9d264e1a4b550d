import { describe, expect, test } from 'vitest';
import { onDevice } from '../../../src/bench/suite/on-device.js';
import type { SynthesisRow } from '../../../src/bench/suite/synthesis.js';
import { deviceById } from '../../../src/devices/catalogue.js';
import type { Device } from '../../../src/devices/device.js';
import { estimate } from '../../../src/figure.js';

const F2 = deviceById('xcvu47p');
const UP5K = deviceById('ice40-up5k');
const card: Device = {
  ...F2,
  id: 'own-card',
  name: 'own card',
  resources: { lut: 1000, ff: 2000, bram: 10, dsp: 0 },
};

const rowOf = (device: string, lut: number, mhz: number | null): SynthesisRow => ({
  kernel: 'sum',
  parameters: {},
  device,
  fits: mhz !== null,
  ...(mhz === null ? { reason: `LC ${lut} of 7680` } : {}),
  cells: { lut, ff: 30, carry: 8, bram: 1, dsp: 0, lutRam: 20, srl: 4 },
  fmax: mhz === null ? null : estimate(mhz, mhz * 0.9, mhz * 1.1, 'MHz', 'synthesised'),
});

describe('a kernel on a device', () => {
  test('is not known to fit where nobody synthesised it for the fabric', () => {
    expect(onDevice(F2, [rowOf('ice40-hx8k', 100, 90)])).toMatchObject({
      fits: null,
      reason: expect.stringContaining('nobody synthesised it for AWS F2'),
      area: null,
      fmax: null,
    });
  });

  test('has the row of the device itself, whatever others there are', () => {
    const own = rowOf('ice40-up5k', 700, 20);
    const found = onDevice(UP5K, [rowOf('ice40-hx8k', 100, 90), own]);
    expect(found).toMatchObject({ fits: true, reason: null, note: null, fmax: own.fmax });
    expect(found.area?.lut).toBe(720);
  });

  test('of a card of the user has area and clock of the same fabric, the clock with a wider range', () => {
    const found = onDevice(card, [rowOf('ecp5-85k', 1, 1), rowOf('xcvu47p', 900, 300)]);
    expect(found.fits).toBe(true);
    expect(found.area?.lut).toBe(920);
    expect(found.note).toMatch(/area and clock of UltraScale\+ VU47P.*fit by cells/);
    expect(found.fmax).toMatchObject({ value: 300, provenance: 'modelled' });
    expect(found.fmax?.low).toBeCloseTo(270 / 1.2, 9);
    expect(found.fmax?.high).toBeCloseTo(330 * 1.2, 9);
  });

  test('is held against what the card has, not the one it was synthesised for', () => {
    // 980 LUT, 20 of RAM and 4 shift registers.
    expect(onDevice(card, [rowOf('xcvu47p', 980, 300)])).toMatchObject({
      fits: false,
      reason: 'needs more than own card has: LUT 1004 of 1000',
    });
    // Too large for the smaller part of the fabric, whose row says how large it is.
    const found = onDevice(
      { ...UP5K, id: 'own-ice40', resources: { ...UP5K.resources, lut: 9000, ff: 9000 } },
      [rowOf('ice40-up5k', 8000, null)],
    );
    expect(found).toMatchObject({ fits: true, fmax: null });
    expect(found.area?.lut).toBe(8020);
  });

  test('is not known to fit where the LUTs of the other part were not mapped', () => {
    const row = { ...rowOf('ice40-hx8k', 0, null), reason: 'BRAM 66 of 32; LUTs not mapped' };
    const roomy = { ...UP5K, id: 'own-ice40', resources: { ...UP5K.resources, bram: 99 } };
    expect(onDevice(roomy, [row])).toMatchObject({
      fits: null,
      reason: expect.stringMatching(/LUTs not mapped; whether it fits on .* is not known/),
    });
    // Its memories alone are too many.
    expect(onDevice({ ...roomy, resources: { ...UP5K.resources, bram: 0 } }, [row])).toMatchObject({
      fits: false,
      reason: expect.stringContaining('BRAM 1 of 0'),
    });
  });

  test('takes of two parts the smallest that is no smaller', () => {
    const rows = [rowOf('ice40-hx8k', 100, 90), rowOf('ice40-up5k', 100, 30)];
    const small = { ...UP5K, id: 'own', resources: { ...UP5K.resources, lut: 3500 } };
    const large = { ...UP5K, id: 'own', resources: { ...UP5K.resources, lut: 6000 } };
    const huge = { ...UP5K, id: 'own', resources: { ...UP5K.resources, lut: 60_000 } };
    expect([small, large, huge].map((device) => onDevice(device, rows).fmax?.value)).toEqual([
      30, 90, 90,
    ]);
  });
});
