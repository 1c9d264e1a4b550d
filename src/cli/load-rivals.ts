import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyRival, MissingRival } from '../bench/rivals/rival.js';
import type { UserKernel } from '../bench/suite/suite-operation.js';
import { RtliftError } from '../errors.js';
import { loadPlan } from './load-plan.js';

/** What a file may export as a rival: `encode` where the result is not one that the kernel's output codec takes. */
type GivenRival = Partial<AnyRival> | Partial<MissingRival>;

/**
 * Loads a kernel of the user's with the software that it is held against: the export `rivals`, an array or a function that
 * makes one.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` where the file exports no kernel, or something else as `rivals`.
 */
export async function loadUserKernel(file: string): Promise<UserKernel> {
  const plan = await loadPlan(file);
  const { output } = plan.kernel;
  const encode = (result: unknown): Uint8Array => {
    const bytes = new Uint8Array(output.sizeOf(result));
    output.encodeInto(result, bytes, 0);
    return bytes;
  };
  const given = await givenRivals(file);
  const rivals = given.map((rival, i): AnyRival | MissingRival => {
    if ('missing' in rival && typeof rival.missing === 'string') {
      return { name: rival.name ?? `rival ${i}`, missing: rival.missing };
    }
    const { name, run, note = '', encode: own = encode } = rival as Partial<AnyRival>;
    if (typeof name === 'string' && typeof run === 'function' && typeof own === 'function') {
      return { name, note, run, encode: own };
    }
    throw wrongRivals(file, `rivals[${i}] is { name, run(message), encode?(result), note? }`);
  });
  const names = new Set(rivals.map(({ name }) => name));
  if (names.size < rivals.length || names.has('javascript') || names.has('verilator')) {
    throw wrongRivals(file, 'rivals have names of their own, not those of a path');
  }
  return { ...plan, rivals };
}

async function givenRivals(file: string): Promise<readonly GivenRival[]> {
  // loadPlan has loaded the module: this is the same one.
  const module = (await import(pathToFileURL(resolve(file)).href)) as { rivals?: unknown };
  const given: unknown =
    typeof module.rivals === 'function' ? await module.rivals() : (module.rivals ?? []);
  if (Array.isArray(given) && given.every((each) => typeof each === 'object' && each !== null)) {
    return given as readonly GivenRival[];
  }
  throw wrongRivals(file, '`rivals` is an array of rivals, or a function that makes one');
}

function wrongRivals(file: string, expected: string): RtliftError {
  return new RtliftError('ERR_RTLIFT_INVALID_ARG', `${file}: ${expected}`, {
    arg: 'kernel',
    file,
  });
}
