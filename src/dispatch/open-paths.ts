import { availableParallelism } from 'node:os';
import { RtliftError } from '../errors.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { JavascriptPath } from '../paths/javascript.js';
import type { Path, PathName } from '../paths/path.js';
import { PoolPath } from '../paths/pool.js';
import { VerilatorPath } from '../paths/verilator.js';
import { checkOptions, type VerilatorPathOptions } from '../paths/verilator-options.js';
import { findBuiltKernel } from '../toolchain/build-kernel.js';

/** The paths of a handle. */
export interface OpenPaths<I, O> {
  /** The golden model on this thread; among {@link paths} where it may be chosen. */
  readonly javascript: Path<I, O>;
  /** What batches may go to: one where the caller named it. */
  readonly paths: readonly Path<I, O>[];
  /** Why another path is not among them, or why there is one alone; `null` where nothing is missing. */
  readonly missing: string | null;
}

/**
 * Opens the path that was named, or all that are ready. `auto` starts no build.
 * @throws {@link RtliftError} `ERR_RTLIFT_PATH_UNAVAILABLE` when the named path cannot run; `cause` says why;
 *   `ERR_RTLIFT_INVALID_ARG` for a path that does not exist.
 */
export async function openPaths<I, O>(
  kernel: Kernel<I, O>,
  wanted: PathName | 'auto',
  options: VerilatorPathOptions,
): Promise<OpenPaths<I, O>> {
  // Whatever path it is: what is wrong here would come out on the machine that has the library.
  checkOptions(options);
  const count = instanceCount(options.instances);
  const javascript = new JavascriptPath(kernel);
  if (wanted === 'javascript') return { javascript, paths: [javascript], missing: null };
  if (wanted === 'verilator') {
    const first = await openNamed(kernel, options);
    return { javascript, paths: [pool(kernel, first, count, options)], missing: null };
  }
  if (wanted !== 'auto') {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `path is auto, javascript or verilator, got ${String(wanted)}`,
      { arg: 'path' },
    );
  }
  try {
    const build = await findBuiltKernel(kernel, options.flags);
    if (build === null) {
      const missing =
        'the kernel library is not built yet and auto starts no build; name path verilator once to build it';
      return { javascript, paths: [javascript], missing };
    }
    const first = VerilatorPath.openBuild(kernel, build, undefined, options);
    return { javascript, paths: [javascript, pool(kernel, first, count, options)], missing: null };
  } catch (error) {
    // A wrong option is the caller's to mend, not a path that cannot run.
    if (error instanceof RtliftError && error.code === 'ERR_RTLIFT_INVALID_ARG') throw error;
    const missing = `verilator cannot run: ${(error as Error).message}`;
    return { javascript, paths: [javascript], missing };
  }
}

async function openNamed<I, O>(
  kernel: Kernel<I, O>,
  options: VerilatorPathOptions,
): Promise<VerilatorPath<I, O>> {
  try {
    return await VerilatorPath.open(kernel, options);
  } catch (cause) {
    // A wrong option is the caller's to mend, not a path that cannot run.
    if (cause instanceof RtliftError && cause.code === 'ERR_RTLIFT_INVALID_ARG') throw cause;
    throw new RtliftError(
      'ERR_RTLIFT_PATH_UNAVAILABLE',
      `kernel ${kernel.name}: path verilator was named and cannot run: ${(cause as Error).message}`,
      {
        kernel: kernel.name,
        path: 'verilator',
        why: cause instanceof RtliftError ? cause.code : null,
      },
      { cause },
    );
  }
}

function instanceCount(instances: VerilatorPathOptions['instances'] = 1): number {
  const count = instances === 'cores' ? availableParallelism() : instances;
  if (Number.isInteger(count) && count >= 1 && count <= 1024) return count;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `instances is an integer of 1 to 1,024, or 'cores', got ${String(instances)}`,
    { arg: 'instances', got: instances },
  );
}

/** The path that is open and others of the same library beside it. */
function pool<I, O>(
  kernel: Kernel<I, O>,
  first: VerilatorPath<I, O>,
  count: number,
  options: VerilatorPathOptions,
): Path<I, O> {
  if (count === 1) return first;
  const others = Array.from({ length: count - 1 }, () =>
    VerilatorPath.openBuild(kernel, first.build, undefined, options),
  );
  return new PoolPath(kernel, [first, ...others]);
}
