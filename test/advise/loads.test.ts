import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { profiledLoad } from '../../src/advise/load/from-profile.js';
import { drawSizes, explicitLoad, meanBytes } from '../../src/advise/load/load.js';
import { readLoadFile } from '../../src/advise/load/read-file.js';
import { parseTrace, tracedLoad } from '../../src/advise/load/trace.js';
import { advise, crc, offload } from '../../src/index.js';
import { hostOf, onF2 } from './host.js';
import { callProfileOf } from './profiles.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtlift-advise-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const invalid = { code: 'ERR_RTLIFT_INVALID_PROFILE' };

describe('traces', () => {
  test('are read from JSON lines and CSV alike, in any order and unit of time', () => {
    const json = parseTrace('{"timeMs": 2, "bytes": 9}\n{"timeMs": 1, "bytes": 7}\n\n', 'a');
    const csv = parseTrace('bytes,user,timeUs\r\n9,x,2000\r\n7,"y",1000\r\n', 'b');
    expect(json).toEqual([
      { timeNs: 1e6, bytes: 7 },
      { timeNs: 2e6, bytes: 9 },
    ]);
    expect(csv).toEqual(json);
    const iso = parseTrace(
      '{"time":"2026-01-01T00:00:00.000Z","bytes":1}\n{"time":"2026-01-01T00:00:01.500Z","bytes":1}',
      'c',
    );
    expect((iso[1]?.timeNs ?? 0) - (iso[0]?.timeNs ?? 0)).toBe(1.5e9);
  });

  test.each([
    ['{"time": 1, "bytes": 7}\n{"time": 2}', /line 2.*bytes/],
    ['{"time": 1, "bytes": 7}\nnonsense', /line 2.*JSON object/],
    ['{"at": 1, "bytes": 7}', /line 1.*time/],
    ['when,bytes\n1,2', /line 1.*header/],
    ['time,bytes\n1,2', /two calls at least, got 1/],
    ['time,bytes\n1,\n2,3', /line 2.*bytes/],
    ['', /two calls at least, got 0/],
  ])('%j is refused, the line named', (text, message) => {
    expect(() => parseTrace(text, 'bad.txt')).toThrow(
      expect.objectContaining({ ...invalid, message: expect.stringMatching(message) }),
    );
  });

  test('give rate, sizes and the batches of their own bursts', () => {
    // 100 bursts of 10 calls, 10 ms apart.
    const trace = Array.from({ length: 1000 }, (_, i) => ({
      timeNs: Math.floor(i / 10) * 1e7 + (i % 10) * 1000,
      bytes: i % 2 === 0 ? 40 : 60,
    }));
    const load = tracedLoad(trace, 'bursts');
    expect(load.messagesPerSecond.value).toBeCloseTo(1009, 0);
    expect(meanBytes(load.sizes)).toBe(50);
    expect(load.batchWithin(1e6).value).toBe(10);
    expect(load.batchWithin(0).value).toBe(1);
    expect(() => tracedLoad([{ timeNs: 5, bytes: 1 }], 'one')).toThrow(
      expect.objectContaining(invalid),
    );
  });
});

test.each([
  [{ trace: null }, 'ERR_RTLIFT_INVALID_PROFILE'],
  [{ trace: [null, null] }, 'ERR_RTLIFT_INVALID_PROFILE'],
  [{ trace: [{ timeNs: 1, bytes: -1 }] }, 'ERR_RTLIFT_INVALID_PROFILE'],
  [{ schema: 'rtlift-call-profile-1' }, 'ERR_RTLIFT_INVALID_PROFILE'],
  [null, 'ERR_RTLIFT_INVALID_ARG'],
  [{}, 'ERR_RTLIFT_INVALID_ARG'],
])('advise() refuses the load %j', async (load, code) => {
  const asked = advise(load as never, onF2('sha256', { createHash: 900 }));
  await expect(asked).rejects.toMatchObject({ code });
});

describe('loads', () => {
  test('of a call profile: batches between the delays that were counted', () => {
    const load = profiledLoad(callProfileOf({ hostNs: 500, share: 0.2, perSecond: 1e5 }));
    expect(load.messagesPerSecond.value).toBe(1e5);
    expect(load.sizes).toEqual([{ bytes: 200, weight: 1e5 }]);
    expect(load.batchWithin(1e6).value).toBe(101);
    const between = load.batchWithin(1e5).value;
    expect(between).toBeGreaterThan(2);
    expect(between).toBeLessThan(101);
    expect(load.batchWithin(1e7).value).toBe(1001);
  });

  test('of a profile without calls, or without sizes, are refused', () => {
    const report = callProfileOf({ hostNs: 500, share: 0.2 });
    const none = { ...report, calls: { ...report.calls, value: 0 } };
    expect(() => profiledLoad(none)).toThrow(/saw no call/);
    expect(() => profiledLoad({ ...report, sizes: null })).toThrow(/give profile\(\) a bytesOf/);
  });

  test('draw batches of every size in the shares of the load', () => {
    const { sizes } = explicitLoad({
      messagesPerSecond: 1,
      sizes: [
        { bytes: 10, weight: 3 },
        { bytes: 1000, weight: 1 },
      ],
    });
    const drawn = drawSizes(sizes, 400);
    expect(drawn.filter((bytes) => bytes === 10)).toHaveLength(300);
    expect(drawSizes(sizes, 400)).toEqual(drawn);
    expect(drawn.slice(0, 300)).not.toEqual(new Array(300).fill(10));
  });

  test.each([
    [{ messagesPerSecond: 0, sizes: 1 }, 'messagesPerSecond'],
    [{ messagesPerSecond: Number.NaN, sizes: 1 }, 'messagesPerSecond'],
    [{ messagesPerSecond: 1, sizes: [] }, 'sizes'],
    [{ messagesPerSecond: 1, sizes: -1 }, 'sizes'],
    [{ messagesPerSecond: 1, sizes: [null as never] }, 'sizes'],
    [{ messagesPerSecond: 1, sizes: [{ bytes: 1, weight: 0 }] }, 'sizes'],
    [{ messagesPerSecond: 1, sizes: 1, cpuShare: 1.5 }, 'cpuShare'],
  ])('%j is refused', (load, arg) => {
    expect(() => explicitLoad(load)).toThrow(
      expect.objectContaining({
        code: 'ERR_RTLIFT_INVALID_ARG',
        details: expect.objectContaining({ arg }),
      }),
    );
  });
});

describe('files', () => {
  test('are told apart by what is in them', async () => {
    const report = callProfileOf({ hostNs: 500, share: 0.2 });
    const profiled = await readLoadFile(file('p.json', JSON.stringify(report)));
    expect(profiled).toEqual({ kind: 'call profile', report });
    const candidates = {
      schema: 'rtlift-cpu-profile-1',
      more: true,
      candidates: [
        {
          function: 'digest',
          file: '/srv/hash.ts',
          line: 12,
          kernel: 'sha256',
          totalShare: { value: 0.4, unit: '1', provenance: 'measured' },
          selfShare: 1,
        },
        { function: 'scan', totalShare: 0.1 },
      ],
    };
    expect(await readLoadFile(file('c.json', JSON.stringify(candidates)))).toMatchObject({
      kind: 'candidates',
      candidates: [
        { name: 'digest (hash.ts:12)', kernel: 'sha256', share: { value: 0.4 } },
        { name: 'scan', kernel: null, share: { value: 0.1 } },
      ],
    });
    const trace = await readLoadFile(file('t.csv', 'time,bytes\n1,2\n2,3\n'));
    expect(trace).toMatchObject({ kind: 'trace', name: 't.csv', trace: { length: 2 } });
  });

  test.each([
    [
      '{"schema":"rtlift-suite-3"}',
      /rtlift-call-profile-1 or rtlift-cpu-profile-1, got rtlift-suite-3/,
    ],
    [
      '{"schema":"rtlift-cpu-profile-1","candidates":[{"totalShare":7}]}',
      /candidates.0.totalShare/,
    ],
    ['{"schema":"rtlift-call-profile-1"}', /not a call profile/],
  ])('%s is refused', async (text, message) => {
    const bad = file('bad.json', text);
    await expect(readLoadFile(bad)).rejects.toMatchObject({
      ...invalid,
      message: expect.stringMatching(message),
    });
    await expect(readLoadFile(join(folder, 'absent.json'))).rejects.toMatchObject(invalid);
  });
});

describe('a live handle', () => {
  test('gives its rate and kernel while it is under load, and is refused while it is not', async () => {
    const handle = await offload(crc('crc-32'), { path: 'javascript' });
    const options = { ...onF2('crc', {}), measured: hostOf({ 'zlib.crc32': 100 }), overMs: 200 };
    const { kernel, ...rest } = options;
    try {
      await expect(advise(handle, { ...rest, overMs: 20 })).rejects.toMatchObject({
        code: 'ERR_RTLIFT_INVALID_ARG',
        message: expect.stringContaining('got no message in 20 ms'),
      });
      let isOpen = true;
      const calling = (async () => {
        while (isOpen) {
          await Promise.all(Array.from({ length: 8 }, () => handle(new Uint8Array(100))));
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      })();
      const { load, kernel: found, verdict } = await advise(handle, rest);
      isOpen = false;
      await calling;
      expect(found.name).toBe('crc');
      // Some messages of the looks were accepted and not settled.
      expect(load.meanBytes.value).toBeGreaterThan(80);
      expect(load.meanBytes.value).toBeLessThan(120);
      expect(load.messagesPerSecond.value).toBeGreaterThan(0);
      // Eight calls of one turn go out together.
      expect(load.batch.value).toBeGreaterThan(5);
      expect(verdict.kind).toBe('do-not-offload');
    } finally {
      await handle.close();
    }
  });
});
