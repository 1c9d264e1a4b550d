import type { SuiteReport, Wave } from '../../report/suite-report.js';
import { compareAll, type OpenOperation, openOperation } from '../open-operation.js';
import type { Clock } from './clock.js';
import { countActivity } from './count-activity.js';
import type { SuiteFilter } from './filter.js';
import { Findings } from './findings.js';
import type { Host } from './host.js';
import { measurePoint } from './measure-point.js';
import type { MessageClass } from './messages.js';
import type { PlannedPoint } from './plan.js';
import { type PointResult, pointId } from './point.js';
import { RateMemory } from './rate-memory.js';
import type { Journal } from './resume.js';
import { LEAST_BYTES, type SuiteSettings } from './settings.js';
import type { SuiteOperation } from './suite-operation.js';
import { type SuiteProgress, TimeLeft } from './time-left.js';

export interface RunSuiteOptions {
  readonly settings: SuiteSettings;
  readonly filter: SuiteFilter;
  readonly seed: number;
  readonly host: Host;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Makes the waveform of an operation, or says by `null` that there is none. */
  readonly wave?: (operation: SuiteOperation) => Promise<Wave | null>;
  readonly onProgress?: (progress: SuiteProgress) => void;
  /** Ends the run after the point that is being measured; what was found until then is kept. */
  readonly signal?: AbortSignal;
}

/** What a run of the suite found, and what one that was cut short found before. */
export interface SuiteRun {
  readonly points: readonly PointResult[];
  readonly waves: readonly Wave[];
  readonly compared: SuiteReport['compared'];
  readonly skipped: SuiteReport['skipped'];
  /** Share of the planned points. */
  readonly complete: number;
}

/**
 * Runs the planned points: opens each operation, compares the results of every runner on every size with the golden
 * model, and measures. What the journal has already is not measured again.
 * @throws {@link RtliftError} `ERR_RTLIFT_RESULT_MISMATCH` naming the first message on which two differ.
 */
export async function runSuite(
  operations: readonly SuiteOperation[],
  planned: readonly PlannedPoint[],
  options: RunSuiteOptions,
): Promise<SuiteRun> {
  const found = new Findings(options.journal, planned);
  const rates = new RateMemory();
  const { clock, onProgress } = options;
  const timeLeft = new TimeLeft(planned, (point) => found.has(point), clock, onProgress);
  for (const operation of operations) {
    const { name } = operation.operation;
    const own = planned.filter((point) => point.operation === name);
    for (const { measurements } of found.points.filter((point) => point.operation === name)) {
      for (const measurement of measurements) rates.add(measurement);
    }
    if (own.every((point) => found.has(point)) && found.isClosed(name)) continue;
    if (options.signal?.aborted) break;
    await runOperation(operation, own, { ...options, found, rates, timeLeft });
  }
  const here = planned.filter((point) => found.has(point)).length;
  const { points, waves, compared, skipped } = found;
  return {
    points,
    waves,
    compared,
    skipped,
    complete: planned.length === 0 ? 1 : here / planned.length,
  };
}

interface State extends RunSuiteOptions {
  readonly found: Findings;
  readonly rates: RateMemory;
  readonly timeLeft: TimeLeft;
}

async function runOperation(
  operation: SuiteOperation,
  planned: readonly PlannedPoint[],
  state: State,
): Promise<void> {
  const { found, timeLeft, signal, filter } = state;
  const { name } = operation.operation;
  timeLeft.say(`${name}: opening`);
  const open = await openOperation(operation.operation, (text) => timeLeft.say(text));
  try {
    for (const size of new Set(planned.map((point) => point.size))) {
      const todo = planned.filter((point) => point.size === size && !found.has(point));
      if (todo.length === 0) continue;
      if (signal?.aborted) return;
      if (found.sizeOf(name, size.name) === null) await lookAtSize(open, size, state);
      for (const point of todo) {
        if (signal?.aborted) return;
        timeLeft.say(pointId(point));
        await found.addPoint(await measure(open, point, state));
        timeLeft.did(point);
      }
    }
    if (found.isClosed(name)) return;
    const skipped = open.skipped
      .filter((each) => planned.some((point) => filter.hasRunner(point, each.name)))
      .map(({ name: runner, reason }) => ({ operation: name, runner, reason }));
    timeLeft.say(`${name}: waveform`);
    await found.close(name, skipped, (await state.wave?.(operation)) ?? null);
  } finally {
    await Promise.all(open.handles.map((handle) => handle.close()));
  }
}

/** Messages whose results are compared, at most. */
const COMPARED = 256;

/** Holds the results of all runners on a size against the golden model, and counts what toggles on such messages. */
async function lookAtSize(open: OpenOperation, size: MessageClass, state: State): Promise<void> {
  const { found, timeLeft, settings, seed } = state;
  const { name: operation, kernel } = open.operation;
  const count = Math.floor(settings.comparedBytes / Math.max(size.bytes, LEAST_BYTES));
  const messages = size.batch(Math.max(1, Math.min(count, COMPARED)), seed);
  timeLeft.say(`${operation}/${size.name}: comparing results on ${messages.length} messages`);
  const compared = await compareAll(open, messages);
  const isSimulated = open.handles.some(({ path }) => path === 'verilator');
  await found.addSize({
    kind: 'size',
    operation,
    size: size.name,
    compared: compared.map(({ name: runner, messages: n }) => ({
      operation,
      runner,
      messages: n,
      size: size.name,
    })),
    activity: isSimulated ? await countActivity(kernel, messages) : null,
  });
}

async function measure(
  open: OpenOperation,
  { operation, size, batch, pathsLeftOut }: PlannedPoint,
  { settings, filter, seed, host, clock, rates, found: known }: State,
): Promise<PointResult> {
  const point = { operation, size: { name: size.name, bytes: size.bytes }, batch };
  const runners = [
    ...open.handles.map(({ path }) => ({ name: path as string, isPath: true })),
    ...open.rivals.map(({ name }) => ({ name, isPath: false })),
  ].filter(({ name }) => filter.hasRunner(point, name));
  const leftOut = runners.flatMap(({ name, isPath }) => {
    if (isPath && pathsLeftOut !== null) return [{ runner: name, reason: pathsLeftOut }];
    if (rates.batchMs(point, name) <= settings.mostBatchMs) return [];
    return [
      {
        runner: name,
        reason: `a batch would take it more than ${settings.mostBatchMs / 1000} s, by the batches before`,
      },
    ];
  });
  const isChosen = (name: string): boolean =>
    runners.some((each) => each.name === name) && leftOut.every(({ runner }) => runner !== name);
  const { rounds, leastRoundMs, mostRunnerMs } = settings;
  const found = await measurePoint(open, point, size.batch(batch, seed), isChosen, {
    rounds,
    leastRoundMs,
    mostRunnerMs,
    clock,
    host,
    activity: known.sizeOf(operation, size.name)?.activity ?? null,
  });
  for (const measurement of found.measurements) rates.add(measurement);
  return { ...found, leftOut };
}
