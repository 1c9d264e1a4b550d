/**
 * Compiles words into a deterministic automaton over bytes (Aho and Corasick, "Efficient string matching", CACM 18(6),
 * 1975, algorithms 2 to 4, with the failure function folded into the table), the fastest matcher in plain JavaScript
 * that we know of: one table look-up a byte.
 * @param words - lower-case ASCII words, matched without regard to case.
 * @returns a function that gives the bitmap of the words contained in a message, bit i % 8 of byte i / 8 for word i.
 */
export function compileByteDfa(
  words: readonly string[],
  bitmapBytes: number,
): (message: Uint8Array) => Uint8Array {
  const children: Map<number, number>[] = [new Map()];
  const ends: number[][] = [[]];
  words.forEach((word, id) => {
    let state = 0;
    for (const byte of Buffer.from(word, 'latin1')) {
      let next = children[state]?.get(byte);
      if (next === undefined) {
        next = children.push(new Map()) - 1;
        ends.push([]);
        children[state]?.set(byte, next);
      }
      state = next;
    }
    ends[state]?.push(id);
  });
  if (children.length > 0xffff)
    throw new RangeError(`${children.length} states do not fit 16 bits`);

  const table = new Uint16Array(children.length * 256);
  const failure = new Uint16Array(children.length);
  const queue = [0];
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    for (let byte = 0; byte < 256; byte++) {
      const child = children[state]?.get(byte);
      const fallback = state === 0 ? 0 : (table[(failure[state] as number) * 256 + byte] as number);
      table[state * 256 + byte] = child ?? fallback;
      if (child === undefined) continue;
      failure[child] = fallback;
      // Breadth first, so the shorter suffix has its list already.
      ends[child]?.push(...(ends[fallback] ?? []));
      queue.push(child);
    }
  }
  for (let state = 0; state < children.length; state++) {
    for (let upper = 0x41; upper <= 0x5a; upper++) {
      table[state * 256 + upper] = table[state * 256 + upper + 0x20] as number;
    }
  }
  const isEnd = Uint8Array.from(ends, (list) => (list.length > 0 ? 1 : 0));

  return (message) => {
    const bitmap = new Uint8Array(bitmapBytes);
    let state = 0;
    for (let i = 0; i < message.length; i++) {
      state = table[(state << 8) | (message[i] as number)] as number;
      if (isEnd[state] === 0) continue;
      for (const id of ends[state] as number[]) {
        bitmap[id >> 3] = (bitmap[id >> 3] as number) | (1 << (id & 7));
      }
    }
    return bitmap;
  };
}
