import { closeSync } from 'node:fs';
import type { NativeAddon } from '../native-addon.js';
import type { Place } from './frames.js';

/** Regions are of whole 64 KiB, and no smaller than this. */
const LEAST_BYTES = 256 * 1024;
/** Most that is mapped for one child; a single batch that needs more gets it when it is alone. */
const MOST_BYTES = 64 * 1024 * 1024;
/** A region that no batch needed for so long, up to twice that, is given back. */
const IDLE_MS = 5_000;

/** Part of the shared memory, mapped here. */
export interface Region {
  readonly place: Place;
  readonly memory: ArrayBuffer;
}

interface Waiter {
  readonly bytes: number;
  readonly use: (region: Region) => void;
  readonly refuse: (error: unknown) => void;
}

/** What {@link Regions} needs of its surroundings. */
export interface RegionsOptions {
  /** Tells the child that it will not hear of a part again, so that it unmaps it. */
  readonly onRelease: (place: Place) => void;
  readonly mostBytes?: number;
}

/**
 * Memory shared with one child process, lent in regions that are used over and over.
 *
 * What is mapped is bounded: a batch for which there is no room waits until others have had their results. What batches no longer
 * need goes back to the system.
 */
export class Regions {
  readonly fd: number;
  readonly #addon: NativeAddon;
  readonly #onRelease: (place: Place) => void;
  readonly #mostBytes: number;
  /** Smallest first. */
  #free: Region[] = [];
  #waiting: Waiter[] = [];
  readonly #usedAt = new WeakMap<Region, number>();
  #end = 0;
  #mappedBytes = 0;
  #lent = 0;
  #sweeps = 0;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  /** @throws {@link RtliftError} `ERR_RTLIFT_NO_MEMORY` where the system gives none. */
  constructor(addon: NativeAddon, { onRelease, mostBytes = MOST_BYTES }: RegionsOptions) {
    this.#addon = addon;
    this.#onRelease = onRelease;
    this.#mostBytes = mostBytes;
    this.fd = addon.createSharedMemory();
  }

  get mappedBytes(): number {
    return this.#mappedBytes;
  }

  /**
   * Lends a region of at least so many bytes, with what was in it before: at once, or when there is room, in the order of the
   * calls.
   * @param refuse - hears that the system gives no memory, or that the child is gone.
   * @returns gives up waiting; `false` where the region was lent already.
   */
  lend(
    bytes: number,
    use: (region: Region) => void,
    refuse: (error: unknown) => void,
  ): () => boolean {
    const waiter = { bytes, use, refuse };
    this.#waiting.push(waiter);
    this.#serve();
    return () => {
      const i = this.#waiting.indexOf(waiter);
      if (i < 0) return false;
      this.#waiting.splice(i, 1);
      this.#serve();
      return true;
    };
  }

  /** A region beside those that are bounded, for results that must be fetched before another region comes back. */
  take(bytes: number): Region {
    const i = this.#free.findIndex(({ place }) => place.bytes >= bytes);
    const [found] = i < 0 ? [] : this.#free.splice(i, 1);
    const region = found ?? this.#map(sizeFor(bytes));
    this.#lent++;
    return region;
  }

  give(region: Region): void {
    this.#lent--;
    if (this.#isClosed || this.#mappedBytes > this.#mostBytes) {
      this.#release(region);
    } else {
      this.#usedAt.set(region, this.#sweeps);
      this.#free.push(region);
      this.#free.sort((a, b) => a.place.bytes - b.place.bytes);
      this.#timer ??= setInterval(() => this.#sweep(), IDLE_MS).unref();
    }
    this.#serve();
  }

  /** Refuses those that wait. */
  refuseWaiting(error: unknown): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(error);
  }

  /** Nothing is lent any more; what is, is unmapped when it comes back. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer) clearInterval(this.#timer);
    for (const region of this.#free.splice(0)) this.#release(region);
    closeSync(this.fd);
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!this.#hasRoom(next.bytes)) return;
      this.#waiting.shift();
      let region: Region;
      try {
        region = this.take(next.bytes);
      } catch (error) {
        next.refuse(error);
        continue;
      }
      next.use(region);
    }
  }

  /** Makes room for a region by giving back others, all too small for it. */
  #hasRoom(bytes: number): boolean {
    if (this.#free.some(({ place }) => place.bytes >= bytes)) return true;
    const size = sizeFor(bytes);
    while (this.#mappedBytes + size > this.#mostBytes) {
      const largest = this.#free.pop();
      if (!largest) return this.#lent === 0;
      this.#release(largest);
    }
    return true;
  }

  #map(size: number): Region {
    const place = { offset: this.#end, bytes: size };
    const memory = this.#addon.mapSharedMemory(this.fd, place.offset, size);
    // Offsets are not used again: the child may still have the part mapped that was there. A file with holes takes no memory.
    this.#end += size;
    this.#mappedBytes += size;
    return { place, memory };
  }

  #release({ place, memory }: Region): void {
    this.#mappedBytes -= place.bytes;
    this.#addon.unmapSharedMemory(memory);
    if (this.#isClosed) return;
    this.#onRelease(place);
    this.#addon.freeSharedMemory(this.fd, place.offset, place.bytes);
  }

  #sweep(): void {
    const kept: Region[] = [];
    for (const region of this.#free) {
      if (this.#usedAt.get(region) === this.#sweeps) kept.push(region);
      else this.#release(region);
    }
    this.#free = kept;
    this.#sweeps++;
    if (kept.length > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** Powers of two, so that batches of about one size share regions. */
function sizeFor(bytes: number): number {
  return Math.max(LEAST_BYTES, 2 ** Math.ceil(Math.log2(bytes)));
}
