import { readFile, writeFile } from 'node:fs/promises';
import { RtliftError } from '../errors.js';
import { whyTooLarge } from './cells.js';
import { SYNTHESIS_DEVICES, type SynthesisDevice, type SynthesisRow } from './row.js';
import { type SynthesisRtl, sourceHash } from './source-hash.js';
import { targetOf } from './targets.js';

export const SYNTHESIS_SCHEMA = 'rtlift-synthesis-1';

/** `synthesis.json` beside the RTL. */
export interface SynthesisFile {
  readonly schema: typeof SYNTHESIS_SCHEMA;
  /** Sorted by kernel, parameters and device. */
  readonly rows: readonly SynthesisRow[];
}

/** A design of which a row must be kept. */
export interface WantedRow {
  readonly kernel: string;
  readonly rtl: SynthesisRtl;
  readonly device: SynthesisDevice;
}

/** What a file lacks or has too much. */
export interface StaleFinding {
  readonly kernel: string;
  readonly device: string;
  readonly problem: string;
}

/** @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when the text is no such file. */
export function readSynthesis(text: string, file: string): SynthesisFile {
  let value: Partial<SynthesisFile>;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrongFile(file, `JSON, got ${(cause as Error).message}`);
  }
  if (value?.schema !== SYNTHESIS_SCHEMA) {
    throw wrongFile(file, `schema ${SYNTHESIS_SCHEMA}, got ${String(value?.schema)}`);
  }
  const { rows } = value;
  if (!Array.isArray(rows) || !rows.every(isRow)) {
    throw wrongFile(file, 'rows with kernel, device, sourceHash and cells');
  }
  return { schema: SYNTHESIS_SCHEMA, rows };
}

function wrongFile(file: string, expected: string): RtliftError {
  return new RtliftError('ERR_RTLIFT_INVALID_ARG', `${file}: expected ${expected}`, { file });
}

function isRow(value: unknown): value is SynthesisRow {
  const row = value as Partial<SynthesisRow> | null;
  return (
    typeof row?.kernel === 'string' &&
    SYNTHESIS_DEVICES.includes(row.device as SynthesisDevice) &&
    typeof row.sourceHash === 'string' &&
    typeof row.fits === 'boolean' &&
    typeof row.cells?.lut === 'number' &&
    typeof row.parameters === 'object'
  );
}

const keyOf = ({ kernel, parameters, device }: SynthesisRow): string =>
  JSON.stringify([kernel, Object.entries(parameters)]) + SYNTHESIS_DEVICES.indexOf(device);

/** Numbers in names sort as numbers: `LANES 2` before `LANES 16`. */
const inOrder = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** The text of a file: stable order, two spaces, one row after the other. */
export function synthesisText(rows: readonly SynthesisRow[]): string {
  const sorted = rows.toSorted((a, b) => inOrder(keyOf(a), keyOf(b)));
  const text = JSON.stringify({ schema: SYNTHESIS_SCHEMA, rows: sorted }, null, 2);
  // Seeds in one line.
  return `${text.replaceAll(/\[\s+([\d,\s]+?)\s+\]/g, (_, list: string) => `[${list.replaceAll(/\s+/g, ' ')}]`)}\n`;
}

/** Rows of a file that need not exist. */
export async function rowsOf(path: string): Promise<readonly SynthesisRow[]> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? [] : readSynthesis(text, path).rows;
}

/** Puts rows into a file in place of those of the same kernel, parameters and device. */
export async function writeRows(path: string, rows: readonly SynthesisRow[]): Promise<void> {
  const all = new Map((await rowsOf(path)).map((row) => [keyOf(row), row]));
  for (const row of rows) all.set(keyOf(row), row);
  await writeFile(path, synthesisText([...all.values()]));
}

/**
 * A row that fits with the capacity that its device has now, and whether it still fits: what a kernel takes stays, so
 * nothing is synthesised again. One that did not fit stays as it is: whether it does now, only synthesis says.
 */
export function withCapacity(row: SynthesisRow): SynthesisRow {
  const target = targetOf(row.device);
  if (!row.fits || isOfCapacity(row)) return row;
  const utilisation = Object.fromEntries(
    Object.entries(target.capacity).map(([name, available]) => [
      name,
      { used: row.utilisation[name]?.used ?? 0, available },
    ]),
  );
  const reason = whyTooLarge(utilisation, target);
  if (reason === null) return { ...row, utilisation };
  return { ...row, utilisation, fits: false, reason, fmax: null, critical: null };
}

function isOfCapacity({ device, utilisation }: SynthesisRow): boolean {
  const { capacity } = targetOf(device);
  return Object.entries(capacity).every(
    ([name, available]) => utilisation[name]?.available === available,
  );
}

/**
 * Compares a file with what must be in it: a row is of the same sources if its hash is that of the sources now, and of
 * the device as it is now if the capacity is.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when a source cannot be read.
 */
export async function findStale(
  rows: readonly SynthesisRow[],
  wanted: readonly WantedRow[],
): Promise<StaleFinding[]> {
  const findings: StaleFinding[] = [];
  const current = new Set<string>();
  for (const { kernel, rtl, device } of wanted) {
    const hash = await sourceHash(rtl, targetOf(device));
    const row = rows.find(
      (it) => it.kernel === kernel && it.device === device && it.sourceHash === hash,
    );
    if (row) current.add(keyOf(row));
    if (row && !isOfCapacity(row)) {
      findings.push({ kernel, device, problem: 'a row of another capacity of the device' });
    }
    if (!row)
      findings.push({ kernel, device, problem: `no row of these sources with ${show(rtl)}` });
  }
  for (const row of rows) {
    if (current.has(keyOf(row))) continue;
    const { kernel, device, parameters } = row;
    findings.push({
      kernel,
      device,
      problem: `a row of other sources, or one that nothing asks for: ${show({ parameters })}`,
    });
  }
  return findings;
}

const show = ({
  parameters,
}: Pick<SynthesisRow, 'parameters'> | Pick<SynthesisRtl, 'parameters'>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ') || 'no parameters';

/** Drops the rows that {@link findStale} finds out of date. */
export async function withoutStale(
  rows: readonly SynthesisRow[],
  wanted: readonly WantedRow[],
): Promise<readonly SynthesisRow[]> {
  const hashes = new Set(
    await Promise.all(
      wanted.map(async ({ kernel, rtl, device }) =>
        [kernel, device, await sourceHash(rtl, targetOf(device))].join(),
      ),
    ),
  );
  return rows.filter(({ kernel, device, sourceHash: hash }) =>
    hashes.has([kernel, device, hash].join()),
  );
}
