import { availableParallelism, cpus, loadavg } from 'node:os';
import { F2 } from '../devices/catalogue.js';
import { kernelTime } from '../devices/device.js';
import { type Offloaded, type OffloadOptions, offload } from '../dispatch/offload.js';
import { RtliftError } from '../errors.js';
import { estimate, figure } from '../figure.js';
import type { Kernel } from '../kernel/define-kernel.js';
import type { KernelCounters, PathName } from '../paths/path.js';
import type {
  BenchReport,
  BenchRow,
  DeviceFigures,
  HostFigures,
  KernelFigures,
  SkippedRow,
} from '../report/bench-report.js';
import type { BuildProgress } from '../toolchain/build-kernel.js';
import { findMismatch, type Mismatch } from './compare.js';
import type { Corpus } from './mails.js';
import { measure, median, medianDeviation, type Subject } from './measure.js';
import { type AnyRival, isMissing, type MissingRival } from './rivals/rival.js';

/** An operation of the main job: one kernel and what else does the same. */
export interface Operation {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: operations of unlike result types stand in one list.
  readonly kernel: Kernel<Uint8Array, any>;
  readonly rivals: readonly (AnyRival | MissingRival)[];
  /** Words that the operation looks for. */
  readonly patterns?: readonly string[];
}

export interface RunBenchOptions {
  readonly rounds: number;
  readonly onProgress?: (text: string) => void;
}

const PATHS: readonly PathName[] = ['javascript', 'verilator'];

interface OpenOperation {
  readonly operation: Operation;
  readonly handles: Offloaded<Uint8Array, unknown>[];
  readonly rivals: AnyRival[];
}

/**
 * Runs every operation on every path and rival over the corpus: compares all results with the golden model's, then
 * times all in interleaved rounds.
 * @throws {@link RtliftError} `ERR_RTLIFT_RESULT_MISMATCH` naming the first message on which two differ.
 */
export async function runBench(
  corpus: Corpus,
  operations: readonly Operation[],
  { rounds, onProgress = () => undefined }: RunBenchOptions,
): Promise<BenchReport> {
  const load = loadavg()[0] ?? 0;
  const rows: BenchRow[] = [];
  const skipped: SkippedRow[] = [];
  const compared: BenchReport['compared'][number][] = [];
  for (const operation of operations) {
    const open = await openOperation(operation, skipped, onProgress);
    try {
      onProgress(`${operation.name}: comparing results on ${corpus.messages.length} messages`);
      compared.push(...(await compareAll(open, corpus)));
      rows.push(...(await timeAll(open, corpus, rounds, onProgress)));
    } finally {
      await Promise.all(open.handles.map((handle) => handle.close()));
    }
  }
  return {
    schema: 'rtlift-bench-1',
    takenAt: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      load,
    },
    corpus: {
      name: corpus.name,
      messages: corpus.messages.length,
      sizeBytes: corpus.sizeBytes,
    },
    rounds,
    patterns: operations.flatMap((operation) => operation.patterns ?? []),
    rows,
    skipped,
    compared,
  };
}

async function openOperation(
  operation: Operation,
  skipped: SkippedRow[],
  onProgress: (text: string) => void,
): Promise<OpenOperation> {
  const handles: Offloaded<Uint8Array, unknown>[] = [];
  const onBuild = ({ kernel, stage }: BuildProgress): void =>
    onProgress(stage === 'done' ? `${kernel}: library built` : `${kernel}: ${stage}`);
  for (const path of PATHS) {
    try {
      const options: OffloadOptions = { path, onProgress: onBuild };
      handles.push(await offload(operation.kernel, options));
    } catch (error) {
      // A machine without the toolchain still gets the rest; a kernel that does not build is a failure.
      if (!isUnavailable(error)) throw error;
      skipped.push({ operation: operation.name, name: path, reason: (error as Error).message });
    }
  }
  const rivals: AnyRival[] = [];
  for (const rival of operation.rivals) {
    if (isMissing(rival)) {
      skipped.push({ operation: operation.name, name: rival.name, reason: rival.missing });
    } else {
      rivals.push(rival);
    }
  }
  return { operation, handles, rivals };
}

function isUnavailable(error: unknown): boolean {
  const why = error instanceof RtliftError ? error.details.why : undefined;
  return why === 'ERR_RTLIFT_TOOL_MISSING' || why === 'ERR_RTLIFT_ADDON_UNAVAILABLE';
}

async function compareAll(
  { operation, handles, rivals }: OpenOperation,
  { messages }: Corpus,
): Promise<BenchReport['compared'][number][]> {
  const { kernel, name } = operation;
  const encode = (value: unknown): Uint8Array => {
    const bytes = new Uint8Array(kernel.output.sizeOf(value));
    kernel.output.encodeInto(value, bytes, 0);
    return bytes;
  };
  const golden = messages.map((message) => encode(kernel.golden(message)));
  const compared: BenchReport['compared'][number][] = [];
  const check = (who: string, actual: readonly Uint8Array[]): void => {
    const mismatch = findMismatch(who, golden, actual);
    if (mismatch) throw mismatchError(name, mismatch);
    compared.push({ operation: name, name: who, messages: messages.length });
  };
  for (const handle of handles) {
    // The javascript path runs the golden model itself: compared all the same, its batching is not the model's.
    check(handle.path, (await handle.batch(messages)).map(encode));
  }
  for (const rival of rivals) {
    check(
      rival.name,
      messages.map((message) => rival.encode(rival.run(message))),
    );
  }
  return compared;
}

function mismatchError(operation: string, mismatch: Mismatch): RtliftError {
  const { name, messageIndex, expected, actual } = mismatch;
  return new RtliftError(
    'ERR_RTLIFT_RESULT_MISMATCH',
    `${operation}: ${name} differs from the golden model on message ${messageIndex}: expected ${expected}, got ${actual}`,
    { operation, ...mismatch },
  );
}

async function timeAll(
  { operation, handles, rivals }: OpenOperation,
  corpus: Corpus,
  rounds: number,
  onProgress: (text: string) => void,
): Promise<BenchRow[]> {
  const { messages } = corpus;
  const counters = new Map<string, KernelCounters>();
  const subjects: Subject[] = [
    ...handles.map((handle) => ({
      name: handle.path as string,
      run: async () => {
        const before = countersOf(handle);
        await handle.batch(messages);
        const after = countersOf(handle);
        if (before && after) counters.set(handle.path, subtract(after, before));
        else if (after) counters.set(handle.path, after);
      },
    })),
    ...rivals.map((rival) => ({
      name: rival.name,
      run: () => {
        for (const message of messages) rival.run(message);
      },
    })),
  ];
  // The comparison has run everything once over all messages: that is the warm-up.
  const timings = await measure(subjects, {
    rounds,
    warmUps: 0,
    onRound: (name, round) => onProgress(`${operation.name}: round ${round} of ${rounds}: ${name}`),
  });
  return timings.map(({ name, samplesMs }): BenchRow => {
    const rival = rivals.find((candidate) => candidate.name === name);
    const counts = counters.get(name);
    return {
      operation: operation.name,
      name,
      kind: rival ? 'rival' : 'path',
      note: rival?.note ?? noteOf(name, operation),
      host: hostFigures(corpus, samplesMs),
      kernel: counts ? kernelFigures(corpus, counts) : null,
      device: counts ? deviceFigures(corpus, counts) : null,
    };
  });
}

function noteOf(path: string, { kernel }: Operation): string {
  if (path === 'javascript') return 'golden model, plain JavaScript';
  const parameters = Object.entries(kernel.rtl.parameters).map(([key, value]) => `${key}=${value}`);
  return `RTL ${kernel.rtl.top}${parameters.length > 0 ? ` (${parameters.join(' ')})` : ''}, simulated`;
}

function countersOf(handle: Offloaded<Uint8Array, unknown>): KernelCounters | null {
  const { cycles } = handle.stats();
  if (cycles === null) return null;
  const entries = Object.entries(cycles).map(([key, { value }]) => [key, value]);
  return Object.fromEntries(entries) as KernelCounters;
}

function subtract(after: KernelCounters, before: KernelCounters): KernelCounters {
  const keys = Object.keys(after) as (keyof KernelCounters)[];
  const entries = keys.map((key) => [key, after[key] - before[key]]);
  return { ...(Object.fromEntries(entries) as KernelCounters), latencyCycles: after.latencyCycles };
}

function hostFigures({ messages, sizeBytes }: Corpus, samplesMs: readonly number[]): HostFigures {
  const ms = median(samplesMs);
  return {
    messagesPerSecond: figure((messages.length * 1000) / ms, '1/s', 'measured'),
    throughput: figure(sizeBytes / ms / 1000, 'MB/s', 'measured'),
    nsPerMessage: figure((ms * 1e6) / messages.length, 'ns', 'measured'),
    nsPerMessageSpread: figure(
      (medianDeviation(samplesMs) * 1e6) / messages.length,
      'ns',
      'measured',
    ),
  };
}

function kernelFigures({ messages, sizeBytes }: Corpus, counts: KernelCounters): KernelFigures {
  const cycles = (value: number) => figure(value, 'cycles', 'simulated');
  return {
    cycles: cycles(counts.cycles),
    bytesPerCycle: figure(sizeBytes / counts.cycles, 'B/cycle', 'simulated'),
    cyclesPerMessage: cycles(counts.cycles / messages.length),
    inStalls: cycles(counts.inStalls),
    inBubbles: cycles(counts.inBubbles),
    outStalls: cycles(counts.outStalls),
  };
}

function deviceFigures({ sizeBytes }: Corpus, counts: KernelCounters): DeviceFigures {
  const time = kernelTime(counts.cycles, F2);
  const rate = (ns: number): number => (sizeBytes * 1000) / ns;
  return {
    device: F2.name,
    clock: F2.clocks.unsynthesised,
    kernelTime: time,
    throughput: estimate(
      rate(time.value),
      rate(time.high ?? time.value),
      rate(time.low ?? time.value),
      'MB/s',
    ),
  };
}
