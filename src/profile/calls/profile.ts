import { RtliftError } from '../../errors.js';
import { CallRecorder } from './recorder.js';
import { callReport } from './report.js';
import type { CallProfileReport } from './schema.js';

export type { CallProfileReport } from './schema.js';

/** How {@link profile} counts. */
export interface ProfileOptions<A extends readonly unknown[]> {
  /** Name in the report; default that of the function. */
  readonly name?: string;
  /**
   * Bytes of a call's message, from its arguments. Default: the first argument's length where it is bytes or an
   * ArrayBuffer, `length` where it is a string, else unknown. That is the UTF-8 length of ASCII, and up to a third of it of
   * other text: encoding every message to count takes up to 0.6 ns a character, more than all the rest. What throws, or gives no number of 0 or more, counts as
   * unknown: watching a service must not break it.
   */
  readonly bytesOf?: (...args: A) => number;
  /** Whether it counts from the start; default true. Otherwise from `profile.start()` on. */
  readonly enabled?: boolean;
}

/** Counts the calls of one function. */
export interface CallProfile {
  /** What was counted so far, or until `stop()`: plain data. */
  report(): CallProfileReport;
  /** Counts anew from here; does nothing while it counts. */
  start(): void;
  /** Counts no further: a call is then a plain one. Idempotent. */
  stop(): void;
  /** Forgets what was counted. */
  reset(): void;
  readonly isOn: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: any function may be profiled, and keeps its type.
type AnyFunction = (...args: any[]) => any;

/**
 * Wraps a hot operation, sync or async, and counts how it is called: rate, sizes, bursts, concurrency, host time, share of the
 * process' CPU.
 *
 * Memory stays constant. `this`, arguments, results and errors pass unchanged; a native promise comes back as one chained to it,
 * of the same outcome. Other thenables are returned as they are, and their waiting is not counted. Times are sampled:
 * see `sampled` of the report.
 * @param fn - not a class.
 * @returns a function of the same type, with `profile` beside it.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` unless `fn` is a function, and options are as they should be.
 */
export function profile<F extends AnyFunction>(
  fn: F,
  options: ProfileOptions<Parameters<F>> = {},
): F & { readonly profile: CallProfile } {
  if (typeof fn !== 'function') {
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `profile takes a function, got ${typeof fn}`, {
      arg: 'fn',
    });
  }
  checkOptions(options);
  const { name = fn.name || 'operation', bytesOf, enabled = true } = options;
  const recorder = new CallRecorder();
  if (enabled) recorder.start();

  const done = <T>(value: T): T => {
    recorder.active--;
    return value;
  };
  const failed = (error: unknown): never => {
    recorder.active--;
    recorder.errors++;
    throw error;
  };
  // Not a handler beside the caller's: it would hide a rejection that nobody handles.
  const follow = (result: Promise<unknown>, startNs: number): Promise<unknown> =>
    startNs < 0
      ? result.then(done, failed)
      : result.then(
          (value) => {
            recorder.settled(startNs);
            return done(value);
          },
          (error) => {
            recorder.settled(startNs);
            return failed(error);
          },
        );
  // A rest parameter would make an array for every call; most have one argument.
  const wrapped = function (this: unknown, message: unknown): unknown {
    if (!recorder.isOn) {
      // biome-ignore lint/complexity/noArguments: see above
      return arguments.length === 1 ? fn.call(this, message) : fn.apply(this, arguments as never);
    }
    // biome-ignore lint/complexity/noArguments: see above
    const bytes = bytesOf === undefined ? sizeOf(message) : askedSize(bytesOf, arguments);
    const startNs = recorder.enter(bytes);
    let result: unknown;
    try {
      result =
        // biome-ignore lint/complexity/noArguments: see above
        arguments.length === 1 ? fn.call(this, message) : fn.apply(this, arguments as never);
    } catch (error) {
      if (startNs >= 0) recorder.returned(startNs);
      return failed(error);
    }
    if (startNs >= 0) recorder.returned(startNs);
    if (typeof result === 'object' && result instanceof Promise) return follow(result, startNs);
    recorder.active--;
    return result;
  };
  // What else hangs on the function, such as the methods of an offloaded one, is found behind it.
  Object.setPrototypeOf(wrapped, fn);
  Object.defineProperty(wrapped, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(wrapped, 'length', { value: fn.length, configurable: true });
  const handle: CallProfile = {
    report: () => callReport(name, recorder),
    start: () => recorder.start(),
    stop: () => recorder.stop(),
    reset: () => recorder.clear(),
    get isOn() {
      return recorder.isOn;
    },
  };
  return Object.assign(wrapped, { profile: handle }) as unknown as F & {
    readonly profile: CallProfile;
  };
}

function checkOptions(options: unknown): void {
  const wrong = (arg: string, expected: string, got: unknown): RtliftError =>
    new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `${arg} of profile() is ${expected}, got ${got === null ? 'null' : typeof got}`,
      { arg, expected },
    );
  if (typeof options !== 'object' || options === null) throw wrong('options', 'an object', options);
  const { name, bytesOf, enabled } = options as Record<string, unknown>;
  if (name !== undefined && typeof name !== 'string') throw wrong('name', 'a string', name);
  if (bytesOf !== undefined && typeof bytesOf !== 'function') {
    throw wrong('bytesOf', 'a function', bytesOf);
  }
  if (enabled !== undefined && typeof enabled !== 'boolean') {
    throw wrong('enabled', 'a boolean', enabled);
  }
}

/** Bytes of a message; -1 where it is no bytes. */
function sizeOf(message: unknown): number {
  if (message instanceof Uint8Array) return message.byteLength;
  if (typeof message === 'string') return message.length;
  if (ArrayBuffer.isView(message) || message instanceof ArrayBuffer) return message.byteLength;
  return -1;
}

function askedSize(bytesOf: (...args: never) => number, args: IArguments): number {
  try {
    const bytes = bytesOf(...(args as unknown as never[] as never));
    return bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER ? bytes : -1;
  } catch {
    return -1;
  }
}
