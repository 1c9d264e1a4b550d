import { RtliftError } from '../errors.js';
import { pack } from '../kernel/batch.js';
import type { Codec } from '../kernel/codec.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { JavascriptPath } from '../paths/javascript.js';
import type { Path, PathName } from '../paths/path.js';
import { VerilatorPath, type VerilatorPathOptions } from '../paths/verilator.js';
import { findBuiltKernel } from '../toolchain/build-kernel.js';

/** A path that is open, and why it is this one. */
export interface Choice<I, O> {
  readonly path: Path<I, O>;
  readonly reason: string;
}

/** Messages of the trial by which `auto` compares paths; enough to pass the cost of one crossing by. */
const TRIAL_MESSAGES = 64;
const TRIAL_BYTES = 64;
const TRIAL_ROUNDS = 3;

/**
 * Opens the path that was named, or chooses one.
 *
 * `auto` starts no build: it takes the faster path in host time of those that are ready, and JavaScript otherwise.
 * @throws {@link RtliftError} `ERR_RTLIFT_PATH_UNAVAILABLE` when the named path cannot run; `cause` says why.
 */
export async function choosePath<I, O>(
  kernel: Kernel<I, O>,
  wanted: PathName | 'auto',
  options: VerilatorPathOptions,
): Promise<Choice<I, O>> {
  if (wanted === 'javascript') {
    return { path: new JavascriptPath(kernel), reason: 'named by the caller' };
  }
  if (wanted === 'verilator') {
    try {
      return { path: await VerilatorPath.open(kernel, options), reason: 'named by the caller' };
    } catch (cause) {
      // A wrong option is the caller's to mend, not a path that cannot run.
      if (cause instanceof RtliftError && cause.code === 'ERR_RTLIFT_INVALID_ARG') throw cause;
      throw new RtliftError(
        'ERR_RTLIFT_PATH_UNAVAILABLE',
        `kernel ${kernel.name}: path verilator was named and cannot run: ${(cause as Error).message}`,
        {
          kernel: kernel.name,
          path: wanted,
          why: cause instanceof RtliftError ? cause.code : null,
        },
        { cause },
      );
    }
  }
  if (wanted !== 'auto') {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `path is auto, javascript or verilator, got ${String(wanted)}`,
      { arg: 'path' },
    );
  }
  return chooseFaster(kernel, options);
}

async function chooseFaster<I, O>(
  kernel: Kernel<I, O>,
  options: VerilatorPathOptions,
): Promise<Choice<I, O>> {
  const javascript = new JavascriptPath(kernel);
  let verilator: VerilatorPath<I, O>;
  try {
    const build = await findBuiltKernel(kernel, options.flags);
    if (build === null) {
      return {
        path: javascript,
        reason:
          'javascript: the kernel library is not built yet and auto starts no build; name path verilator once to build it',
      };
    }
    verilator = VerilatorPath.openBuild(kernel, build, undefined, options);
  } catch (error) {
    return {
      path: javascript,
      reason: `javascript: verilator cannot run: ${(error as Error).message}`,
    };
  }
  const messages = trialMessages(kernel);
  if (messages === null) {
    await verilator.close();
    return {
      path: javascript,
      reason:
        'javascript: no trial could be made of this input type, so nothing says that verilator is faster',
    };
  }
  const times = await compare(kernel.output, javascript, verilator, messages);
  if (typeof times === 'string') {
    await verilator.close();
    return { path: javascript, reason: `javascript: verilator failed its trial: ${times}` };
  }
  const [winner, loser] =
    times.verilator < times.javascript
      ? ([verilator, javascript] as const)
      : ([javascript, verilator] as const);
  await loser.close();
  return {
    path: winner,
    reason:
      `${winner.name}: ${times[winner.name].toFixed(0)} ns of host time a message against ` +
      `${times[loser.name].toFixed(0)} on ${loser.name} (measured now: ${messages.length} messages of ` +
      `${TRIAL_BYTES} bytes a batch)`,
  };
}

/** Random messages of the input type, or `null` where bytes alone do not make one. */
function trialMessages<I, O>({ input, limits }: Kernel<I, O>): I[] | null {
  const size = Math.min(
    Math.max(input.fixedBytes ?? TRIAL_BYTES, limits.minMessageBytes),
    limits.maxMessageBytes,
  );
  // A fixed pattern is enough: the time of a hash or a match on it is that of any other bytes of this length.
  const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 167 + 13) & 0x7f);
  try {
    const message = input.decode(bytes, 0, bytes.length);
    pack(input, [message]);
    return new Array<I>(TRIAL_MESSAGES).fill(message);
  } catch {
    return null;
  }
}

/** What differs between two paths on the same messages, or `null`. */
function difference<O>(codec: Codec<O>, a: readonly O[], b: readonly O[]): string | null {
  const [one, other] = [pack(codec, a), pack(codec, b)];
  if (Buffer.compare(one.data, other.data) === 0) return null;
  return 'its results differ from the golden model';
}

async function compare<I, O>(
  output: Codec<O>,
  javascript: Path<I, O>,
  verilator: Path<I, O>,
  messages: readonly I[],
): Promise<Record<PathName, number> | string> {
  const best = { javascript: Number.POSITIVE_INFINITY, verilator: Number.POSITIVE_INFINITY };
  try {
    const [golden, simulated] = [await javascript.run(messages), await verilator.run(messages)];
    const wrong = difference(output, golden.results, simulated.results);
    if (wrong !== null) return wrong;
    // Interleaved, and the first round only warms up.
    for (let round = 0; round <= TRIAL_ROUNDS; round++) {
      for (const path of [javascript, verilator]) {
        const begin = performance.now();
        await path.run(messages);
        const ns = ((performance.now() - begin) * 1e6) / messages.length;
        if (round > 0) best[path.name] = Math.min(best[path.name], ns);
      }
    }
  } catch (error) {
    return (error as Error).message;
  }
  return best;
}
