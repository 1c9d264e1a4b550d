import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { parseDevice, readDeviceFile } from '../../src/devices/device-file.js';
import { deviceFileSchema } from '../../src/devices/device-schema.js';
import { F2_MMIO } from '../../src/devices/links.js';
import { project } from '../../src/devices/project.js';
import { rejected } from '../support/errors.js';
import { temporaryFolder } from '../support/folders.js';
import { ROOT } from '../support/root.js';

const EXAMPLE = join(ROOT, 'examples/devices/own-card.json');

interface Json {
  [key: string]: unknown;
  links: { in: Json; out: Json }[];
  resources: Json;
  clocks: Json;
  power: Json;
}

/** The example with one field changed. */
function changed(change: (device: Json) => void): unknown {
  const device = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as Json;
  change(device);
  return device;
}

describe('device file', () => {
  test('the example is read and projects', async () => {
    const device = await readDeviceFile(EXAMPLE);
    expect(device.links.map(({ id }) => id)).toEqual(['xdma-x8', 'xdma']);
    expect(device.links[0].in.t0Ns).toEqual({
      value: 15_000,
      low: 8000,
      high: 40_000,
      unit: 'ns',
      provenance: 'assumed',
    });
    const workload = { messages: 1000, bytesIn: 64_000, bytesOut: 32_000, cycles: 1000 };
    const { device: id, clock } = project({ device, workload, area: null, fmax: null });
    expect([id, clock.value]).toEqual(['own-card', 200]);
  });

  test('a link of rtlift is taken by its name', async () => {
    const device = await parseDevice(changed((json) => Object.assign(json, { links: ['mmio'] })));
    expect(device.links).toEqual([F2_MMIO]);
  });

  test.each<[string, (json: Json) => void, RegExp]>([
    ['a missing field', (json) => delete json.part, /part: expected string, got nothing/],
    [
      'a wrong type',
      (json) => Object.assign(json.resources, { lut: 'many' }),
      /resources\.lut: expected number, got "many"/,
    ],
    [
      'an unknown field',
      (json) => Object.assign(json.clocks, { maxMhz: 3 }),
      /clocks\.maxMhz: expected no such field, got 3/,
    ],
    [
      'a figure of the wrong type, in a list',
      (json) => Object.assign(json.links[0]?.in ?? {}, { t0Ns: 'soon' }),
      /links\[0\]\.in\.t0Ns: expected number, or expected object, got "soon"/,
    ],
    [
      'bounds that cross',
      (json) => Object.assign(json.power, { staticWatts: { value: 1, low: 2, high: 3 } }),
      /power\.staticWatts: expected low <= value <= high, got \{"value":1,"low":2,"high":3\}/,
    ],
    [
      'a negative figure',
      (json) => Object.assign(json.power, { shellWatts: { value: 1, low: -2, high: 3 } }),
      /power\.shellWatts\.low: expected .*>=0, got -2/,
    ],
    [
      'a bandwidth of nothing',
      (json) => Object.assign(json.links[0]?.out ?? {}, { bytesPerSecond: 0 }),
      /links\[0\]\.out\.bytesPerSecond: expected low above 0, got 0/,
    ],
    [
      'a family that synthesis does not know',
      (json) => Object.assign(json, { family: 'virtex2' }),
      /family: expected .*"ice40"\|"ecp5"\|"ultrascale\+", got "virtex2"/,
    ],
    [
      'no link at all',
      (json) => Object.assign(json, { links: [] }),
      /links: expected .*>=1 items, got \[\]/,
    ],
    [
      'a day that is none',
      (json) =>
        Object.assign(json, {
          price: { name: 'x', usdPerHour: 1, asOf: 'yesterday', source: 'y' },
        }),
      /price\.asOf: expected .*got "yesterday"/,
    ],
  ])('%s is named with what was expected and got', async (_name, change, message) => {
    const parsed = parseDevice(changed(change), 'card.json');
    const error = await rejected('ERR_RTLIFT_INVALID_DEVICE', parsed);
    expect(error.message).toMatch(message);
  });

  test('every wrong field is named at once', async () => {
    const parsed = parseDevice({ family: 'ice40' });
    await expect(parsed).rejects.toThrow(/id: .*name: .*part: .*resources: .*clocks: .*links: /);
  });

  test('a file that is absent, or no JSON, is refused with its name', async () => {
    await expect(readDeviceFile('/nowhere/card.json')).rejects.toThrow(
      /device file \/nowhere\/card\.json: cannot be read/,
    );
    const path = join(temporaryFolder(), 'card.json');
    await writeFile(path, '{ "id": ');
    await expect(readDeviceFile(path)).rejects.toThrow(/is no JSON/);
  });

  test('docs/device-file.schema.json is what the code checks (vitest -u writes it)', async () => {
    const schema = z.toJSONSchema(deviceFileSchema, { io: 'input' });
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
      join(ROOT, 'docs/device-file.schema.json'),
    );
  });
});
