import Table from 'cli-table3';
import type { VerdictReason } from '../../src/advise/advice.js';
import { type AdviseOptions, advise } from '../../src/advise/advise.js';
import type { ExplicitLoad } from '../../src/advise/load/load.js';
import type { MeasuredHost } from '../../src/advise/software.js';
import { estimate } from '../../src/figure.js';

/** A case whose answer is known beforehand, and why. */
interface Case {
  readonly what: string;
  readonly load: ExplicitLoad;
  readonly options: AdviseOptions & { readonly kernel: string };
  /** Kinds that are right: ranges are wide where a card comes near, and then `unsure` is. */
  readonly kinds: readonly string[];
  readonly reasons?: readonly VerdictReason[];
  /** What the sentence must name. */
  readonly says?: RegExp;
  readonly because: string;
}

const F2 = { devices: ['xcvu47p'] } as const;
const per = (messagesPerSecond: number, sizes: ExplicitLoad['sizes']): ExplicitLoad => ({
  messagesPerSecond,
  sizes,
});

const ns = (value: number) => estimate(value, value * 0.9, value * 1.1, 'ns', 'assumed');

/** A service that has nothing better than this, whatever this machine could do: packing and passing are of a slow core. */
const only = (name: string, nsPerMessage: number): MeasuredHost => ({
  software: [{ name, note: 'given', nsPerMessage: ns(nsPerMessage) }],
  packing: ns(1000),
  passing: ns(10_000),
  skipped: [],
});

const CASES: readonly Case[] = [
  {
    what: 'mails against 256 words, 5,000/s, for a core',
    load: per(5000, 5400),
    options: { kernel: 'literalMatch', ...F2, goal: 'host-time' },
    kinds: ['offload'],
    says: /^Offload to xcvu47p/,
    because: 'the best software measured here walks 5,400 bytes; to pack them is a copy',
  },
  {
    what: 'expressions of 1.2 ms a mail, 60,000/s, for energy',
    load: per(60_000, 5400),
    options: { kernel: 'literalMatch', ...F2, goal: 'energy', measured: only('V8 RegExp', 1.2e6) },
    kinds: ['offload'],
    because: '72 cores of 2 W and more against one card of tens of W',
  },
  {
    what: 'expressions of 1.2 ms a mail, 200,000/s, for the price',
    load: per(200_000, 5400),
    options: { kernel: 'literalMatch', ...F2, goal: 'price', measured: only('V8 RegExp', 1.2e6) },
    kinds: ['offload'],
    because: '240 cores of 0.036 USD an hour and more against one card of 2 USD',
  },
  {
    what: 'expressions of 1.2 ms a mail, 200,000/s',
    load: per(200_000, 5400),
    options: { kernel: 'literalMatch', ...F2, measured: only('V8 RegExp', 1.2e6) },
    kinds: ['offload'],
    because: 'frees 240 cores, for less energy and less money',
  },
  {
    what: 'expressions of 1.2 ms a mail, 100/s, for the price',
    load: per(100, 5400),
    options: { kernel: 'literalMatch', ...F2, goal: 'price', measured: only('V8 RegExp', 1.2e6) },
    kinds: ['do-not-offload'],
    reasons: ['load-too-small'],
    says: /breaks even in price/,
    because: 'a card is paid all the time, and this is an eighth of a core',
  },
  {
    what: '1 MiB hashes, 100/s',
    load: per(100, 1 << 20),
    options: { kernel: 'sha256', ...F2 },
    kinds: ['do-not-offload'],
    says: /use crypto\.hash|use createHash/,
    because: 'one message is one lane, 66 cycles for 64 bytes; the processor has SHA instructions',
  },
  {
    what: '10^6 verdicts/s over 5,000 patterns, 512 B',
    load: per(1e6, 512),
    options: { kernel: 'literalMatch', patterns: 5000, ...F2 },
    kinds: ['do-not-offload'],
    reasons: ['capacity'],
    says: /cards to hold it/,
    because:
      'beyond the 1,024 patterns of a kernel and the memories of a card; an automaton does it on some cores',
  },
  {
    what: 'digests through a link that reads at 3 MB/s, 10^6/s',
    load: per(1e6, 40),
    options: { kernel: 'sha256', ...F2, links: ['mmio'] },
    kinds: ['do-not-offload'],
    reasons: ['capacity', 'host-time'],
    because: '3 MB/s are 94,000 digests a second',
  },
  {
    what: 'verdicts through the same link, 10^6/s',
    load: per(1e6, 36),
    options: { kernel: 'recordFilter', ...F2, links: ['mmio'] },
    kinds: ['do-not-offload'],
    // Not for capacity: a byte each goes through.
    reasons: ['host-time', 'energy-and-price', 'load-too-small'],
    because: 'a byte each fits through it, but the host loses more than it gains',
  },
  {
    what: 'mails against 256 words, 20/s',
    load: per(20, 5400),
    options: { kernel: 'literalMatch', ...F2 },
    kinds: ['do-not-offload'],
    reasons: ['load-too-small', 'energy-and-price'],
    because: 'the card draws some 15 W for a load that takes a thousandth of a core',
  },
  {
    what: 'mails against 256 words, 200,000/s',
    load: per(200_000, 5400),
    options: { kernel: 'literalMatch', ...F2 },
    kinds: ['unsure', 'offload'],
    because: 'several cores of software against one card: the core is freed, energy about even',
  },
  {
    what: 'exchange records of 36 B, 5 x 10^6/s',
    load: per(5e6, 36),
    options: { kernel: 'recordFilter', ...F2 },
    kinds: ['do-not-offload'],
    because: 'packing a record takes longer than looking at it',
  },
  {
    what: 'short messages of 32 to 55 B to hash, 200,000/s',
    load: per(200_000, [32, 48, 55]),
    options: { kernel: 'sha256', ...F2 },
    kinds: ['do-not-offload'],
    because: 'crypto.hash takes some 300 ns: a twentieth of a core',
  },
  {
    what: 'checksums of packets of 1,500 B, 10^6/s',
    load: per(1e6, 1500),
    options: { kernel: 'crc', ...F2 },
    kinds: ['do-not-offload'],
    because: 'zlib.crc32 reads 10 GB/s and more; packing is a copy',
  },
  {
    what: 'SHA-1 of 200 B, 1,000/s',
    load: per(1000, 200),
    options: { kernel: 'sha1', ...F2 },
    kinds: ['do-not-offload'],
    because: 'a thousandth of a core',
  },
  {
    what: 'spam scores of mails, 100/s',
    load: per(100, 5400),
    options: { kernel: 'classify', ...F2 },
    kinds: ['do-not-offload'],
    reasons: ['load-too-small', 'energy-and-price'],
    because: 'the watts of the card at rest, for a hundredth of a core',
  },
  {
    what: 'SHA-256 on an iCE40',
    load: per(1000, 200),
    options: { kernel: 'sha256', devices: ['ice40-hx8k', 'ice40-up5k'] },
    kinds: ['do-not-offload'],
    reasons: ['does-not-fit'],
    because: 'four times its flip-flops',
  },
];

/** How many cases with a known answer get it, with software measured here and now. */
export async function verdicts(): Promise<{ verdictsRight: number; verdicts: number }> {
  const table = new Table({
    head: ['case', 'right', 'verdict', 'known beforehand'],
    colWidths: [34, 7, 76, 40],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  let right = 0;
  for (const { what, load, options, kinds, reasons, says, because } of CASES) {
    const { verdict } = await advise(load, options);
    const isRight =
      kinds.includes(verdict.kind) &&
      (reasons?.includes(verdict.reason) ?? true) &&
      (says?.test(verdict.sentence) ?? true);
    if (isRight) right++;
    table.push([what, isRight ? 'yes' : 'NO', `${verdict.sentence} (${verdict.reason})`, because]);
  }
  console.log(table.toString());
  return { verdictsRight: right, verdicts: CASES.length };
}
