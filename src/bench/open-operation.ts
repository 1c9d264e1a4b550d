import { type Offloaded, type OffloadOptions, offload } from '../dispatch/offload.js';
import { RtliftError } from '../errors.js';
import { type PackedBatch, pack } from '../kernel/batch.js';
import { bytes } from '../kernel/codecs.js';
import { type Difference, firstDifference } from '../kernel/difference.js';
import type { PathName } from '../paths/path.js';
import type { AnyPlan } from '../verify/plan.js';
import { type AnyRival, isMissing, type MissingRival } from './rivals/rival.js';

/** One kernel and what else does the same. */
export interface Operation {
  readonly name: string;
  /** Of whatever types. */
  readonly kernel: AnyPlan['kernel'];
  readonly rivals: readonly (AnyRival | MissingRival)[];
  /** Words that the operation looks for. */
  readonly patterns?: readonly string[];
}

/** A path or rival that could not run, and why. */
export interface Skipped {
  readonly operation: string;
  readonly name: string;
  readonly reason: string;
}

/** An operation with its paths open. */
export interface OpenOperation {
  readonly operation: Operation;
  readonly handles: readonly Offloaded<unknown, unknown>[];
  readonly rivals: readonly AnyRival[];
  readonly skipped: readonly Skipped[];
}

const PATHS: readonly PathName[] = ['javascript', 'verilator'];

/**
 * Opens an operation on every path; what a machine has no tools for is skipped, with the reason.
 * @throws {@link RtliftError} of the toolchain where a kernel does not build.
 */
export async function openOperation(
  operation: Operation,
  onProgress: (text: string) => void,
): Promise<OpenOperation> {
  const { name, kernel } = operation;
  const handles: Offloaded<unknown, unknown>[] = [];
  const skipped: Skipped[] = [];
  const onBuild: OffloadOptions['onProgress'] = ({ stage }) =>
    onProgress(stage === 'done' ? `${kernel.name}: library built` : `${kernel.name}: ${stage}`);
  for (const path of PATHS) {
    try {
      handles.push(await offload<unknown, unknown>(kernel, { path, onProgress: onBuild }));
    } catch (error) {
      // A machine without the toolchain still gets the rest; a kernel that does not build is a failure.
      if (!isUnavailable(error)) throw error;
      skipped.push({ operation: name, name: path, reason: (error as Error).message });
    }
  }
  const rivals: AnyRival[] = [];
  for (const rival of operation.rivals) {
    if (isMissing(rival)) {
      skipped.push({ operation: name, name: rival.name, reason: rival.missing });
    } else {
      rivals.push(rival);
    }
  }
  return { operation, handles, rivals, skipped };
}

function isUnavailable(error: unknown): boolean {
  const why = error instanceof RtliftError ? error.details.why : undefined;
  return why === 'ERR_RTLIFT_TOOL_MISSING' || why === 'ERR_RTLIFT_ADDON_UNAVAILABLE';
}

/** What runs under the name of a path. */
export function pathNote(path: string, { kernel }: Operation): string {
  if (path === 'javascript') return 'golden model, plain JavaScript';
  const parameters = Object.entries(kernel.rtl.parameters).map(([key, value]) => `${key}=${value}`);
  return `RTL ${kernel.rtl.top}${parameters.length > 0 ? ` (${parameters.join(' ')})` : ''}, simulated`;
}

/** A comparison that held. */
export interface Compared {
  readonly operation: string;
  readonly name: string;
  readonly messages: number;
}

/**
 * Compares what every path and rival makes of some messages with the golden model, bit for bit.
 * @throws {@link RtliftError} `ERR_RTLIFT_RESULT_MISMATCH` naming the first message on which two differ.
 */
export async function compareAll(
  { operation, handles, rivals }: OpenOperation,
  messages: readonly unknown[],
): Promise<Compared[]> {
  const { kernel, name } = operation;
  const golden = pack(
    kernel.output,
    messages.map((message) => kernel.golden(message)),
  );
  const compared: Compared[] = [];
  const check = (who: string, actual: PackedBatch): void => {
    const found = firstDifference(golden, actual);
    if (found) throw mismatchError(name, who, found);
    compared.push({ operation: name, name: who, messages: messages.length });
  };
  for (const handle of handles) {
    // The javascript path runs the golden model itself: compared all the same, its batching is not the model's.
    check(handle.path, pack(kernel.output, await handle.batch(messages)));
  }
  for (const rival of rivals) {
    const results = messages.map((message) => rival.encode(rival.run(message)));
    check(rival.name, pack(bytes(), results));
  }
  return compared;
}

function mismatchError(operation: string, name: string, found: Difference): RtliftError {
  const { messageIndex, expected, actual } = found;
  return new RtliftError(
    'ERR_RTLIFT_RESULT_MISMATCH',
    `${operation}: ${name} differs from the golden model on message ${messageIndex}: expected ${expected}, got ${actual}`,
    { operation, name, ...found },
  );
}
