import * as z from 'zod';

/** Loading zod takes about 140 ms, so this file is imported for its types, and at run time only where a device file is read. */
const PROVENANCES = ['measured', 'synthesised', 'modelled', 'datasheet', 'assumed'] as const;

const bounds = z
  .strictObject({
    value: z.number().nonnegative(),
    low: z.number().nonnegative(),
    high: z.number().nonnegative(),
    provenance: z.enum(PROVENANCES).default('assumed'),
  })
  .refine(({ low, value, high }) => low <= value && value <= high, {
    error: 'expected low <= value <= high',
  });

const estimate = (what: string) =>
  z
    .union([z.number().nonnegative(), bounds])
    .describe(`${what}. A number is taken as exact and assumed; say low and high where you can.`);

const none = (what: string) => estimate(what).default(0);

const direction = z.strictObject({
  t0Ns: estimate('ns from the request to the first byte at the other end'),
  bytesPerSecond: estimate('bytes a second of payload at full rate, above 0'),
  perTransferNs: none('ns for which a transfer, or descriptor, holds the link beside its bytes'),
  perMessageNs: none('ns for which each message holds the link beside its bytes'),
  leastBytes: z.number().positive().default(1).describe('The least that moves.'),
  transferBytes: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Bytes of one transfer; null: a batch is one transfer.'),
  hostCpuNsPerByte: none('ns of CPU time of the host for a byte'),
  isHostMoved: z
    .boolean()
    .default(false)
    .describe('Whether in that time a core puts the bytes on the link itself.'),
});

const link = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  in: direction,
  out: direction,
  overlaps: z.boolean().describe('Whether the kernel works while other batches move.'),
  isDuplex: z.boolean().describe('Whether both directions move at once.'),
  isHostDriven: z.boolean().describe('Whether a core of the host moves every byte itself.'),
  queueDepth: z.int().positive().describe('Batches in flight.'),
  watts: none('W of the link beside shell and card'),
  source: z.string().min(1),
});

const coefficients = z.strictObject({
  netPj: estimate('pJ of a transition of a routed net with its LUT'),
  ffPj: estimate('pJ a cycle of the clock of one flip-flop'),
  srlPj: none('pJ a cycle of a shift register in a LUT'),
  bramPj: none('pJ of an access of a block memory'),
  dspPj: none('pJ of an operation of a DSP block'),
  rootPj: none('pJ a cycle of the root of the clock tree'),
  glitches: z
    .union([z.number().nonnegative(), bounds])
    .default({ value: 1.46, low: 1.1, high: 2.1, provenance: 'modelled' })
    .describe('Transitions of a net for each that a zero-delay simulation counts.'),
  source: z.string().min(1),
});

const price = z.strictObject({
  name: z.string().min(1),
  usdPerHour: estimate('USD an hour of the whole machine'),
  vCpus: z.int().positive().nullable().default(null),
  asOf: z.iso.date().describe('Day of the price.'),
  source: z.string().min(1),
});

/** A device file: what docs/devices.md describes and docs/device-file.schema.json states. */
export const deviceFileSchema = z.strictObject({
  $schema: z.string().optional(),
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  name: z.string().min(1),
  part: z.string().min(1),
  family: z.enum(['ice40', 'ecp5', 'ultrascale+']).describe('What synthesis maps the kernel to.'),
  resources: z.strictObject({
    lut: z.int().positive(),
    ff: z.int().positive(),
    bram: z.int().nonnegative(),
    dsp: z.int().nonnegative(),
  }),
  clocks: z.strictObject({
    choicesMHz: z
      .array(z.number().positive())
      .min(1)
      .nullable()
      .default(null)
      .describe('Clocks that the shell offers; null: any up to Fmax.'),
    maxMHz: z.number().positive(),
    unsynthesisedMHz: estimate('MHz of a kernel that nobody synthesised, above 0'),
  }),
  links: z
    .array(
      z.union([
        z
          .enum(['mmio', 'pcim', 'sde', 'sde-16k', 'xdma', 'xdma4', 'usb', 'spi'])
          .describe('A link of rtlift.'),
        link,
      ]),
    )
    .min(1)
    .describe('The first is the one that is taken unless another is named.'),
  power: z.strictObject({
    staticWatts: estimate('W of leakage of the part'),
    shellWatts: estimate('W of shell, memories and the rest of the card at rest'),
    coefficients: z.union([
      z.literal('family').describe("rtlift's own for the family."),
      coefficients,
    ]),
  }),
  price: price.nullable().default(null),
  sources: z.array(z.string()).default([]),
});

export type DeviceFile = z.output<typeof deviceFileSchema>;
export type EstimateInFile = z.output<ReturnType<typeof estimate>>;
