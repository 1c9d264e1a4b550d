import type { Figure } from '../figure.js';
import type { Device } from './device.js';
import type { Link } from './link.js';
import type { Activity, Cells } from './power.js';

/** One batch of a kernel: what a simulation counted and what was packed. */
export interface Workload {
  readonly messages: number;
  /** Bytes to the device in the whole batch, framing included. */
  readonly bytesIn: number;
  /** Bytes of results in the whole batch. */
  readonly bytesOut: number;
  /** Kernel cycles of the batch, stalls included. */
  readonly cycles: number;
  /** Of them, those in which the kernel waited on its input or output; default 0. */
  readonly stallCycles?: number;
  /** Host time for a batch beside the link: packing, unpacking, ns; default none, which a note says. */
  readonly hostNsPerBatch?: Figure;
}

export interface ProjectionInput {
  readonly device: Device;
  /** Default: the first of the device. */
  readonly link?: Link;
  readonly workload: Workload;
  /** `null`: not synthesised; a share of the device is assumed. */
  readonly area: Cells | null;
  /** MHz; `null`: not synthesised. */
  readonly fmax: Figure | null;
  /** `null`: not counted; 0.25 toggles a bit and cycle are assumed, 0.125 to 0.5. */
  readonly activity?: Activity | null;
  /** Watts of a core of the host for the time in which it packs and moves bytes; default none, which a note says. */
  readonly hostCoreWatts?: Figure;
}

export type Bound = 'host' | 'link in' | 'kernel' | 'link out';

/** Device time, energy and price of a batch: modelled, never simulator speed. */
export interface Projection {
  /** Id of the device. */
  readonly device: string;
  /** Id of the link. */
  readonly link: string;
  /** MHz. */
  readonly clock: Figure;
  /** Of one batch, ns. */
  readonly time: {
    /** Host time beside the link's own: packing, and the CPU time of a driver. */
    readonly hostNs: Figure;
    readonly linkInNs: Figure;
    /** All cycles of the kernel, stalls included. */
    readonly kernelNs: Figure;
    /** Of `kernelNs`, what the kernel waited for its input or output in the simulation, which serves it at full rate. */
    readonly stallNs: Figure;
    /** Of `totalNs`, what is left beside `kernelNs`: the kernel stands, because host or link are slower. */
    readonly waitNs: Figure;
    /** Of `waitNs`, what it waits for: of parts that take turns each has its share. */
    readonly waitsFor: { readonly host: Figure; readonly linkIn: Figure; readonly linkOut: Figure };
    readonly linkOutNs: Figure;
    /** Between one batch and the next in a steady stream of them. */
    readonly totalNs: Figure;
    /** One batch alone, no part of it overlapped. */
    readonly latencyNs: Figure;
  };
  /** What a faster one of would shorten `totalNs`. */
  readonly bound: Bound;
  /** Share of `totalNs` in which the kernel works, 0..1. */
  readonly utilisation: Figure;
  readonly messagesPerSecond: Figure;
  /** Bytes in, of the payload. */
  readonly bytesPerSecond: Figure;
  /** Mean over `totalNs`. Static, shell, clock and link are drawn whether the kernel works or not. */
  readonly watts: {
    readonly static: Figure;
    readonly shell: Figure;
    readonly clock: Figure;
    readonly dynamic: Figure;
    readonly link: Figure;
    /** A core of the host while it packs and moves bytes; 0 where `hostCoreWatts` is not given. */
    readonly host: Figure;
    readonly total: Figure;
  };
  readonly joulesPerMessage: Figure;
  /** Of `joulesPerMessage`, what the core of the host takes. */
  readonly hostJoulesPerMessage: Figure;
  readonly messagesPerJoule: Figure;
  /** USD for 10^9 messages; `null` where the device has no price. */
  readonly usdPerBillion: Figure | null;
  /** What was assumed, and where the clock comes from. */
  readonly notes: readonly string[];
}
