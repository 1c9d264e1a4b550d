import { availableParallelism, cpus, loadavg } from 'node:os';
import { figure } from '../figure.js';
import type {
  BenchReport,
  BenchRow,
  HostFigures,
  KernelFigures,
  SkippedRow,
} from '../report/bench-report.js';
import { scaled } from '../report/format.js';
import type { Measurement, Wave } from '../report/suite-report.js';
import { type Corpus, sampleCorpus } from './mails.js';
import { compareAll, type Operation, openOperation } from './open-operation.js';
import { HOST_CLOCK } from './suite/clock.js';
import { countActivity } from './suite/count-activity.js';
import type { Host } from './suite/host.js';
import { measurePoint } from './suite/measure-point.js';
import { corpusClass } from './suite/messages.js';
import type { PointResult, PointWorkload } from './suite/point.js';
import { waveOf } from './suite/wave.js';

export interface RunBenchOptions {
  readonly rounds: number;
  readonly host: Host;
  readonly onProgress?: (text: string) => void;
}

/** Messages on which changing bits are counted. */
const ACTIVITY_MESSAGES = 128;

/** A report of the main job, and what the devices are projected from. */
export interface BenchRun {
  readonly report: BenchReport;
  readonly operations: readonly Operation[];
  /** One for each operation: all messages in one batch. */
  readonly points: readonly PointResult[];
  /** Of the operations for which a library with waveforms was built before. */
  readonly waves: readonly Wave[];
}

/**
 * Runs every operation on every path and rival over the corpus: compares all results with the golden model's, then
 * times all in interleaved rounds.
 * @throws {@link RtliftError} `ERR_RTLIFT_RESULT_MISMATCH` naming the first message on which two differ.
 */
export async function runBench(
  corpus: Corpus,
  operations: readonly Operation[],
  { rounds, host, onProgress = () => undefined }: RunBenchOptions,
): Promise<BenchRun> {
  const load = loadavg()[0] ?? 0;
  const { messages, sizeBytes } = corpus;
  const model = cpus()[0]?.model ?? 'unknown';
  const points: PointResult[] = [];
  const waves: Wave[] = [];
  const skipped: SkippedRow[] = [];
  const compared: BenchReport['compared'][number][] = [];
  for (const operation of operations) {
    const open = await openOperation(operation, onProgress);
    skipped.push(...open.skipped);
    try {
      onProgress(`${operation.name}: comparing results on ${messages.length} messages`);
      compared.push(...(await compareAll(open, messages)));
      const size = { name: corpus.sizeName, bytes: sizeBytes / messages.length };
      const point = { operation: operation.name, size, batch: messages.length };
      const measured = await measurePoint(open, point, messages, () => true, {
        rounds,
        clock: HOST_CLOCK,
        host,
        leastRoundMs: 0,
        mostRunnerMs: Number.POSITIVE_INFINITY,
        activity: await countActivity(
          operation.kernel,
          sampleCorpus(corpus, ACTIVITY_MESSAGES).messages,
        ),
        // The comparison has run everything once over all messages.
        isWarm: true,
        onRound: (name, round) =>
          onProgress(`${operation.name}: round ${round} of ${rounds}: ${name}`),
      });
      points.push({ ...measured, leftOut: [] });
      const classes = [corpusClass(corpus)];
      const wave = await waveOf({ operation, classes }, { seed: 1, mayBuild: false });
      if (wave) waves.push(wave);
    } finally {
      await Promise.all(open.handles.map((handle) => handle.close()));
    }
  }
  const report: BenchReport = {
    machine: {
      cpu: model,
      cores: availableParallelism(),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      load,
    },
    corpus: { name: corpus.name, messages: messages.length, sizeBytes },
    rounds,
    patterns: operations.flatMap((operation) => operation.patterns ?? []),
    rows: points.flatMap((point) =>
      point.measurements.map((measurement) => rowOf(measurement, point.workload)),
    ),
    skipped,
    compared,
  };
  return { report, operations, points, waves };
}

function rowOf(measurement: Measurement, workload: PointWorkload | null): BenchRow {
  const { operation, runner, kind, note, host, kernel } = measurement;
  const isSimulated = kernel !== null && workload !== null;
  return {
    operation,
    name: runner,
    kind,
    note,
    host: hostRow(host),
    kernel: isSimulated ? kernelRow(kernel, workload) : null,
  };
}

function hostRow(host: Measurement['host']): HostFigures {
  return {
    messagesPerSecond: scaled(host.messagesPerSecond, 1, '1/s'),
    throughput: scaled(host.bytesPerSecond, 1e-6, 'MB/s'),
    nsPerMessage: host.nsPerMessageP50,
    nsPerMessageSpread: host.nsPerMessageMad,
  };
}

function kernelRow(
  {
    bytesPerCycle,
    cyclesPerMessage,
    inStalls,
    inBubbles,
    outStalls,
  }: NonNullable<Measurement['kernel']>,
  { cycles }: PointWorkload,
): KernelFigures {
  return {
    cycles: figure(cycles, 'cycles', 'simulated'),
    bytesPerCycle,
    cyclesPerMessage,
    inStalls,
    inBubbles,
    outStalls,
  };
}
