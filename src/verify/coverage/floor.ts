import { RtliftError } from '../../errors.js';
import { type Place, readPlace } from './floor-place.js';

/** Points that stay uncovered, and why. */
export interface UncoveredReason {
  /** Relative to the folder of the floor's file, with `/`. */
  readonly file: string;
  /** Line of the point; `null` where `what` says enough. */
  readonly line: number | null;
  /** As written in the file, see {@link Place}. */
  readonly what: string;
  readonly place: Place;
  readonly reason: string;
}

/** A mutant that no test tells from the RTL, and why. */
export interface SurvivorReason {
  /** Relative to the folder of the floor's file, with `/`. */
  readonly file: string;
  readonly line: number;
  /** Text of the RTL, and what it was changed to. */
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

/** What the tests of a kernel must reach at least; `coverage.json` beside its RTL. */
export interface Floor {
  /** File it was read from. */
  readonly path: string;
  /** Share of covered lines, 0 to 1. */
  readonly line: number;
  /** Share of toggled bits, 0 to 1. */
  readonly toggle: number;
  /** Share of mutants found, 0 to 1; `null` where none is asked for. */
  readonly mutants: number | null;
  readonly uncovered: readonly UncoveredReason[];
  readonly survivors: readonly SurvivorReason[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Text and path of a floor, and where in it a value stands. */
interface Where {
  readonly path: string;
  readonly at: string;
}

/**
 * Reads a floor.
 *
 * ```json
 * { "line": 1.0, "toggle": 0.97, "mutants": 0.95,
 *   "uncovered": [{ "file": "core.v", "line": 12, "what": "toggle key[31:24]", "reason": "..." }],
 *   "survivors": [{ "file": "core.v", "line": 30, "before": "<", "after": "<=", "reason": "..." }] }
 * ```
 * `mutants`, `uncovered` and `survivors` may be left out. `what` is one of
 * - `toggle key[3]`, `toggle key[31:24]`, `toggle key[*]`: these bits; with `line`, of the signal declared there;
 * - `line`: whatever was not run on `line`;
 * - `if`, `else`, `elsif`, `case`, `block`: this arm or block on `line`, and nothing else there;
 * - `lines 10-14`: whatever was not run on these lines, without `line`.
 * @param text - the file.
 * @param path - its path, for messages and for the files it names.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` with the path and the field when it is malformed.
 */
export function readFloor(text: string, path: string): Floor {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(
      { path, at: 'the file' },
      `JSON (${(error as Error).message})`,
      undefined,
      error,
    );
  }
  const where = { path, at: 'the file' };
  const fields = readObject(value, where, ['line', 'toggle', 'mutants', 'uncovered', 'survivors']);
  const list = <T>(name: string, read: (entry: unknown, where: Where) => T): T[] => {
    const entries = fields[name] ?? [];
    if (!Array.isArray(entries)) throw malformed({ path, at: name }, 'an array', entries);
    return entries.map((entry, i) => read(entry, { path, at: `${name}[${i}]` }));
  };
  return {
    path,
    line: readShare(fields, 'line', where),
    toggle: readShare(fields, 'toggle', where),
    mutants: fields.mutants === undefined ? null : readShare(fields, 'mutants', where),
    uncovered: list('uncovered', readUncovered),
    survivors: list('survivors', readSurvivor),
  };
}

function readUncovered(value: unknown, where: Where): UncoveredReason {
  const fields = readObject(value, where, ['file', 'line', 'what', 'reason']);
  const line = fields.line === undefined ? null : readLine(fields, where);
  const what = readText(fields, 'what', where);
  const place = readPlace(what);
  if (place === null) {
    const at = `${where.at}.what`;
    throw malformed(
      { ...where, at },
      '"toggle <bits>", "line", "lines <first>-<last>", "if", "else", "elsif", "case" or "block"',
      what,
    );
  }
  if (place.kind === 'lines' && line !== null) {
    throw malformed({ ...where, at: `${where.at}.line` }, `left out beside "${what}"`, line);
  }
  if ((place.kind === 'line' || place.kind === 'arm') && line === null) {
    throw malformed({ ...where, at: `${where.at}.line` }, `given beside "${what}"`, undefined);
  }
  return {
    file: readText(fields, 'file', where),
    line,
    what,
    place,
    reason: readText(fields, 'reason', where),
  };
}

function readSurvivor(value: unknown, where: Where): SurvivorReason {
  const fields = readObject(value, where, ['file', 'line', 'before', 'after', 'reason']);
  return {
    file: readText(fields, 'file', where),
    line: readLine(fields, where),
    before: readText(fields, 'before', where),
    // A mutant may take something away.
    after: fields.after === '' ? '' : readText(fields, 'after', where),
    reason: readText(fields, 'reason', where),
  };
}

function readObject(value: unknown, where: Where, names: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(where, 'an object', value);
  }
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw malformed(where, `of the fields ${names.join(', ')}`, unknown);
  return value as Fields;
}

function readShare(fields: Fields, name: string, { path }: Where): number {
  const value = fields[name];
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    throw malformed({ path, at: name }, 'a number 0 to 1', value);
  }
  return value;
}

function readLine(fields: Fields, where: Where): number {
  const { line } = fields;
  if (typeof line !== 'number' || !Number.isInteger(line) || line < 1) {
    throw malformed({ ...where, at: `${where.at}.line` }, 'an integer from 1', line);
  }
  return line;
}

function readText(fields: Fields, name: string, where: Where): string {
  const value = fields[name];
  if (typeof value !== 'string' || value.trim() === '') {
    throw malformed({ ...where, at: `${where.at}.${name}` }, 'text', value);
  }
  return value;
}

function malformed({ path, at }: Where, must: string, got: unknown, cause?: unknown): RtliftError {
  const shown = got === undefined ? '' : `, got ${JSON.stringify(got)}`;
  return new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `${path}: ${at} must be ${must}${shown}`,
    { path, at },
    cause === undefined ? {} : { cause },
  );
}
