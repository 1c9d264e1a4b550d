import { RtliftError } from '../../errors.js';
import { estimate, type Figure, figure } from '../../figure.js';
import { Random } from '../../verify/random.js';

/** Messages of one size and how many of all they are. */
export interface SizeShare {
  readonly bytes: number;
  readonly weight: number;
}

/** What a service asks of an operation, whichever way it was learnt. */
export interface Load {
  readonly name: string;
  /** Where it comes from, in words. */
  readonly source: string;
  /** 1/s */
  readonly messagesPerSecond: Figure;
  readonly sizes: readonly SizeShare[];
  /** Messages that come together within a delay of ns. */
  readonly batchWithin: (delayNs: number) => Figure;
  /** Share of the process' CPU that the operation takes, 0..1; `null` where nobody measured it. */
  readonly cpuShare: Figure | null;
  /** Host time of a call as it is today, ns; `null` where nobody measured it. */
  readonly hostTime: Figure | null;
  /** What a reader has to know of it, one sentence each. */
  readonly notes: readonly string[];
}

/** A load by its numbers. */
export interface ExplicitLoad {
  readonly messagesPerSecond: number | Figure;
  /** Bytes: one size, sizes in equal shares, or sizes with weights. */
  readonly sizes: number | readonly number[] | readonly SizeShare[];
  readonly name?: string;
  /** Share of the process' CPU, 0..1. */
  readonly cpuShare?: number | Figure;
}

function wrong(arg: string, expected: string, got: unknown): RtliftError {
  return new RtliftError('ERR_RTLIFT_INVALID_ARG', `${arg}: expected ${expected}, got ${got}`, {
    arg,
    got,
  });
}

/**
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a rate that is not above 0, no sizes, or a share outside 0..1.
 */
export function explicitLoad({ messagesPerSecond, sizes, name, cpuShare }: ExplicitLoad): Load {
  const rate =
    typeof messagesPerSecond === 'number'
      ? figure(messagesPerSecond, '1/s', 'assumed')
      : messagesPerSecond;
  if (!(rate?.value > 0 && Number.isFinite(rate.value))) {
    throw wrong('messagesPerSecond', 'a number above 0', rate?.value);
  }
  const share =
    typeof cpuShare === 'number' ? figure(cpuShare, '1', 'assumed') : (cpuShare ?? null);
  if (share !== null && !(share.value >= 0 && share.value <= 1)) {
    throw wrong('cpuShare', 'a share from 0 to 1', share.value);
  }
  return {
    name: name ?? 'load',
    source: 'given by its numbers',
    messagesPerSecond: rate,
    sizes: checkSizes(sizes),
    batchWithin: evenBatches(rate),
    cpuShare: share,
    hostTime: null,
    notes: [],
  };
}

/** Of messages that come evenly, or at random one by one: one, and those that come while it waits. */
export function evenBatches(rate: Figure): Load['batchWithin'] {
  const at = (perSecond: number, delayNs: number): number => 1 + (perSecond * delayNs) / 1e9;
  return (delayNs) =>
    estimate(
      at(rate.value, delayNs),
      at(rate.low ?? rate.value, delayNs),
      at(rate.high ?? rate.value, delayNs),
      'messages',
    );
}

function checkSizes(given: ExplicitLoad['sizes']): SizeShare[] {
  const listed = typeof given === 'number' ? [given] : given;
  if (!Array.isArray(listed) || listed.length === 0) throw wrong('sizes', 'bytes', given);
  return listed.map((each: number | SizeShare) => {
    const share = typeof each === 'number' ? { bytes: each, weight: 1 } : each;
    if (!(share?.bytes >= 0 && Number.isFinite(share.bytes) && share.weight > 0)) {
      throw wrong('sizes', 'bytes of 0 or more, with weights above 0', JSON.stringify(each));
    }
    return { bytes: Math.round(share.bytes), weight: share.weight };
  });
}

/** Mean size, bytes. */
export function meanBytes(sizes: readonly SizeShare[]): number {
  const weight = sizes.reduce((sum, each) => sum + each.weight, 0);
  return sizes.reduce((sum, each) => sum + each.bytes * each.weight, 0) / weight;
}

/** A batch of sizes in the shares of a load, in an order that a seed repeats. */
export function drawSizes(sizes: readonly SizeShare[], count: number, seed = 1): number[] {
  const total = sizes.reduce((sum, each) => sum + each.weight, 0);
  // Strata, so that a small batch has the mean of a large one; then shuffled.
  const drawn: number[] = [];
  let at = 0;
  let seen = sizes[0]?.weight ?? 0;
  for (let i = 0; i < count; i++) {
    const wanted = ((i + 0.5) / count) * total;
    while (seen < wanted && at < sizes.length - 1) seen += sizes[++at]?.weight ?? 0;
    drawn.push(sizes[at]?.bytes ?? 0);
  }
  const random = new Random(seed);
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [drawn[i], drawn[j]] = [drawn[j] as number, drawn[i] as number];
  }
  return drawn;
}
