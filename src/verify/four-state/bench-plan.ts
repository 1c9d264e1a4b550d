/** What a test bench is written from, beside the kernel's Fit. */
export interface BenchPlan {
  /** Where its stimulus lies and its events go, an absolute path. */
  readonly folder: string;
  readonly messages: number;
  /** Beats of each input stream. */
  readonly beats: readonly number[];
  /** Register writes. */
  readonly writes: number;
  /** Words of the ports that are held, see HeldPort. */
  readonly heldWords: readonly number[];
  /** Of the source of each input, then of the sink; none is 0. */
  readonly seeds: readonly number[];
  /** Chances out of 65,536. */
  readonly bubble: number;
  readonly stall: number;
  /** Cycles without a beat that end the run. */
  readonly limit: number;
  /** Whether the payload of a stream without valid is X. */
  readonly isUndefined: boolean;
}

/** Files of {@link BenchPlan.folder}. */
export const EVENTS_FILE = 'events.txt';
export const STEPS_FILE = 'steps.hex';
export const WRITES_FILE = 'writes.hex';
export const beatsFile = (input: number): string => `beats_${input}.hex`;

/** Printed when reset is over: what a design says before is about power-up. */
export const AFTER_RESET = 'rtlift: reset is over';
