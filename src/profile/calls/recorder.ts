import { BatchWindows, EPISODE_CALLS, SAMPLE_EVERY } from './arrivals.js';
import { Histogram } from './histogram.js';

const nowNs = (): number => performance.now() * 1e6;

/** Timings between two looks at what reading the clock takes where the calls are made, with their cold caches. */
const CLOCK_EVERY = 16;
/** Longer than this something else ran in between. */
const MOST_CLOCK_NS = 5000;
/** Looks of which the mean is kept. */
const CLOCK_MEMORY = 64;

/** What a read of the clock takes, which each timing holds once: the least of some, until it was seen between calls. */
function clockCostNs(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 1000; i++) {
    const start = nowNs();
    least = Math.min(least, nowNs() - start);
  }
  return least;
}

/**
 * Counts calls as they happen, in memory that does not grow.
 *
 * Calls, errors, bytes, sizes and calls under way are counted of every call. The clock is read of one call in
 * {@link SAMPLE_EVERY}, in runs of {@link EPISODE_CALLS}: a read takes 25 to 90 ns, more than all the rest. The runs
 * have random gaps, so that nothing periodic in the load hides from them.
 */
export class CallRecorder {
  isOn = false;
  readonly sizes = new Histogram();
  readonly gaps = new Histogram();
  readonly hostTimes = new Histogram();
  readonly waits = new Histogram();
  readonly windows = new BatchWindows();
  calls = 0;
  errors = 0;
  unsized = 0;
  active = 0;
  mostActive = 0;
  #leftOut = 0;
  #leftOfEpisode = 0;
  #lastNs = 0;
  #seed: number;
  #clockNs = 0;
  #clockReads = 0;
  /** `null` before the first start. */
  #startedNs: number | null = null;
  #stoppedNs: number | null = null;
  #startedCpu = process.cpuUsage();
  #stoppedCpu: NodeJS.CpuUsage | null = null;

  constructor(seed = Date.now()) {
    this.#seed = seed | 0 || 1;
  }

  start(): void {
    if (this.isOn) return;
    this.isOn = true;
    this.clear();
  }

  stop(): void {
    if (!this.isOn) return;
    this.isOn = false;
    this.#stoppedNs = nowNs();
    this.#stoppedCpu = process.cpuUsage(this.#startedCpu);
  }

  /** Forgets what was counted; calls under way stay so. */
  clear(): void {
    for (const each of [this.sizes, this.gaps, this.hostTimes, this.waits, this.windows]) {
      each.clear();
    }
    this.calls = 0;
    this.errors = 0;
    this.unsized = 0;
    this.mostActive = this.active;
    // The first run begins at once: few calls are better seen whole.
    this.#leftOut = 0;
    this.#leftOfEpisode = 0;
    this.#clockNs = clockCostNs();
    this.#clockReads = 0;
    // What does not count begins no span.
    this.#startedNs = this.isOn ? nowNs() : null;
    this.#startedCpu = process.cpuUsage();
    this.#stoppedNs = null;
    this.#stoppedCpu = null;
  }

  /** @returns ns of this call's start where it is timed, else -1. */
  enter(bytes: number): number {
    this.calls++;
    if (bytes >= 0) this.sizes.add(bytes);
    else this.unsized++;
    if (++this.active > this.mostActive) this.mostActive = this.active;
    if (this.#leftOut > 0) {
      this.#leftOut--;
      return -1;
    }
    return this.#timed();
  }

  #timed(): number {
    const now = nowNs();
    if (this.#leftOfEpisode === 0) {
      this.#leftOfEpisode = EPISODE_CALLS;
      this.windows.begin();
    } else {
      this.gaps.add(now - this.#lastNs);
    }
    this.windows.arrive(now);
    this.#lastNs = now;
    if (--this.#leftOfEpisode === 0) this.#leftOut = this.#gapLength();
    return now;
  }

  /** 0 to twice the mean, each as likely. */
  #gapLength(): number {
    // Marsaglia, "Xorshift RNGs", 2003: enough to break step with any period of the load.
    let x = this.#seed;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#seed = x;
    return Math.floor(((x >>> 0) / 2 ** 32) * 2 * EPISODE_CALLS * (SAMPLE_EVERY - 1));
  }

  /** The call has returned, with a result or a promise of it. */
  returned(startNs: number): void {
    const now = nowNs();
    const ns = Math.max(0, now - startNs - this.#clockNs);
    this.hostTimes.add(ns);
    if (this.#clockReads++ % CLOCK_EVERY === 0) this.#lookAtClock(now);
  }

  #lookAtClock(beforeNs: number): void {
    const ns = nowNs() - beforeNs;
    if (ns > MOST_CLOCK_NS) return;
    const looks = Math.min(CLOCK_MEMORY, 1 + Math.floor(this.#clockReads / CLOCK_EVERY));
    this.#clockNs += (ns - this.#clockNs) / looks;
  }

  settled(startNs: number): void {
    this.waits.add(Math.max(0, nowNs() - startNs - this.#clockNs));
  }

  get spanNs(): number {
    return this.#startedNs === null ? 0 : (this.#stoppedNs ?? nowNs()) - this.#startedNs;
  }

  /** CPU time of the whole process over the span, ns. */
  get processCpuNs(): number {
    if (this.#startedNs === null) return 0;
    const { user, system } = this.#stoppedCpu ?? process.cpuUsage(this.#startedCpu);
    return (user + system) * 1000;
  }

  get clockNs(): number {
    return this.#clockNs;
  }
}
