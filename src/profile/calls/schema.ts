import * as z from 'zod';

/** Loading zod takes time, so this file is imported for its types, and at run time only where a file is checked. */
const figure = z.object({
  value: z.number(),
  unit: z.string(),
  provenance: z.enum(['measured', 'simulated', 'synthesised', 'modelled', 'datasheet', 'assumed']),
  low: z.number().exactOptional(),
  high: z.number().exactOptional(),
});

const buckets = z.array(
  z.object({
    low: z.number().nonnegative(),
    high: z.number().nonnegative(),
    count: z.number().positive(),
    sum: z.number().nonnegative(),
  }),
);

const distribution = z.object({
  mean: figure,
  p50: figure,
  p90: figure,
  p99: figure,
  /** Log-linear, at most 12.5 % wide; in the unit of the mean. */
  buckets,
});

export const CALL_PROFILE_SCHEMA = 'rtlift-call-profile-1';

/** What a call profile holds. Every figure has its unit and where it comes from. */
export const callProfile = z.object({
  schema: z.literal(CALL_PROFILE_SCHEMA),
  name: z.string(),
  takenAt: z.string(),
  machine: z.object({ cpu: z.string(), cores: z.number().positive(), node: z.string() }),
  /** From start to stop, or to this report, ns. */
  span: figure,
  calls: figure,
  /** Calls that threw, or whose promise rejected. */
  errors: figure,
  /** Calls of which nobody knows the size: no bytes, no string, no `bytesOf`. */
  unsized: figure,
  bytes: figure,
  /** `null` before the first call with a size. */
  sizes: distribution.nullable(),
  /** Calls a second over the span. */
  callsPerSecond: figure,
  /** Between the starts of one call and the next; `null` before the second. */
  gaps: distribution.nullable(),
  /** Calls that would go out together if the first of them waited for so long. */
  batches: z.array(z.object({ delay: figure, messages: figure })),
  concurrency: z.object({ max: figure, mean: figure.nullable() }),
  /** From call to return on this thread: for an async operation its synchronous part. */
  hostTime: distribution.nullable(),
  /** From call to settled promise; `null` where none was returned. */
  waited: distribution.nullable(),
  cpu: z.object({
    /** CPU time of the process over the span, all threads. */
    process: figure,
    /** Of it, on this thread inside the operation: calls that something else interrupted do not count with all their time. */
    own: figure.nullable(),
    /** 0..1 */
    share: figure.nullable(),
  }),
  sampled: z.object({
    /** Calls that were timed. */
    calls: figure,
    every: z.number(),
    runOf: z.number(),
    note: z.string(),
  }),
});

export type CallProfileReport = z.infer<typeof callProfile>;
