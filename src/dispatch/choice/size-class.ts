/** Batches whose cost is learnt together: message sizes and batch sizes within a factor of two. */
export interface SizeClass {
  /** Mean message size, bytes: 0, or 2^k to 2^(k+1) - 1. */
  readonly fromBytes: number;
  readonly toBytes: number;
  /** Messages of the batch: 2^k to 2^(k+1) - 1. */
  readonly fromMessages: number;
  readonly toMessages: number;
}

const BYTE_CLASSES = 32;

const log2 = (value: number): number => 31 - Math.clz32(value);

/** A small integer for the class of a batch; equal for batches of one class. */
export function classKey(messages: number, bytes: number): number {
  const mean = messages === 0 ? 0 : Math.floor(bytes / messages);
  return log2(Math.max(1, messages)) * BYTE_CLASSES + (mean === 0 ? 0 : 1 + log2(mean));
}

export function classOf(key: number): SizeClass {
  const byte = key % BYTE_CLASSES;
  const message = Math.floor(key / BYTE_CLASSES);
  return {
    fromBytes: byte === 0 ? 0 : 2 ** (byte - 1),
    toBytes: byte === 0 ? 0 : 2 ** byte - 1,
    fromMessages: 2 ** message,
    toMessages: 2 ** (message + 1) - 1,
  };
}

/** `64..127 B x 32..63`, as tables and metrics name a class. */
export function className(key: number): string {
  const { fromBytes, toBytes, fromMessages, toMessages } = classOf(key);
  const range = (from: number, to: number): string => (from === to ? `${from}` : `${from}..${to}`);
  return `${range(fromBytes, toBytes)} B x ${range(fromMessages, toMessages)}`;
}
