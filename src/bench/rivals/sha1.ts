import * as crypto from 'node:crypto';
import type { AnyRival, MissingRival, Rival } from './rival.js';

const fromHex = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const same = (bytes: Uint8Array): Uint8Array => bytes;

const createHash: Rival<Uint8Array> = {
  name: 'createHash',
  note: 'node:crypto, a Hash object a message',
  run: (message) => crypto.createHash('sha1').update(message).digest(),
  encode: same,
};

/** `crypto.hash` in both output forms: hexadecimal is the faster one on short messages. */
function cryptoHash(): (AnyRival | MissingRival)[] {
  // Absent before Node 20.12 and 21.7.
  const { hash } = crypto as { hash?: typeof crypto.hash };
  if (hash === undefined)
    return [{ name: 'crypto.hash', missing: `not in Node ${process.version}` }];
  const hex: Rival<string> = {
    name: 'crypto.hash (hex)',
    note: 'node:crypto, one call a message, hexadecimal string',
    run: (message) => hash('sha1', message, 'hex'),
    encode: fromHex,
  };
  const buffer: Rival<Uint8Array> = {
    name: 'crypto.hash (buffer)',
    note: 'node:crypto, one call a message, Buffer',
    run: (message) => hash('sha1', message, 'buffer'),
    encode: same,
  };
  return [hex, buffer];
}

async function hashWasm(): Promise<AnyRival | MissingRival> {
  try {
    const { createSHA1 } = await import('hash-wasm');
    const hasher = await createSHA1();
    const rival: Rival<Uint8Array> = {
      name: 'hash-wasm',
      note: 'WebAssembly, one hasher reused, binary digest',
      run: (message) => hasher.init().update(message).digest('binary'),
      encode: same,
    };
    return rival;
  } catch {
    return { name: 'hash-wasm', missing: 'package hash-wasm is not installed' };
  }
}

/** What else hashes in a Node process. */
export async function sha1Rivals(): Promise<(AnyRival | MissingRival)[]> {
  return [...cryptoHash(), createHash, await hashWasm()];
}
