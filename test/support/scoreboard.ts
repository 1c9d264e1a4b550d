import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { showSeed } from './seed.js';

/** What {@link compare} is given to say more about a mismatch. */
export interface Comparison<T> {
  readonly expected: readonly T[];
  readonly actual: readonly T[];
  readonly messages?: readonly unknown[];
  readonly seed?: number;
}

const MOST_SHOWN = 160;

function show(value: unknown): string {
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString('hex');
    return `${value.length} bytes ${hex.length > MOST_SHOWN ? `${hex.slice(0, MOST_SHOWN)}...` : hex}`;
  }
  return (
    JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}n` : item)) ?? `${value}`
  );
}

function isSame(expected: unknown, actual: unknown): boolean {
  if (expected instanceof Uint8Array && actual instanceof Uint8Array) {
    return Buffer.compare(expected, actual) === 0;
  }
  return isDeepStrictEqual(expected, actual);
}

/** Compares results one by one; a failure names the message, its seed, what was expected and what came. */
export function compare<T>({ expected, actual, messages, seed }: Comparison<T>): void {
  const wrong = expected.findIndex((value, i) => !isSame(value, actual[i]));
  if (wrong >= 0) {
    const lines = [
      `result ${wrong} of ${expected.length}${seed === undefined ? '' : `, ${showSeed(seed)}`}`,
      ...(messages ? [`message  ${show(messages[wrong])}`] : []),
      `expected ${show(expected[wrong])}`,
      `actual   ${show(actual[wrong])}`,
    ];
    expect.fail(lines.join('\n'));
  }
  expect(actual.length, 'number of results').toBe(expected.length);
}
