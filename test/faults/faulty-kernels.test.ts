import { describe, expect, test } from 'vitest';
import { type ErrorCode, type Kernel, type Offloaded, offload } from '../../src/index.js';
import { rejected } from '../support/errors.js';
import {
  byteSum,
  byteXor,
  FAULT,
  firstByte,
  firstByteTimesFour,
} from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';

const missing = await missingVerilatorPath();

// A hung core is given up after as many cycles as a batch of these short messages never needs.
const NO_PROGRESS_CYCLES = 10_000;

interface Fault {
  readonly kernel: Kernel<Uint8Array, number>;
  /** Several where the code depends on the version of Verilator. */
  readonly code: ErrorCode | readonly ErrorCode[];
  readonly message: RegExp;
}

// Verilator 5.006 turns $fatal into the same code as $error; later versions print %Fatal.
const FATAL = ['ERR_RTLIFT_KERNEL_FATAL', 'ERR_RTLIFT_KERNEL_ASSERTION'] as const;

const FAULTS: readonly (readonly [string, Fault])[] = [
  [
    '$finish',
    {
      kernel: firstByte('fault_finish'),
      code: 'ERR_RTLIFT_KERNEL_FINISH',
      message: /fault_finish\.v:\d+: .*\$finish/,
    },
  ],
  [
    '$stop',
    {
      kernel: firstByte('fault_stop'),
      code: 'ERR_RTLIFT_KERNEL_STOP',
      message: /fault_stop\.v:\d+: .*\$stop/,
    },
  ],
  ['$fatal', { kernel: firstByte('fault_fatal'), code: FATAL, message: /refuses 0xee/ }],
  [
    '$error',
    { kernel: firstByte('fault_error'), code: 'ERR_RTLIFT_KERNEL_ASSERTION', message: /saw 0xee/ },
  ],
  [
    'a failed assertion',
    {
      kernel: firstByte('fault_assert'),
      code: 'ERR_RTLIFT_KERNEL_ASSERTION',
      message: /fault_assert\.v:\d+: .*Assertion failed/,
    },
  ],
  [
    'a missing memory file',
    {
      kernel: firstByte('fault_warning'),
      code: 'ERR_RTLIFT_KERNEL_WARNING',
      message: /no-such-file\.hex/,
    },
  ],
  [
    'a combinational loop that does not settle',
    {
      kernel: firstByte('fault_loop'),
      code: 'ERR_RTLIFT_KERNEL_NO_CONVERGENCE',
      message: /converge/,
    },
  ],
  [
    'a source that never gets tready',
    {
      kernel: firstByte('fault_deaf'),
      code: 'ERR_RTLIFT_KERNEL_NO_PROGRESS',
      message: /10000 cycles.*s_axis_tready/,
    },
  ],
  [
    'a sink that never gets tvalid',
    {
      kernel: firstByte('fault_mute'),
      code: 'ERR_RTLIFT_KERNEL_NO_PROGRESS',
      message: /10000 cycles.*m_axis_tvalid/,
    },
  ],
  [
    'a result of the wrong length',
    {
      kernel: firstByteTimesFour('fault_length'),
      code: 'ERR_RTLIFT_KERNEL_PROTOCOL',
      message: /expected a result of 4 bytes, got 2/,
    },
  ],
  [
    'a hole in tkeep',
    {
      kernel: firstByteTimesFour('fault_hole'),
      code: 'ERR_RTLIFT_KERNEL_PROTOCOL',
      message: /m_axis_tkeep has a hole/,
    },
  ],
  [
    'a result without a message',
    {
      kernel: firstByte('fault_extra'),
      code: 'ERR_RTLIFT_KERNEL_PROTOCOL',
      message: /no message to answer/,
    },
  ],
];

const GOOD = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(7)];
const BAD = [Uint8Array.of(3), Uint8Array.of(FAULT, 1), Uint8Array.of(4)];

async function expectGood(handle: Offloaded<Uint8Array, number>): Promise<void> {
  compare({ expected: GOOD.map(handle.kernel.golden), actual: await handle.batch(GOOD) });
}

describeUnless(missing, 'a kernel that misbehaves', () => {
  test.each(FAULTS)(
    '%s: a typed error with its cycle, while another kernel completes, and the handle goes on',
    async (_, { kernel, code, message }) => {
      const seed = testSeed();
      const messages = new Random(seed).messages(2_000, 200);
      await using other = await offload(byteSum(), { path: 'verilator' });
      await using faulty = await offload(kernel, {
        path: 'verilator',
        noProgressCycles: NO_PROGRESS_CYCLES,
      });
      await expectGood(faulty);

      const neighbour = other.batch(messages);
      const error = await rejected(code, faulty.batch(BAD));
      expect(error.message).toMatch(message);
      expect(error.message).toContain(kernel.name);
      expect(error.details.kernel).toBe(kernel.name);
      expect(error.details.cycle).toBeGreaterThan(8);
      compare({
        expected: messages.map(other.kernel.golden),
        actual: await neighbour,
        messages,
        seed,
      });

      await expectGood(faulty);
      expect(faulty.stats().failed.value).toBe(1);
    },
  );

  test('batches that wait behind the one that broke the model run on a new one', async () => {
    await using faulty = await offload(firstByte('fault_finish'), { path: 'verilator' });
    const first = faulty.batch(GOOD);
    const broken = rejected('ERR_RTLIFT_KERNEL_FINISH', faulty.batch(BAD));
    const waiting = [faulty.batch(GOOD), faulty.batch(BAD), faulty.batch(GOOD)] as const;
    await rejected('ERR_RTLIFT_KERNEL_FINISH', waiting[1]);
    await broken;
    const expected = GOOD.map(faulty.kernel.golden);
    for (const batch of [first, waiting[0], waiting[2]]) {
      compare({ expected, actual: await batch });
    }
  });

  test('the error names the message whose result was awaited', async () => {
    await using faulty = await offload(firstByteTimesFour('fault_hole'), { path: 'verilator' });
    const messages = [...GOOD, ...BAD];
    const error = await rejected('ERR_RTLIFT_KERNEL_PROTOCOL', faulty.batch(messages));
    expect(error.details.messageIndex).toBe(4);
  });

  test('the error names the message in a batch that is run in pieces', async () => {
    await using faulty = await offload(firstByteTimesFour('fault_hole'), { path: 'verilator' });
    const messages = new Array<Uint8Array>(40_000).fill(Uint8Array.of(1));
    messages[39_998] = Uint8Array.of(FAULT);
    const error = await rejected('ERR_RTLIFT_KERNEL_PROTOCOL', faulty.batch(messages));
    expect(error.details.messageIndex).toBe(39_998);
  });

  test('a memory file that is missing before the first cycle fails every call', async () => {
    await using faulty = await offload(firstByte('fault_initial'), { path: 'verilator' });
    for (let i = 0; i < 2; i++) {
      const error = await rejected('ERR_RTLIFT_KERNEL_WARNING', faulty.batch(GOOD));
      expect(error.message).toContain('no-such-file.hex');
    }
  });

  test('a register write that is refused: a typed error that names the write', async () => {
    let isBad = true;
    const kernel = byteXor(3, () => (isBad ? Uint32Array.of(0, 3, 0x44, 9) : Uint32Array.of(0, 3)));
    await using faulty = await offload(kernel, { path: 'verilator' });
    const error = await rejected('ERR_RTLIFT_KERNEL_REGISTER', faulty.batch(GOOD));
    expect(error.message).toMatch(/write 1 \(address 0x44, data 0x9\)/);
    isBad = false;
    compare({ expected: GOOD.map(kernel.golden), actual: await faulty.batch(GOOD) });
  });
});

describe('the golden model', () => {
  test('that throws rejects the call with what it threw, and the handle goes on', async () => {
    const reason = new Error('golden model');
    const kernel = {
      ...byteSum(),
      golden: (message: Uint8Array): number => {
        if (message[0] === FAULT) throw reason;
        return message.length;
      },
    };
    await using handle = await offload(kernel, { path: 'javascript' });
    await expect(handle.batch(BAD)).rejects.toBe(reason);
    expect(() => handle.sync(Uint8Array.of(FAULT))).toThrow(reason);
    await expectGood(handle);
  });
});
