import { setTimeout } from 'node:timers/promises';
import type { Offloaded } from '../../dispatch/offload.js';
import { RtliftError } from '../../errors.js';
import { estimate, figure } from '../../figure.js';
import { evenBatches, type Load } from './load.js';

// biome-ignore lint/suspicious/noExplicitAny: a handle of whatever kernel.
export type AnyHandle = Offloaded<any, any>;

/**
 * The load of a live handle, from two looks at its statistics.
 *
 * They hold sums, so that sizes are known by their mean alone, and batches as the queue formed them.
 * @param overMs - between the looks.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` where no message came meanwhile.
 */
export async function handleLoad(handle: AnyHandle, overMs: number): Promise<Load> {
  const [before, start] = [handle.stats(), performance.now()];
  const cpuBefore = process.cpuUsage();
  await setTimeout(overMs);
  const [after, end] = [handle.stats(), performance.now()];
  const seconds = (end - start) / 1000;
  const messages = after.messages.value - before.messages.value;
  const bytes = after.bytesIn.value - before.bytesIn.value;
  if (messages <= 0) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `the handle of ${after.kernel} got no message in ${overMs} ms: ask while it is under load, or give overMs`,
      { arg: 'overMs', got: overMs, kernel: after.kernel },
    );
  }
  const rate = figure(messages / seconds, '1/s', 'measured');
  const formed = meanBatch(
    before.queue.batchSizes.map(({ value }) => value),
    after.queue.batchSizes.map(({ value }) => value),
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    name: after.kernel,
    source: `handle of ${after.kernel} on ${after.path}, ${messages.toLocaleString('en-US')} messages in ${seconds.toFixed(1)} s, CPU of the process ${(((user + system) / 1e6 / seconds) * 100).toFixed(0)} % of a core; sizes by their mean`,
    messagesPerSecond: rate,
    sizes: [{ bytes: Math.round(bytes / messages), weight: 1 }],
    batchWithin: (delayNs) => {
      const even = evenBatches(rate)(delayNs);
      // What came in one turn comes together whatever the delay.
      const least = Math.max(formed ?? 1, even.value);
      return estimate(least, even.value, least, 'messages', 'measured');
    },
    cpuShare: null,
    hostTime: null,
    notes: [],
  };
}

/** Of single calls, by the counts of batches of 1, 2, 3 to 4, 5 to 8 and so on; `null` where there was none. */
function meanBatch(before: readonly number[], after: readonly number[]): number | null {
  let batches = 0;
  let messages = 0;
  after.forEach((count, i) => {
    const more = count - (before[i] ?? 0);
    batches += more;
    messages += more * (i === 0 ? 1 : 0.75 * 2 ** i + 0.5);
  });
  return batches === 0 ? null : messages / batches;
}
