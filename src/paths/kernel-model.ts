import type { NativeModel, NativeReport } from './native-addon.js';

/** A batch as a model takes it; {@link NativeModel.run}. */
export type RunArguments = Parameters<NativeModel['run']>[0];

/** One model of a kernel, wherever it runs. Batches run in order. */
export interface KernelModel {
  /** Resolves with why the settings could not be written, or `null`. */
  readonly settings: Promise<unknown>;
  /**
   * Hands a batch over; it is running or queued when this returns. Data is borrowed until it settles.
   * @throws (rejects) an error with a `code` of the library.
   */
  run(batch: RunArguments, signal: AbortSignal | undefined): Promise<NativeReport>;
  /** Lets what is in flight settle, and frees the model. One that hangs is left behind. */
  close(): Promise<void>;
}
