import { bytes, uint32 } from '../../src/kernel/codecs.js';
import { defineKernel } from '../../src/kernel/define-kernel.js';
import { literalMatch } from '../../src/kernels/literal-match.js';
import { sha256 } from '../../src/kernels/sha256.js';

export const WORDS = [
  'viagra',
  'lottery',
  'winner',
  'unsubscribe',
  'free',
  'click here',
  'act now',
];

export const HASH = sha256();
export const FILTER = literalMatch(WORDS, { ignoreCase: true });

/** First bytes of messages on which {@link MOODY} misbehaves; no UTF-8 text starts with one. */
export const MOODS = { mute: 0xf8, stop: 0xf9, wrong: 0xfa, crash: 0xfb, finish: 0xfc } as const;

/** First byte of a message from which {@link MOODY} never comes back: rare, because the library waits for seconds before it believes that. */
export const ENDLESS = 0xfd;

export const MOODY = defineKernel({
  name: 'moodySum',
  rtl: { top: 'moody_sum', sources: [new URL('moody_sum.v', import.meta.url)] },
  input: bytes(),
  output: uint32(),
  golden: (message) => message.reduce((sum, byte) => (sum + byte) >>> 0, 0),
});
