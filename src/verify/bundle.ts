import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RtliftError } from '../errors.js';
import { checkPacked, type PackedBatch, pack, unpack } from '../kernel/batch.js';
import type { Kernel } from '../kernel/define-kernel.js';
import { findToolchain } from '../toolchain/toolchain.js';
import type { Drive, Scenario } from './scenario.js';
import type { Failure, Variants } from './session.js';
import { hashSources } from './source-hashes.js';
import type { Counterexample } from './verify.js';

const FORMAT = 1;

interface StoredBatch {
  readonly variant: number;
  readonly drive: Omit<Drive, 'pattern'>;
  /** File of stalls and bubbles, a line a cycle, or `null` where the drive's chances and seed say it. */
  readonly stalls: string | null;
  readonly offsets: readonly number[];
  /** File of the messages, encoded, one after the other. */
  readonly messages: string;
}

/** What `replay.json` of a bundle holds. */
export interface BundleIndex {
  readonly format: typeof FORMAT;
  readonly kernel: string;
  /** What to give `rtlift verify`: a built-in kernel or a file. */
  readonly target: string;
  /** Of the run that found it. */
  readonly seed: number;
  /** One that a JSON number does not hold exactly is in decimal digits. */
  readonly modelSeed: number | string;
  readonly monitors: boolean;
  readonly noProgressCycles: number;
  readonly batches: readonly StoredBatch[];
  readonly failure: Failure;
  /** SHA-256 of each file of the RTL, included ones too, by path from the folder of the first source. */
  readonly sources: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** A bundle that was read back for its kernel. */
export interface Bundle<I> {
  readonly index: BundleIndex;
  readonly scenario: Scenario<I>;
  /** Sources whose content is not what it was. */
  readonly changedSources: readonly string[];
}

export interface BundleOptions {
  readonly target: string;
  readonly seed: number;
  readonly monitors: boolean;
  readonly noProgressCycles: number;
}

/** Writes a counterexample as a folder that `rtlift replay` runs again. */
export async function writeBundle<I, O>(
  folder: string,
  kernel: Kernel<I, O>,
  { scenario, failure }: Counterexample<I>,
  options: BundleOptions,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const batches: StoredBatch[] = [];
  for (const [i, { variant, messages, drive }] of scenario.batches.entries()) {
    const { data, offsets } = pack(kernel.input, messages);
    const { pattern, ...rest } = drive;
    const stored: StoredBatch = {
      variant,
      drive: rest,
      stalls: pattern ? `stalls-${i}.txt` : null,
      offsets: [...offsets],
      messages: `messages-${i}.bin`,
    };
    await writeFile(join(folder, stored.messages), data);
    if (pattern && stored.stalls) await writeFile(join(folder, stored.stalls), stallsText(pattern));
    batches.push(stored);
  }
  const { verilator, compiler } = await findToolchain();
  const index: BundleIndex = {
    format: FORMAT,
    kernel: kernel.name,
    ...options,
    modelSeed: storedSeed(scenario.modelSeed),
    batches,
    failure,
    sources: await hashSources(kernel),
    versions: {
      node: process.version,
      verilator: verilator.version,
      compiler: `${compiler.isClang ? 'clang' : 'gcc'} ${compiler.version}`,
    },
  };
  await writeFile(join(folder, 'replay.json'), `${JSON.stringify(index, null, 2)}\n`);
}

/**
 * Reads what a bundle is of, before its kernel is known.
 *
 * The file may be somebody else's, so nothing in it is believed.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when it is none that {@link writeBundle} wrote.
 */
export async function readBundleIndex(folder: string): Promise<BundleIndex> {
  const path = join(folder, 'replay.json');
  let index: BundleIndex | null;
  try {
    index = JSON.parse(await readFile(path, 'utf8')) as BundleIndex | null;
  } catch (cause) {
    throw badBundle(folder, `a folder with replay.json, got ${(cause as Error).message}`, cause);
  }
  if (index?.format !== FORMAT) {
    throw badBundle(folder, `format ${FORMAT}, got ${String(index?.format)}`);
  }
  const { kernel, target, modelSeed, noProgressCycles, monitors, batches, failure, sources } =
    index;
  const isComplete =
    typeof kernel === 'string' &&
    typeof target === 'string' &&
    isSeed(modelSeed) &&
    isCount(noProgressCycles) &&
    typeof monitors === 'boolean' &&
    Array.isArray(batches) &&
    batches.every(isStoredBatch) &&
    typeof failure?.text === 'string' &&
    typeof sources === 'object' &&
    sources !== null;
  if (!isComplete) throw badBundle(folder, 'a replay.json as written, got one that was changed');
  return index;
}

const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31;
const isSeed = (value: unknown): boolean =>
  isCount(value) ||
  (typeof value === 'string' && /^\d{1,20}$/.test(value) && BigInt(value) < 2n ** 64n);
const storedSeed = (seed: number | bigint): number | string =>
  isCount(Number(seed)) ? Number(seed) : `${seed}`;

/** A file of the bundle itself. */
const isFileName = (name: unknown): boolean =>
  typeof name === 'string' && /^(messages-\d+\.bin|stalls-\d+\.txt)$/.test(name);

function isStoredBatch(batch: StoredBatch | null): boolean {
  const { variant, drive, stalls, offsets, messages } = batch ?? ({} as Partial<StoredBatch>);
  return (
    isCount(variant) &&
    [drive?.bubble, drive?.stall, drive?.seed, drive?.resetAt].every(isCount) &&
    typeof drive?.isolate === 'boolean' &&
    (stalls === null || isFileName(stalls)) &&
    isFileName(messages) &&
    Array.isArray(offsets) &&
    offsets.every(isCount)
  );
}

/**
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when the folder is no bundle of this kernel and its variants,
 *   `ERR_RTLIFT_ELABORATION_FAILED` when Verilator cannot read its RTL as it is now.
 */
export async function readBundle<I, O>(
  folder: string,
  variants: Variants<I, O>,
): Promise<Bundle<I>> {
  const [kernel] = variants;
  const index = await readBundleIndex(folder);
  if (index.kernel !== kernel.name) {
    throw badBundle(folder, `one of kernel ${kernel.name}, got ${index.kernel}`);
  }
  const most = Math.max(...index.batches.map(({ variant }) => variant));
  if (most >= variants.length) {
    throw badBundle(folder, `settings 0..${variants.length - 1} of ${kernel.name}, got ${most}`);
  }
  const batches = await Promise.all(
    index.batches.map(async ({ variant, drive, stalls, offsets, messages }) => {
      const data = new Uint8Array(await readFile(join(folder, messages)));
      const packed: PackedBatch = { data, offsets: Int32Array.from(offsets) };
      checkPacked(packed);
      const pattern = stalls
        ? parseStalls(folder, await readFile(join(folder, stalls), 'utf8'))
        : null;
      return {
        variant,
        drive: { ...drive, ...(pattern ? { pattern } : {}) },
        messages: unpack(kernel.input, packed),
      };
    }),
  );
  const { modelSeed: seed } = index;
  const now = await hashSources(kernel);
  const names = new Set([...Object.keys(now), ...Object.keys(index.sources)]);
  return {
    index,
    scenario: { modelSeed: typeof seed === 'string' ? BigInt(seed) : seed, batches },
    changedSources: [...names].filter((name) => now[name] !== index.sources[name]),
  };
}

function badBundle(folder: string, expected: string, cause?: unknown): RtliftError {
  return new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `${folder} is no replay bundle: expected ${expected}`,
    { folder },
    { cause },
  );
}

const LEGEND =
  '# cycle: stalls and bubbles; s a stall of the output, 0..5 a bubble of that input\n';

function stallsText(pattern: Uint8Array): string {
  const lines = [...pattern].flatMap((bits, cycle) => {
    if (bits === 0) return [];
    const marks = [...'s012345'].filter((_, bit) => ((bits >> bit) & 1) !== 0).join('');
    return [`${cycle} ${marks}`];
  });
  return `${LEGEND}${lines.join('\n')}\n`;
}

/** Longest pattern that is read, cycles. */
const MOST_CYCLES = 1e8;

function parseStalls(folder: string, text: string): Uint8Array {
  const rows = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, cycle, marks] = /^(\d+) ([s0-5]+)$/.exec(line) ?? [];
      if (cycle !== undefined && marks !== undefined && Number(cycle) < MOST_CYCLES)
        return { cycle: Number(cycle), marks };
      throw badBundle(folder, `lines of a cycle and s or 0..5 in stalls, got ${line.slice(0, 40)}`);
    });
  const length = rows.reduce((most, { cycle }) => Math.max(most, cycle + 1), 0);
  const pattern = new Uint8Array(length);
  for (const { cycle, marks } of rows) {
    for (const mark of marks) {
      pattern[cycle] = (pattern[cycle] ?? 0) | (1 << 's012345'.indexOf(mark));
    }
  }
  return pattern;
}
