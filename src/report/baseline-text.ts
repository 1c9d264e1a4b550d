import { styleText } from 'node:util';
import { formatNumber } from './format.js';

/** What of a check against an older report is shown. */
export interface BaselineResult {
  readonly regressions: readonly {
    readonly operation: string;
    readonly size: string;
    readonly batch: number;
    readonly runner: string;
    readonly what: string;
    readonly before: number;
    readonly after: number;
    readonly ratio: number;
    readonly limit: number;
  }[];
  /** How many were measured again. */
  readonly suspects: number;
  /** How busy the machine was when the older report was made. */
  readonly thenNote: string;
  readonly compared: number;
  readonly pace: number;
  readonly hasHostTimes: boolean;
}

/** A check against an older report in words: a line for each regression, or that there is none. */
export function baselineText(file: string, result: BaselineResult): string {
  const { regressions, suspects, thenNote, compared, pace, hasHostTimes } = result;
  const lines = [
    `${file}: ${compared.toLocaleString('en-US')} measurements in both; the rivals took ${pace.toFixed(2)} times as long as then, which is taken out of host times.`,
  ];
  if (thenNote !== '') lines.push(`Then: ${thenNote}`);
  if (!hasHostTimes) {
    lines.push('It is of another processor: kernel cycles were compared, host times were not.');
  }
  for (const { operation, size, batch, runner, what, before, after, ratio, limit } of regressions) {
    const unit = what === 'cycles' ? 'cycles' : 'ns';
    const text = `Regression: ${operation}/${size}/${batch}/${runner}: ${what} of a message x ${ratio.toFixed(3)}, above ${limit.toFixed(3)} (${formatNumber(before)} -> ${formatNumber(after)} ${unit})`;
    lines.push(styleText('red', text));
  }
  if (suspects > 0) {
    lines.push(`${suspects} seemed worse by more than 10 %; their points were measured again.`);
  }
  if (regressions.length === 0) lines.push(styleText('green', 'No regression beyond noise.'));
  return lines.join('\n');
}
