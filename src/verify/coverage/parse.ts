import { RtliftError } from '../../errors.js';
import type { CoverageData, CoveragePoint, PointKind } from './data.js';

const HEADER = '# SystemC::Coverage-3';

/** `v_user` and `v_expr` points are neither lines nor toggles and are left out. */
const KINDS: Readonly<Record<string, PointKind>> = {
  v_line: 'line',
  v_branch: 'line',
  v_toggle: 'toggle',
};

/**
 * Reads the file that `VerilatedCovContext::write` writes.
 *
 * A point that several instances or parameter sets share may still be there several times: see `mergeCoverage`.
 * @param dat - the whole file.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` with the line when it is not such a file.
 * @see verilated_cov.cpp and verilated_cov_key.h of Verilator 5.006
 */
export function parseCoverage(dat: string): CoverageData {
  const rows = dat.split('\n');
  if (rows[0] !== HEADER) {
    throw malformed(1, `must begin with ${JSON.stringify(HEADER)}`, rows[0] ?? '');
  }
  const points: CoveragePoint[] = [];
  rows.forEach((row, index) => {
    if (row === '' || row.startsWith('#')) return;
    const point = readPoint(row, index + 1);
    if (point) points.push(point);
  });
  return { points };
}

function readPoint(row: string, number: number): CoveragePoint | null {
  // A file name may hold an apostrophe, which is not escaped: the last one ends the keys.
  const [, body, count] = /^C '(.*)' (\d+)$/.exec(row) ?? [];
  if (body === undefined || count === undefined) {
    throw malformed(number, "must be C '<keys>' <count>", row);
  }
  const keys = new Map<string, string>();
  for (const pair of body.split('\x01').slice(1)) {
    const [key = '', value = ''] = pair.split('\x02');
    keys.set(key, decode(value));
  }
  const kind = KINDS[keys.get('page')?.split('/')[0] ?? ''];
  if (kind === undefined) return null;

  const need = (key: string): string => {
    const value = keys.get(key);
    if (value === undefined) throw malformed(number, `must have the key ${key}`, row);
    return value;
  };
  const integer = (key: string): number => {
    const value = need(key);
    if (!/^\d+$/.test(value)) throw malformed(number, `must have a number as ${key}`, row);
    return Number(value);
  };
  const [, name = '', edge = ''] = /^(.*?)(?::([01]->[01]))?$/s.exec(need('o')) ?? [];
  return {
    kind,
    file: need('f'),
    line: integer('l'),
    column: integer('n'),
    name,
    edge,
    lines: readLines(keys.get('S') ?? '', number, row),
    count: Number(count),
  };
}

/** `38-39,48` as 38, 39, 48. */
function readLines(list: string, number: number, row: string): number[] {
  if (list === '') return [];
  return list.split(',').flatMap((range) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (first === undefined) throw malformed(number, 'must have ranges of lines as S', row);
    const length = Number(last) - Number(first) + 1;
    return Array.from({ length }, (_, i) => Number(first) + i);
  });
}

/**
 * Undoes `%XX`. Verilator prints a byte above 127 as `%FFFFFFXX` where char is signed, and so does every x86 build.
 */
function decode(value: string): string {
  if (!value.includes('%')) return value;
  const bytes = value.replace(/%(?:FFFFFF)?([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function malformed(row: number, must: string, got: string): RtliftError {
  const shown = got.length > 200 ? `${got.slice(0, 200)}...` : got;
  return new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `line ${row} of coverage data ${must}, got ${JSON.stringify(shown)}`,
    { arg: 'dat', line: row },
  );
}
