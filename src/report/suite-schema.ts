import * as z from 'zod';

/** Loading zod takes about 140 ms, so this file is imported for its types, and at run time only where a file is checked. */
const figure = z.object({
  value: z.number(),
  unit: z.string(),
  provenance: z.enum(['measured', 'simulated', 'synthesised', 'modelled', 'datasheet', 'assumed']),
  low: z.number().exactOptional(),
  high: z.number().exactOptional(),
});

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** What identifies a point: an operation on messages of one size, so many a batch. */
const load = {
  operation: z.string(),
  /** A size class: its name, and the mean size in bytes. */
  size: z.object({ name: z.string(), bytes: z.number().nonnegative() }),
  /** Messages a batch. */
  batch: z.int().positive(),
};

const machine = z.object({
  cpu: z.string(),
  cores: count,
  node: z.string(),
  platform: z.string(),
  /** Load averages of one minute; above the number of cores, host times are of a busy machine. */
  loadBefore: z.number(),
  loadAfter: z.number(),
  /** What a reader must know of this machine, in a sentence. */
  note: z.string(),
  /** What the joules of software rest on. */
  core: z.object({
    /** Profile of the processor. */
    name: z.string(),
    /** Of one busy core, declared. */
    watts: figure,
    source: z.string(),
    /** `rapl`: joules of software are read from the processor; `watts`: they are CPU time by `watts`. */
    energy: z.enum(['rapl', 'watts']),
    /** Of all packages at rest, where `energy` is `rapl`. */
    restWatts: figure.nullable(),
  }),
});

/** What an hour of a machine costs. */
const price = z.object({
  /** `cpu`, one core that runs software, or a device. */
  of: z.string(),
  name: z.string(),
  usdPerHour: figure,
  vCpus: z.number().positive().nullable(),
  /** Day of the price; `null`: its source bears none. */
  asOf: z.iso.date().nullable(),
  source: z.string(),
});

const operation = z.object({
  name: z.string(),
  /** Top module and elaborated parameters of the kernel that ran. */
  rtl: z.object({
    top: z.string(),
    parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  }),
  resultBytes: z.number().nonnegative(),
});

/** What one path or rival took. Host time and kernel cycles stay apart. */
const measurement = z.object({
  ...load,
  runner: z.string(),
  /** `path`: a path of rtlift; `rival`: other software on the same messages. */
  kind: z.enum(['path', 'rival']),
  note: z.string(),
  host: z.object({
    samples: count,
    nsPerMessageP50: figure,
    nsPerMessageP99: figure,
    /** Median of the fastest round, which other work on the machine disturbed least; what a baseline is held against. */
    nsPerMessageBestRound: figure.exactOptional(),
    /** Median absolute deviation over the samples. */
    nsPerMessageMad: figure,
    messagesPerSecond: figure,
    bytesPerSecond: figure,
    /** CPU time of the whole process, all threads. */
    cpuNsPerMessage: figure,
    joulesPerMessage: figure,
    messagesPerJoule: figure,
    usdPerBillion: figure.nullable(),
  }),
  /** Of the verilator path alone. */
  kernel: z
    .object({
      cyclesPerMessage: figure,
      bytesPerCycle: figure,
      inStalls: figure,
      inBubbles: figure,
      outStalls: figure,
      /** Share of register bits that toggle in a cycle; `null` where it was not counted. */
      registerActivity: figure.nullable(),
      /** The same of the nets that the simulator keeps. */
      netActivity: figure.nullable(),
    })
    .nullable(),
});

/** A batch on a device through one of its links: modelled from kernel cycles, synthesis and the device's file. */
const projection = z.object({
  ...load,
  device: z.string(),
  link: z.string(),
  /**
   * Whether the kernel fits on the device; the figures of one that does not are absent. `null`: nobody synthesised it, so
   * that nobody knows, and `reason` says so.
   */
  fits: z.boolean().nullable(),
  reason: z.string(),
  figures: z
    .object({
      clock: figure,
      /** Parts of a batch, ns. They overlap where the link allows it, so that `total` is not their sum. */
      time: z.object({
        host: figure,
        linkIn: figure,
        kernel: figure,
        /** Of `kernel`, waits that the simulation saw: it drives and drains the kernel at full rate. */
        stall: figure,
        linkOut: figure,
        /** Of `total`, what the kernel stands because others are slower, by whom it waits for. */
        waits: z.object({ host: figure, linkIn: figure, linkOut: figure }),
        total: figure,
        latency: figure,
      }),
      bound: z.enum(['host', 'link in', 'kernel', 'link out']),
      messagesPerSecond: figure,
      bytesPerSecond: figure,
      watts: figure,
      /** Of `watts`, those of the core of the host, which are the watts of a core that a rival takes as well. */
      hostWatts: figure.exactOptional(),
      joulesPerMessage: figure,
      /** Of `joulesPerMessage`, what that core takes. */
      hostJoulesPerMessage: figure.exactOptional(),
      messagesPerJoule: figure,
      usdPerBillion: figure.nullable(),
    })
    .nullable(),
});

/** A kernel on a device held against the best software rival on the same messages. */
const comparison = z.object({
  ...load,
  device: z.string(),
  link: z.string(),
  /** `null`: whether the kernel fits is not known; what does not fit is not compared. */
  fits: z.literal(true).nullable(),
  rival: z.string(),
  /**
   * `true`: even the fastest round of the rival took more than 1.2 times its CPU time, so that other work on the machine stood in
   * its way and nothing should be concluded.
   */
  isDisturbed: z.literal(true).exactOptional(),
  /** Messages a second of the device over those of one core of this machine. */
  performanceRatio: figure,
  /** Watts of the device, idle ones included, over those of the core that the rival keeps busy. */
  powerRatio: figure,
  /** Messages a joule of the device over the rival's. */
  energyRatio: figure,
});

/** The smallest batch at which a device takes no longer a message than the best rival, in a steady stream of batches. */
const breakEven = z.object({
  operation: z.string(),
  size: load.size,
  device: z.string(),
  link: z.string(),
  /** As in the projection. */
  fits: z.boolean().nullable(),
  rival: z.string(),
  /** `null`: never, and `why` says what stands in the way. */
  batch: z.int().positive().nullable(),
  /** The same for a caller that waits for each batch: by the latency of one, not the time between two. */
  latencyBatch: z.int().positive().nullable(),
  why: z.string(),
});

/** Area and clock of a kernel on a device, as `synthesis.json` beside the RTL keeps them. */
const synthesis = z.object({
  kernel: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  device: z.string(),
  fits: z.boolean(),
  reason: z.string().exactOptional(),
  cells: z.record(z.string(), z.number()).nullable(),
  fmax: figure.nullable(),
});

/** A published measurement and what the models say of it. */
const modelPoint = z.object({
  what: z.string(),
  published: figure,
  predicted: figure,
  /** The larger of predicted / published and published / predicted. */
  factor: z.number(),
  /** Which model: of power, of links, of the energy of a CPU, or of the clock that synthesis estimates. */
  part: z.enum(['power', 'link', 'cpu energy', 'clock']),
  /** `fitted`: a coefficient was taken from it; `interpolated`: it lies between such points of the same board and clock. */
  role: z.enum(['judge', 'fitted', 'interpolated']),
  /** Whether the point judges the models: no coefficient was taken from it. */
  isJudge: z.boolean(),
  source: z.string(),
});

/** The first beats of a kernel. */
const wave = z.object({
  operation: z.string(),
  /** Cycles shown, after reset. */
  cycles: count,
  signals: z.array(
    z.object({
      name: z.string(),
      bits: z.int().positive(),
      /** Value in each cycle at the rising edge of the clock, hexadecimal. */
      values: z.array(z.string()),
    }),
  ),
});

/** Everything that one run of the suite found; what `rtlift bench --json` writes and `rtlift report` shows. */
export const suiteSchema = z.object({
  schema: z.literal('rtlift-suite-1'),
  takenAt: z.iso.datetime(),
  rtlift: z.string(),
  machine,
  prices: z.array(price),
  settings: z.object({
    rounds: z.int().positive(),
    isQuick: z.boolean(),
    filter: z.string().nullable(),
    seed: z.number(),
  }),
  operations: z.array(operation),
  measurements: z.array(measurement),
  projections: z.array(projection),
  comparisons: z.array(comparison),
  breakEvens: z.array(breakEven),
  synthesis: z.array(synthesis),
  models: z.array(modelPoint),
  waves: z.array(wave),
  /** Results compared with the golden model before anything was timed. */
  compared: z.array(
    z.object({ operation: z.string(), runner: z.string(), messages: count, size: z.string() }),
  ),
  skipped: z.array(z.object({ operation: z.string(), runner: z.string(), reason: z.string() })),
  /** Share of the points that were planned and are here; below 1 where a run was cut short. */
  complete: share,
});
