import { availableParallelism, cpus, loadavg } from 'node:os';
import type { SynthesisRow } from '../bench/suite/synthesis.js';
import { DEVICES, deviceById } from '../devices/catalogue.js';
import { cpuProfile } from '../devices/cpu-profiles.js';
import type { Device } from '../devices/device.js';
import { CPU_PRICES } from '../devices/prices.js';
import { over, rangeOf, scale, times, toFigure } from '../devices/range.js';
import { RtliftError } from '../errors.js';
import { estimate, type Figure, figure } from '../figure.js';
import { parseCallProfile } from '../profile/calls/read-report.js';
import type { CallProfileReport } from '../profile/calls/schema.js';
import { SYNTHESIS_DEVICES } from '../synthesis/row.js';
import { findYosys } from '../synthesis/run-yosys.js';
import { synthesise } from '../synthesis/synthesise.js';
import { targetOf } from '../synthesis/targets.js';
import type { Advice, PoolAdvice, SoftwareAdvice } from './advice.js';
import { areaOf } from './area.js';
import { checkAdviseOptions } from './check-options.js';
import { deviceCurve, ratesAround, softwareCurve } from './curves.js';
import { type AnyKernel, cyclesOf } from './cycles/simulate.js';
import { type AnyHandle, handleLoad } from './load/from-handle.js';
import { profiledLoad } from './load/from-profile.js';
import { drawSizes, type ExplicitLoad, explicitLoad, type Load, meanBytes } from './load/load.js';
import { type TraceEntry, tracedLoad } from './load/trace.js';
import { messageMaker } from './messages.js';
import { advisePlace, amdahl, boundOfWholeService, type Demand } from './place.js';
import { type MeasuredHost, measureHost } from './software.js';
import { type Subject, type SubjectOptions, subjectOf } from './subject.js';
import { type Goal, verdictOf } from './verdict.js';
import { BatchCycles, type Ground } from './workload.js';

/** What a load is learnt from. */
export type LoadInput =
  | CallProfileReport
  | AnyHandle
  | ExplicitLoad
  | { readonly trace: readonly TraceEntry[]; readonly name?: string };

/** What {@link advise} is asked about. */
export interface AdviseOptions extends SubjectOptions {
  /** A built-in kernel by name, or one made by defineKernel; of a handle its own. */
  readonly kernel?: string | AnyKernel;
  /** Ids of the catalogue, or devices; default the catalogue. */
  readonly devices?: readonly (string | Device)[];
  /** Ids of links; default all of each device. */
  readonly links?: readonly string[];
  /** How long a message may wait for others, ms; default 1. */
  readonly delayMs?: number;
  /** What offloading is for; default `any`: a core that is freed, and energy or money saved. */
  readonly goal?: Goal;
  /** Cards that the load may take; default 1. */
  readonly maxCards?: number;
  /** Where cycles come from; default `auto`: simulated where Verilator is there. */
  readonly cycles?: 'auto' | 'simulate' | 'documented';
  /** Synthesise with Yosys what no row is known of; takes minutes. */
  readonly synthesise?: boolean;
  /** Figures of this machine that were measured before, in place of measuring. */
  readonly measured?: MeasuredHost;
  /** Cores that a worker pool has; default those of this machine. */
  readonly cores?: number;
  /** How long a live handle is looked at, ms; default 1000. */
  readonly overMs?: number;
  readonly onProgress?: (text: string) => void;
}

/**
 * Says whether an operation belongs on an FPGA: for each device and link messages a second, added latency, energy and price with
 * low and high, what binds, and where it breaks even with the best software of this machine; and a verdict in one sentence.
 *
 * Measures software for some seconds on this thread, and simulates a few small batches of the kernel.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for an option or a load that cannot be, `ERR_RTLIFT_INVALID_PROFILE` for a
 *   call profile or a trace that is none; `ERR_RTLIFT_PATH_UNAVAILABLE` for a kernel of one's own where Verilator is not there.
 */
export async function advise(input: LoadInput, options: AdviseOptions = {}): Promise<Advice> {
  checkAdviseOptions(options);
  const { delayMs = 1, goal = 'any', maxCards = 1, onProgress } = options;
  const devices = devicesOf(options);
  const load = await loadOf(input, options);
  const subject = await subjectOf(kernelOf(input, options), load.sizes, options);
  checkSizes(load, subject);
  const make = messageMaker(subject.kernel);
  const cycles = await cyclesOf(subject.kernel, make, options);
  const sample = drawSizes(load.sizes, sampleCount(load)).map(make);
  const measured = options.measured ?? (await measureHost(subject, sample, onProgress));
  const host = cpuProfile(cpus()[0]?.model ?? 'unknown');
  const ground: Ground = {
    subject,
    sizes: load.sizes,
    cycles,
    packing: measured.packing,
    coreWatts: host.coreWatts,
  };
  const software = measured.software
    .map((each) => softwareAdvice(each, load, host.coreWatts))
    .sort((a, b) => a.nsPerMessage.value - b.nsPerMessage.value);
  const [best] = software as [SoftwareAdvice];
  const demand: Demand = {
    load,
    delayNs: delayMs * 1e6,
    software: best,
    coreUsdPerHour: CORE_USD_PER_HOUR,
  };
  const batchCycles = new BatchCycles(cycles, load.sizes);
  const made = options.synthesise
    ? await synthesiseMissing(subject.kernel, devices, onProgress)
    : [];
  const rates = ratesAround(load.messagesPerSecond.value);
  const found = devices.flatMap((device) =>
    device.links
      .filter(({ id }) => options.links === undefined || options.links.includes(id))
      .map((link) => advisePlace(ground, batchCycles, device, link, demand, made)),
  );
  const pool = poolAdvice(best, measured, load, options.cores ?? availableParallelism());
  const places = found.map(({ advice }) => advice);
  const large = 512;
  const each = scale(batchCycles.of(large), 1 / large);
  return {
    schema: 'rtlift-advice-1',
    takenAt: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      node: process.version,
      load: loadavg()[0] ?? 0,
    },
    load: {
      name: load.name,
      source: load.source,
      messagesPerSecond: load.messagesPerSecond,
      meanBytes: figure(meanBytes(load.sizes), 'B', load.messagesPerSecond.provenance),
      delay: figure(delayMs * 1e6, 'ns', 'assumed'),
      batch: load.batchWithin(delayMs * 1e6),
      cpuShare: load.cpuShare,
      hostTime: load.hostTime,
    },
    kernel: {
      name: subject.name,
      parameters: Object.fromEntries(
        Object.entries(subject.kernel.rtl.parameters).map(([key, value]) => [key, `${value}`]),
      ),
      copies: subject.copies,
      cyclesPerMessage: toFigure(each, 'cycles', cycles.provenance),
    },
    verdict: verdictOf(load, places, best, pool, { goal, maxCards }),
    software,
    pool,
    places,
    curves: [
      softwareCurve(best, rates),
      ...found.flatMap(({ place, cardsForCopies }) =>
        place === null
          ? []
          : [deviceCurve(ground, place, cardsForCopies, demand.delayNs, CORE_USD_PER_HOUR, rates)],
      ),
    ],
    notes: [
      ...load.notes,
      ...boundOfWholeService(load),
      ...subject.notes,
      cycles.note,
      `watts of a core: ${host.name}, ${host.source}`,
      `price of a core: ${CORE_PRICE_NOTE}`,
      ...measured.skipped.map((text) => `not measured: ${text}`),
    ],
  };
}

/**
 * Between a vCPU of c7g.large, which is a core, and two vCPUs of c7i.large, which are one; 20 % above for other instances.
 */
const [ARM, X86] = CPU_PRICES as [(typeof CPU_PRICES)[number], (typeof CPU_PRICES)[number]];
const CORE_USD_PER_HOUR: Figure = estimate(
  X86.usdPerHour.value,
  ARM.usdPerHour.value / 2,
  X86.usdPerHour.value * 1.2,
  'USD/h',
  'assumed',
);
const CORE_PRICE_NOTE = `${X86.name} is one core; half of ${ARM.name} to 20 % more`;

async function loadOf(input: LoadInput, { overMs = 1000 }: AdviseOptions): Promise<Load> {
  if (typeof input === 'function') return handleLoad(input, overMs);
  if (typeof input !== 'object' || input === null) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `load is a call profile, a handle, { trace } or { messagesPerSecond, sizes }, got ${input === null ? 'null' : typeof input}`,
      { arg: 'load' },
    );
  }
  if ('schema' in input) return profiledLoad(await parseCallProfile(input, 'load'));
  if ('trace' in input) return tracedLoad(input.trace, input.name ?? 'trace');
  return explicitLoad(input);
}

function kernelOf(input: LoadInput, { kernel }: AdviseOptions): string | AnyKernel {
  if (kernel !== undefined) return kernel;
  if (typeof input === 'function') return input.kernel;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    'kernel: expected the name of a built-in kernel, or one made by defineKernel, got none',
    {
      arg: 'kernel',
    },
  );
}

function devicesOf({ devices = DEVICES, links }: AdviseOptions): Device[] {
  const found = devices.map((device) => (typeof device === 'string' ? deviceById(device) : device));
  const known = new Set(found.flatMap((device) => device.links.map(({ id }) => id)));
  const strange = links?.find((id) => !known.has(id));
  if (strange !== undefined) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `links are of the devices asked about (${[...known].join(', ')}), got ${strange}`,
      { arg: 'links', got: strange },
    );
  }
  return found;
}

/** Messages that the software is measured on: up to 256, and 4 MiB. */
const sampleCount = ({ sizes }: Load): number =>
  Math.max(1, Math.min(256, Math.floor((4 << 20) / Math.max(1, meanBytes(sizes)))));

function checkSizes({ sizes }: Load, { kernel, name }: Subject): void {
  const { minMessageBytes, maxMessageBytes } = kernel.limits;
  const fixed = kernel.input.fixedBytes;
  const wrong = sizes.find(
    ({ bytes }) =>
      bytes < minMessageBytes ||
      bytes > maxMessageBytes ||
      (fixed !== null && kernel.input.shape?.kind === 'fixedBytes' && bytes !== fixed),
  );
  if (wrong === undefined) return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `${name} takes messages of ${fixed ?? `${minMessageBytes}..${maxMessageBytes}`} bytes, and the load has some of ${wrong.bytes}`,
    { arg: 'sizes', got: wrong.bytes },
  );
}

function softwareAdvice(
  each: MeasuredHost['software'][number],
  { messagesPerSecond, cpuShare, hostTime }: Load,
  coreWatts: Figure,
): SoftwareAdvice {
  const ns = rangeOf(each.nsPerMessage);
  return {
    ...each,
    cores: toFigure(scale(times(ns, rangeOf(messagesPerSecond)), 1e-9), '1'),
    energy: toFigure(scale(times(ns, rangeOf(coreWatts)), 1e-9), 'J'),
    price: toFigure(scale(times(ns, rangeOf(CORE_USD_PER_HOUR)), 1 / 3600), 'USD'),
    wholeService: cpuShare && hostTime && amdahl(cpuShare, over(ns, rangeOf(hostTime))),
  };
}

/** Workers do the work, and the calling thread packs and passes batches as the load forms them. */
function poolAdvice(
  best: SoftwareAdvice,
  { packing, passing }: MeasuredHost,
  load: Load,
  cores: number,
): PoolAdvice | null {
  const workers = cores - 1;
  if (workers < 1) return null;
  const batch = Math.max(1, Math.min(256, Math.round(load.batchWithin(1e6).value)));
  const [pack, pass] = [rangeOf(packing), rangeOf(passing)];
  const host = {
    low: pack.low + pass.low / batch,
    value: pack.value + pass.value / batch,
    high: pack.high + pass.high / batch,
  };
  const ns = rangeOf(best.nsPerMessage);
  const capacity = (bound: 'low' | 'value' | 'high'): number =>
    Math.min((workers * 1e9) / ns[bound], 1e9 / host[bound]);
  return {
    workers,
    capacity: estimate(capacity('value'), capacity('high'), capacity('low'), '1/s'),
    hostTime: toFigure(host, 'ns'),
    note: `${best.name} on ${workers} worker thread${workers === 1 ? '' : 's'} beside this one, batches of ${batch}: packing, and ${Math.round(passing.value)} ns to pass a batch there and back, measured`,
  };
}

async function synthesiseMissing(
  kernel: AnyKernel,
  devices: readonly Device[],
  onProgress: AdviseOptions['onProgress'],
): Promise<SynthesisRow[]> {
  await findYosys();
  const rows: SynthesisRow[] = [];
  for (const { id } of devices) {
    const device = devices.find((each) => each.id === id) as Device;
    const isKnown = areaOf(kernel, device).basis.startsWith('synthesised');
    if (isKnown || !SYNTHESIS_DEVICES.some((known) => known === id)) continue;
    onProgress?.(`${kernel.name}: synthesis for ${id}`);
    const { name, rtl } = kernel;
    const row = await synthesise(name, rtl, targetOf(id), {
      onStage: (text) => onProgress?.(`${name} for ${id}: ${text}`),
    });
    rows.push({ ...row, cells: row.cells && { ...row.cells } } as SynthesisRow);
  }
  return rows;
}
