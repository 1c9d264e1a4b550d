import type { Corpus } from './mails.js';

/** Words of this length fit the kernel and say something by themselves. */
const WORD = /[a-z]{5,16}/g;
/** A word in fewer spam mails than this is an accident of a few of them. */
const LEAST_SPAM_MAILS = 15;

/**
 * Chooses the words that tell spam from ham best, from the corpus' own vocabulary.
 *
 * Of every second mail, the words of 5 to 16 letters (case folded) are counted once a mail; the words are ranked by
 * the log of the odds ratio (s + 1/2)(H - h + 1/2) / ((h + 1/2)(S - s + 1/2)), where s of S spam and h of H ham mails
 * hold the word, and the highest `count` are taken, ties in alphabetical order. The other half of the mails is what
 * a filter made of them could be judged on.
 */
export function choosePatterns(corpus: Corpus, count: number): string[] {
  const inSpam = new Map<string, number>();
  const inHam = new Map<string, number>();
  let spam = 0;
  let ham = 0;
  for (let i = 0; i < corpus.messages.length; i += 2) {
    const isSpam = corpus.isSpam[i] === true;
    if (isSpam) spam++;
    else ham++;
    const counts = isSpam ? inSpam : inHam;
    const text = Buffer.from(corpus.messages[i] as Uint8Array)
      .toString('latin1')
      .toLowerCase();
    for (const word of new Set(text.match(WORD))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const leastSpam = Math.min(LEAST_SPAM_MAILS, Math.ceil(spam / 20));
  const ranked: { word: string; score: number }[] = [];
  for (const [word, s] of inSpam) {
    if (s < leastSpam) continue;
    const h = inHam.get(word) ?? 0;
    const score = Math.log(((s + 0.5) * (ham - h + 0.5)) / ((h + 0.5) * (spam - s + 0.5)));
    ranked.push({ word, score });
  }
  ranked.sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1));
  return ranked.slice(0, count).map(({ word }) => word);
}
