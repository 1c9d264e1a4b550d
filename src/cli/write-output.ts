import { writeFile } from 'node:fs/promises';
import { RtliftError } from '../errors.js';

/**
 * Writes what an option asked for.
 * @param option - the option that named the file, for the message.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when the file cannot be written.
 */
export async function writeOutput(file: string, text: string, option: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `--${option}: expected a file that can be written, got ${file}: ${(cause as Error).message}`,
      { arg: option, file },
      { cause },
    );
  }
}
