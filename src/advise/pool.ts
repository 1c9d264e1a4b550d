import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { summarise } from '../bench/suite/statistics.js';
import { estimate, type Figure } from '../figure.js';

/** Sends back what it gets. Text and not a file: it is the same from src/ and from dist/. */
const ECHO =
  "const { parentPort } = require('node:worker_threads');" +
  'parentPort.on("message", (buffer) => parentPort.postMessage(buffer, [buffer]));';

const ROUNDS = 15;
const BATCHES = 64;
const BUFFER_BYTES = 4096;

/**
 * Host time that one thread spends on a batch which another works on: to post it, its buffer moved and not copied, and to take the
 * answer. The thread's own CPU time over many batches in flight, since the waiting is nobody's work.
 */
export async function measurePassing(): Promise<Figure> {
  const worker = new Worker(ECHO, { eval: true });
  try {
    await once(worker, 'online');
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const ns = await busyNs(worker);
      if (round > 0) times.push(ns / BATCHES);
    }
    const { p50, mad } = summarise(times);
    const best = Math.min(...times);
    return estimate(p50, Math.min(best, p50), p50 + 2 * mad, 'ns', 'measured');
  } finally {
    await worker.terminate();
  }
}

/** ns that this thread's event loop was busy while batches went out and came back. */
async function busyNs(worker: Worker): Promise<number> {
  const before = performance.eventLoopUtilization();
  const start = performance.now();
  await new Promise<void>((resolve) => {
    let left = BATCHES;
    const onMessage = (): void => {
      if (--left > 0) return;
      worker.off('message', onMessage);
      resolve();
    };
    worker.on('message', onMessage);
    for (let i = 0; i < BATCHES; i++) {
      const buffer = new ArrayBuffer(BUFFER_BYTES);
      worker.postMessage(buffer, [buffer]);
    }
  });
  const wall = (performance.now() - start) * 1e6;
  const { utilization } = performance.eventLoopUtilization(before);
  return wall * Math.min(1, utilization);
}
