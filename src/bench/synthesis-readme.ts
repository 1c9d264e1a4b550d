import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RtliftError } from '../errors.js';
import {
  fmaxCell,
  kernelSynthesisTable,
  mainSynthesisTable,
  shownParameters,
} from '../report/synthesis-table.js';
import { rowsOf } from '../synthesis/results.js';
import type { SynthesisRow } from '../synthesis/row.js';
import { sourceHash } from '../synthesis/source-hash.js';
import { targetOf } from '../synthesis/targets.js';
import { SYNTHESIS_DESIGNS, type SynthesisDesign } from './synthesis-designs.js';

const BEGIN = '<!-- synthesis:begin -->';
const END = '<!-- synthesis:end -->';

/** Where the results of a kernel are kept. */
export const synthesisPath = (root: string, folder: string): string =>
  join(root, 'hdl', folder, 'synthesis.json');

/** Folders with results, each once. */
export const SYNTHESIS_FOLDERS: readonly string[] = [
  ...new Set(SYNTHESIS_DESIGNS.map(({ folder }) => folder)),
];

/**
 * Puts a generated text between the markers of a document.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when the document has no markers, or in the wrong order.
 */
export function betweenMarkers(document: string, generated: string, file: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) {
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `${file}: expected ${BEGIN} and then ${END}`, {
      file,
    });
  }
  return `${document.slice(0, begin + BEGIN.length)}\n${generated}\n${document.slice(end)}`;
}

/** A document that is generated in part, as it is and as it should be. */
export interface GeneratedDocument {
  readonly file: string;
  readonly current: string;
  readonly expected: string;
}

/** The READMEs with tables of synthesis, made from the results beside the RTL. */
export async function synthesisDocuments(root: string): Promise<GeneratedDocument[]> {
  const byFolder = new Map<string, readonly SynthesisRow[]>();
  for (const folder of SYNTHESIS_FOLDERS) {
    byFolder.set(folder, await rowsOf(synthesisPath(root, folder)));
  }
  const parts = [...byFolder].map(([folder, rows]) => [
    join(root, 'hdl', folder, 'README.md'),
    kernelSynthesisTable(rows),
  ]);
  parts.push([join(root, 'README.md'), await mainTable(byFolder)]);
  return Promise.all(
    parts.map(async ([file = '', generated = '']) => {
      const current = await readFile(file, 'utf8');
      return { file, current, expected: betweenMarkers(current, generated, file) };
    }),
  );
}

/** Writes the documents that are not as they should be; returns their names. */
export async function writeSynthesisDocuments(root: string): Promise<string[]> {
  const changed = (await synthesisDocuments(root)).filter(
    ({ current, expected }) => current !== expected,
  );
  for (const { file, expected } of changed) await writeFile(file, expected);
  return changed.map(({ file }) => file);
}

async function mainTable(byFolder: ReadonlyMap<string, readonly SynthesisRow[]>): Promise<string> {
  const lines = SYNTHESIS_DESIGNS.filter(({ devices }) => devices.includes('xcvu47p'));
  const kernels = await Promise.all(
    lines.map(async (design) => {
      const { folder, call } = design;
      const all = byFolder.get(folder) ?? [];
      const rows = await rowsOfDesign(design, all);
      const rtlOnly = await Promise.all(
        SYNTHESIS_DESIGNS.filter((each) => each.folder === folder && each.isRtlOnly).map((each) =>
          rowsOfDesign(each, all),
        ),
      );
      const small = smallOf(rows, all, rtlOnly.flat());
      return { call: `[\`${call}\`](hdl/${folder}/README.md)`, rows, small };
    }),
  );
  return mainSynthesisTable(kernels);
}

async function rowsOfDesign(
  { kernel, devices }: SynthesisDesign,
  rows: readonly SynthesisRow[],
): Promise<SynthesisRow[]> {
  const hashes = await Promise.all(
    devices.map((device) => sourceHash(kernel.rtl, targetOf(device))),
  );
  return rows.filter(({ sourceHash: hash }) => hashes.includes(hash));
}

/** Parameters that choose another circuit, not a smaller one. */
const ARCHITECTURES = ['PIPELINED'];

/**
 * The first iCE40 row that fits: of this design, else of smaller parameters of the same architecture; those that only the RTL takes
 * come last, and are called so.
 */
export function smallOf(
  own: readonly SynthesisRow[],
  all: readonly SynthesisRow[],
  rtlOnly: readonly SynthesisRow[],
): string | null {
  const isPlaced = ({ device, fits }: SynthesisRow): boolean => device.startsWith('ice40') && fits;
  const hit = own.find(isPlaced);
  if (hit) return placedText(hit);
  // Without a row nobody has looked.
  if (!own.some(({ device }) => device.startsWith('ice40'))) return 'not run';
  const isAlike = ({ parameters }: SynthesisRow): boolean =>
    ARCHITECTURES.every((name) => parameters[name] === own[0]?.parameters[name]);
  const placed = all.filter((row) => isPlaced(row) && isAlike(row));
  const other = placed.find((row) => !rtlOnly.includes(row)) ?? placed[0];
  if (!other) return 'does not fit';
  const which = `${rtlOnly.includes(other) ? 'RTL only, ' : ''}${shownParameters(other, all)}`;
  return `does not fit; with ${which}: ${placedText(other)}`;
}

function placedText(row: SynthesisRow): string {
  const lc = row.utilisation.LC;
  const device = targetOf(row.device).label.replace('iCE40 ', '');
  return `${device}: ${lc?.used.toLocaleString('en-US')} LC, ${fmaxCell(row)} MHz`;
}
