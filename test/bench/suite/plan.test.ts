import { describe, expect, test } from 'vitest';
import { parseFilter } from '../../../src/bench/suite/filter.js';
import { corpusClass, drawnClass, sizedClass } from '../../../src/bench/suite/messages.js';
import { planSuite } from '../../../src/bench/suite/plan.js';
import { pointId } from '../../../src/bench/suite/point.js';
import { RateMemory } from '../../../src/bench/suite/rate-memory.js';
import { FULL, type SuiteSettings } from '../../../src/bench/suite/settings.js';
import { userOperation } from '../../../src/bench/suite/suite-operation.js';
import type { Measurement } from '../../../src/report/suite-report.js';
import { byteSum, pairAdd } from '../../support/fixture-kernels.js';

const DEVICES = ['ice40-hx8k', 'ecp5-85k', 'xcvu47p'];
const KIB = 1024;
const settings: SuiteSettings = {
  ...FULL,
  batches: [1, 16, 256],
  pathBytes: 16 * KIB,
  corpusPathBytes: 64 * KIB,
  batchBytes: 128 * KIB,
};
const classes = [0, 64, KIB, 256 * KIB].map((bytes) => sizedClass(bytes, null));
const plan = (filter: string | null) =>
  planSuite(
    ['sha256', 'crc'].map((name) => ({ name, classes, rivals: 2 })),
    settings,
    parseFilter(filter, DEVICES),
  );
const ids = (filter: string | null): string[] => plan(filter).points.map(pointId);

describe('the plan', () => {
  test('leaves out of the paths, and then altogether, what is above its bytes', () => {
    const { points, leftOut } = plan('crc');
    expect(points.map((point) => [pointId(point), point.pathsLeftOut === null])).toEqual([
      ['crc/0 B/1', true],
      ['crc/0 B/16', true],
      // An empty message counts as 64 bytes: 16 KiB.
      ['crc/0 B/256', true],
      ['crc/64 B/1', true],
      ['crc/64 B/16', true],
      ['crc/64 B/256', true],
      ['crc/1 KiB/1', true],
      ['crc/1 KiB/16', true],
      // One message is measured whatever its size.
      ['crc/256 KiB/1', true],
    ]);
    expect(leftOut).toEqual([{ operation: 'crc', points: 3 }]);
    const wider = planSuite(
      [{ name: 'crc', classes, rivals: 2 }],
      { ...settings, batchBytes: 256 * KIB },
      parseFilter('crc/1KiB/256', DEVICES),
    );
    expect(wider.points[0]?.pathsLeftOut).toMatch(/batches above 16 KiB/);
  });

  test('of the full suite has every size and batch that the bounds leave', () => {
    const all = FULL.sizes.map((bytes) => sizedClass(bytes, null));
    const { points } = planSuite(
      [{ name: 'crc', classes: all, rivals: 2 }],
      FULL,
      parseFilter(null, DEVICES),
    );
    expect(new Set(points.map(({ size }) => size.name))).toEqual(
      new Set([
        '0 B',
        '1 B',
        '16 B',
        '32 B',
        '55 B',
        '64 B',
        '256 B',
        '1 KiB',
        '4 KiB',
        '16 KiB',
        '64 KiB',
        '256 KiB',
        '1 MiB',
      ]),
    );
    expect(Math.max(...points.map(({ batch }) => batch))).toBe(65_536);
    expect(points.some(({ size, batch }) => size.name === '1 MiB' && batch === 1)).toBe(true);
  });
});

describe('the memory of rates', () => {
  const seen = (batch: number, ns: number, bytes = 64): Measurement =>
    ({
      operation: 'crc',
      runner: 'javascript',
      size: { name: '', bytes },
      batch,
      host: { nsPerMessageP50: { value: ns } },
    }) as Measurement;
  const at = (bytes: number, batch: number) => ({
    operation: 'crc',
    size: { name: '', bytes },
    batch,
  });

  test('expects of a batch what its bytes take at the rate of the batch before', () => {
    const rates = new RateMemory();
    expect(rates.batchMs(at(64, 4096), 'javascript')).toBe(0);
    rates.add(seen(256, 1000));
    expect(rates.batchMs(at(64, 4096), 'javascript')).toBeCloseTo(4.096, 9);
    expect(rates.batchMs(at(6400, 4096), 'javascript')).toBeCloseTo(409.6, 9);
    expect(rates.batchMs(at(0, 4096), 'javascript')).toBeCloseTo(4.096, 9);
    expect(rates.batchMs(at(64, 4096), 'zlib.crc32')).toBe(0);
  });

  test('learns nothing of a batch so small that the call costs more than its messages', () => {
    const rates = new RateMemory();
    rates.add(seen(1, 10_000_000));
    expect(rates.batchMs(at(64, 4096), 'javascript')).toBe(0);
    rates.add(seen(1, 10_000_000, 65_536));
    expect(rates.batchMs(at(65_536, 16), 'javascript')).toBeCloseTo(160, 9);
  });
});

describe('a filter', () => {
  test.each([
    ['sha256', 9, /^sha256\//],
    ['*/64B', 6, /\/64 B\//],
    ['crc/64b/16', 1, /^crc\/64 B\/16$/],
    ['s*/*/1', 4, /^sha256\/.*\/1$/],
    ['crc/0B/1,sha256/0 B/16', 2, /\/0 B\//],
    ['md5', 0, /^$/],
  ])('%s leaves %i points', (filter, count, pattern) => {
    const found = ids(filter);
    expect(found).toHaveLength(count);
    for (const id of found) expect(id).toMatch(pattern);
  });

  test('names a device where its fourth part is one, and a path or rival elsewhere', () => {
    const point = { operation: 'crc', size: { name: '64 B', bytes: 64 }, batch: 16 };
    const device = parseFilter('crc/*/*/xcvu47p', DEVICES);
    expect(DEVICES.filter((id) => device.hasDevice(point, id))).toEqual(['xcvu47p']);
    expect(device.hasRunner(point, 'zlib.crc32')).toBe(true);
    const runner = parseFilter('crc/*/*/zlib.crc32,crc/*/*/verilator', DEVICES);
    expect(DEVICES.every((id) => runner.hasDevice(point, id))).toBe(true);
    const names = ['javascript', 'verilator', 'zlib.crc32', 'zlibXcrc32'];
    expect(names.filter((name) => runner.hasRunner(point, name))).toEqual([
      'verilator',
      'zlib.crc32',
    ]);
  });

  test('of five parts is refused', () => {
    expect(() => parseFilter('a/b/c/d/e', DEVICES)).toThrowError(
      expect.objectContaining({ code: 'ERR_RTLIFT_INVALID_ARG' }),
    );
  });
});

describe('messages', () => {
  test('of one size are the same for the same seed, cut from the text, and as many as asked for', () => {
    const text = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
    const made = sizedClass(16, text);
    const batch = made.batch(50, 7) as Uint8Array[];
    expect(batch).toHaveLength(50);
    expect(batch).toEqual(made.batch(50, 7));
    expect(batch).not.toEqual(made.batch(50, 8));
    for (const message of batch) {
      expect(message).toHaveLength(16);
      expect(Buffer.from(text).includes(Buffer.from(message))).toBe(true);
    }
    expect(sizedClass(0, text).batch(3, 1)).toEqual(Array(3).fill(new Uint8Array(0)));
    expect(sizedClass(16, null).batch(65_536, 1)).toHaveLength(65_536);
  });

  test('of a corpus are of all its sizes, few of them too', () => {
    const messages = Array.from({ length: 100 }, (_, i) => new Uint8Array(i));
    const corpus = { name: 'made up', sizeName: 'mail', messages, sizeBytes: 4950, isSpam: [] };
    const made = corpusClass(corpus);
    const sizes = (count: number): number[] =>
      (made.batch(count, 3) as Uint8Array[]).map(({ length }) => length);
    expect(made.bytes).toBe(49.5);
    expect(sizes(1)).toEqual([50]);
    expect([...sizes(4)].sort((a, b) => a - b)).toEqual([12, 37, 62, 87]);
    expect(new Set(sizes(100)).size).toBe(100);
    expect(sizes(250)).toHaveLength(250);
  });

  test('of a kernel of the user are bytes of every size within its limits, values of its codec, or its own', () => {
    const limited = byteSum({ limits: { minMessageBytes: 1, maxMessageBytes: 300 } });
    const sized = userOperation({ kernel: limited, rivals: [] }, FULL);
    expect(sized.classes.map(({ name }) => name)).toEqual([
      '1 B',
      '16 B',
      '32 B',
      '55 B',
      '64 B',
      '256 B',
    ]);
    const drawn = drawnClass(pairAdd(), undefined);
    expect([drawn.name, drawn.bytes]).toEqual(['drawn', 8]);
    expect(drawn.batch(5, 1)).toEqual(drawn.batch(5, 1));
    const own = userOperation(
      { kernel: byteSum(), inputs: () => new Uint8Array(5), rivals: [] },
      FULL,
    );
    expect(own.classes.map(({ name, bytes }) => [name, bytes])).toEqual([['inputs', 5]]);
  });
});
