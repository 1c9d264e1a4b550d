import { loadMails, sampleCorpus } from '../bench/mails.js';
import { makeOrders } from '../bench/orders.js';
import { drawnClass } from '../bench/suite/messages.js';
import { Random } from '../verify/random.js';
import type { AnyKernel, MessageMaker } from './cycles/simulate.js';

/** A text long enough that slices of it are unlike, where no corpus is installed. */
const MADE_UP_BYTES = 1 << 20;
const WORDS =
  'the of and to in is you that it for on are with as this be at have from or by not but what all were when your can said free offer money meeting report please click here unsubscribe account order shipping';

let mails: Uint8Array | null = null;

/** Mails where they are installed, else words in lines: what looks for words takes another way through random bytes. */
function sampleText(): Uint8Array {
  if (mails !== null) return mails;
  const corpus = loadMails();
  if (corpus !== null) {
    mails = new Uint8Array(Buffer.concat(sampleCorpus(corpus, 256).messages));
    return mails;
  }
  const random = new Random(3);
  const words = WORDS.split(' ');
  let text = '';
  while (text.length < MADE_UP_BYTES)
    text += random.pick(words) + (random.below(12) === 0 ? '\n' : ' ');
  mails = new Uint8Array(Buffer.from(text, 'latin1'));
  return mails;
}

/** Messages of given sizes with contents that suit a kernel: orders for records, text for bytes, else values of its codec. */
export function messageMaker(kernel: AnyKernel): MessageMaker {
  const { input } = kernel;
  if (kernel.rtl.top === 'record_filter' && input.fixedBytes === 36) {
    const orders = makeOrders(4096).messages;
    return (_, i) => orders[i % orders.length];
  }
  const kind = input.shape?.kind;
  if (kind !== 'bytes' && kind !== 'fixedBytes') {
    const drawn = drawnClass(kernel, undefined).batch(1024, 1);
    return (_, i) => drawn[i % drawn.length];
  }
  const text = sampleText();
  return (bytes, i) => {
    const size = input.fixedBytes ?? bytes;
    // Steps of a prime, so that messages begin anywhere in a line.
    const at = (i * 7919) % Math.max(1, text.length - size);
    if (at + size <= text.length) return text.slice(at, at + size);
    const long = new Uint8Array(size);
    for (let done = 0; done < size; done += text.length)
      long.set(text.subarray(0, size - done), done);
    return long;
  };
}
