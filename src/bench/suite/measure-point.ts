import { toFigure } from '../../devices/range.js';
import { figure } from '../../figure.js';
import { type PackedBatch, pack, totalSize } from '../../kernel/batch.js';
import type { Codec } from '../../kernel/codec.js';
import type { KernelCounters } from '../../paths/path.js';
import type { Measurement } from '../../report/suite-report.js';
import { countersBetween, countersOf } from '../counters.js';
import { type OpenOperation, pathNote } from '../open-operation.js';
import { PACKING, packing } from '../packing.js';
import type { Clock } from './clock.js';
import type { CountedActivity } from './count-activity.js';
import type { Host } from './host.js';
import { hostFigures } from './host-figures.js';
import { LENGTH_BYTES, type Point, type PointResult, type PointWorkload } from './point.js';
import { quietTime } from './quiet-time.js';
import { summarise } from './statistics.js';
import { type Timed, type Timings, timeRunners } from './time-runners.js';

export interface MeasureOptions {
  readonly rounds: number;
  readonly clock: Clock;
  readonly host: Host;
  readonly leastRoundMs: number;
  readonly mostRunnerMs: number;
  /** Counted apart on such messages; `null` where it was not. */
  readonly activity: CountedActivity | null;
  /** Whether everything has run on these messages already. */
  readonly isWarm?: boolean;
  readonly onRound?: (name: string, round: number) => void;
}

/**
 * Measures the chosen runners of an operation on one batch: host time and CPU time of each, cycles of the simulated one.
 *
 * Results are not looked at: {@link compareAll} did that.
 * @param messages - one batch.
 */
export async function measurePoint(
  open: OpenOperation,
  point: Point,
  messages: readonly unknown[],
  isChosen: (runner: string) => boolean,
  options: MeasureOptions,
): Promise<Omit<PointResult, 'leftOut'>> {
  const { operation, rivals } = open;
  const { kernel } = operation;
  const handles = open.handles.filter(({ path }) => isChosen(path));
  const counters = new Map<string, KernelCounters>();
  const simulated = handles.find(({ path }) => path === 'verilator');
  const results = simulated ? pack(kernel.output, await simulated.batch(messages)) : null;
  const timed: Timed[] = [
    ...handles.map((handle) => ({
      name: handle.path as string,
      isAsync: true,
      isThreaded: handle.path === 'verilator',
      run: async () => {
        const before = countersOf(handle);
        await handle.batch(messages);
        const counted = countersBetween(before, countersOf(handle));
        if (counted) counters.set(handle.path, counted);
      },
    })),
    ...rivals
      .filter(({ name }) => isChosen(name))
      .map(({ name, run }) => ({
        name,
        isAsync: false,
        isThreaded: false,
        run: () => {
          for (const message of messages) run(message);
        },
      })),
    ...(results ? [packing(kernel, messages, results)] : []),
  ];
  const { energy } = options.host;
  const timings = await timeRunners(timed, {
    ...options,
    ...(energy ? { startEnergy: energy.start } : {}),
  });
  const payloadBytes = totalSize(kernel.input, messages);
  const measurements = [...timings]
    .filter(([name]) => name !== PACKING)
    .map(([name, taken]): Measurement => {
      const rival = rivals.find((each) => each.name === name);
      const counted = counters.get(name) ?? null;
      const mean = payloadBytes / messages.length;
      return {
        operation: point.operation,
        size: point.size,
        batch: point.batch,
        runner: name,
        kind: rival ? 'rival' : 'path',
        note: rival?.note ?? pathNote(name, operation),
        host: hostFigures(taken, messages.length, mean, options.host, counted !== null),
        kernel: counted && kernelFigures(counted, messages.length, payloadBytes, options.activity),
      };
    });
  const counted = simulated && counters.get(simulated.path);
  const packed = timings.get(PACKING);
  const workload =
    counted && packed && results
      ? workloadOf(
          kernel,
          messages.length,
          payloadBytes,
          results,
          counted,
          packed,
          options.activity,
        )
      : null;
  return { ...point, measurements, workload };
}

function kernelFigures(
  { cycles, inStalls, inBubbles, outStalls }: KernelCounters,
  messages: number,
  bytes: number,
  activity: CountedActivity | null,
): Measurement['kernel'] {
  const count = (value: number) => figure(value, 'cycles', 'simulated');
  const toggles = (value: number | null | undefined) =>
    value == null ? null : figure(value, 'toggles/bit/cycle', 'simulated');
  return {
    cyclesPerMessage: count(cycles / messages),
    bytesPerCycle: figure(bytes / cycles, 'B/cycle', 'simulated'),
    inStalls: count(inStalls),
    inBubbles: count(inBubbles),
    outStalls: count(outStalls),
    registerActivity: toggles(activity?.register),
    netActivity: toggles(activity?.net),
  };
}

function workloadOf(
  { input, output }: OpenOperation['operation']['kernel'],
  messages: number,
  payloadBytes: number,
  results: PackedBatch,
  { cycles, inBubbles, outStalls, latencyCycles }: KernelCounters,
  packed: Timings,
  activity: CountedActivity | null,
): PointWorkload {
  const framing = ({ fixedBytes }: Codec<unknown>): number =>
    fixedBytes === null ? LENGTH_BYTES * messages : 0;
  const { bestRoundNs: best, cpuNsPerBatch: cpu } = packed;
  // As the rivals' times: packing is software of one thread as well.
  const host = quietTime({ ...summarise(packed.batchNs), best, cpu });
  return {
    bytesIn: payloadBytes + framing(input),
    bytesOut: results.data.length + framing(output),
    cycles,
    stallCycles: Math.min(cycles, inBubbles + outStalls),
    latencyCycles,
    hostNsPerBatch: toFigure(host, 'ns', 'measured'),
    registerActivity: activity?.register ?? null,
    netActivity: activity?.net ?? null,
  };
}
