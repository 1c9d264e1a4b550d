import { expect, test } from 'vitest';
import {
  bytes,
  defineKernel,
  fixedBytes,
  type Kernel,
  offload,
  streams,
  uint32,
} from '../../src/index.js';
import { rejected } from '../support/errors.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';
import { checkShape, shape } from './shape.js';

const missing = await missingVerilatorPath();

interface Parts {
  readonly body: Uint8Array;
  readonly tail: Uint8Array;
  readonly head: Uint8Array;
}

const join3 = (): Kernel<Parts, Uint8Array> =>
  defineKernel({
    name: 'join3',
    rtl: {
      top: 'join3',
      sources: [shape('join3.v')],
      ports: { inputs: { body: 'body', tail: 'tail', head: 'head' } },
    },
    input: streams({ body: bytes(), tail: bytes(), head: fixedBytes(3) }),
    output: bytes(),
    golden: ({ head, body, tail }) => Uint8Array.of(...head, ...body, ...tail, 0x0a),
  });

describeUnless(missing, 'several input streams, each stalled on its own', () => {
  test('two of a fixed size, where each waits for the other', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const kernel = defineKernel({
      name: 'dot4',
      rtl: {
        top: 'dot4',
        sources: [shape('dot4.v')],
        ports: { inputs: { a: 'a', b: 'b' }, output: 'y' },
      },
      input: streams({ a: fixedBytes(8), b: fixedBytes(8) }),
      output: uint32(),
      golden: ({ a, b }) => {
        const [x, y] = [new Uint16Array(a.slice().buffer), new Uint16Array(b.slice().buffer)];
        return x.reduce((sum, value, i) => (sum + Math.imul(value, y[i] as number)) >>> 0, 0);
      },
    });
    const messages = Array.from({ length: 50 }, () => ({ a: random.bytes(8), b: random.bytes(8) }));
    await checkShape(kernel, messages, seed);
  });

  test('three, two of any length and one of a fixed one without last', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const messages = Array.from({ length: 50 }, () => ({
      body: random.bytes(random.below(9)),
      tail: random.bytes(random.below(4)),
      head: random.bytes(3),
    }));
    await checkShape(join3(), messages, seed);
  });

  test('packed bytes that do not hold their parts are refused, and the model goes on', async () => {
    const kernel = join3();
    await using handle = await offload(kernel, { path: 'verilator' });
    const message: Parts = {
      body: Uint8Array.of(1, 2),
      tail: new Uint8Array(0),
      head: Uint8Array.of(7, 8, 9),
    };
    // The length of the body says more than there is.
    const data = Uint8Array.of(99, 0, 0, 0, 1, 2, 3, 4);
    const offsets = Int32Array.of(0, data.length);
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', handle.packed({ data, offsets }));
    expect(error.details.messageIndex).toBe(0);
    compare({ expected: [kernel.golden(message)], actual: await handle.batch([message]) });
  });
});
