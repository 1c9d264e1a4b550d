import { RtliftError } from '../errors.js';
import { bytes } from '../kernel/codecs.js';
import { defineKernel, type Kernel } from '../kernel/define-kernel.js';
import { type ClassifySettings, classifyRegisters } from './classify-registers.js';
import { KINDS, tableIndex, visitTokens } from './classify-tokens.js';
import { VERDICT, type Verdict } from './classify-verdict.js';
import { SPAM_BIAS, SPAM_THRESHOLD, SPAM_VALUES, SPAM_WEIGHTS_BASE64 } from './spam-weights.js';

export interface ClassifyOptions {
  /**
   * Weight of each entry of the table, shape [n], n a power of two 256 to 65,536; copied. Default: 8,192 weights that
   * tell spam from the bodies of e-mails, trained on half of the SpamAssassin public corpus.
   */
  readonly weights?: Int8Array;
  /**
   * Factor of each kind of token, shape [16]; copied. The index is a sum: 1 where the token has a lower-case letter,
   * 2 an upper-case letter, 4 a digit, 8 where it has 16 bytes or more. Entries 0 and 8 are of no token. Default: those
   * that the default weights were trained with.
   */
  readonly values?: Int8Array;
  /** Score of a message without tokens, a signed integer of 32 bits; default 0. */
  readonly bias?: number;
  /** Least score that is positive, a signed integer of 32 bits; default 1. */
  readonly threshold?: number;
  /** Bytes of a message that the kernel takes a cycle: 8 (default) or 16. */
  readonly bytesPerCycle?: 8 | 16;
}

const LEAST_WEIGHTS = 256;
const MOST_WEIGHTS = 65_536;

const hdl = (file: string): URL => new URL(`../../hdl/${file}`, import.meta.url);
const SOURCES = [
  'classify/classify.v',
  'classify/classify_registers.v',
  'classify/classify_tokens.v',
  'classify/classify_products.v',
  'classify/classify_weights.v',
  'lib/axis_fifo.v',
];

/**
 * A linear classifier over a bag of hashed tokens: is this message spam?
 *
 * score = bias + the sum over all tokens t of weights[index(hash(t))] * values[kind(t)], in exact integers; positive
 * where score >= threshold. Tokens are the longest runs of ASCII letters and digits, the case of letters folded for the
 * hash. The message is taken as it is: no part of an e-mail is decoded or left out. The weights are loaded when the
 * kernel opens, so another set of the same size needs no other library.
 * @throws {@link RtliftError} `ERR_RTLIFT_INVALID_ARG` when an option is out of range.
 * @see Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009, for the hashed bag
 */
export function classify(options: ClassifyOptions = {}): Kernel<Uint8Array, Verdict> {
  const spam = spamModel();
  const {
    weights = spam.weights,
    values = spam.values,
    bias = spam.bias,
    threshold = spam.threshold,
    bytesPerCycle = 8,
  } = options;
  checkTable('weights', weights, `a power of two ${LEAST_WEIGHTS}..${MOST_WEIGHTS}`, isTableSize);
  checkTable('values', values, `${KINDS}`, (length) => length === KINDS);
  checkInt32('bias', bias);
  checkInt32('threshold', threshold);
  if (bytesPerCycle !== 8 && bytesPerCycle !== 16) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `bytesPerCycle is 8 or 16, got ${String(bytesPerCycle)}`,
      { arg: 'bytesPerCycle' },
    );
  }
  // Copied: the caller's arrays may change before the kernel opens. A bias of -0 would be a score of -0.
  const settings = { weights: weights.slice(), values: values.slice(), bias: bias | 0, threshold };
  return defineKernel({
    name: 'classify',
    rtl: {
      top: 'classify',
      sources: SOURCES.map(hdl),
      parameters: { DATA_BYTES: bytesPerCycle, TABLE: weights.length },
    },
    input: bytes(),
    output: VERDICT,
    golden: (message) => classifyByDefinition(message, settings),
    registers: () => classifyRegisters(settings),
  });
}

/** The default settings of {@link classify}; written by bench/train-classify.ts. */
export function spamModel(): ClassifySettings {
  return {
    weights: Int8Array.from(Buffer.from(SPAM_WEIGHTS_BASE64, 'base64')),
    values: Int8Array.from(SPAM_VALUES),
    bias: SPAM_BIAS,
    threshold: SPAM_THRESHOLD,
  };
}

const isTableSize = (length: number): boolean =>
  length >= LEAST_WEIGHTS && length <= MOST_WEIGHTS && Number.isInteger(Math.log2(length));

function checkTable(
  arg: string,
  table: Int8Array,
  expected: string,
  isLength: (length: number) => boolean,
): void {
  if (table instanceof Int8Array && isLength(table.length)) return;
  const got = table instanceof Int8Array ? `one of ${table.length}` : typeof table;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `${arg} is an Int8Array of ${expected}, got ${got}`,
    { arg },
  );
}

function checkInt32(arg: string, value: number): void {
  if (Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31) return;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    `${arg} is an integer -2^31..2^31-1, got ${String(value)}`,
    { arg },
  );
}

/** Integers stay exact: a message of 2^32 bytes scores less than 2^46 either way. */
function classifyByDefinition(
  message: Uint8Array,
  { weights, values, bias, threshold }: ClassifySettings,
): Verdict {
  let score = bias;
  visitTokens(message, (hash, kind) => {
    const weight = weights[tableIndex(hash, weights.length)] as number;
    score += weight * (values[kind] as number);
  });
  return { score, isPositive: score >= threshold };
}
