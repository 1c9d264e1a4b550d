// Trains the weights of `classify` to tell spam from ham, on the development half of the mails, and writes
// src/kernels/spam-weights.ts. No random number: a second run writes the same file.
import './support/say-why.js';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KIND, KINDS, tableIndex, visitTokens } from '../src/kernels/classify-tokens.js';
import { printClosingLine } from './support/closing-line.js';
import { accuracyOf, accuracyTable, mailHalves } from './support/mail-halves.js';

const OUTPUT = fileURLToPath(new URL('../src/kernels/spam-weights.ts', import.meta.url));
const TABLE = 8192;

// Chosen by four-fold cross-validation within the development half.
const EPOCHS = 20;
const RATE = 0.1;
/** A mail's features add up to this, however long it is. */
const FEATURE_SUM = 40;
/** What ham taken for spam weighs against spam that is missed. */
const HAM_COST = 2;

/** Words in capitals count more; digits, numbers with letters in them and what is longer than any word count little. */
function factorOf(kind: number): number {
  if (kind === 0 || kind >= KIND.long) return 0;
  if (kind >= KIND.digit) return 20;
  return kind === KIND.upper ? 96 : 64;
}
const VALUES = Int8Array.from({ length: KINDS }, (_, kind) => factorOf(kind));

/** Sum of the values of a message's tokens for each entry of the table that has any. */
interface Features {
  readonly entries: readonly number[];
  readonly sums: readonly number[];
}

function featuresOf(message: Uint8Array): Features {
  const sums = new Map<number, number>();
  visitTokens(message, (hash, kind) => {
    const entry = tableIndex(hash, TABLE);
    const value = VALUES[kind] as number;
    if (value !== 0) sums.set(entry, (sums.get(entry) ?? 0) + value);
  });
  return { entries: [...sums.keys()], sums: [...sums.values()] };
}

function scoreOf(weights: ArrayLike<number>, { entries, sums }: Features): number {
  return entries.reduce((s, entry, i) => s + (weights[entry] as number) * (sums[i] as number), 0);
}

/** A shuffle by a linear congruential generator (Numerical Recipes: 1664525, 1013904223, modulo 2^32). */
function shuffler(): (order: number[]) => void {
  let state = 1;
  return (order) => {
    for (let i = order.length - 1; i > 0; i--) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const j = state % (i + 1);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
  };
}

/**
 * Logistic regression by stochastic gradient descent with a step for each weight (Duchi et al., "Adaptive subgradient
 * methods", JMLR 12, 2011), without a bias: the sign of the score is then the same whatever the length of a mail, so
 * features may be normalised here though the kernel adds up the plain ones.
 */
function train(mails: readonly Features[], isSpam: readonly boolean[]): Float64Array {
  const normalised = mails.map(({ entries, sums }) => {
    const factor = FEATURE_SUM / (sums.reduce((a, b) => a + b, 0) || 1);
    return { entries, sums: sums.map((sum) => sum * factor) };
  });
  const weights = new Float64Array(TABLE);
  const squares = new Float64Array(TABLE).fill(1e-8);
  const order = [...mails.keys()];
  const shuffle = shuffler();
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order);
    for (const at of order) {
      const mail = normalised[at] as Features;
      const guess = 1 / (1 + Math.exp(-scoreOf(weights, mail)));
      const slope = isSpam[at] ? guess - 1 : guess * HAM_COST;
      mail.entries.forEach((entry, i) => {
        const gradient = slope * (mail.sums[i] as number);
        squares[entry] = (squares[entry] as number) + gradient * gradient;
        const step = (RATE * gradient) / Math.sqrt(squares[entry] as number);
        weights[entry] = (weights[entry] as number) - step;
      });
    }
  }
  return weights;
}

/** The weights in steps of a 127th of the largest. */
function quantise(weights: Float64Array): Int8Array {
  const largest = weights.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0);
  return Int8Array.from(weights, (weight) => Math.round((weight / largest) * 127));
}

function sourceOf(weights: Int8Array): string {
  const base64 = Buffer.from(weights.buffer).toString('base64');
  return [
    '// Written by bench/train-classify.ts; change it there.',
    '',
    '/** Factor of each kind of token. */',
    'export const SPAM_VALUES: readonly number[] = [',
    `  ${[...VALUES].join(', ')},`,
    '];',
    'export const SPAM_BIAS = 0;',
    '/** Spam is what scores above 0. */',
    'export const SPAM_THRESHOLD = 1;',
    `/** ${TABLE} weights, a signed byte each. */`,
    'export const SPAM_WEIGHTS_BASE64 =',
    `  '${base64}';`,
    '',
  ].join('\n');
}

const { development, test } = mailHalves();
const trained = development.bodies.map(featuresOf);
const floats = train(trained, development.isSpam);
const weights = quantise(floats);
writeFileSync(OUTPUT, sourceOf(weights));

const judged = test.bodies.map(featuresOf);
const judge = (by: ArrayLike<number>, mails: readonly Features[], isSpam: readonly boolean[]) =>
  accuracyOf(
    mails.map((mail) => scoreOf(by, mail) > 0),
    isSpam,
  );
const float = judge(floats, judged, test.isSpam);
const int8 = judge(weights, judged, test.isSpam);
console.log(
  accuracyTable([
    ['development half, 64-bit float', judge(floats, trained, development.isSpam)],
    ['development half, int8', judge(weights, trained, development.isSpam)],
    ['test half, 64-bit float', float],
    ['test half, int8', int8],
    ['test half, int8, header included', judge(weights, test.wholes.map(featuresOf), test.isSpam)],
  ]),
);
const decided = judged.filter((mail) => scoreOf(floats, mail) > 0 !== scoreOf(weights, mail) > 0);
console.log(
  `${weights.filter((weight) => weight !== 0).length} of ${TABLE} weights are not 0; int8 decides ${decided.length} of ${judged.length} mails of the test half otherwise than float`,
);
printClosingLine({
  accuracy: int8.accuracy,
  falsePositiveRate: int8.falsePositiveRate,
  recall: int8.recall,
  floatAccuracy: float.accuracy,
  floatFalsePositiveRate: float.falsePositiveRate,
  floatRecall: float.recall,
});
