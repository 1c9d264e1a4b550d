/** Where the parts of a batch lie in its region, bytes from its start. */
export interface BatchLayout {
  readonly dataAt: number;
  readonly resultsAt: number;
  readonly bytes: number;
}

/** A line of the cache: the model reads whole beats, and two processes write here. */
const align = (at: number): number => (at + 63) & ~63;

/**
 * Offsets of int32 first, then the payload, then room for results.
 * @param resultBytes - of one message; 0: any length, for which as much as the payload is set aside.
 */
export function layOut(messages: number, dataBytes: number, resultBytes: number): BatchLayout {
  const dataAt = align(4 * (messages + 1));
  // Whole beats are read, up to 64 bytes past the end.
  const resultsAt = align(dataAt + dataBytes + 64);
  const results =
    resultBytes > 0 ? messages * resultBytes : align(4 * (messages + 1)) + 2 * dataBytes + 4096;
  return { dataAt, resultsAt, bytes: resultsAt + results };
}
