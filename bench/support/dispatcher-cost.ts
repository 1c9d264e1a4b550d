import { median } from '../../src/bench/measure.js';
import { Chooser } from '../../src/dispatch/choice/chooser.js';
import { Dispatcher } from '../../src/dispatch/dispatcher.js';
import { StatsRecorder } from '../../src/dispatch/stats.js';
import { ArrayWork } from '../../src/dispatch/work.js';
import type { PackedBatch } from '../../src/kernel/batch.js';
import type { Kernel } from '../../src/kernel/define-kernel.js';
import { JavascriptPath } from '../../src/paths/javascript.js';
import type { PackedRunOptions, Path } from '../../src/paths/path.js';
import { firstByte } from './first-byte.js';

/** Host time beside the path itself, ns. */
export interface DispatcherCost {
  readonly call: number;
  readonly message: number;
}

type Bytes = readonly Uint8Array[];

/** The golden model under the other name, so that there is something to choose, and the chosen path may fail. */
function second(kernel: Kernel<Uint8Array, number>): Path<Uint8Array, number> {
  const path = new JavascriptPath(kernel);
  return {
    name: 'verilator',
    run: (messages, options) => path.run(messages, options),
    runPacked: (batch: PackedBatch, options?: PackedRunOptions) => path.runPacked(batch, options),
    close: () => path.close(),
  };
}

/**
 * What choosing, timing, keeping the order and counting cost beside the path itself, on the smallest operation there is: of a handle
 * with one path, and with two, of which the second is taken by most batches.
 */
export async function dispatcherCost(paths: 1 | 2): Promise<DispatcherCost> {
  const javascript = new JavascriptPath(firstByte);
  const other = second(firstByte);
  const dispatcher = new Dispatcher({
    kernel: firstByte,
    paths: paths === 1 ? [javascript] : [javascript, other],
    javascript,
    chooser: new Chooser(paths === 1 ? ['javascript'] : ['javascript', 'verilator']),
    failed: new Map(),
    checkShare: 0.001,
    stats: new StatsRecorder(),
  });
  const time = async (calls: number, work: () => Promise<unknown>): Promise<number> => {
    const begin = performance.now();
    for (let i = 0; i < calls; i++) await work();
    return ((performance.now() - begin) * 1e6) / calls;
  };
  const extra = async (messages: Bytes, calls: number): Promise<number> => {
    const samples: number[] = [];
    for (let round = 0; round <= 15; round++) {
      const direct = await time(calls, () => javascript.run(messages));
      const dispatched = await time(calls, () =>
        dispatcher.run(new ArrayWork(firstByte, messages, undefined)),
      );
      if (round > 0) samples.push(dispatched - direct);
    }
    return median(samples);
  };
  const one = [Uint8Array.of(1)];
  const call = await extra(one, 20_000);
  const message = ((await extra(new Array(1000).fill(one[0]), 500)) - call) / 999;
  return { call, message };
}
