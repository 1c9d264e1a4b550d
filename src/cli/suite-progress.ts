import type { SuiteProgress } from '../bench/suite/time-left.js';
import { startProgress } from './progress.js';

const MINUTE_MS = 60_000;
/** A log file gets a line in so many ms. */
const LINE_MS = 10_000;

/** A time in words: `40 s`, `12 min`. */
export function timeText(ms: number): string {
  return ms < 1.5 * MINUTE_MS ? `${Math.ceil(ms / 1000)} s` : `${Math.round(ms / MINUTE_MS)} min`;
}

/** Shows how far the suite is and how long it will take still: on a terminal always, elsewhere every ten seconds. */
export function startSuiteProgress(): {
  readonly show: (progress: SuiteProgress) => void;
  readonly stop: () => void;
} {
  const { show, stop } = startProgress('reading the messages');
  let shownMs = Number.NEGATIVE_INFINITY;
  return {
    show: ({ text, done, points, leftMs }) => {
      const now = performance.now();
      if (!process.stderr.isTTY && now - shownMs < LINE_MS) return;
      shownMs = now;
      const left = leftMs === null ? '' : `, about ${timeText(leftMs)} left`;
      show(`${done} of ${points} points${left}: ${text}`);
    },
    stop,
  };
}
