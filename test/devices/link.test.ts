import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkTime } from '../../src/devices/link.js';
import { F2_MMIO, F2_SDE, LINKS, XDMA } from '../../src/devices/links.js';

const anyLink = fc.constantFrom(...LINKS);
const size = fc.integer({ min: 0, max: 1e9 });

describe('linkTime', () => {
  test('more bytes never take less time, either way', () => {
    fc.assert(
      fc.property(anyLink, size, size, (link, bytes, more) => {
        const short = linkTime(link, { bytesIn: bytes, bytesOut: bytes, messages: 1 });
        const long = linkTime(link, { bytesIn: bytes + more, bytesOut: bytes + more, messages: 1 });
        for (const way of ['in', 'out'] as const) {
          for (const key of ['latencyNs', 'occupancyNs', 'periodNs'] as const) {
            expect(long[way][key].value).toBeGreaterThanOrEqual(short[way][key].value);
          }
        }
      }),
    );
  });

  test('a bigger batch never takes more time a message, whatever its size', () => {
    fc.assert(
      fc.property(
        anyLink,
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 1000 }),
        (link, each, n) => {
          const per = (messages: number) =>
            linkTime(link, { bytesIn: each * messages, bytesOut: 0, messages }).in.periodNs.value /
            messages;
          expect(per(n + 1)).toBeLessThanOrEqual(per(n) * (1 + 1e-12));
        },
      ),
    );
  });

  test('a register read moves a dword at least: 1.3 us', () => {
    const { out } = linkTime(F2_MMIO, { bytesIn: 0, bytesOut: 1, messages: 1 });
    expect(out.latencyNs.value).toBeCloseTo(1333, 0);
    expect(out.hostCpuNs).toEqual(out.occupancyNs);
  });

  test('descriptors cost time that queues do not hide: 4 KB packets reach 2.5 GB/s', () => {
    const bytes = 4096 * 1000;
    const time = linkTime(F2_SDE, { bytesIn: bytes, bytesOut: bytes, messages: 1000 });
    expect(bytes / time.in.periodNs.value).toBeCloseTo(2.5, 1);
    expect(bytes / time.out.periodNs.value).toBeCloseTo(5, 1);
  });

  test('batches in flight hide the latency of a transfer, not its bytes', () => {
    const { in: small } = linkTime(XDMA, { bytesIn: 64, bytesOut: 0, messages: 1 });
    expect(small.periodNs.value).toBeCloseTo(small.latencyNs.value / XDMA.queueDepth);
    const { in: large } = linkTime(XDMA, { bytesIn: 1e9, bytesOut: 0, messages: 1 });
    expect(large.periodNs).toEqual(large.occupancyNs);
  });

  test('nothing to move takes no time', () => {
    const { out } = linkTime(XDMA, { bytesIn: 1, bytesOut: 0, messages: 1 });
    expect([out.latencyNs.high, out.periodNs.high]).toEqual([0, 0]);
  });
});
