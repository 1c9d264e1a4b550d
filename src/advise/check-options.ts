import { RtliftError } from '../errors.js';
import type { MeasuredHost } from './software.js';
import { GOALS, type Goal } from './verdict.js';

function wrong(arg: string, expected: string, got: unknown): RtliftError {
  const shown = Array.isArray(got) && got.length === 0 ? 'none' : String(got);
  return new RtliftError('ERR_RTLIFT_INVALID_ARG', `${arg}: expected ${expected}, got ${shown}`, {
    arg,
    expected,
    got,
  });
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
const isTime = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;

interface Options {
  readonly delayMs?: number;
  readonly overMs?: number;
  readonly maxCards?: number;
  readonly cores?: number;
  readonly goal?: Goal;
  readonly links?: readonly unknown[];
  readonly devices?: readonly unknown[];
  readonly measured?: MeasuredHost;
}

/**
 * Options that do not hang on the load or the kernel.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` with the option, what it may be, and what it is.
 */
export function checkAdviseOptions(options: Options): void {
  if (typeof options !== 'object' || options === null) {
    throw wrong('options', 'an object', options);
  }
  const { delayMs = 1, overMs = 1000, maxCards = 1, cores = 1, goal = 'any' } = options;
  const { links, devices, measured } = options;
  if (!isTime(delayMs)) throw wrong('delayMs', 'a number of 0 or more', delayMs);
  if (!(isTime(overMs) && overMs > 0)) throw wrong('overMs', 'a number above 0', overMs);
  if (!isCount(maxCards)) throw wrong('maxCards', 'a whole number of 1 or more', maxCards);
  if (!isCount(cores)) throw wrong('cores', 'a whole number of 1 or more', cores);
  if (!GOALS.includes(goal)) throw wrong('goal', `one of ${GOALS.join(', ')}`, goal);
  for (const [arg, list] of Object.entries({ devices, links })) {
    if (list !== undefined && !(Array.isArray(list) && list.length > 0)) {
      throw wrong(arg, 'one at least, or the option left out', list);
    }
  }
  if (measured === undefined) return;
  const isMeasured =
    Array.isArray(measured?.software) &&
    measured.software.length > 0 &&
    [...measured.software.map((each) => each?.nsPerMessage), measured.packing, measured.passing]
      .map((figure) => figure?.value)
      .every((value) => isTime(value));
  if (!isMeasured) {
    throw wrong(
      'measured',
      'software, one at least, packing and passing with their figures, as measureHost gives them',
      JSON.stringify(measured)?.slice(0, 80),
    );
  }
}
