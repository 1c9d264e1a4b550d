import { readFile } from 'node:fs/promises';
import { RtliftError } from '../../errors.js';

/** A beat of a result as the bench saw it; bits are of 0, 1, x and z, the highest first. */
export interface BeatEvent {
  readonly kind: 'beat';
  readonly cycle: number;
  /** Messages of which a beat had been taken. */
  readonly started: number;
  readonly last: string;
  readonly keep: string;
  readonly fields: readonly string[];
}

/** What the bench wrote: beats and drops of messages, then how the run ended. */
export type BenchEvent =
  | BeatEvent
  /** A message without a result; a result without a message; the end of the run. */
  | { readonly kind: 'drop'; readonly cycle: number }
  | { readonly kind: 'extra'; readonly cycle: number }
  | { readonly kind: 'end'; readonly cycle: number }
  | {
      readonly kind: 'x';
      readonly cycle: number;
      /** Messages that had a result; -1 before the first was sent. */
      readonly done: number;
      readonly control: number;
      readonly bits: string;
    }
  | {
      readonly kind: 'response';
      readonly cycle: number;
      readonly write: number;
      readonly bits: string;
    }
  | { readonly kind: 'early'; readonly cycle: number; readonly write: number }
  | {
      readonly kind: 'stuck-register';
      readonly cycle: number;
      /** Cycles without a beat. */
      readonly cycles: number;
      readonly write: number;
    }
  | {
      readonly kind: 'stuck';
      readonly cycle: number;
      readonly cycles: number;
      readonly done: number;
      readonly isOffering: boolean;
      readonly isInside: boolean;
    };

function parseEvent(line: string): BenchEvent {
  const [kind = '', ...words] = line.split(' ');
  const at = (i: number): number => Number(words[i]);
  const cycle = at(0);
  switch (kind) {
    case 'beat': {
      const [, , last = '', keep = '', ...fields] = words;
      return { kind, cycle, started: at(1), last, keep, fields };
    }
    case 'drop':
    case 'extra':
    case 'end':
      return { kind, cycle };
    case 'x':
      return { kind, cycle, done: at(1), control: at(2), bits: words[3] ?? '' };
    case 'response':
      return { kind, cycle, write: at(1), bits: words[2] ?? '' };
    case 'early':
      return { kind, cycle, write: at(1) };
    case 'stuck-register':
      return { kind, cycle, cycles: at(1), write: at(2) };
    case 'stuck':
      return {
        kind,
        cycle,
        cycles: at(1),
        done: at(2),
        isOffering: at(3) === 1,
        isInside: at(4) === 1,
      };
    default:
      throw new RtliftError('ERR_RTLIFT_INTERNAL', `the bench wrote an unknown event: ${line}`);
  }
}

/** Reads what a bench wrote; a line that was cut when the simulator was ended is left out. */
export async function readEvents(file: string): Promise<BenchEvent[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.slice(0, -1).map(parseEvent);
}
