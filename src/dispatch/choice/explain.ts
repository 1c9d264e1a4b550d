import { type Figure, figure } from '../../figure.js';
import type { PathName } from '../../paths/path.js';
import type { Barred, ChoiceKind, Chooser, PathChoice } from './chooser.js';
import type { DeviceChoice } from './explain-device.js';
import { className } from './size-class.js';

/** Why the last batch ran where it ran, and what would send such a batch elsewhere. */
export interface Explanation {
  /** Where the last batch ran; where it still runs, or will, if it is under way or there was none. */
  readonly path: PathName;
  /** The path that was chosen for it; another one where that failed it or was wrong. */
  readonly chosen: PathName;
  /** In words. */
  readonly reason: string;
  /** `named`: the caller asked for this path. `fallback`: the chosen path failed the batch, or was wrong. */
  readonly kind: ChoiceKind | 'named' | 'fallback';
  /** What the chosen path did that the batch ran elsewhere, or `null`. */
  readonly failure: string | null;
  /** The batch that this is about; `null` before the first one, and where the path was named. */
  readonly batch: {
    readonly messages: number;
    readonly bytes: number;
    readonly sizeClass: string;
  } | null;
  readonly candidates: readonly CandidatePath[];
  readonly flips: readonly Flip[];
  /** Share of the host time so far that trials of slower paths have cost. */
  readonly trialShare: number;
  readonly isFrozen: boolean;
  /** What makes the choice doubtful, in words: a table that was learnt on another processor. */
  readonly warnings: readonly string[];
  /** What would be chosen with the card that was asked about; `null` where none was. */
  readonly device: DeviceChoice | null;
}

export interface CandidatePath {
  readonly path: PathName;
  /** Host time that the batch is expected to take, ns. */
  readonly expected: Figure;
  /** Batches of this size class timed on the path; 0: the expectation is of the cost model alone. */
  readonly timed: number;
  /** Why the path takes no batch now, or `null`. */
  readonly barred: string | null;
}

/** A load at which another path takes over. */
export interface Flip {
  readonly what: 'messages a batch' | 'bytes a message';
  readonly from: number;
  /** `null`: none up to a million, or 16 MiB. */
  readonly at: number | null;
  readonly path: PathName | null;
}

const MOST = { 'messages a batch': 2 ** 20, 'bytes a message': 2 ** 24 } as const;

/** What a chooser says of a batch. */
export function explainChoice(
  chooser: Chooser,
  paths: readonly PathName[],
  choice: PathChoice,
  barred: Barred,
  warning: string | null,
): Explanation {
  const { path, kind, messages, bytes, key } = choice;
  const candidates = paths.map((name): CandidatePath => {
    const expected = figure(Math.round(chooser.expect(name, messages, bytes)), 'ns', 'measured');
    return {
      path: name,
      expected:
        chooser.timed(name, messages, bytes) === 0
          ? { ...expected, provenance: 'modelled' }
          : expected,
      timed: chooser.timed(name, messages, bytes),
      barred: barred(name),
    };
  });
  const flips = flipsOf(chooser, paths, messages, bytes);
  return {
    path,
    chosen: path,
    kind,
    failure: null,
    reason: [
      sentence(choice, candidates),
      ...flips.flatMap(flipSentence),
      ...(warning === null ? [] : [warning]),
    ].join('; '),
    batch: { messages, bytes, sizeClass: className(key) },
    candidates,
    flips,
    trialShare: chooser.trialShare,
    isFrozen: chooser.isFrozen,
    warnings: warning === null ? [] : [warning],
    device: null,
  };
}

/** The same for a batch that its path failed, or was wrong on. */
export function explainFallback(
  explanation: Explanation,
  path: PathName,
  failure: string,
): Explanation {
  const { chosen, reason } = explanation;
  return {
    ...explanation,
    path,
    kind: 'fallback',
    failure,
    reason: `${path} because ${chosen} failed the batch (${failure}); chosen was ${reason}`,
  };
}

function sentence(
  { path, kind, messages, bytes }: PathChoice,
  candidates: readonly CandidatePath[],
): string {
  const time = (name: PathName): string => {
    const found = candidates.find((candidate) => candidate.path === name);
    return `${Math.round((found?.expected.value ?? 0) / Math.max(1, messages))} ns of host time a message`;
  };
  const batch = `a batch of ${messages} with ${bytes} bytes`;
  const others = candidates.filter((candidate) => candidate.path !== path);
  const against = others.map((other) => `${time(other.path)} on ${other.path}`).join(' and ');
  if (kind === 'only') {
    const why = others.map((other) => `${other.path} ${other.barred ?? 'is absent'}`);
    return `${path} for ${batch}: ${why.length > 0 ? why.join(', ') : 'no other path is open'}`;
  }
  if (kind === 'trial') {
    return `${path} for ${batch}: a trial, to see whether it is faster by now than expected (${time(path)} against ${against})`;
  }
  const kept = kind === 'kept' ? ', kept because the gain of a change is small' : '';
  return `${path} for ${batch}: ${time(path)} against ${against}${kept}`;
}

function flipSentence({ what, at, path }: Flip): string[] {
  return at === null || path === null ? [] : [`${path} from ${at.toLocaleString('en')} ${what}`];
}

/** Where the faster path changes as the batch or the messages grow, by what is expected of each. */
function flipsOf(
  chooser: Chooser,
  paths: readonly PathName[],
  messages: number,
  bytes: number,
): Flip[] {
  const mean = messages === 0 ? 0 : bytes / messages;
  const fastest = (count: number, size: number): PathName => {
    let best = paths[0] as PathName;
    for (const path of paths) {
      if (chooser.expect(path, count, count * size) < chooser.expect(best, count, count * size)) {
        best = path;
      }
    }
    return best;
  };
  const search = (what: Flip['what'], from: number, at: (value: number) => PathName): Flip => {
    const now = at(from);
    for (let high = Math.max(2, 2 * from), low = from; low < MOST[what]; low = high, high *= 2) {
      if (at(high) === now) continue;
      let [same, other] = [low, high];
      while (other - same > 1) {
        const middle = (same + other) >> 1;
        if (at(middle) === now) same = middle;
        else other = middle;
      }
      return { what, from, at: other, path: at(other) };
    }
    return { what, from, at: null, path: null };
  };
  if (paths.length < 2) return [];
  return [
    search('messages a batch', Math.max(1, messages), (count) => fastest(count, mean)),
    search('bytes a message', Math.round(mean), (size) => fastest(Math.max(1, messages), size)),
  ];
}
