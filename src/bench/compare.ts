/** The first message on which a path or a rival disagrees with the reference. */
export interface Mismatch {
  readonly name: string;
  readonly messageIndex: number;
  readonly expected: string;
  readonly actual: string;
}

const hex = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? 'nothing' : Buffer.from(bytes).toString('hex');

/** Compares encoded results message by message, bit for bit. */
export function findMismatch(
  name: string,
  expected: readonly Uint8Array[],
  actual: readonly Uint8Array[],
): Mismatch | null {
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    const [want, got] = [expected[i], actual[i]];
    if (want && got && Buffer.compare(want, got) === 0) continue;
    return { name, messageIndex: i, expected: hex(want), actual: hex(got) };
  }
  return null;
}
