const KIB = 1024;
const MIB = KIB * KIB;

/** How large the matrix is, and what bounds its time. */
export interface SuiteSettings {
  readonly isQuick: boolean;
  readonly rounds: number;
  /** Sizes of made-up messages, bytes. */
  readonly sizes: readonly number[];
  /** Messages a batch. */
  readonly batches: readonly number[];
  /** Largest batch on the paths, bytes, where a message counts as {@link LEAST_BYTES} at least. */
  readonly pathBytes: number;
  /** The same of messages of a corpus, of which there is one class only. */
  readonly corpusPathBytes: number;
  /** Largest batch at all, bytes. */
  readonly batchBytes: number;
  readonly leastRoundMs: number;
  /** After this a runner takes no further round at a point, ms. */
  readonly mostRunnerMs: number;
  /** A batch that is expected to take a runner longer is left out for it, ms. */
  readonly mostBatchMs: number;
  /** Bytes whose results are compared before anything is timed. */
  readonly comparedBytes: number;
}

/** A short message costs a kernel about as much as a block of 64 bytes. */
export const LEAST_BYTES = 64;

export const FULL: SuiteSettings = {
  isQuick: false,
  rounds: 5,
  // 55 bytes are the most that SHA-256 and SHA-1 take in one block; a digest is 32.
  sizes: [0, 1, 16, 32, 55, 64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB],
  batches: [1, 16, 256, 4096, 65_536],
  pathBytes: 4 * MIB,
  corpusPathBytes: 32 * MIB,
  batchBytes: 64 * MIB,
  leastRoundMs: 20,
  mostRunnerMs: 4000,
  mostBatchMs: 4000,
  comparedBytes: MIB,
};

export const QUICK: SuiteSettings = {
  isQuick: true,
  rounds: 3,
  sizes: [0, 64, KIB, 64 * KIB],
  batches: [1, 256, 4096],
  pathBytes: 256 * KIB,
  corpusPathBytes: 2 * MIB,
  batchBytes: 8 * MIB,
  leastRoundMs: 20,
  mostRunnerMs: 300,
  mostBatchMs: 500,
  comparedBytes: 128 * KIB,
};
