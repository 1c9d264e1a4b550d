import { RtliftError } from '../../errors.js';
import type { Point } from './point.js';

/** Which part of the matrix is wanted. */
export interface SuiteFilter {
  readonly text: string | null;
  readonly hasOperation: (name: string) => boolean;
  readonly hasPoint: (point: Point) => boolean;
  readonly hasRunner: (point: Point, runner: string) => boolean;
  readonly hasDevice: (point: Point, device: string) => boolean;
}

interface Term {
  readonly operation: RegExp;
  readonly size: RegExp;
  readonly batch: RegExp;
  /** `null`: all. */
  readonly runner: RegExp | null;
  readonly device: RegExp | null;
}

const squeezed = (text: string): string => text.replaceAll(' ', '').toLowerCase();

function glob(text: string | undefined): RegExp {
  const pattern = squeezed(text ?? '') || '*';
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`);
}

/**
 * Reads `operation/size/batch/what`, several separated by commas: `sha256`, `crc/64B`, `* /mail/256/verilator` without the
 * blank. A part that is left out, or `*`, is all; blanks and case do not matter. `what` is a device where it matches one,
 * else a path or rival.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a term of more than four parts.
 */
export function parseFilter(text: string | null, devices: readonly string[]): SuiteFilter {
  const terms = (text ?? '*').split(',').map((term): Term => {
    const parts = term.split('/');
    if (parts.length > 4) {
      throw new RtliftError(
        'ERR_RTLIFT_INVALID_ARG',
        `--filter takes operation/size/batch/path, rival or device, got ${term}`,
        { arg: 'filter', got: term },
      );
    }
    const [operation, size, batch, what] = parts;
    const chosen = what === undefined ? null : glob(what);
    const isDevice = chosen !== null && devices.some((id) => chosen.test(squeezed(id)));
    return {
      operation: glob(operation),
      size: glob(size),
      batch: glob(batch),
      runner: isDevice ? null : chosen,
      device: isDevice ? chosen : null,
    };
  });
  const at = ({ operation, size, batch }: Point): Term[] =>
    terms.filter(
      (term) =>
        term.operation.test(squeezed(operation)) &&
        term.size.test(squeezed(size.name)) &&
        term.batch.test(`${batch}`),
    );
  const isIn = (pattern: RegExp | null, name: string): boolean =>
    pattern === null || pattern.test(squeezed(name));
  return {
    text,
    hasOperation: (name) => terms.some(({ operation }) => operation.test(squeezed(name))),
    hasPoint: (point) => at(point).length > 0,
    hasRunner: (point, runner) => at(point).some((term) => isIn(term.runner, runner)),
    hasDevice: (point, device) => at(point).some((term) => isIn(term.device, device)),
  };
}
