import { foldBits } from './bit-range.js';
import type { CoveredFile, CoveredLine } from './files.js';
import type { UncoveredReason } from './floor.js';
import type { Reasons } from './floor-reasons.js';
import { groupBy } from './groups.js';
import { uncoveredLine } from './summary.js';

/** What is not covered on a line, or on lines that follow each other, with the reason where the floor gives one. */
export interface UncoveredNote {
  readonly line: number;
  readonly last: number;
  readonly text: string;
  /** Empty where none is listed. */
  readonly reason: string;
}

/**
 * Notes of a file, by line: arms that were not run first, then bits that never changed.
 *
 * Points of a line that share a reason share a note, and so do lines of which the same is to be said.
 */
export function uncoveredNotes({ file, lines }: CoveredFile, reasons: Reasons): UncoveredNote[] {
  const open = new Map<string, UncoveredNote>();
  const notes: UncoveredNote[] = [];
  for (const line of lines) {
    for (const note of notesOf(file, line, reasons)) {
      const key = JSON.stringify([note.text, note.reason]);
      const known = open.get(key);
      if (known?.last === note.line - 1) {
        const joined = { ...known, last: note.line };
        notes[notes.indexOf(known)] = joined;
        open.set(key, joined);
      } else {
        notes.push(note);
        open.set(key, note);
      }
    }
  }
  return notes;
}

function notesOf(
  file: string,
  { line, ...points }: CoveredLine,
  reasons: Reasons,
): UncoveredNote[] {
  const arms = groupBy(uncoveredLine({ line, ...points })?.arms ?? [], (arm) =>
    reasonText(reasons.ofArm(file, line, arm)),
  );
  const bits = groupBy(
    points.bits.filter(({ count }) => count === 0).map(({ name }) => name),
    (name) => reasonText(reasons.ofToggle(file, { line, name })),
  );
  const note = (text: string, reason: string) => ({ line, last: line, text, reason });
  return [
    ...[...arms].map(([reason, names]) => note(`never run: ${names.join(', ')}`, reason)),
    ...[...bits].map(([reason, names]) =>
      note(`never changed: ${foldBits(names).join(', ')}`, reason),
    ),
  ];
}

function reasonText(entries: readonly UncoveredReason[]): string {
  return [...new Set(entries.map(({ reason }) => reason))].join('; ');
}
