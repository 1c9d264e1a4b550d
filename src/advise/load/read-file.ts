import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RtliftError } from '../../errors.js';
import { type Figure, figure } from '../../figure.js';
import { parseCallProfile } from '../../profile/calls/read-report.js';
import type { CallProfileReport } from '../../profile/calls/schema.js';
import { parseTrace, type TraceEntry } from './trace.js';

/** A hot function that a CPU profile found, and the kernel that would do its work. */
export interface CpuCandidate {
  readonly name: string;
  /** Name of a built-in kernel; `null` where none was recognised. */
  readonly kernel: string | null;
  /** Of the process' CPU, 0..1. */
  readonly share: Figure;
}

/** What a file says of a load. */
export type LoadFile =
  | { readonly kind: 'call profile'; readonly report: CallProfileReport }
  | { readonly kind: 'trace'; readonly name: string; readonly trace: readonly TraceEntry[] }
  | { readonly kind: 'candidates'; readonly candidates: readonly CpuCandidate[] };

const CPU_PROFILE_SCHEMA = 'rtlift-cpu-profile-1';

/**
 * Reads a call profile, a list of candidates of `rtlift profile`, or a trace (JSON lines or CSV).
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_PROFILE` where it is none of them, or cannot be read.
 */
export async function readLoadFile(file: string): Promise<LoadFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_PROFILE',
      `cannot read ${file}: ${(cause as Error).message}`,
      { file },
      { cause },
    );
  }
  const data = wholeJson(text);
  const schema = (data as { schema?: unknown } | null)?.schema;
  if (schema === 'rtlift-call-profile-1') {
    return { kind: 'call profile', report: await parseCallProfile(data, file) };
  }
  if (schema === CPU_PROFILE_SCHEMA) {
    return { kind: 'candidates', candidates: await candidatesOf(data, file) };
  }
  if (data !== null && schema !== undefined) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_PROFILE',
      `${file}: schema must be rtlift-call-profile-1 or ${CPU_PROFILE_SCHEMA}, got ${String(schema)}`,
      { file, got: schema },
    );
  }
  return { kind: 'trace', name: basename(file), trace: parseTrace(text, file) };
}

/** `null` for what is more than one JSON value, as JSON lines are, or none. */
function wholeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Takes what it needs of a candidate and lets the rest be: other versions may say more. */
async function candidatesOf(data: unknown, file: string): Promise<CpuCandidate[]> {
  const z = await import('zod');
  const share = z.number().min(0).max(1);
  const schema = z.looseObject({
    candidates: z.array(
      z.looseObject({
        function: z.string().default('(anonymous)'),
        file: z.string().nullish(),
        line: z.number().nullish(),
        kernel: z.string().nullish(),
        totalShare: z.union([share, z.looseObject({ value: share })]),
      }),
    ),
  });
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_PROFILE',
      `${file}: not a CPU profile of rtlift profile: ${field}: ${issue?.message ?? 'unknown'}`,
      { file, field },
      { cause: parsed.error },
    );
  }
  return parsed.data.candidates.map((each) => {
    const value = typeof each.totalShare === 'number' ? each.totalShare : each.totalShare.value;
    const place = each.file ? ` (${basename(each.file)}${each.line ? `:${each.line}` : ''})` : '';
    return {
      name: `${each.function}${place}`,
      kernel: each.kernel ?? null,
      share: figure(value, '1', 'measured'),
    };
  });
}
