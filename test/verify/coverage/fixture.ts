import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CoverageData, CoveragePoint } from '../../../src/verify/coverage/data.js';
import { parseCoverage } from '../../../src/verify/coverage/parse.js';
import { ROOT } from '../../support/root.js';

const FOLDER = join(ROOT, 'test', 'fixtures', 'coverage');

/** Text of a file that generate.sh made or was made from. */
export function fixture(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** `a`: 40 cycles, opcodes 0 and 1; `b`: two cycles in reset, opcodes 2 and 3. */
export const odd = (run: 'a' | 'b'): CoverageData => parseCoverage(fixture(`odd-${run}.dat`));

export const fifo = (): CoverageData => parseCoverage(fixture('axis_fifo.dat'));

/** A point of a file that does not exist. */
export function point(fields: Partial<CoveragePoint>): CoveragePoint {
  return {
    kind: 'line',
    file: 'x.v',
    line: 1,
    column: 1,
    name: 'block',
    edge: '',
    lines: [],
    count: 0,
    ...fields,
  };
}

/** A toggle of a file that does not exist. */
export const toggle = (name: string, count: number, line = 1): CoveragePoint =>
  point({ kind: 'toggle', name, count, line });
