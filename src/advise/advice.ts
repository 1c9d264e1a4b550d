import type { Figure } from '../figure.js';
import type { SoftwareTime } from './software.js';

/** What a faster one of would help, or what is missing. */
export type Constraint = 'host call' | 'link in' | 'kernel' | 'link out' | 'clock' | 'area';

/** What the advice comes to, for machines. */
export type VerdictKind =
  /** Some place frees the core and costs less energy or money, whatever the bounds. */
  | 'offload'
  /** No place does, whatever the bounds. */
  | 'do-not-offload'
  /** It hangs on figures whose ranges overlap. */
  | 'unsure';

/** Why, for machines. */
export type VerdictReason =
  | 'gains'
  | 'host-time'
  | 'load-too-small'
  /** More than the cards that are allowed take. */
  | 'capacity'
  | 'energy-and-price'
  | 'does-not-fit'
  | 'ranges-overlap';

export interface Verdict {
  readonly kind: VerdictKind;
  readonly reason: VerdictReason;
  /** Which way the middle values lean. */
  readonly leaning: 'offload' | 'do-not-offload';
  /** One sentence. */
  readonly sentence: string;
  /** The place that it is about, as `device/link`; `null` where none fits. */
  readonly place: string | null;
}

/** Where the device and the best software are even: messages a second, or a batch. */
export interface BreakEvenPoint {
  /** `null`: never on the cards that the load takes. */
  readonly at: Figure | null;
  readonly why: string;
}

/** The smallest design that the link still holds back. */
export interface RightSize {
  readonly parameter: string;
  readonly value: number;
  /** Cycles a message of the load, in long batches. */
  readonly cyclesPerMessage: Figure;
  /** Whether it keeps up with the link; the largest is given where none does. */
  readonly saturates: boolean;
  /** LUTs; `null`: nobody knows. */
  readonly lut: Figure | null;
  readonly note: string;
}

/** A device through one of its links. */
export interface PlaceAdvice {
  readonly device: string;
  readonly link: string;
  readonly fits: 'yes' | 'no' | 'unknown';
  readonly why: string | null;
  /** Cards that the load takes; `null` where it does not fit. */
  readonly cards: Figure | null;
  /** `null` where it does not fit. */
  readonly figures: PlaceFigures | null;
  readonly rightSize: RightSize | null;
  readonly notes: readonly string[];
}

export interface PlaceFigures {
  readonly constraint: Constraint;
  /** Messages a batch at the load's own rate, within the delay. */
  readonly batch: Figure;
  /** Most that one card takes, 1/s. */
  readonly capacity: Figure;
  /** From a call to its result beside what software takes: waiting for the batch, link, kernel; ns. */
  readonly addedLatency: Figure;
  /** Host time a message, ns: packing, call, and moving bytes. */
  readonly hostTime: Figure;
  /** At the load's own rate, what the cards draw at rest in it; J. */
  readonly energy: Figure;
  /** At the load's own rate, the cards paid all the time; USD for 10^9 messages, `null` where nothing is rented. */
  readonly price: Figure | null;
  readonly clock: Figure;
  /** How many times what the software takes: above 1 the device is better. */
  readonly gain: {
    // By errors that are independent of each other; see docs/advice.md.
    readonly hostTime: Figure;
    readonly energy: Figure;
    readonly price: Figure | null;
  };
  readonly breakEven: {
    /** Messages a batch from which a card is as fast as one core. */
    readonly speed: BreakEvenPoint;
    /** Messages a batch from which a message costs the host less time. */
    readonly hostTime: BreakEvenPoint;
    /** Messages a second from which a message takes less energy. */
    readonly energy: BreakEvenPoint;
    /** Messages a second from which a message costs less. */
    readonly price: BreakEvenPoint;
  };
  /** How many times as much the service does on its CPU; `null` where the operation's share, or its host time today, is not known. */
  readonly wholeService: Figure | null;
}

/** What the software takes for the load. */
export interface SoftwareAdvice extends SoftwareTime {
  /** Cores that the load keeps busy. */
  readonly cores: Figure;
  /** J */
  readonly energy: Figure;
  /** USD for 10^9 messages. */
  readonly price: Figure;
  /** How many times as much the service does on its CPU with this in place of what it has; `null` where that is not known. */
  readonly wholeService: Figure | null;
}

/** The best software on worker threads. */
export interface PoolAdvice {
  readonly workers: number;
  /** Most that it takes, 1/s. */
  readonly capacity: Figure;
  /** Time of the calling thread a message, ns. */
  readonly hostTime: Figure;
  readonly note: string;
}

/** Whether an operation belongs on a device, and what it hangs on. Plain data. */
export interface Advice {
  readonly schema: 'rtlift-advice-1';
  readonly takenAt: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
    readonly load: number;
  };
  readonly load: {
    readonly name: string;
    readonly source: string;
    readonly messagesPerSecond: Figure;
    readonly meanBytes: Figure;
    readonly delay: Figure;
    readonly batch: Figure;
    readonly cpuShare: Figure | null;
    readonly hostTime: Figure | null;
  };
  readonly kernel: {
    readonly name: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly copies: number;
    readonly cyclesPerMessage: Figure;
  };
  readonly verdict: Verdict;
  /** Fastest first. */
  readonly software: readonly SoftwareAdvice[];
  readonly pool: PoolAdvice | null;
  readonly places: readonly PlaceAdvice[];
  readonly curves: readonly Curve[];
  readonly notes: readonly string[];
}

/** Energy and host time a message against the arrival rate, of the software and of each place: the break-even chart. */
export interface Curve {
  /** Name of the software, or `device/link`. */
  readonly name: string;
  readonly kind: 'software' | 'device';
  readonly points: readonly {
    readonly messagesPerSecond: number;
    readonly energy: Figure;
    readonly hostTime: Figure;
    readonly price: Figure | null;
  }[];
}
