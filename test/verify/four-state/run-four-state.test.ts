import { expect, test } from 'vitest';
import { type Kernel, literalMatch, sha256, uint32 } from '../../../src/index.js';
import type { Fit } from '../../../src/toolchain/fit.js';
import type { FourStateOptions, FourStateReport } from '../../../src/verify/four-state/report.js';
import { runFourState } from '../../../src/verify/four-state/run-four-state.js';
import { rejected } from '../../support/errors.js';
import { byteEcho, byteXor, firstByte, hdl } from '../../support/fixture-kernels.js';
import { describeUnless, missingTool } from '../../support/needs.js';
import { Random } from '../../support/random.js';
import {
  blockFold,
  byteFold,
  evenOnly,
  fitOf,
  fold,
  keyEcho,
  pulseAdd,
  shout,
  TROUBLED,
  tailCount,
  twoClocks,
} from './kernels.js';

const missing = (await missingTool('iverilog')) ?? (await missingTool('verilator'));

async function run<I, O>(
  kernel: Kernel<I, O>,
  messages: readonly I[],
  options: Partial<FourStateOptions> = {},
): Promise<FourStateReport> {
  return runFourState(kernel, await fitOf(kernel), messages, { seed: 0x51, ...options });
}

const CLEAN: readonly Partial<FourStateOptions>[] = [
  { bubbleProbability: 0, stallProbability: 0 },
  { bubbleProbability: 0.4, stallProbability: 0.4 },
];

/** Runs without a finding, at full rate and with bubbles and stalls. */
async function expectClean<I, O>(kernel: Kernel<I, O>, messages: readonly I[]): Promise<void> {
  const fit = await fitOf(kernel);
  for (const options of CLEAN) {
    const report = await runFourState(kernel, fit, messages, { seed: 7, ...options });
    expect(report.findings).toEqual([]);
    expect(report.messages).toBe(messages.length);
    expect(report.cycles).toBeGreaterThan(8 + messages.length);
  }
}

describeUnless(missing, 'kernels that are right are clean in four states', () => {
  const random = new Random(0x51);

  test('sha256 of a few lanes', async () => {
    await expectClean(sha256({ lanes: 2, fifoBlocks: 2 }), random.messages(10, 130));
  });

  test('sha256, pipelined', async () => {
    await expectClean(sha256({ architecture: 'pipelined' }), random.messages(6, 55));
  });

  test('literalMatch, whose patterns are registers', async () => {
    const patterns = ['ab', { pattern: 'lottery', ignoreCase: true }, 'x'];
    const texts = ['', 'ab', 'a LOTTERY ticket', 'x', 'nothing of it', 'ba', 'abx'.repeat(20)];
    const messages = texts.map((text) => new TextEncoder().encode(text));
    await expectClean(literalMatch(patterns), messages);
  });

  test('results of any length, the empty one included', async () => {
    await expectClean(byteEcho({ dataBytes: 4 }), random.messages(24, 20));
  });

  test('a register of AXI4-Lite', async () => {
    await expectClean(byteXor(0x5a), random.messages(12, 20));
  });

  test('a core without a fault, whose unused lanes are X', async () => {
    await expectClean(byteFold(), random.messages(24, 20).concat(TROUBLED));
  });

  test('no message at all', async () => {
    expect((await run(byteFold(), [])).findings).toEqual([]);
  });
});

describeUnless(missing, 'shapes of cores', () => {
  const random = new Random(0x52);

  test('started by a pulse, next, ready, a level out, active-low asynchronous reset, held ports', async () => {
    const messages = [4, 8, 4, 12, 16, 4].map((size) => random.bytes(size));
    await expectClean(blockFold(), messages);
    await expectClean(blockFold({}, { IS_LATE: 1 }), messages);
  });

  test('no ready on either side, a pulse out, two data ports, no reset', async () => {
    const pairs = Array.from({ length: 20 }, () => ({
      a: random.next() & 0xffff,
      b: random.next() & 0xffff,
    }));
    await expectClean(pulseAdd(false), pairs);
    await expectClean(pulseAdd(true), pairs);
  });

  test.each([0.5, 2, [3, 5], [7, 3]] as const)(
    'two inputs on clocks of a ratio of %j, two resets',
    async (ratio) => {
      const messages = [1, 5, 2, 9, 1].map((size) => ({
        a: random.bytes(size),
        b: random.bytes(size),
      }));
      await expectClean(twoClocks(ratio), messages);
    },
  );

  test('names of a generator, the first byte highest, a tuser, wide and negative parameters', async () => {
    await expectClean(keyEcho(), random.messages(20, 10));
  });

  test('a side-band value that is sampled with tlast', async () => {
    await expectClean(tailCount(), random.messages(16, 12));
  });

  test('messages that are dropped', async () => {
    await expectClean(evenOnly(), [0, 1, 3, 4, 5, 6, 255, 254]);
  });

  test('SystemVerilog with an include folder and delays', async () => {
    const texts = ['a', 'Hello', 'zZ{`'].map((text) => new TextEncoder().encode(text));
    await expectClean(shout(), texts);
  });
});

describeUnless(missing, 'what two states hide', () => {
  test('a result of a register that nothing sets: message, byte, cycle', async () => {
    const { findings, cycles } = await run(byteFold(1), TROUBLED);
    expect(findings).toEqual([
      {
        kind: 'x-in-result',
        messageIndex: 2,
        byte: 2,
        cycle: expect.any(Number),
        text: "byte 2 is 8'b000000x0 on m_axis_tdata, expected 8'b00000000",
      },
    ]);
    expect(findings[0]?.cycle).toBeGreaterThan(8);
    expect(findings[0]?.cycle).toBeLessThan(cycles);
  });

  test.each([
    ['tvalid', 2, 'm_axis_tvalid'],
    ['tready', 3, 's_axis_tready'],
    ['tlast', 9, 'm_axis_tlast'],
  ])('an X on %s ends the run', async (_, fault, signal) => {
    const { findings, cycles } = await run(byteFold(fault), TROUBLED);
    expect(cycles).toBe(findings[0]?.cycle);
    expect(findings).toEqual([
      {
        kind: 'x-in-control',
        messageIndex: expect.any(Number),
        byte: null,
        cycle: expect.any(Number),
        text: `${signal} is 1'bx, expected 0 or 1`,
      },
    ]);
  });

  test('a read of a memory that was not written', async () => {
    const { findings } = await run(byteFold(5), TROUBLED);
    expect(findings).toMatchObject([
      {
        kind: 'x-in-result',
        messageIndex: 2,
        byte: 1,
        text: expect.stringContaining("8'b00000x00"),
      },
    ]);
  });

  test('a read beyond the end of a memory', async () => {
    const { findings } = await run(byteFold(6), TROUBLED);
    expect(findings).toMatchObject([
      {
        kind: 'x-in-result',
        messageIndex: 2,
        byte: 3,
        text: expect.stringContaining("8'bxxxxxxxx"),
      },
    ]);
  });

  test.each([
    ['lanes without tkeep', 7],
    ['payload without tvalid', 8],
  ])('a result of %s, which is said', async (_, fault) => {
    const { findings } = await run(byteFold(fault), TROUBLED, { bubbleProbability: 0.5 });
    expect(findings).toMatchObject([{ kind: 'x-in-result', messageIndex: 2 }]);
    expect(findings[0]?.text).toContain('the kernel looks at them');
    const held = await run(byteFold(fault), TROUBLED, { hasUndefinedLanes: false });
    expect(held.findings.filter(({ kind }) => kind === 'x-in-result')).toEqual([]);
  });

  test('a state that reset leaves out, in a core that is started by a pulse', async () => {
    const { findings } = await run(blockFold({}, { SKIPS_RESET: 1 }), [Uint8Array.of(1, 2, 3, 4)]);
    expect(findings).toMatchObject([{ kind: 'x-in-result', messageIndex: 0, byte: 0 }]);
    expect(findings[0]?.text).toContain('so are bits of 3 more');
  });

  test('a reset that is never given', async () => {
    const kernel = blockFold({ isResetActiveLow: false });
    const { findings } = await run(kernel, [Uint8Array.of(1, 2, 3, 4)], { maxCycles: 300 });
    expect(findings[0]?.kind).toBe('no-progress');
  });

  test('the same with the same seed', async () => {
    const [first, again, other] = [
      await run(byteFold(1), TROUBLED),
      await run(byteFold(1), TROUBLED),
      await run(byteFold(1), TROUBLED, { seed: 0x52 }),
    ];
    expect(again).toEqual(first);
    expect(other.cycles).not.toBe(first.cycles);
  });
});

describeUnless(missing, 'runs that do not end well', () => {
  test('a core that hangs', async () => {
    const { findings, cycles } = await run(byteFold(4), TROUBLED.slice(0, 3), { maxCycles: 500 });
    expect(findings).toMatchObject([{ kind: 'no-progress', messageIndex: 2 }]);
    expect(findings[0]?.text).toContain('no beat on any stream for 500 cycles');
    expect(cycles).toBeLessThan(700);
  });

  test('a loop without time is ended', async () => {
    const { findings } = await run(byteFold(13), TROUBLED, { timeoutMs: 500 });
    expect(findings).toMatchObject([
      {
        kind: 'simulator',
        text: expect.stringMatching(/^the simulator had not ended after 500 ms; .* in cycle \d+$/),
      },
    ]);
  });

  test.each([
    ['$finish', 10, '($finish or $stop)'],
    ['$fatal', 11, 'out of order'],
    ['$error', 12, 'out of order'],
  ])('%s', async (_, fault, text) => {
    const { findings } = await run(byteFold(fault), TROUBLED);
    expect(findings[0]).toMatchObject({ kind: 'simulator', text: expect.stringContaining(text) });
  });

  test('a result that is wrong without an X', async () => {
    const kernel = { ...byteFold(), golden: (message: Uint8Array) => fold(message) ^ 0x0100 };
    const { findings } = await run(kernel, [Uint8Array.of(3)]);
    expect(findings).toMatchObject([
      {
        kind: 'mismatch',
        messageIndex: 0,
        byte: 1,
        text: "byte 1 is 8'b00000000 on m_axis_tdata, expected 8'b00000001",
      },
    ]);
  });

  test('a message that is dropped against the model, and one that is not', async () => {
    const { findings } = await run(evenOnly('odd'), [2, 5]);
    expect(findings).toMatchObject([
      { kind: 'mismatch', messageIndex: 0, text: 'expected a result of 1 bytes, got none' },
      { kind: 'mismatch', messageIndex: 1, text: 'expected no result, got one of 1' },
    ]);
  });

  test.each([
    ['fault_hole', 'has a hole'],
    ['fault_length', 'expected a result of'],
    ['fault_extra', 'a result'],
  ])('packets of %s', async (top, text) => {
    const messages = [Uint8Array.of(1), Uint8Array.of(0xee), Uint8Array.of(2)];
    const kernel = firstByte(top);
    const { findings } = await run(
      top === 'fault_extra' ? kernel : { ...kernel, output: FOUR, golden: fourTimes },
      messages,
    );
    expect(findings[0]).toMatchObject({ kind: 'protocol', text: expect.stringContaining(text) });
  });

  test.each([
    [1, 'x-in-control', "cfg_awready is 1'bx while registers were written, expected 0 or 1"],
    [2, 'no-progress', 'no AXI4-Lite beat for 300 cycles at write 0'],
    [3, 'protocol', 'an AXI4-Lite write response before write 0 was taken'],
    [
      4,
      'x-in-control',
      "cfg_bresp is 2'b0x while registers were written, expected bits of 0 and 1",
    ],
  ])('fault %i of a register port', async (fault, kind, text) => {
    const { findings } = await run(keyEcho(fault), [Uint8Array.of(1)], { maxCycles: 300 });
    expect(findings[0]).toMatchObject({ kind, messageIndex: null, text });
  });

  test('a register write that is refused', async () => {
    const kernel = byteXor(1, () => Uint32Array.of(0, 1, 8, 1));
    const { findings } = await run(kernel, [Uint8Array.of(1)]);
    expect(findings).toMatchObject([
      { kind: 'protocol', text: 'AXI4-Lite write 1: expected OKAY, got SLVERR' },
    ]);
  });
});

const FOUR = uint32();
const fourTimes = (message: Uint8Array): number => Math.imul(message[0] ?? 0, 0x01010101) >>> 0;

describeUnless(missing, 'what is refused', () => {
  test.each([
    [{ seed: 0.5 }, 'seed is an integer'],
    [{ bubbleProbability: 1 }, 'bubbleProbability is'],
    [{ stallProbability: -1 }, 'stallProbability is'],
    [{ maxCycles: 0 }, 'maxCycles is'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs is'],
  ] as const)('options %j', async (options, text) => {
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', run(byteFold(), [], options));
    expect(error.message).toContain(text);
  });

  test('a message beyond the limits', async () => {
    await rejected('ERR_RTLIFT_INVALID_ARG', run(blockFold(), [new Uint8Array(0)]));
    const kernel = { ...byteFold(), limits: { ...byteFold().limits, maxMessageBytes: 2 } };
    await rejected('ERR_RTLIFT_MESSAGE_TOO_LARGE', run(kernel, TROUBLED));
  });

  test('sources that Icarus cannot read, with its messages', async () => {
    const kernel = byteFold();
    const fit = await fitOf(kernel);
    const broken = { ...kernel, rtl: { ...kernel.rtl, sources: [hdl('byte_sum.v').pathname] } };
    const error = await rejected(
      'ERR_RTLIFT_ELABORATION_FAILED',
      runFourState(broken, fit, [], { seed: 1 }),
    );
    expect(error.message).toContain('byte_fold');
  });
});

test('without Icarus Verilog it says what to do', async () => {
  const previous = process.env.RTLIFT_IVERILOG;
  process.env.RTLIFT_IVERILOG = '/no/such/iverilog';
  try {
    const fit = { clocks: [], held: [], registers: null } as unknown as Fit;
    const error = await rejected(
      'ERR_RTLIFT_TOOL_MISSING',
      runFourState(byteFold(), fit, [], { seed: 1 }),
    );
    expect(error.message).toContain('npx rtlift doctor');
  } finally {
    if (previous === undefined) delete process.env.RTLIFT_IVERILOG;
    else process.env.RTLIFT_IVERILOG = previous;
  }
});
