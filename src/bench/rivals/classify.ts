import type { ClassifySettings } from '../../kernels/classify-registers.js';
import type { AnyRival, Rival } from './rival.js';

interface Scored {
  readonly score: number;
  readonly isPositive: boolean;
}

/** Bits of an entry of the byte table: symbol in 5:0, then what kind of byte it is, one bit each. */
const LOWER = 1 << 6;
const UPPER = 1 << 7;
const DIGIT = 1 << 8;
const KINDS = LOWER | UPPER | DIGIT;
const LONG_BYTES = 16;

function byteTable(): Uint16Array {
  const table = new Uint16Array(256);
  for (let i = 0; i < 26; i++) {
    table[0x61 + i] = LOWER | (33 + i);
    table[0x41 + i] = UPPER | (33 + i);
  }
  for (let i = 0; i < 10; i++) table[0x30 + i] = DIGIT | (16 + i);
  return table;
}

function encodeScore({ score, isPositive }: Scored): Uint8Array {
  const bits = BigInt.asUintN(47, BigInt(score)) | (isPositive ? 1n << 47n : 0n);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, bits, true);
  return bytes.subarray(0, 6);
}

/** A table look-up a byte and one a token, integers throughout: the fastest form in plain JavaScript that we know of. */
function typedArrays({ weights, values, bias, threshold }: ClassifySettings): Rival<Scored> {
  const symbols = byteTable();
  const size = weights.length;
  const shift = Math.log2(size);
  const mask = size - 1;
  const factors = Int32Array.from(values);
  return {
    name: 'typed arrays',
    note: 'plain JavaScript, one table look-up a byte, Int8Array of weights',
    run: (message) => {
      let score = bias;
      const end = message.length;
      let i = 0;
      while (i < end) {
        let entry = symbols[message[i] as number] as number;
        i++;
        if (entry === 0) continue;
        const start = i;
        let hash = 0;
        let kinds = 0;
        do {
          hash = ((((hash << 5) | (hash >>> 11)) & 0xffff) ^ (entry & 63)) as number;
          kinds |= entry;
          entry = i < end ? (symbols[message[i] as number] as number) : 0;
          i++;
        } while (entry !== 0);
        const kind = ((kinds & KINDS) >> 6) | (i - start >= LONG_BYTES ? 8 : 0);
        score += (weights[(hash ^ (hash >>> shift)) & mask] as number) * (factors[kind] as number);
      }
      return { score, isPositive: score >= threshold };
    },
    encode: encodeScore,
  };
}

/** The way most services would write it: split by an expression, walk the characters. */
function regExp({ weights, values, bias, threshold }: ClassifySettings): Rival<Scored> {
  const size = weights.length;
  const shift = Math.log2(size);
  return {
    name: 'RegExp tokens',
    note: 'tokens by a V8 RegExp on a Latin-1 string, then a hash over their characters',
    run: (message) => {
      const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString(
        'latin1',
      );
      let score = bias;
      for (const token of text.match(/[a-z0-9]+/gi) ?? []) {
        let hash = 0;
        let kind = token.length >= LONG_BYTES ? 8 : 0;
        for (let i = 0; i < token.length; i++) {
          const code = token.charCodeAt(i);
          kind |= code < 0x41 ? 4 : code < 0x61 ? 2 : 1;
          hash = (((hash << 5) | (hash >>> 11)) & 0xffff) ^ ((code & 31) | (code < 0x41 ? 0 : 32));
        }
        score +=
          (weights[(hash ^ (hash >>> shift)) & (size - 1)] as number) * (values[kind] as number);
      }
      return { score, isPositive: score >= threshold };
    },
    encode: encodeScore,
  };
}

/** What else scores hashed tokens in a Node process. */
export function classifyRivals(model: ClassifySettings): AnyRival[] {
  return [typedArrays(model), regExp(model)];
}
