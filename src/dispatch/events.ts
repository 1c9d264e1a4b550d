import { channel } from 'node:diagnostics_channel';
import type { PathName } from '../paths/path.js';
import type { BatchHistograms } from './histograms.js';

/** A path failed a batch, which ran on another one. Published on {@link FAULT_CHANNEL}. */
export interface FaultEvent {
  readonly kernel: string;
  readonly path: PathName;
  /** Stable code of the error, as in docs/errors.md. */
  readonly code: string;
  readonly message: string;
  /** Of the batch; 0 where the path failed as it was tried when the handle opened. */
  readonly messages: number;
  /** How long the path takes no batches, ms; 0 where it rests already. */
  readonly restMs: number;
}

/** A path gave another result than the golden model. Published on {@link MISMATCH_CHANNEL}. */
export interface MismatchEvent {
  readonly kernel: string;
  readonly path: PathName;
  readonly messageIndex: number;
  /** First byte of the result that differs. */
  readonly byteIndex: number;
  /** Encoded results, hexadecimal; of one of more than 1,024 bytes those, and how many it has. */
  readonly expected: string;
  readonly actual: string;
  readonly restMs: number;
  /** Folder of the replay bundle that is being written, or `null` where none is; a {@link BundleEvent} says what became of it. */
  readonly bundle: string | null;
}

/** A batch with a wrong result was kept, or was not. Published on {@link BUNDLE_CHANNEL}, after its {@link MismatchEvent}. */
export interface BundleEvent {
  readonly kernel: string;
  /** Folder of the replay bundle, written whole; `null` where there is none. */
  readonly folder: string | null;
  /** Why there is none. */
  readonly reason: string | null;
}

/** A batch settled. Published on {@link BATCH_CHANNEL}. */
export interface BatchEvent {
  readonly kernel: string;
  /** Where its results come from. */
  readonly path: PathName;
  /** The path that it was given to; another one than `path` where that failed it or was wrong. */
  readonly chosen: PathName;
  /** Size class, as `64..127 B x 32..63`. */
  readonly sizeClass: string;
  /** Why this path: `named`, `fastest`, `kept`, `trial`, `only`, or `fallback` after another one failed. */
  readonly reason: string;
  readonly messages: number;
  readonly bytesIn: number;
  /** Host time from the call to the result, ns. */
  readonly hostNs: number;
  readonly ok: boolean;
}

/**
 * Histograms of a handle's batches so far, as in its `stats()`. Published on {@link HISTOGRAM_CHANNEL} when a batch settles, at most
 * once a second, and when the handle closes.
 */
export interface HistogramEvent {
  readonly kernel: string;
  readonly histograms: readonly BatchHistograms[];
}

export const FAULT_CHANNEL = 'rtlift:path:fault';
export const MISMATCH_CHANNEL = 'rtlift:path:mismatch';
export const BUNDLE_CHANNEL = 'rtlift:path:bundle';
export const BATCH_CHANNEL = 'rtlift:batch';
export const HISTOGRAM_CHANNEL = 'rtlift:histograms';

export const faults = channel(FAULT_CHANNEL);
export const mismatches = channel(MISMATCH_CHANNEL);
export const bundles = channel(BUNDLE_CHANNEL);
export const batches = channel(BATCH_CHANNEL);
export const histograms = channel(HISTOGRAM_CHANNEL);
