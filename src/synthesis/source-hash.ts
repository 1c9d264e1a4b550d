import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RtliftError } from '../errors.js';
import type { ParameterValue } from '../kernel/define-kernel.js';
import type { Target } from './targets.js';

/** What is synthesised: RTL without anything that only a simulator needs. */
export interface SynthesisRtl {
  readonly top: string;
  /** Absolute paths. */
  readonly sources: readonly string[];
  readonly includes: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/** Raised when the same sources give other figures: scripts, harness, delays. */
const FLOW_VERSION = 1;

/**
 * Identifies what a row was made from: sources, parameters, device, and this flow. Not the tools' versions: they are
 * in the row, and another version does not make it stale.
 * @returns 64 hexadecimal digits.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when a source cannot be read.
 */
export async function sourceHash(rtl: SynthesisRtl, target: Target): Promise<string> {
  const hash = createHash('sha256');
  const add = (...parts: readonly string[]): void => {
    for (const part of parts) hash.update(`${part.length}:${part}`);
  };
  add(`${FLOW_VERSION}`, target.device, target.synthCommand, rtl.top);
  for (const [name, value] of Object.entries(rtl.parameters).sort(([a], [b]) => (a < b ? -1 : 1))) {
    add(name, String(value));
  }
  for (const file of rtl.sources) add(basename(file), await read(file));
  return hash.digest('hex');
}

async function read(file: string): Promise<string> {
  try {
    // A checkout on Windows may have other line ends.
    return (await readFile(file, 'utf8')).replaceAll('\r\n', '\n');
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `cannot read the source ${file}: ${(cause as Error).message}`,
      { file },
      { cause },
    );
  }
}
