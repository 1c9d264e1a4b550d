import { closeSync } from 'node:fs';
import type { NativeAddon } from '../native-addon.js';
import type { Place } from './frames.js';

/** Regions are of whole 64 KiB, and no smaller than this: the usual piece of a batch with its results. */
const LEAST_BYTES = 2 * 1024 * 1024;

/** Part of the shared memory, mapped here. */
export interface Region {
  readonly place: Place;
  readonly memory: ArrayBuffer;
}

/** Memory shared with one child process, given out in regions that are used over and over. */
export class Regions {
  readonly fd: number;
  readonly #addon: NativeAddon;
  readonly #free: Region[] = [];
  #end = 0;

  /** @throws {@link RtliftError} `ERR_RTLIFT_NO_MEMORY` where the system gives none. */
  constructor(addon: NativeAddon) {
    this.#addon = addon;
    this.fd = addon.createSharedMemory();
  }

  /** A region of at least so many bytes, with what was in it before. */
  take(bytes: number): Region {
    const i = this.#free.findIndex(({ place }) => place.bytes >= bytes);
    const [found] = i < 0 ? [] : this.#free.splice(i, 1);
    if (found) return found;
    // Powers of two, so that batches of about one size share regions.
    const size = Math.max(LEAST_BYTES, 2 ** Math.ceil(Math.log2(bytes)));
    const place = { offset: this.#end, bytes: size };
    const memory = this.#addon.mapSharedMemory(this.fd, place.offset, size);
    this.#end += size;
    return { place, memory };
  }

  give(region: Region): void {
    this.#free.push(region);
    this.#free.sort((a, b) => a.place.bytes - b.place.bytes);
  }

  /** The descriptor may go when the child has its own. */
  close(): void {
    closeSync(this.fd);
  }
}
