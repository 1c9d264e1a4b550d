/**
 * What values a codec takes, for whoever makes some up: `rtlift verify` does. A codec without one is given its values.
 */
export type CodecShape =
  | { readonly kind: 'bytes' }
  | { readonly kind: 'fixedBytes'; readonly size: number }
  | { readonly kind: 'uint'; readonly bits: number }
  | { readonly kind: 'uint64' }
  | { readonly kind: 'bitSet'; readonly size: number }
  | { readonly kind: 'record'; readonly fields: readonly (readonly [string, Codec<unknown>])[] }
  | { readonly kind: 'optional'; readonly of: Codec<unknown> };

/**
 * How a value of type `T` lies in a packet: the only place where values become bytes.
 *
 * Byte 0 of the encoding is the first byte of the packet, `tdata[7:0]` of the first beat.
 */
export interface Codec<T> {
  /** What the codec is, for messages: `bytes`, `fixedBytes(32)`, `uint(32, little)`. */
  readonly name: string;
  /** Encoded size of every value in bytes, or `null` where it varies with the value. */
  readonly fixedBytes: number | null;
  /**
   * True where a value is a Uint8Array and its own encoding: batches then copy and view the bytes without a call a
   * value, after the check of type and {@link fixedBytes} that sizeOf and decode make.
   */
  readonly isIdentity: boolean;
  readonly shape?: CodecShape;
  /**
   * Only of a message for several input streams: the size of each one's part, or `null` where it varies. A part that
   * varies and is not the last has its length before it, 4 bytes, little-endian.
   */
  readonly parts?: readonly (number | null)[];
  /** Every encoding has at least one byte, and a multiple of this: blocks that the codec pads. */
  readonly multipleOf?: number;
  /** Only of a result that may be missing: the size of one that is there, or `null` where it varies. */
  readonly presentBytes?: number | null;
  /**
   * Checks a value and gives its encoded size in bytes.
   * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when the value is not one this codec can encode.
   */
  sizeOf(value: T): number;
  /** Writes a value that {@link sizeOf} accepted at `offset` of `target`. */
  encodeInto(value: T, target: Uint8Array, offset: number): void;
  /**
   * Reads the value in bytes `start` to `end` of `source`. Byte values are views of `source`, not copies.
   * @throws {@link RtliftError} `ERR_RTLIFT_RESULT_MISMATCH` when the bytes are not an encoding of a value.
   */
  decode(source: Uint8Array, start: number, end: number): T;
}

/** The type a codec encodes. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;
