import { beforeAll, describe, expect, test } from 'vitest';
import type { Kernel } from '../../src/index.js';
import { counterexampleText, verifyText } from '../../src/report/verify-text.js';
import type { Batch } from '../../src/verify/scenario.js';
import { type VerifyOptions, type VerifyReport, verify } from '../../src/verify/verify.js';
import { rejected } from '../support/errors.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { testSeed } from '../support/seed.js';
import { BAD_BYTE, type Fault, type TallyOptions, tally, twoSums } from './kernels.js';

const missing = await missingVerilatorPath();

const SEED = 0x51;
/** Enough for the edges and some more. */
const MESSAGES = 1_500;

type Report = VerifyReport<Uint8Array>;
type Options = VerifyOptions<Uint8Array, number>;

const run = (fault: Fault, options: Options = {}, of: TallyOptions = {}): Promise<Report> =>
  verify(tally(fault, of), { seed: SEED, messages: MESSAGES, ...options });

/** The batches of the counterexample; fails where there is none. */
function batchesOf({ counterexample }: Report): readonly Batch<Uint8Array>[] {
  expect(counterexample, 'a counterexample').not.toBeNull();
  return counterexample?.scenario.batches ?? [];
}

function onlyBatch(report: Report): Batch<Uint8Array> {
  const batches = batchesOf(report);
  expect(batches).toHaveLength(1);
  return batches[0] as Batch<Uint8Array>;
}

const FULL_RATE = { bubble: 0, stall: 0, isolate: false, resetAt: 0 };

describeUnless(missing, 'verify', () => {
  test('passes RTL that is right, also under changes of settings, resets and long messages', async () => {
    const report = await run('none', {
      seed: testSeed(),
      messages: 4_000,
      variants: [tally('none', { offset: 7 }), tally('none', { offset: 255 })],
    });
    expect(report.counterexample && counterexampleText(tally('none'), report.counterexample)).toBe(
      null,
    );
    expect(report.messages).toBeGreaterThanOrEqual(4_000);
    expect(report.cycles).toMatchObject({ unit: 'cycles', provenance: 'simulated' });
    expect(verifyText(report, null)).toMatch(/^tally: passed; [\d,]+ messages in \d+ runs/);
  });

  test('passes a kernel of two inputs', async () => {
    const report = await verify(twoSums(), { seed: testSeed(), messages: 300 });
    expect(report.counterexample).toBeNull();
  });

  test('shrinks a wrong byte value to one message of that byte at full rate', async () => {
    const report = await run('byteValue');
    const { messages, drive } = onlyBatch(report);
    expect(messages).toEqual([Uint8Array.of(BAD_BYTE)]);
    expect(drive).toMatchObject(FULL_RATE);
    expect(report.counterexample).toMatchObject({
      failure: {
        kind: 'mismatch',
        code: 'ERR_RTLIFT_RESULT_MISMATCH',
        messageIndex: 0,
        byteIndex: 0,
        expected: '5a000000',
        actual: '5b000000',
      },
    });
    expect(report.counterexample?.shrunkFrom).toBeGreaterThan(1);
  });

  test('the same seed gives the same run and the same counterexample', async () => {
    const [a, b] = [await run('longStall'), await run('longStall')];
    expect(b.counterexample).toEqual(a.counterexample);
    expect([b.messages, b.scenarios, b.cycles]).toEqual([a.messages, a.scenarios, a.cycles]);
    const [c, d] = [await run('none', { seed: 2 }), await run('none', { seed: 3 })];
    expect(c.cycles).not.toEqual(d.cycles);
  });

  describe('of a fault that needs a stall', () => {
    let report: Report;
    beforeAll(async () => {
      report = await run('longStall');
    });

    test('writes down the three stalls that it takes', () => {
      const { messages, drive } = onlyBatch(report);
      expect(messages).toEqual([new Uint8Array(0)]);
      const stalled = [...(drive.pattern ?? [])].flatMap((bits, cycle) => (bits ? [cycle] : []));
      expect(stalled).toHaveLength(3);
      expect(stalled[2]).toBe((stalled[0] ?? 0) + 2);
      expect(drive.pattern?.every((bits) => bits <= 1)).toBe(true);
      expect(drive.pattern?.at(-1)).toBe(1);
    });

    test('says which cycles in the text', () => {
      const text =
        report.counterexample && counterexampleText(tally('none'), report.counterexample);
      expect(text).toMatch(/output stalled in cycles \d+, \d+, \d+$/m);
      expect(text).toMatch(/shrunk {4}from \d+ messages to 1$/m);
    });
  });

  test('writes down the bubble that it takes', async () => {
    const { messages, drive } = onlyBatch(await run('bubble'));
    expect(messages).toHaveLength(1);
    // One beat before the bubble with a byte that counts, one behind it.
    expect(messages[0]).toHaveLength(5);
    expect([...(drive.pattern ?? [])].filter((bits) => bits !== 0)).toEqual([2]);
  });

  test('finds what only a reset within a packet shows, and keeps the reset', async () => {
    const report = await run('midPacket', { messages: 6_000 });
    const { messages, drive } = onlyBatch(report);
    expect(drive.resetAt).toBeGreaterThan(0);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.length).toBeLessThanOrEqual(12);
    expect(report.counterexample?.failure.kind).toBe('mismatch');
  });

  test('finds what only a change of settings shows, with variants alone', async () => {
    expect((await run('firstOffset')).counterexample).toBeNull();
    const variants = [tally('firstOffset', { offset: 7 })];
    const batches = batchesOf(await run('firstOffset', { variants }));
    // The settings before, then those that the RTL does not take over.
    expect(batches).toHaveLength(2);
    expect(new Set(batches.map(({ variant }) => variant))).toEqual(new Set([0, 1]));
    for (const { messages } of batches) expect(messages).toEqual([new Uint8Array(0)]);
  });

  test('finds a valid that drops, unless monitors are off', async () => {
    const report = await run('validDrops');
    expect(report.counterexample?.failure).toMatchObject({
      kind: 'error',
      code: 'ERR_RTLIFT_KERNEL_PROTOCOL',
      rule: 'valid-dropped',
    });
    expect((await run('validDrops', { monitors: false })).counterexample).toBeNull();
  });

  test('finds a kernel that stops', async () => {
    const report = await run('stops', { noProgressCycles: 500, messages: 6_000 });
    expect(report.counterexample?.failure.code).toBe('ERR_RTLIFT_KERNEL_NO_PROGRESS');
    expect(onlyBatch(report).messages).toEqual([Uint8Array.of(BAD_BYTE)]);
  });

  test('keeps counterexamples within the limits of the kernel', async () => {
    const limits = { minMessageBytes: 6, maxMessageBytes: 40 };
    const [message] = onlyBatch(await run('byteValue', {}, { limits })).messages;
    expect(message).toHaveLength(6);
    expect(message?.filter((byte) => byte !== 0)).toEqual(Uint8Array.of(BAD_BYTE));
  });

  test('leaves the bytes of given inputs alone', async () => {
    const whole = Uint8Array.of(1, 2, BAD_BYTE, 3);
    const inputs: Options['inputs'] = (random) =>
      random.below(4) === 0 ? whole : Uint8Array.of(1, 2, 3);
    expect(onlyBatch(await run('byteValue', { inputs })).messages).toEqual([whole]);
  });

  test('gives up making it smaller when the time for it is over', async () => {
    const report = await run('byteValue', { shrinkMs: 0 });
    expect(batchesOf(report)[0]?.messages.length).toBe(report.counterexample?.shrunkFrom);
  });

  test('a golden model that throws is named, with the message', async () => {
    const golden = (message: Uint8Array): number => {
      if (message.length === 5) throw new TypeError('no five bytes');
      return message.reduce((sum, byte) => sum + byte, 0);
    };
    const error = await rejected('ERR_RTLIFT_INVALID_KERNEL', run('none', {}, { golden }));
    expect(error.message).toMatch(/kernel tally: .*no five bytes for 5 bytes 0001020304$/);
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  test('a golden model whose result is no value of the output codec is named', async () => {
    const error = await rejected(
      'ERR_RTLIFT_INVALID_KERNEL',
      run('none', {}, { golden: () => -1 }),
    );
    expect(error.message).toMatch(/uint\(32, little\)/);
  });

  test('a golden model that refuses what shrinking makes up does not end the run', async () => {
    const golden = (message: Uint8Array): number => {
      if (message.length > 0 && message.every((byte) => byte === BAD_BYTE))
        throw new RangeError('made up');
      return message.reduce((sum, byte) => sum + byte, 0);
    };
    const [message] = onlyBatch(await run('byteValue', {}, { golden })).messages;
    expect(message).toHaveLength(2);
  });

  test('a codec without a shape needs inputs', async () => {
    const { shape: _, ...input } = tally('none').input;
    const kernel: Kernel<Uint8Array, number> = { ...tally('none'), input };
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', verify(kernel, { messages: 10 }));
    expect(error.message).toMatch(/inputs/);
    const inputs: Options['inputs'] = (random) => random.bytes(random.below(9));
    const report = await verify(kernel, { inputs, messages: 100, seed: SEED });
    expect(report.counterexample).toBeNull();
  });

  test('variants of other RTL are refused', async () => {
    const other: Kernel<Uint8Array, number> = {
      ...tally('none'),
      rtl: { ...tally('none').rtl, parameters: { DATA_BYTES: 8 } },
    };
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', run('none', { variants: [other] }));
    expect(error.details).toMatchObject({ arg: 'variants' });
  });

  test('ends when its signal aborts', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const running = run('none', {
      messages: 1e9,
      signal: abort.signal,
      onProgress: (messages) => {
        if (messages > 1_000) abort.abort(reason);
      },
    });
    await expect(running).rejects.toBe(reason);
  });
});
