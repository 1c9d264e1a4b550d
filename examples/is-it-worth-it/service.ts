// A service in small: one of three operations under a steady load, profiled. Writes what profile() saw.
// In a checkout '../../src/index.js' stands for 'rtlift'.
//   npx tsx examples/is-it-worth-it/service.ts tokens|mails|orders profile.json [seconds]
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { profile } from '../../src/index.js';

/** What a service does with a message, and how often. */
interface Case {
  readonly name: string;
  readonly perSecond: number;
  readonly messages: readonly Uint8Array[];
  readonly operation: (message: Uint8Array) => unknown;
}

/** Numbers like any other, the same in every run. */
let state = 1;
const below = (limit: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
};
const textOf = (bytes: number, words: readonly string[]): Uint8Array => {
  let text = '';
  while (text.length < bytes) text += `${words[below(words.length)]} `;
  return new Uint8Array(Buffer.from(text.slice(0, bytes), 'latin1'));
};

/** Session tokens: a hash of 40 to 120 bytes for each request. */
function tokens(): Case {
  const messages = Array.from({ length: 512 }, () =>
    Uint8Array.from({ length: 40 + below(81) }, () => below(256)),
  );
  const operation = (message: Uint8Array) => createHash('sha256').update(message).digest();
  return { name: 'sha256', perSecond: 20_000, messages, operation };
}

/** Mails of 1 to 10 KB against a list of 256 words, as one would begin: an expression each. */
function mails(): Case {
  const words = Array.from({ length: 2000 }, () =>
    String.fromCharCode(...Array.from({ length: 4 + below(9) }, () => 97 + below(26))),
  );
  const patterns = words.slice(0, 256).map((word) => new RegExp(word, 'i'));
  const messages = Array.from({ length: 64 }, () => textOf(1000 + below(9000), words));
  const operation = (message: Uint8Array) => {
    const text = Buffer.from(message).toString('latin1');
    return patterns.filter((pattern) => pattern.test(text)).length;
  };
  return { name: 'literalMatch', perSecond: 400, messages, operation };
}

/** Orders of 36 bytes from an exchange: which of some rules does each meet? */
function orders(): Case {
  const messages = Array.from({ length: 4096 }, () =>
    Uint8Array.from({ length: 36 }, () => below(256)),
  );
  const operation = (record: Uint8Array) => {
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    const isBuy = record[19] === 0x42;
    const [shares, price] = [view.getUint32(20), view.getUint32(32)];
    return (
      (isBuy && price < 1_000_000 ? 1 : 0) |
      (!isBuy && price >= 2_500_000 ? 2 : 0) |
      (shares >= 10_000 ? 4 : 0)
    );
  };
  return { name: 'recordFilter', perSecond: 200_000, messages, operation };
}

const CASES: Readonly<Record<string, () => Case>> = { tokens, mails, orders };

const [which = '', file = 'profile.json', seconds = '2'] = process.argv.slice(2);
const make = CASES[which];
if (make === undefined) throw new Error(`expected one of ${Object.keys(CASES).join(', ')}`);
const { name, perSecond, messages, operation } = make();
const profiled = profile(operation, { name });

// Requests come in small bursts; what a slow turn left behind is caught up with in the next.
const begin = performance.now();
const end = begin + Number(seconds) * 1000;
let done = 0;
for (let now = begin; now < end; now = performance.now()) {
  const due = Math.min(((now - begin) / 1000) * perSecond, done + perSecond / 10);
  for (; done < due; done++) profiled(messages[done % messages.length] as Uint8Array);
  await setTimeout(1);
}
profiled.profile.stop();
const report = profiled.profile.report();
await writeFile(file, JSON.stringify(report));
const share = report.cpu.share === null ? '?' : (report.cpu.share.value * 100).toFixed(0);
console.log(
  `${file}: ${report.calls.value} calls, ${Math.round(report.callsPerSecond.value)}/s, ` +
    `${Math.round((report.cpu.own?.value ?? 0) / report.calls.value)} ns each, ${share} % of the CPU`,
);
