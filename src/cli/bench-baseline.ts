import { checkBaseline, confirmed, type Regression } from '../bench/suite/baseline.js';
import type { PlannedPoint } from '../bench/suite/plan.js';
import { RtliftError } from '../errors.js';
import { baselineText } from '../report/baseline-text.js';
import type { SuiteReport } from '../report/suite-report.js';

/**
 * Holds a report against an older one and prints the outcome. Points that seem slower are measured again, and only what
 * stays slower counts.
 * @param again - measures the points of its choice once more, with more rounds.
 * @throws {@link RtliftError} `ERR_RTLIFT_REGRESSION` with every regression in `details`; `ERR_RTLIFT_INVALID_ARG` where the
 *   reports have no measurement in common.
 */
export async function checkAgainst(
  file: string,
  baseline: SuiteReport,
  report: SuiteReport,
  again: (isWanted: (point: PlannedPoint) => boolean) => Promise<SuiteReport>,
  isQuiet = false,
): Promise<void> {
  const check = checkBaseline(baseline, report);
  if (check.compared === 0) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `--baseline: ${file} has no measurement in common with this run; give it the same --filter and --quick`,
      { arg: 'baseline', file },
    );
  }
  const { suspects } = check;
  let { regressions } = check;
  if (suspects.some(isTimed)) {
    const repeated = await again((point) =>
      suspects.some(
        ({ operation, size, batch }) =>
          operation === point.operation && size === point.size.name && batch === point.batch,
      ),
    );
    regressions = confirmed(suspects, checkBaseline(baseline, repeated));
  }
  const text = baselineText(file, {
    ...check,
    regressions,
    suspects: suspects.filter(isTimed).length,
    thenNote: baseline.machine.note,
  });
  (isQuiet ? process.stderr : process.stdout).write(`${text}\n`);
  if (regressions.length === 0) return;
  throw new RtliftError(
    'ERR_RTLIFT_REGRESSION',
    `${regressions.length} of ${check.compared} measurements are worse than in ${file}, beyond noise`,
    { file, regressions },
  );
}

const isTimed = ({ what }: Regression): boolean => what === 'host time';
