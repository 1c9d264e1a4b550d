import { expect, test } from 'vitest';
import {
  bytes,
  crc,
  defineKernel,
  type ErrorCode,
  type Kernel,
  literalMatch,
  type OffloadOptions,
  offload,
  type RunOptions,
  record,
  sha1,
  sha256,
  siphash,
  uint32,
} from '../../src/index.js';
import { rejected } from '../support/errors.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';
import { checkShape, shape } from './shape.js';

const missing = await missingVerilatorPath();

/** The values of the `fault` port of misbehave.v. */
const FAULTS = {
  none: 0,
  resultLength: 1,
  resultWithoutMessage: 2,
  missingResult: 3,
  packetWithoutEnd: 4,
  keepHole: 5,
  keepNotFull: 6,
  response: 7,
  validDropped: 8,
  dataChanged: 9,
  keepEmpty: 10,
  outputInReset: 11,
  extraResult: 12,
  earlyResponse: 13,
  keepChanged: 14,
  lastChanged: 15,
  deaf: 16,
  responseDropped: 17,
} as const;
type Fault = keyof typeof FAULTS;

interface Answer {
  readonly sum: number;
  readonly count: number;
}

/** Sum and number of a message's words, on a core that breaks a rule for messages that begin with 0xee. */
const misbehave = (fault: Fault): Kernel<Uint8Array, Answer> =>
  defineKernel({
    name: 'misbehave',
    rtl: { top: 'misbehave', sources: [shape('misbehave.v')] },
    input: bytes(),
    output: record({ sum: uint32(), count: uint32() }),
    statics: { fault: FAULTS[fault] },
    registers: () =>
      Uint32Array.from({ length: 48 }, (_, i) => (i % 2 ? (i + 1) / 2 : 4 * ((i / 2) % 3))),
    golden: (message) => {
      const count = Math.max(1, Math.ceil(message.length / 4));
      const padded = new Uint8Array(4 * count);
      padded.set(message);
      const sum = new Uint32Array(padded.buffer).reduce((total, word) => (total + word) >>> 0, 0);
      return { sum, count };
    },
  });

const GOOD = [Uint8Array.of(1, 2, 3, 4, 5), new Uint8Array(0), Uint8Array.of(7)];
const BAD = Array.from({ length: 30 }, (_, i) => Uint8Array.of(0xee, i));
const STALLS: RunOptions = { stimulus: { seed: 5n, stallProbability: 0.5 } };
const LIMIT = 500;

async function run(
  fault: Fault,
  messages: readonly Uint8Array[],
  options: OffloadOptions,
  runOptions: RunOptions = {},
): Promise<Answer[]> {
  await using handle = await offload(misbehave(fault), {
    path: 'verilator',
    noProgressCycles: LIMIT,
    ...options,
  });
  return await handle.batch(messages, runOptions);
}

interface Case {
  readonly rule: string | undefined;
  readonly code?: ErrorCode;
  readonly message: RegExp;
  /** Messages that are answered before the fault; all of the others begin with 0xee. */
  readonly good?: number;
  readonly options?: RunOptions;
  /** Cycles from where the core says that it is at fault to where that can be known. */
  readonly after?: number;
  /** How much later that may be, where it counts only once it is taken. */
  readonly within?: number;
  /** The index of the message whose result is awaited. */
  readonly messageIndex?: number | null;
}

const NO_PROGRESS = 'ERR_RTLIFT_KERNEL_NO_PROGRESS';
const REGISTER = 'ERR_RTLIFT_KERNEL_REGISTER';

/** What is found at all times. */
const ALWAYS: readonly (readonly [Fault, Case])[] = [
  ['resultLength', { rule: 'result-length', message: /expected a result of 8 bytes, got 4/ }],
  [
    'resultWithoutMessage',
    { rule: 'result-without-message', message: /no message to answer/, messageIndex: 0 },
  ],
  [
    'missingResult',
    {
      rule: 'missing-result',
      code: NO_PROGRESS,
      message: /does not raise m_axis_tvalid/,
      after: LIMIT,
    },
  ],
  [
    'packetWithoutEnd',
    { rule: 'packet-without-end', code: NO_PROGRESS, message: /500 cycles/, after: LIMIT },
  ],
  ['keepHole', { rule: 'keep-hole', message: /m_axis_tkeep has a hole/ }],
  [
    'keepNotFull',
    { rule: 'keep-not-full', message: /m_axis_tkeep before m_axis_tlast, got 3 of 4/ },
  ],
  [
    'response',
    {
      rule: 'response',
      code: REGISTER,
      message: /write 1 \(address 0x4, data 0x2\): expected OKAY, got SLVERR/,
      messageIndex: null,
      within: 20,
    },
  ],
];

/** What monitors find. */
const WATCHED: readonly (readonly [Fault, Case])[] = [
  ['validDropped', { rule: 'valid-dropped', message: /m_axis_tvalid fell/, options: STALLS }],
  [
    'dataChanged',
    { rule: 'payload-changed', message: /m_axis_tdata changed.*byte 1/, options: STALLS },
  ],
  ['keepChanged', { rule: 'payload-changed', message: /m_axis_tkeep changed/, options: STALLS }],
  ['lastChanged', { rule: 'payload-changed', message: /m_axis_tlast changed/, options: STALLS }],
  ['keepEmpty', { rule: 'keep-empty', message: /m_axis_tkeep is 0/ }],
  [
    'outputInReset',
    { rule: 'output-in-reset', message: /m_axis_tvalid is high.*reset/, messageIndex: null },
  ],
  [
    'extraResult',
    { rule: 'extra-result', message: /a result after all 4 messages/, messageIndex: 4 },
  ],
  [
    'earlyResponse',
    {
      rule: 'response-without-write',
      code: REGISTER,
      message: /response before write 0 was taken/,
      messageIndex: null,
      within: 20,
    },
  ],
  [
    'responseDropped',
    {
      rule: 'valid-dropped',
      code: REGISTER,
      message: /response fell while bready was low/,
      messageIndex: null,
    },
  ],
];

async function expectFault(fault: Fault, entry: Case, monitors: boolean): Promise<void> {
  const { code = 'ERR_RTLIFT_KERNEL_PROTOCOL', options = {}, after = 0, within = 0 } = entry;
  const messages = options.stimulus ? BAD : [...GOOD, ...BAD.slice(0, 1)];
  const error = await rejected(code, run(fault, messages, { monitors }, options));
  expect(error.message).toMatch(entry.message);
  expect(error.details.rule).toBe(entry.rule);
  const said = /fault in cycle +(\d+)/.exec(String(error.details.log));
  expect(said, `log: ${error.details.log}`).not.toBeNull();
  const earliest = Number(said?.[1]) + after;
  expect(error.details.cycle).toBeGreaterThanOrEqual(earliest);
  expect(error.details.cycle).toBeLessThanOrEqual(earliest + within);
  if (options.stimulus) return;
  expect(error.details.messageIndex).toBe(
    entry.messageIndex === undefined ? GOOD.length : entry.messageIndex,
  );
}

describeUnless(missing, 'a rule that is broken is named, with its cycle', () => {
  test('a core that breaks none passes under every stimulus', async () => {
    const seed = testSeed();
    const messages = [...new Random(seed).messages(40, 20), ...BAD];
    await checkShape(misbehave('none'), messages, seed);
  });

  test.each(ALWAYS)('%s, with and without monitors', async (fault, entry) => {
    await expectFault(fault, entry, true);
    await expectFault(fault, entry, false);
  });

  test.each(WATCHED)('%s, with monitors', async (fault, entry) => {
    await expectFault(fault, entry, true);
  });

  test('a kernel that does not raise ready breaks no rule; it is stuck', async () => {
    const error = await rejected(NO_PROGRESS, run('deaf', BAD, { monitors: true }));
    expect(error.message).toMatch(/does not take the beat that waits for s_axis_tready/);
    expect(error.details).not.toHaveProperty('rule');
    expect(error.details.messageIndex).toBe(0);
  });
});

describeUnless(missing, 'without monitors', () => {
  test.each([
    ['validDropped', STALLS],
    ['outputInReset', {}],
    ['extraResult', {}],
    ['earlyResponse', {}],
  ] as const)('%s is not looked for, and the results are right', async (fault, options) => {
    const messages = [...GOOD, ...BAD.slice(0, fault === 'extraResult' ? 1 : undefined)];
    const expected = messages.map(misbehave(fault).golden);
    compare({ expected, actual: await run(fault, messages, {}, options) });
  });

  test('a payload that changes is taken as it is in the beat', async () => {
    const expected = BAD.map(misbehave('dataChanged').golden);
    const actual = await run('dataChanged', BAD, {}, STALLS);
    const changed = actual.filter(({ sum }, i) => sum !== expected[i]?.sum);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(BAD.length);
  });

  test('an empty beat shows in the length of the result alone', async () => {
    const error = await rejected('ERR_RTLIFT_KERNEL_PROTOCOL', run('keepEmpty', BAD, {}));
    expect(error.details.rule).toBe('result-length');
  });
});

describeUnless(missing, 'a built-in kernel trips no monitor', () => {
  const stimuli: RunOptions[] = [
    {},
    { stimulus: { seed: 1n, bubbleProbability: 0.4, stallProbability: 0.4 } },
    { stimulus: { seed: 2n, stallProbability: 0.9 } },
    { stimulus: { seed: 3n, isolate: true, stallProbability: 0.2 } },
    { stimulus: { seed: 4n, resetAtCycle: 100, stallProbability: 0.3 } },
  ];
  const check = async <O>(kernel: Kernel<Uint8Array, O>): Promise<void> => {
    const seed = testSeed();
    const messages = new Random(seed).messages(60, 150);
    const expected = messages.map(kernel.golden);
    await using handle = await offload(kernel, { path: 'verilator', monitors: true });
    for (const options of stimuli) {
      compare({ expected, actual: await handle.batch(messages, options), messages, seed });
    }
  };

  test('sha256', async () => check(sha256()));
  test('sha1', async () => check(sha1()));
  test('siphash', async () => check(siphash(new Uint8Array(16).fill(0x5a))));
  test('crc', async () => check(crc('crc-32')));
  test('literalMatch', async () => check(literalMatch(['viagra', 'lottery', 'a'])));
});
