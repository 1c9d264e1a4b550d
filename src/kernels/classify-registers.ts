/** What the registers of the kernel take; see hdl/classify/README.md, "Registers". */
export interface ClassifySettings {
  readonly weights: Int8Array;
  readonly values: Int8Array;
  readonly bias: number;
  readonly threshold: number;
}

const VALUES = 0x00;
const BIAS = 0x10;
const THRESHOLD = 0x14;
const POINTER = 0x18;
const WEIGHTS = 0x1c;

/** Four signed bytes a word, the first in bits 7:0. */
function wordsOf(bytes: Int8Array): number[] {
  return Array.from({ length: bytes.length / 4 }, (_, i) =>
    bytes
      .subarray(4 * i, 4 * i + 4)
      .reduceRight((word, byte) => ((word << 8) | (byte & 0xff)) >>> 0, 0),
  );
}

/**
 * The register writes that load all settings.
 * @returns (address, data) pairs.
 */
export function classifyRegisters(settings: ClassifySettings): Uint32Array {
  const { weights, values, bias, threshold } = settings;
  return Uint32Array.from([
    ...wordsOf(values).flatMap((word, i) => [VALUES + 4 * i, word]),
    ...[BIAS, bias, THRESHOLD, threshold],
    // Every write of weights moves the pointer on by four.
    ...[POINTER, 0],
    ...wordsOf(weights).flatMap((word) => [WEIGHTS, word]),
  ]);
}
