import { expect, test } from 'vitest';
import { bytes, defineKernel, offload, pack, RtliftError, sha256, uint8 } from '../../src/index.js';
import { hdl } from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';

const earlyAnswer = () =>
  defineKernel({
    name: 'early-answer',
    rtl: { top: 'early_answer', sources: [hdl('early_answer.v')] },
    input: bytes(),
    output: uint8(),
    golden: (message) => message[0] ?? 0,
    limits: { minMessageBytes: 1 },
  });

describeUnless(await missingVerilatorPath(), 'the verilator path', () => {
  test('takes the offsets of a packed batch as they were when it was handed over', async () => {
    const kernel = sha256();
    await using hash = await offload(kernel, { path: 'verilator' });
    const messages = new Array<Uint8Array>(20_000).fill(new Uint8Array(64).fill(7));
    const batch = pack(kernel.input, messages);
    const running = hash.packed(batch);
    batch.offsets.fill(0x7ffffff0, 1);
    const { data } = await running;
    const want = kernel.golden(messages[0] as Uint8Array);
    expect(data.subarray(data.length - 32)).toEqual(want);
  });

  test('takes the rest of a message that was answered early, at full rate and under stalls', async () => {
    await using first = await offload(earlyAnswer(), { path: 'verilator' });
    const of = (...lists: number[][]) => lists.map((list) => Uint8Array.from(list));
    expect(await first.batch(of([11, 12, 13, 14, 15]))).toEqual([11]);
    expect(await first.batch(of([21, 22], [31]))).toEqual([21, 31]);
    const stimulus = { seed: 3n, bubbleProbability: 0.5, stallProbability: 0.5 };
    expect(await first.batch(of([1, 2, 3], [4, 5, 6, 7]), { stimulus })).toEqual([1, 4]);
    expect(await first.batch(of([41, 42], [51]))).toEqual([41, 51]);
  });

  test('refuses a seed, a watchdog and a signal that are none, when it opens or is called', async () => {
    const open = (options: object) => offload(sha256(), { path: 'verilator', ...options });
    for (const options of [
      { seed: 5 },
      { seed: -1n },
      { noProgressCycles: -1 },
      { noProgressCycles: 1.5 },
    ]) {
      const error = await open(options).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RtliftError);
      expect((error as RtliftError).code).toBe('ERR_RTLIFT_INVALID_ARG');
    }
  });
});
