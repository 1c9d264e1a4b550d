import * as z from 'zod';

/** Loading zod takes about 140 ms, so this file is imported for its types, and at run time only where a file is checked. */
const share = z.object({
  /** 0..1 of the process's CPU, which is its samples that are not idle. */
  value: z.number().min(0).max(1),
  unit: z.literal('1'),
  provenance: z.literal('measured'),
  /** Bounds of 95 %, by the binomial error of so many samples. */
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
});

const count = z.int().nonnegative();

/** Where a function begins in the file its author wrote; lines and columns count from 1. `null` for what has no file. */
const place = {
  file: z.string().nullable(),
  line: z.int().positive().nullable(),
};

/** One isolate: the main thread of a process, or a worker thread of it. */
const thread = z.object({
  /** What tells it apart in this report. */
  id: z.string(),
  /** `main` or `worker 3`, with the script of its process. */
  name: z.string(),
  pid: count.nullable(),
  threadId: count.nullable(),
  samples: count,
  idleSamples: count,
  gcSamples: count,
  /** Native code with no JavaScript on the stack. */
  programSamples: count,
  /** Share of the CPU samples of all threads. */
  share,
});

/** A function with its samples on all threads. */
const hotFunction = z.object({
  name: z.string(),
  ...place,
  selfShare: share,
  /** Recursion counted once. */
  totalShare: share,
  selfSamples: count,
  totalSamples: count,
  /** Total samples by thread id, without threads that have none. */
  threads: z.record(z.string(), count),
});

/** A function, or an operation inside one, that a kernel of rtlift could take over. */
const candidate = z.object({
  id: z.string(),
  function: z.string(),
  file: z.string(),
  line: z.int().positive(),
  /** Name of a kernel of src/kernels. */
  kernel: z.enum(['sha256', 'sha1', 'siphash', 'crc', 'literalMatch', 'recordFilter', 'classify']),
  /** What is done to a message, in words. */
  operation: z.string(),
  /** Time in the function's own code. */
  selfShare: share,
  /** What goes away when the operation is offloaded: its time with all that it calls. */
  totalShare: share,
  /** What was seen, one sentence each. */
  evidence: z.array(z.string()).min(1),
  confidence: z.enum(['certain', 'likely', 'possible']),
  /** What to write instead: `offload(sha256())`. */
  call: z.string(),
});

export const cpuReportSchema = z.object({
  schema: z.literal('rtlift-cpu-profile-1'),
  /** What was profiled: a command, files, or an address. */
  command: z.string(),
  /** Longest span that a thread was sampled, host time. */
  durationMs: z.number().nonnegative(),
  /** Samples that are not idle, of all threads: 100 % of every share. */
  samples: count,
  /** Time between two samples that was asked for, or the median of those of a file. */
  intervalUs: z.number().positive(),
  threads: z.array(thread),
  /** By self share, largest first. */
  functions: z.array(hotFunction),
  /** By total share, largest first. */
  candidates: z.array(candidate),
  /** What a reader has to know: what was left out, lost, or could not be looked into. */
  notes: z.array(z.string()),
});

export type CpuReport = z.infer<typeof cpuReportSchema>;
export type CpuThread = CpuReport['threads'][number];
export type HotFunction = CpuReport['functions'][number];
export type Candidate = CpuReport['candidates'][number];
export type Share = z.infer<typeof share>;
export type KernelName = Candidate['kernel'];
