/** What golden models and codecs threw. Marked and not wrapped, as the caller gets what was thrown. */
const thrown = new WeakSet<object>();

/** Does what a golden model or a codec does with messages; what it throws is theirs, and not the path's. */
export function ofMessages<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (typeof error === 'object' && error !== null) thrown.add(error);
    throw error;
  }
}

/** Whether a golden model or a codec threw this. What is no object is nothing that this library throws. */
export function isOfGoldenOrCodec(error: unknown): boolean {
  return typeof error !== 'object' || error === null || thrown.has(error);
}
