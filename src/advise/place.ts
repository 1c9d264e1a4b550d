import type { SynthesisRow } from '../bench/suite/synthesis.js';
import type { Device } from '../devices/device.js';
import type { Link } from '../devices/link.js';
import type { Cells } from '../devices/power.js';
import type { Projection } from '../devices/projection.js';
import {
  exactly,
  over,
  type Range,
  rangeOf,
  scale,
  sum,
  times,
  toFigure,
} from '../devices/range.js';
import { estimate, type Figure } from '../figure.js';
import { formatNumber } from '../report/format.js';
import type { Constraint, PlaceAdvice, PlaceFigures, SoftwareAdvice } from './advice.js';
import { type Area, areaOf, useOf } from './area.js';
import { batchBreakEven, rateBreakEven } from './break-even.js';
import type { Load } from './load/load.js';
import { rightSizeOf, sizesOf } from './right-size.js';
import {
  BatchCycles,
  bytesOfBatch,
  type Ground,
  largeBatch,
  projectBatch,
  withoutIdle,
  withoutWatts,
} from './workload.js';

/** What a load asks of a place. */
export interface Demand {
  readonly load: Load;
  readonly delayNs: number;
  /** The fastest. */
  readonly software: SoftwareAdvice;
  /** USD of a core for an hour. */
  readonly coreUsdPerHour: Figure;
}

/** One way to run a batch at a place. */
export interface Place {
  readonly device: Device;
  readonly link: Link;
  readonly area: Area;
  readonly project: (messages: number) => Projection;
  /** The same, drawing nothing at rest. */
  readonly projectWork: (messages: number) => Projection;
}

export function placeOf(
  ground: Ground,
  cycles: BatchCycles,
  device: Device,
  link: Link,
  area: Area,
): Place {
  const at = (of: Device, through: Link) => (messages: number) =>
    projectBatch(ground, cycles, of, through, area, messages);
  return {
    device,
    link,
    area,
    project: at(device, link),
    projectWork: at(withoutIdle(device), withoutWatts(link)),
  };
}

/** Advice on one place, and the place itself with all instances that a card holds of what the load needs. */
export function advisePlace(
  ground: Ground,
  cycles: BatchCycles,
  device: Device,
  link: Link,
  demand: Demand,
  made: readonly SynthesisRow[],
): { readonly advice: PlaceAdvice; readonly place: Place | null; readonly cardsForCopies: number } {
  const { copies, kernel } = ground.subject;
  const one = areaOf(kernel, device, made);
  const names = { device: device.id, link: link.id };
  const notes = [one.basis];
  const perCard = copiesPerCard(one, device);
  if (one.fits === 'no' || perCard === 0) {
    const why = one.why ?? 'one instance takes more cells than the device has';
    const none = { fits: 'no', why, cards: null, figures: null, rightSize: null } as const;
    return { advice: { ...names, ...none, notes }, place: null, cardsForCopies: 0 };
  }
  const cardsForCopies = perCard === null ? 1 : Math.ceil(copies / perCard);
  if (copies > 1) {
    notes.push(
      perCard === null
        ? `${copies} instances: nobody knows how many a card holds, one card is assumed`
        : `${copies} instances, at most ${perCard} a card: ${cardsForCopies} cards`,
    );
  }
  const place = placeOf(
    ground,
    cycles,
    device,
    link,
    timesCells(one, Math.ceil(copies / cardsForCopies)),
  );
  const { figures, cards } = figuresOf(ground, place, demand, cardsForCopies, cycles);
  const rightSize = rightSizeOf(ground, place);
  const { fits, why } = one;
  return {
    advice: {
      ...names,
      fits,
      why,
      cards,
      figures,
      rightSize,
      notes: [...notes, ...place.project(1).notes],
    },
    place,
    cardsForCopies,
  };
}

/** Instances that a card holds; `null` where their size is not known. */
function copiesPerCard({ cells, spread }: Area, device: Device): number | null {
  if (cells === null) return null;
  return Math.floor(1 / (useOf(cells, device) * spread.low));
}

function timesCells(area: Area, copies: number): Area {
  if (area.cells === null || copies === 1) return area;
  const cells = Object.fromEntries(
    Object.entries(area.cells).map(([name, count]) => [name, count * copies]),
  ) as unknown as Cells;
  return { ...area, cells };
}

function figuresOf(
  ground: Ground,
  place: Place,
  demand: Demand,
  forCopies: number,
  cycles: BatchCycles,
): { figures: PlaceFigures; cards: Figure } {
  const { load, delayNs, software, coreUsdPerHour } = demand;
  const large = largeBatch(bytesOfBatch(ground, 1).in);
  const formed = load.batchWithin(delayNs);
  const batch = Math.max(1, Math.min(large, Math.round(formed.value)));
  const full = place.project(large);
  const own = place.project(batch);
  const capacity = rangeOf(full.messagesPerSecond);
  const rate = load.messagesPerSecond.value;
  const cardsAt = (perCard: number): number => forCopies * Math.max(1, Math.ceil(rate / perCard));
  const taken = {
    low: cardsAt(capacity.high),
    value: cardsAt(capacity.value),
    high: cardsAt(capacity.low),
  };
  const cards = taken.value;
  const hostNs = times(hostNsOf(place, own, batch), exactly(forCopies));
  const idleWatts = scale(idleWattsOf(own), cards);
  const workJoules = scale(rangeOf(place.projectWork(batch).joulesPerMessage), forCopies);
  const energy = sum(scale(idleWatts, 1 / rate), workJoules);
  const worked = new Map<number, { joules: Range; hostNs: Range }>();
  const workOf = (messages: number): { joules: Range; hostNs: Range } => {
    const known = worked.get(messages);
    if (known !== undefined) return known;
    const found = {
      joules: scale(rangeOf(place.projectWork(messages).joulesPerMessage), forCopies),
      hostNs: scale(hostNsOf(place, place.project(messages), messages), forCopies),
    };
    worked.set(messages, found);
    return found;
  };
  const { price } = place.device;
  const hostUsd = scale(times(rangeOf(coreUsdPerHour), hostNs), 1 / 3600 / 1e9);
  const cardUsdPerSecond = price && scale(rangeOf(price.usdPerHour), cards / 3600);
  const usd = cardUsdPerSecond && scale(sum(scale(cardUsdPerSecond, 1 / rate), hostUsd), 1e9);
  const ratio = (software: Figure, of: Range): Figure => independentRatio(rangeOf(software), of);
  const wait = { low: 0, value: batch > 1 ? delayNs / 2 : 0, high: batch > 1 ? delayNs : 0 };
  const most = rate > capacity.value ? capacity.value * cards : capacity.value;
  /** What a message costs at another rate: batches grow with it, and at the load's own rate are as its bursts make them. */
  const costAt = (at: number): { joules: Range; usd: Range } => {
    const grown = batchAt(at, delayNs, large);
    const messages = at >= rate ? Math.max(batch, grown) : grown;
    const { joules, hostNs: host } = workOf(messages);
    const usdOfHost = scale(times(rangeOf(coreUsdPerHour), host), 1 / 3600 / 1e9);
    return {
      joules: sum(scale(idleWatts, 1 / at), joules),
      usd: sum(scale(cardUsdPerSecond ?? exactly(0), 1 / at), usdOfHost),
    };
  };
  return {
    cards: toFigure(taken, 'cards'),
    figures: {
      constraint: constraintOf(full, ground, cycles, large),
      batch: {
        ...formed,
        value: batch,
        low: Math.min(batch, formed.low ?? batch),
        high: Math.max(batch, Math.min(large, formed.high ?? batch)),
      },
      capacity: toFigure(capacity, '1/s'),
      addedLatency: toFigure(sum(rangeOf(own.time.latencyNs), wait), 'ns'),
      hostTime: toFigure(hostNs, 'ns'),
      energy: toFigure(energy, 'J'),
      price: usd && toFigure(usd, 'USD'),
      clock: full.clock,
      gain: {
        hostTime: ratio(software.nsPerMessage, hostNs),
        energy: ratio(software.energy, energy),
        price: usd && ratio(software.price, usd),
      },
      breakEven: {
        speed: batchBreakEven(software.nsPerMessage, large, (n) => {
          const { messagesPerSecond } = place.project(n);
          return over(exactly(1e9), rangeOf(messagesPerSecond));
        }),
        hostTime: batchBreakEven(software.nsPerMessage, large, (n) =>
          scale(hostNsOf(place, place.project(n), n), forCopies),
        ),
        energy: rateBreakEven(rangeOf(software.energy), (at) => costAt(at).joules, most),
        price: rateBreakEven(
          scale(rangeOf(software.price), 1e-9),
          cardUsdPerSecond === null ? null : (at) => costAt(at).usd,
          most,
        ),
      },
      wholeService: wholeService(load, hostNs),
    },
  };
}

/**
 * How many times one is the other, where their errors have nothing to do with each other: the logarithms of the ratios of bound
 * to value add as squares. The corners of both ranges together would be met by no machine.
 */
export function independentRatio(a: Range, b: Range): Figure {
  const value = a.value / b.value;
  const spread = (one: number, other: number): number =>
    Math.exp(Math.hypot(Math.log(one), Math.log(other)));
  const up = spread(a.high / a.value, b.value / b.low);
  const down = spread(a.value / a.low, b.high / b.value);
  return estimate(value, value / down, value * up, '1');
}

/**
 * Messages of a batch that forms within a delay where they come evenly; beyond eight in steps of a quarter of an octave, so that
 * few batches have to be looked at.
 */
export function batchAt(messagesPerSecond: number, delayNs: number, most: number): number {
  const exact = 1 + (messagesPerSecond * delayNs) / 1e9;
  const stepped = exact < 8 ? exact : 2 ** (Math.floor(4 * Math.log2(exact)) / 4);
  return Math.max(1, Math.min(most, Math.round(stepped)));
}

/** Host time a message, ns: what the projection counts, and the bytes that a core moves itself. */
export function hostNsOf({ link }: Place, { time }: Projection, batch: number): Range {
  const moved = link.isHostDriven
    ? sum(rangeOf(time.linkInNs), rangeOf(time.linkOutNs))
    : exactly(0);
  return scale(sum(rangeOf(time.hostNs), moved), 1 / batch);
}

/** W of a card that is on, whether it works or not. */
export function idleWattsOf({ watts }: Projection): Range {
  return sum(
    rangeOf(watts.static),
    rangeOf(watts.shell),
    rangeOf(watts.clock),
    rangeOf(watts.link),
  );
}

/** Of the kernel: its clock where neither more lanes nor a wider stream would help. */
function constraintOf(
  { bound }: Projection,
  { sizes, cycles: model }: Ground,
  cycles: BatchCycles,
  large: number,
): Constraint {
  if (bound === 'host') return 'host call';
  if (bound !== 'kernel') return bound;
  const largest = sizesOf(model).at(-1);
  if (largest === undefined) return 'clock';
  return new BatchCycles(largest.model, sizes).of(large).value < 0.95 * cycles.of(large).value
    ? 'kernel'
    : 'clock';
}

/**
 * Amdahl's law: the share of the operation shrinks to what offloading leaves of its host time.
 * @see Amdahl, "Validity of the single processor approach to achieving large scale computing capabilities", AFIPS 1967
 */
export function amdahl(share: Figure, left: Range): Figure {
  const whole = (of: number, remains: number): number => 1 / (1 - of + of * remains);
  const { low, value, high } = rangeOf(share);
  const ends = [
    whole(low, left.low),
    whole(low, left.high),
    whole(high, left.low),
    whole(high, left.high),
  ];
  return estimate(whole(value, left.value), Math.min(...ends), Math.max(...ends), '1');
}

/**
 * `null` where nobody measured what a call takes today: the share of the CPU is that of today's code, which may be far from the best
 * software, so that this says nothing of what is left of it.
 */
function wholeService({ cpuShare, hostTime }: Load, hostNs: Range): Figure | null {
  return cpuShare && hostTime && amdahl(cpuShare, over(hostNs, rangeOf(hostTime)));
}

/** What is known of the whole service where only the share of the operation is. */
export function boundOfWholeService({ cpuShare, hostTime }: Load): string[] {
  if (cpuShare === null || hostTime !== null) return [];
  const { value, high = value } = cpuShare;
  const most =
    high < 1 ? `at most ${formatNumber(1 / (1 - high))} times as much` : 'any times as much';
  return [
    `whole service: ${most}, with nothing left of the operation (1 / (1 - share)), by a device and by software alike; more is not said, because what a call takes today is not known: profile() measures it`,
  ];
}
