import { estimate, type Figure, figure } from '../../src/figure.js';
import type { Projection, SuiteReport, Wave } from '../../src/report/suite-report.js';

/** A kernel of the fixture: what it takes, and what the software beside it takes. Invented, of a likely size. */
interface Kernel {
  readonly name: string;
  readonly top: string;
  readonly resultBytes: number;
  readonly bytesPerCycle: number;
  /** Cycles of a message beside its bytes. */
  readonly cyclesPerMessage: number;
  /** LUT of an UltraScale+; the small parts take more. */
  readonly lut: number;
  /** ns a message, ns a byte. */
  readonly software: readonly (readonly [string, number, number])[];
}

const KERNELS: readonly Kernel[] = [
  {
    name: 'sha256',
    top: 'sha256',
    resultBytes: 32,
    bytesPerCycle: 0.97,
    cyclesPerMessage: 67,
    lut: 22_000,
    software: [
      ['crypto.hash (hex)', 850, 0.62],
      ['createHash', 2100, 0.66],
      ['hash-wasm', 1500, 7.2],
    ],
  },
  {
    name: 'sha1',
    top: 'sha1',
    resultBytes: 20,
    bytesPerCycle: 0.78,
    cyclesPerMessage: 83,
    lut: 15_000,
    software: [
      ['crypto.hash (hex)', 800, 0.55],
      ['createHash', 2000, 0.6],
    ],
  },
  {
    name: 'crc32',
    top: 'crc',
    resultBytes: 4,
    bytesPerCycle: 52,
    cyclesPerMessage: 2,
    lut: 3100,
    software: [
      ['zlib.crc32', 95, 0.24],
      ['table of 256', 60, 2.6],
    ],
  },
  {
    name: 'siphash',
    top: 'siphash',
    resultBytes: 8,
    bytesPerCycle: 7.8,
    cyclesPerMessage: 4,
    lut: 5200,
    software: [['BigInt-free SipHash', 140, 1.9]],
  },
  {
    name: 'literalMatch',
    top: 'literal_match',
    resultBytes: 32,
    bytesPerCycle: 15.6,
    cyclesPerMessage: 6,
    lut: 11_800,
    software: [
      ['byte DFA', 110, 3.3],
      ['RegExp', 160, 6.8],
      ['indexOf, one a word', 9000, 24],
    ],
  },
  {
    name: 'recordFilter',
    top: 'record_filter',
    resultBytes: 4,
    bytesPerCycle: 60,
    cyclesPerMessage: 1,
    lut: 2400,
    software: [
      ['DataView', 150, 0.9],
      ['JSON rules', 900, 2],
    ],
  },
  {
    name: 'classify',
    top: 'classify',
    resultBytes: 5,
    bytesPerCycle: 14.2,
    cyclesPerMessage: 9,
    lut: 9900,
    software: [['typed arrays', 260, 9.5]],
  },
  {
    name: 'crc32c (own kernel)',
    top: 'crc32c',
    resultBytes: 4,
    bytesPerCycle: 7.9,
    cyclesPerMessage: 2,
    lut: 410,
    software: [['slice-by-8', 70, 1.1]],
  },
];

/** Name, link, clock MHz, LUT, watts, ns before a batch, ns a byte in, ns a byte out, USD an hour. */
const TARGETS = [
  ['AWS F2 (f2.6xlarge)', 'mmio', 250, 1_147_238, 17, 500, 0.4, 330, 1.98],
  ['AWS F2 (f2.6xlarge)', 'pcim', 250, 1_147_238, 17, 2000, 0.4, 0.11, 1.98],
  ['AWS F2 (f2.6xlarge)', 'sde', 250, 1_147_238, 17, 6000, 0.4, 0.2, 1.98],
  ['Lattice ECP5-85', 'usb', 90, 83_640, 0.62, 500_000, 25, 25, null],
  ['Lattice iCE40 HX8K', 'usb', 60, 7680, 0.15, 500_000, 25, 25, null],
  ['Lattice iCE40 UltraPlus 5K', 'spi', 22, 5280, 0.06, 500_000, 333, 333, null],
] as const;

const SIZES = [
  { name: '0 B', bytes: 0 },
  { name: '64 B', bytes: 64 },
  { name: 'mail', bytes: 5235.7 },
] as const;
const BATCHES = [1, 16, 256, 4096];

interface Matrix {
  readonly sizes?: readonly { readonly name: string; readonly bytes: number }[];
  readonly batches?: readonly number[];
}
/** Watts that a core takes while it works. */
const CORE_WATTS = estimate(6.5, 4, 11, 'W', 'assumed');

const around = (value: number, spread: number, unit: string): Figure =>
  estimate(value, value / spread, value * spread, unit);
const measured = (value: number, unit: string): Figure => figure(value, unit, 'measured');
const simulated = (value: number, unit: string): Figure => figure(value, unit, 'simulated');

/** A report as one run of the suite may give, of eight operations and four devices; for the page's tests. */
export function suiteFixture({ sizes = SIZES, batches = BATCHES }: Matrix = {}): SuiteReport {
  const loads = KERNELS.flatMap((kernel) =>
    sizes
      .filter(({ bytes }) =>
        bytes === 0 ? kernel.name === 'sha256' : kernel.name !== 'recordFilter' || bytes <= 64,
      )
      .flatMap((size) => batches.map((batch) => ({ kernel, size, batch }))),
  );
  const projections = loads.flatMap((load) => TARGETS.map((target) => project(load, target)));
  return {
    schema: 'rtlift-suite-1',
    takenAt: '2026-05-12T09:30:00.000Z',
    rtlift: '0.1.0',
    machine: {
      cpu: 'Intel Xeon Platinum 8375C @ 2.90GHz',
      cores: 2,
      node: 'v20.20.2',
      platform: 'linux x64',
      loadBefore: 2.4,
      loadAfter: 1.1,
      note: 'A virtual machine: its power is not measured, a core is taken at 6.5 W (4 to 11).',
      core: {
        name: 'server core',
        watts: CORE_WATTS,
        source: 'declared',
        energy: 'watts',
        restWatts: null,
      },
    },
    prices: [
      {
        of: 'xcvu47p',
        name: 'f2.6xlarge',
        usdPerHour: figure(1.98, 'USD/h', 'assumed'),
        vCpus: 24,
        asOf: '2025-12-31',
        source: 'of the fixture',
      },
    ],
    settings: { rounds: 5, isQuick: false, filter: null, seed: 81 },
    operations: KERNELS.map(({ name, top, resultBytes }) => ({
      name,
      rtl: { top, parameters: { DATA_WIDTH: 64, LANES: 16 } },
      resultBytes,
    })),
    measurements: loads.flatMap(measurementsOf),
    projections,
    comparisons: projections.flatMap(comparisonsOf),
    breakEvens: breakEvensOf(projections),
    synthesis: KERNELS.flatMap(synthesisOf),
    models: [
      modelPoint('SHA-256, 64 lanes on a VU9P, MB/s', 12_800, 14_100, 1.1, true),
      modelPoint('AES-GCM on Alveo U200, Gbit/s', 38, 61, 1.6, true),
      modelPoint('idle Alveo U55C, W', 15, 15, 1, false),
      modelPoint('XDMA write of 32 bytes, us', 30, 20, 1.5, true),
      modelPoint('iCE40 UP5K, 12 MHz counter, mW', 5.1, 2.2, 2.32, true),
    ],
    waves: [waveOf('sha256', 512, 64), waveOf('literalMatch', 128, 16), waveOf('crc32', 512, 64)],
    compared: KERNELS.map(({ name }) => ({
      operation: name,
      runner: 'verilator',
      messages: 4096,
      size: '64 B',
    })),
    skipped: [
      {
        operation: 'sha1',
        runner: 'hash-wasm',
        reason: 'package hash-wasm is not installed',
      },
    ],
    complete: 0.97,
  };
}

/** A run in which nothing was measured, synthesised or recorded. */
export function emptySuite(): SuiteReport {
  return {
    ...suiteFixture(),
    operations: [],
    measurements: [],
    projections: [],
    comparisons: [],
    breakEvens: [],
    synthesis: [],
    models: [],
    waves: [],
    compared: [],
    skipped: [],
  };
}

type Load = {
  readonly kernel: Kernel;
  readonly size: { readonly name: string; readonly bytes: number };
  readonly batch: number;
};
const loadOf = ({ kernel, size, batch }: Load) => ({ operation: kernel.name, size, batch });
const cyclesOf = ({ kernel, size }: Load): number =>
  kernel.cyclesPerMessage + size.bytes / kernel.bytesPerCycle;

function measurementsOf(load: Load): SuiteReport['measurements'] {
  const { kernel, size, batch } = load;
  const host = (ns: number) => ({
    samples: 25,
    nsPerMessageP50: measured(ns, 'ns'),
    nsPerMessageP99: measured(ns * 1.31, 'ns'),
    nsPerMessageMad: measured(ns * 0.02, 'ns'),
    messagesPerSecond: measured(1e9 / ns, 'messages/s'),
    bytesPerSecond: measured((size.bytes * 1e9) / ns, 'B/s'),
    cpuNsPerMessage: measured(ns * 1.02, 'ns'),
    joulesPerMessage: around(ns * 1e-9 * CORE_WATTS.value, 1.7, 'J'),
    messagesPerJoule: around(1e9 / ns / CORE_WATTS.value, 1.7, 'messages/J'),
    usdPerBillion: around((ns / 3600) * 0.085, 1.1, 'USD'),
  });
  const rivals = kernel.software.map(([runner, perMessage, perByte]) => ({
    ...loadOf(load),
    runner,
    kind: 'rival' as const,
    note: 'what a service would use',
    host: host(perMessage + perByte * size.bytes),
    kernel: null,
  }));
  const perCall = 2500 / batch;
  return [
    ...rivals,
    {
      ...loadOf(load),
      runner: 'javascript',
      kind: 'path',
      note: 'golden model',
      host: host(perCall + 900 + 13 * size.bytes),
      kernel: null,
    },
    {
      ...loadOf(load),
      runner: 'verilator',
      kind: 'path',
      note: 'cycle by cycle',
      host: host(9000 / batch + 160 + cyclesOf(load) * 11),
      kernel: {
        cyclesPerMessage: simulated(cyclesOf(load), 'cycles'),
        bytesPerCycle: simulated(size.bytes / cyclesOf(load), 'B/cycle'),
        inStalls: simulated(Math.round(batch * kernel.cyclesPerMessage * 0.4), 'cycles'),
        inBubbles: simulated(3, 'cycles'),
        outStalls: simulated(0, 'cycles'),
        registerActivity: batch > 1 ? simulated(0.21, '1') : null,
        netActivity: batch > 1 ? simulated(0.18, '1') : null,
      },
    },
  ];
}

function project(load: Load, target: (typeof TARGETS)[number]): Projection {
  const [device, link, mhz, lut, watts, startNs, inNs, outNs, usd] = target;
  const { kernel, size, batch } = load;
  const needed = kernel.lut * (lut > 1e6 ? 1 : 1.4);
  const place = { ...loadOf(load), device, link };
  if (needed > lut) {
    const reason = `needs ${Math.round(needed)} LUT of ${lut}`;
    return { ...place, fits: false, reason, figures: null };
  }
  const kernelNs = (batch * cyclesOf(load) * 1000) / mhz;
  const linkIn = startNs + batch * size.bytes * inNs;
  const linkOut = startNs * 0.6 + batch * kernel.resultBytes * outNs;
  const host = 400 + batch * 45;
  const total = Math.max(host, linkIn, kernelNs, linkOut) + host * 0.2;
  const bounds = { host, 'link in': linkIn, kernel: kernelNs, 'link out': linkOut };
  const [bound] = Object.entries(bounds).sort((a, b) => b[1] - a[1])[0] as [keyof typeof bounds, 0];
  const ns = (value: number, spread = 1.5): Figure => around(value, spread, 'ns');
  const perMessage = total / batch;
  return {
    ...place,
    fits: true,
    reason: 'area estimated by yosys',
    figures: {
      clock: estimate(mhz, mhz / 2, mhz, 'MHz', 'synthesised'),
      time: {
        host: ns(host),
        linkIn: ns(linkIn),
        kernel: ns(kernelNs, 1.2),
        stall: ns(kernelNs * 0.12, 1.2),
        linkOut: ns(linkOut, 2),
        waits: {
          host: ns(bound === 'host' ? total - kernelNs : 0),
          linkIn: ns(bound === 'link in' ? total - kernelNs : 0),
          linkOut: ns(bound === 'link out' ? total - kernelNs : 0),
        },
        total: ns(total),
        latency: ns(host + linkIn + kernelNs + linkOut),
      },
      bound,
      messagesPerSecond: around(1e9 / perMessage, 1.5, 'messages/s'),
      bytesPerSecond: around((size.bytes * 1e9) / perMessage, 1.5, 'B/s'),
      watts: around(watts, 1.6, 'W'),
      joulesPerMessage: around(watts * perMessage * 1e-9, 2.1, 'J'),
      messagesPerJoule: around(1e9 / perMessage / watts, 2.1, 'messages/J'),
      usdPerBillion: usd === null ? null : around((perMessage / 3600) * usd, 1.5, 'USD'),
    },
  };
}

function rivalOf({ operation, size }: Projection): readonly [string, number] {
  const software = KERNELS.find(({ name }) => name === operation)?.software ?? [];
  const times = software.map(([name, a, b]) => [name, a + b * size.bytes] as const);
  return times.sort((a, b) => a[1] - b[1])[0] ?? ['none', 1];
}

function comparisonsOf(projection: Projection): SuiteReport['comparisons'] {
  const { operation, size, batch, device, link, fits, figures } = projection;
  if (!figures || fits === false) return [];
  const [rival, ns] = rivalOf(projection);
  const performance = (figures.messagesPerSecond.value * ns) / 1e9;
  const power = figures.watts.value / CORE_WATTS.value;
  return [
    {
      operation,
      size,
      batch,
      device,
      link,
      fits,
      rival,
      performanceRatio: around(performance, 1.5, '1'),
      powerRatio: around(power, 2, '1'),
      energyRatio: around(performance / power, 2.6, '1'),
    },
  ];
}

function breakEvensOf(projections: readonly Projection[]): SuiteReport['breakEvens'] {
  const groups = new Map<string, Projection[]>();
  for (const entry of projections) {
    const key = [entry.operation, entry.size.name, entry.device, entry.link].join('|');
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as Projection;
    const { operation, size, device, link, fits } = first;
    const [rival, ns] = rivalOf(first);
    const place = { operation, size, device, link, fits, rival, latencyBatch: null };
    if (!first.figures) return { ...place, batch: null, why: first.reason };
    const reached = group.find(
      ({ figures }) => (figures?.messagesPerSecond.value ?? 0) * ns >= 1e9,
    );
    if (reached) return { ...place, batch: reached.batch, why: 'the start of the link is shared' };
    return { ...place, batch: null, why: `${group.at(-1)?.figures?.bound} takes longer a message` };
  });
}

function synthesisOf(kernel: Kernel): SuiteReport['synthesis'] {
  const devices = [...new Map(TARGETS.map((target) => [target[0], target])).values()];
  return devices.map(([device, , mhz, lut]) => {
    const needed = Math.round(kernel.lut * (lut > 1e6 ? 1 : 1.4));
    const parameters = { DATA_WIDTH: 64, LANES: 16 };
    const fits = needed <= lut;
    return {
      kernel: kernel.name,
      parameters,
      device,
      fits,
      ...(fits ? {} : { reason: `needs ${needed} LUT of ${lut}` }),
      cells: {
        lut: needed,
        ff: Math.round(needed * 0.8),
        bram: kernel.name === 'classify' ? 16 : 0,
      },
      fmax: fits ? estimate(mhz * 1.2, mhz * 0.9, mhz * 1.5, 'MHz', 'synthesised') : null,
    };
  });
}

function modelPoint(
  what: string,
  published: number,
  predicted: number,
  factor: number,
  isJudge: boolean,
): SuiteReport['models'][number] {
  const unit = what.split(', ').at(-1) ?? '';
  return {
    what,
    published: measured(published, unit),
    predicted: around(predicted, 1.8, unit),
    factor,
    part: unit === 'us' || unit.endsWith('/s') ? 'link' : 'power',
    role: isJudge ? 'judge' : 'fitted',
    isJudge,
    source: 'Author et al., A Conference 2024, table 3',
  };
}

function waveOf(operation: string, bits: number, bytes: number): Wave {
  const cycles = 16;
  const each = (of: (cycle: number) => string) => Array.from({ length: cycles }, (_, i) => of(i));
  const word = (cycle: number) =>
    Array.from({ length: bytes }, (_, i) =>
      ((cycle * 37 + i * 11) & 255).toString(16).padStart(2, '0'),
    ).join('');
  const isIn = (cycle: number) => cycle >= 1 && cycle <= 7 && cycle !== 4;
  const isOut = (cycle: number) => cycle >= 10 && cycle <= 12;
  return {
    operation,
    cycles,
    signals: [
      { name: 's_axis_tvalid', bits: 1, values: each((c) => (isIn(c) ? '1' : '0')) },
      { name: 's_axis_tready', bits: 1, values: each((c) => (c === 6 ? '0' : '1')) },
      { name: 's_axis_tlast', bits: 1, values: each((c) => (c === 3 || c === 7 ? '1' : '0')) },
      { name: 's_axis_tdata', bits, values: each((c) => (isIn(c) ? word(c === 7 ? 6 : c) : '0')) },
      { name: 'm_axis_tvalid', bits: 1, values: each((c) => (isOut(c) ? '1' : '0')) },
      { name: 'm_axis_tready', bits: 1, values: each(() => '1') },
      { name: 'm_axis_tdata', bits: 256, values: each((c) => (isOut(c) ? word(c * 3) : '0')) },
    ],
  };
}
