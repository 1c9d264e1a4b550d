import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import type { Place } from '../../src/paths/isolated/frames.js';
import { type Region, Regions } from '../../src/paths/isolated/regions.js';
import { loadAddon } from '../../src/paths/native-addon.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

const MIB = 1024 * 1024;
const missing =
  (await missingVerilatorPath()) ??
  (process.platform === 'linux' ? null : 'mappings are read from /proc');

/** Bytes of shared memory that this process has mapped, and those of them that take memory. */
function mapped(): { readonly bytes: number; readonly resident: number } {
  let [bytes, resident, isOurs] = [0, 0, false];
  for (const line of readFileSync('/proc/self/smaps', 'utf8').split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) .*?(\S*rtlift\S*)?( \(deleted\))?$/.exec(line);
    if (head) {
      isOurs = line.includes('memfd:rtlift');
      if (isOurs) bytes += Number.parseInt(`${head[2]}`, 16) - Number.parseInt(`${head[1]}`, 16);
    }
    const rss = /^Rss: +(\d+) kB/.exec(line);
    if (rss && isOurs) resident += Number(rss[1]) * 1024;
  }
  return { bytes, resident };
}

/** What is unmapped goes in one of the next turns of the event loop. */
async function becomes(bytes: number): Promise<number> {
  for (let i = 0; i < 100 && mapped().bytes !== bytes; i++) await sleep(10);
  return mapped().bytes;
}

const open = (mostBytes: number): { regions: Regions; released: Place[]; lent: Region[] } => {
  const released: Place[] = [];
  const lent: Region[] = [];
  const regions = new Regions(loadAddon(), {
    mostBytes,
    onRelease: (place) => released.push(place),
  });
  return { regions, released, lent };
};
const fail = (error: unknown): never => {
  throw error;
};

afterEach(() => {
  vi.useRealTimers();
});

describeUnless(missing, 'memory shared with a child', () => {
  test('is bounded: a batch without room waits, in order, until others come back', async () => {
    const { regions, lent } = open(4 * MIB);
    const order: number[] = [];
    const lend = (id: number, bytes: number) =>
      regions.lend(
        bytes,
        (region) => {
          order.push(id);
          lent.push(region);
        },
        fail,
      );
    lend(1, 2 * MIB);
    lend(2, 2 * MIB);
    lend(3, 2 * MIB);
    const withdraw = lend(4, 1);
    lend(5, 1);
    expect(order).toEqual([1, 2]);
    expect(mapped().bytes).toBe(4 * MIB);
    expect(withdraw()).toBe(true);
    regions.give(lent[0] as Region);
    expect(order).toEqual([1, 2, 3]);
    regions.give(lent[1] as Region);
    expect(order).toEqual([1, 2, 3, 5]);
    expect(withdraw()).toBe(false);
    expect(mapped().bytes).toBe(4 * MIB);
    for (const region of lent.slice(2)) regions.give(region);
    regions.close();
    expect(await becomes(0)).toBe(0);
  });

  test('a batch above the bound runs alone, and its memory goes back at once', async () => {
    const { regions, released, lent } = open(2 * MIB);
    const use = (region: Region): number => lent.push(region);
    regions.lend(MIB, use, fail);
    regions.lend(32 * MIB, use, fail);
    expect(lent).toHaveLength(1);
    regions.give(lent[0] as Region);
    expect(lent).toHaveLength(2);
    new Uint8Array((lent[1] as Region).memory).fill(1);
    expect(mapped().resident).toBeGreaterThanOrEqual(32 * MIB);
    regions.give(lent[1] as Region);
    expect(await becomes(0)).toBe(0);
    expect(released).toEqual([
      { offset: 0, bytes: MIB },
      { offset: MIB, bytes: 32 * MIB },
    ]);
    expect(regions.mappedBytes).toBe(0);
    regions.close();
  });

  test('goes back when no batch needed it for a while; what is in use stays', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { regions, lent } = open(64 * MIB);
    const use = (region: Region): number => lent.push(region);
    regions.lend(16 * MIB, use, fail);
    regions.lend(MIB, use, fail);
    const [large, small] = lent as [Region, Region];
    regions.give(large);
    regions.give(small);
    for (let i = 0; i < 2; i++) {
      vi.advanceTimersByTime(5_000);
      regions.lend(MIB, use, fail);
      expect(lent.at(-1)).toBe(small);
      regions.give(small);
    }
    expect(await becomes(MIB)).toBe(MIB);
    vi.advanceTimersByTime(10_000);
    expect(await becomes(0)).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    regions.close();
  });

  test('gives pages back while another process still has them mapped', () => {
    const addon = loadAddon();
    const fd = addon.createSharedMemory();
    const [here, there] = [
      addon.mapSharedMemory(fd, 0, 65536),
      addon.mapSharedMemory(fd, 0, 65536),
    ];
    new Uint8Array(here).fill(7);
    expect(new Uint8Array(there)[65535]).toBe(7);
    addon.freeSharedMemory(fd, 0, 65536);
    expect(new Uint8Array(there)[65535]).toBe(0);
    expect(() => addon.freeSharedMemory(fd, 1, 65536)).toThrow(/64 KiB/);
    addon.unmapSharedMemory(here);
    expect(here.byteLength).toBe(0);
    expect(new Uint8Array(there)[0]).toBe(0);
    addon.unmapSharedMemory(there);
  });
});
