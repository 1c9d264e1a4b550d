// The process of an isolated model: runs batches out of memory that it shares with its parent, until told to close or until
// the parent is gone. Descriptor 3 carries frames, descriptor 4 is the memory.
import { Socket } from 'node:net';
import { openKernelLibrary } from '../kernel-library.js';
import { loadAddon, type NativeJob, type NativeReport } from '../native-addon.js';
import { VerilatorModel } from '../verilator-model.js';
import {
  type ErrorFrame,
  type FromChild,
  type Place,
  type RunFrame,
  receive,
  type StartFrame,
  send,
  type ToChild,
} from './frames.js';

const FRAMES_FD = 3;
const MEMORY_FD = 4;

const socket = new Socket({ fd: FRAMES_FD, readable: true, writable: true });
const addon = loadAddon();
const regions = new Map<number, ArrayBuffer>();
const running = new Map<number, NativeJob>();
/** Results of any length that wait to be fetched. */
const waiting = new Map<number, NativeReport>();
let model: VerilatorModel | null = null;

const tell = (frame: FromChild): void => send(socket, frame);

function memoryOf({ offset, bytes }: Place): ArrayBuffer {
  let memory = regions.get(offset);
  if (!memory) {
    memory = addon.mapSharedMemory(MEMORY_FD, offset, bytes);
    regions.set(offset, memory);
  }
  return memory;
}

function release(offset: number): void {
  const memory = regions.get(offset);
  regions.delete(offset);
  if (memory) addon.unmapSharedMemory(memory);
}

function errorFrame(error: unknown): ErrorFrame {
  const { code, message, details } = error as ErrorFrame & Error;
  return { code: code ?? 'ERR_RTLIFT_INTERNAL', message, details: details ?? {} };
}

async function start({
  kernel,
  library,
  buildId,
  seed,
  monitors,
  activityEvery,
  cycleTimeoutMs,
  writes,
}: StartFrame): Promise<void> {
  try {
    const registers = writes === null ? null : () => Uint32Array.from(writes);
    model = new VerilatorModel(
      { name: kernel, registers, statics: {} },
      { held: [] },
      openKernelLibrary(kernel, { library, buildId }),
      { seed: BigInt(seed), monitors, activityEvery },
      cycleTimeoutMs,
    );
    const refused = await model.settings;
    tell({ type: 'ready', error: refused === null ? null : errorFrame(refused) });
  } catch (error) {
    tell({ type: 'ready', error: errorFrame(error) });
  }
}

async function run(frame: RunFrame): Promise<void> {
  const { id, region, messages, dataAt, dataBytes, resultsAt, resultBytes } = frame;
  try {
    if (model === null) throw new Error('no model was started');
    const memory = memoryOf(region);
    const job = model.start({
      data: new Uint8Array(memory, dataAt, dataBytes),
      offsets: new Int32Array(memory, 0, messages + 1),
      resultBytes,
      ...(resultBytes > 0
        ? { results: new Uint8Array(memory, resultsAt, messages * resultBytes) }
        : {}),
      ...(frame.maxResultBytes === null ? {} : { maxResultBytes: frame.maxResultBytes }),
      noProgressCycles: frame.noProgressCycles,
      bubble: frame.bubble,
      stall: frame.stall,
      stimulusSeed: BigInt(frame.stimulusSeed),
      isolate: frame.isolate,
      resetAt: frame.resetAt,
    });
    running.set(id, job);
    const report = await job.promise;
    const { resultData, resultOffsets, ...rest } = report;
    const size = resultData === undefined ? null : resultData.length;
    if (size !== null) {
      const room = region.bytes - resultsAt;
      if (4 * (messages + 1) + size <= room) copyResults(report, memory, resultsAt);
      else waiting.set(id, report);
    }
    tell({ type: 'done', id, report: rest, resultBytes: size });
  } catch (error) {
    tell({ type: 'failed', id, error: errorFrame(error) });
  } finally {
    running.delete(id);
  }
}

function copyResults(report: NativeReport, memory: ArrayBuffer, at: number): void {
  const { resultOffsets = new Int32Array(1), resultData = new Uint8Array(0) } = report;
  new Int32Array(memory, at, resultOffsets.length).set(resultOffsets);
  new Uint8Array(memory, at + 4 * resultOffsets.length, resultData.length).set(resultData);
}

receive<ToChild>(
  socket,
  (frame) => {
    switch (frame.type) {
      case 'start':
        void start(frame);
        break;
      case 'run':
        void run(frame);
        break;
      case 'cancel':
        running.get(frame.id)?.cancel();
        break;
      case 'fetch': {
        const report = waiting.get(frame.id);
        waiting.delete(frame.id);
        if (report) copyResults(report, memoryOf(frame.region), 0);
        tell({ type: 'fetched', id: frame.id });
        break;
      }
      case 'release':
        release(frame.offset);
        break;
      case 'ping':
        tell({ type: 'pong' });
        break;
      case 'close':
        void Promise.resolve(model?.close()).then(() => process.exit(0));
        break;
    }
  },
  () => process.exit(1),
);
// A terminal and a service manager signal every process of a group; this one ends when its parent has no more use for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// Nobody is left to answer to; a batch that still runs must not keep the process.
socket.on('close', () => process.exit(0));
socket.on('error', () => process.exit(1));
