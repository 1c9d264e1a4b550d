import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RtliftError } from '../../errors.js';
import { checkV8Profile, type ThreadProfile } from './v8-profile.js';

/**
 * Reads CPU profiles, a thread each. Their sources are looked up on disk: what was changed since is not recognised.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` for a file that cannot be read or is no CPU profile.
 */
export function readProfiles(files: readonly string[]): Promise<ThreadProfile[]> {
  return Promise.all(files.map(readProfile));
}

async function readProfile(file: string): Promise<ThreadProfile> {
  const refuse = (got: string, cause: unknown): RtliftError =>
    new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `expected a CPU profile of V8, got ${file}: ${got}; \`node --cpu-prof\` writes one, and a command is given after --`,
      { arg: 'profile', file },
      { cause },
    );
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw refuse(cause.message, cause);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse(`no JSON (${(cause as Error).message})`, cause);
  }
  return {
    name: basename(file),
    pid: null,
    threadId: null,
    profile: checkV8Profile(value, file),
    scripts: {},
  };
}
