import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DATA_FOLDER } from './needs.js';

/** The rows of a `.jsonl.gz` file of the shared data folder. */
export function readRows<T>(file: string): T[] {
  const text = gunzipSync(readFileSync(join(DATA_FOLDER, file))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const fromText = (text: string): Uint8Array => new TextEncoder().encode(text);
