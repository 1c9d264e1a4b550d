import { RtliftError } from '../errors.js';
import type { KeepOptions } from './keep-mismatch.js';
import type { HealthOptions } from './path-health.js';

/** Longest delay that a timer of Node takes, ms; a rest longer than this is none. */
const MOST_MS = 2 ** 31 - 1;

/**
 * Refuses rests that are no times.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG`.
 */
export function checkRest(rest: HealthOptions): void {
  if (typeof rest !== 'object' || rest === null) {
    throw invalid('rest', '{ firstRestMs, longestRestMs }', rest);
  }
  for (const name of ['firstRestMs', 'longestRestMs'] as const) {
    const value: unknown = rest[name];
    if (value === undefined) continue;
    if (typeof value === 'number' && value >= 0 && value <= MOST_MS) continue;
    throw invalid(`rest.${name}`, `a number of 0 to ${MOST_MS}`, value);
  }
}

/**
 * Refuses a place for bundles that is none.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG`.
 */
export function checkBundles(bundles: KeepOptions | false): void {
  if (bundles === false) return;
  if (typeof bundles !== 'object' || bundles === null) {
    throw invalid('bundles', 'false or { folder, most }', bundles);
  }
  const { folder, most } = bundles as { readonly folder?: unknown; readonly most?: unknown };
  const isFolder = typeof folder === 'string' && folder !== '' && !folder.includes('\0');
  if (folder !== undefined && !isFolder) throw invalid('bundles.folder', 'a path', folder);
  if (most === undefined || (Number.isSafeInteger(most) && Number(most) >= 0)) return;
  throw invalid('bundles.most', 'an integer of 0 or more', most);
}

function invalid(arg: string, expected: string, got: unknown): RtliftError {
  const shown = typeof got === 'string' ? JSON.stringify(got) : String(got);
  return new RtliftError('ERR_RTLIFT_INVALID_ARG', `${arg} is ${expected}, got ${shown}`, {
    arg,
    got,
  });
}
